// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/qmp/command.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vmwright::inline v0::qmp
{

/// Who caused a shutdown or a reset; what a later QEMU adds is `unknown`.
enum class ShutdownCause
{
    none,
    host_error,
    host_qmp_quit,
    host_qmp_system_reset,
    host_signal,
    host_ui,
    guest_shutdown,
    guest_reset,
    guest_panic,
    subsystem_reset,
    snapshot_load,
    unknown,
};

constexpr auto enum_names(ShutdownCause)
{
    return name_list("none", "host-error", "host-qmp-quit", "host-qmp-system-reset", "host-signal", "host-ui",
                     "guest-shutdown", "guest-reset", "guest-panic", "subsystem-reset", "snapshot-load", "unknown");
}

/// What QEMU did about a crashed guest.
enum class GuestPanicAction
{
    pause,
    poweroff,
    run,
    unknown,
};

constexpr auto enum_names(GuestPanicAction)
{
    return name_list("pause", "poweroff", "run", "unknown");
}

/// What QEMU did when the watchdog fired; of the same words as the command set-action, but open to new ones.
enum class WatchdogExpirationAction
{
    reset,
    shutdown,
    poweroff,
    pause,
    debug,
    none,
    inject_nmi,
    unknown,
};

constexpr auto enum_names(WatchdogExpirationAction)
{
    return name_list("reset", "shutdown", "poweroff", "pause", "debug", "none", "inject-nmi", "unknown");
}

/// What QEMU did about a failed read or write.
enum class BlockErrorAction
{
    ignore,
    report,
    stop,
    unknown,
};

constexpr auto enum_names(BlockErrorAction)
{
    return name_list("ignore", "report", "stop", "unknown");
}

/// Whose memory was found broken.
enum class MemoryFailureRecipient
{
    hypervisor,
    guest,
    unknown,
};

constexpr auto enum_names(MemoryFailureRecipient)
{
    return name_list("hypervisor", "guest", "unknown");
}

/// What QEMU did about broken memory.
enum class MemoryFailureAction
{
    ignore,
    inject,
    fatal,
    reset,
    unknown,
};

constexpr auto enum_names(MemoryFailureAction)
{
    return name_list("ignore", "inject", "fatal", "reset", "unknown");
}

/// The events that have a type, by QAPI's names.
namespace events
{

struct shutdown
{
    static constexpr std::string_view name{"SHUTDOWN"};
    bool guest{}; ///< the guest asked for it
    ShutdownCause reason{};
};

struct powerdown
{
    static constexpr std::string_view name{"POWERDOWN"};
};

struct reset
{
    static constexpr std::string_view name{"RESET"};
    bool guest{};
    ShutdownCause reason{};
};

struct stop
{
    static constexpr std::string_view name{"STOP"};
};

struct resume
{
    static constexpr std::string_view name{"RESUME"};
};

struct suspend
{
    static constexpr std::string_view name{"SUSPEND"};
};

struct suspend_disk
{
    static constexpr std::string_view name{"SUSPEND_DISK"};
};

struct wakeup
{
    static constexpr std::string_view name{"WAKEUP"};
};

struct watchdog
{
    static constexpr std::string_view name{"WATCHDOG"};
    WatchdogExpirationAction action{};
};

struct guest_panicked
{
    static constexpr std::string_view name{"GUEST_PANICKED"};
    GuestPanicAction action{};
};

struct guest_crashloaded
{
    static constexpr std::string_view name{"GUEST_CRASHLOADED"};
    GuestPanicAction action{};
};

/// A device is gone at last; the answer to device_del does not say so.
struct device_deleted
{
    static constexpr std::string_view name{"DEVICE_DELETED"};
    std::optional<std::string> device{}; ///< its id
    std::string path{};
};

struct device_unplug_guest_error
{
    static constexpr std::string_view name{"DEVICE_UNPLUG_GUEST_ERROR"};
    std::optional<std::string> device{};
    std::string path{};
};

struct device_tray_moved
{
    static constexpr std::string_view name{"DEVICE_TRAY_MOVED"};
    std::string device{};
    std::string id{};
    bool tray_open{};
};

struct block_io_error
{
    static constexpr std::string_view name{"BLOCK_IO_ERROR"};
    std::string device{};
    std::optional<std::string> node_name{};
    std::string operation{}; ///< "read" or "write"
    BlockErrorAction action{};
    std::optional<bool> nospace{};
    std::string reason{}; ///< for people
};

struct rtc_change
{
    static constexpr std::string_view name{"RTC_CHANGE"};
    std::int64_t offset{}; ///< seconds
};

struct balloon_change
{
    static constexpr std::string_view name{"BALLOON_CHANGE"};
    std::int64_t actual{}; ///< bytes
};

struct vserport_change
{
    static constexpr std::string_view name{"VSERPORT_CHANGE"};
    std::string id{};
    bool open{}; ///< a program in the guest has opened the port
};

struct memory_failure
{
    static constexpr std::string_view name{"MEMORY_FAILURE"};
    struct Flags
    {
        bool action_required{};
        bool recursive{};
    };
    MemoryFailureRecipient recipient{};
    MemoryFailureAction action{};
    Flags flags{};
};

struct block_write_threshold
{
    static constexpr std::string_view name{"BLOCK_WRITE_THRESHOLD"};
    std::string node_name{};
    std::uint64_t amount_exceeded{}; ///< bytes
    std::uint64_t write_threshold{}; ///< bytes
};

struct memory_device_size_change
{
    static constexpr std::string_view name{"MEMORY_DEVICE_SIZE_CHANGE"};
    std::optional<std::string> id{};
    std::uint64_t size{}; ///< bytes
};

/// One end of a connection to a display, of either protocol.
struct DisplayAddress
{
    std::string host{};
    std::optional<std::string> service{}; ///< VNC's word for the port
    std::optional<std::string> port{};    ///< SPICE's
    std::string family{};
    std::optional<std::string> auth{};       ///< of the server
    std::optional<std::string> x509_dname{}; ///< of the client
    std::optional<std::string> sasl_username{};
};

struct vnc_connected
{
    static constexpr std::string_view name{"VNC_CONNECTED"};
    DisplayAddress server{};
    DisplayAddress client{};
};

struct vnc_initialized
{
    static constexpr std::string_view name{"VNC_INITIALIZED"};
    DisplayAddress server{};
    DisplayAddress client{};
};

struct vnc_disconnected
{
    static constexpr std::string_view name{"VNC_DISCONNECTED"};
    DisplayAddress server{};
    DisplayAddress client{};
};

struct spice_connected
{
    static constexpr std::string_view name{"SPICE_CONNECTED"};
    DisplayAddress server{};
    DisplayAddress client{};
};

struct spice_initialized
{
    static constexpr std::string_view name{"SPICE_INITIALIZED"};
    DisplayAddress server{};
    DisplayAddress client{};
};

struct spice_disconnected
{
    static constexpr std::string_view name{"SPICE_DISCONNECTED"};
    DisplayAddress server{};
    DisplayAddress client{};
};

} // namespace events

/// The typed form of an event; nothing when it is another event.
/// Throws Errc::monitor_failed naming the member when its data are not as they should be.
template <TypedEvent E>
[[nodiscard]] auto as(Event const& event) -> std::optional<E>
{
    return event.name == E::name ? std::optional{EventCodec<E>::data(event)} : std::nullopt;
}

extern template struct EventCodec<events::shutdown>;
extern template struct EventCodec<events::powerdown>;
extern template struct EventCodec<events::reset>;
extern template struct EventCodec<events::stop>;
extern template struct EventCodec<events::resume>;
extern template struct EventCodec<events::suspend>;
extern template struct EventCodec<events::suspend_disk>;
extern template struct EventCodec<events::wakeup>;
extern template struct EventCodec<events::watchdog>;
extern template struct EventCodec<events::guest_panicked>;
extern template struct EventCodec<events::guest_crashloaded>;
extern template struct EventCodec<events::device_deleted>;
extern template struct EventCodec<events::device_unplug_guest_error>;
extern template struct EventCodec<events::device_tray_moved>;
extern template struct EventCodec<events::block_io_error>;
extern template struct EventCodec<events::rtc_change>;
extern template struct EventCodec<events::balloon_change>;
extern template struct EventCodec<events::vserport_change>;
extern template struct EventCodec<events::memory_failure>;
extern template struct EventCodec<events::block_write_threshold>;
extern template struct EventCodec<events::memory_device_size_change>;
extern template struct EventCodec<events::vnc_connected>;
extern template struct EventCodec<events::vnc_initialized>;
extern template struct EventCodec<events::vnc_disconnected>;
extern template struct EventCodec<events::spice_connected>;
extern template struct EventCodec<events::spice_initialized>;
extern template struct EventCodec<events::spice_disconnected>;

} // namespace vmwright::inline v0::qmp
