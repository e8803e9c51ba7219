// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/core/uuid.hpp>
#include <vmwright/host/detail/operation.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace vmwright::inline v0
{

/// What became of a domain. Order and numbers are libvirt's (virDomainEventType), the names are virsh's words.
enum class LifecycleKind
{
    defined,
    undefined,
    started,
    suspended,
    resumed,
    stopped,
    shutdown, ///< the guest has powered off, or was told to; `stopped` follows when the emulator is gone
    pmsuspended,
    crashed,
};
constexpr auto enum_names(LifecycleKind)
{
    return name_list("Defined", "Undefined", "Started", "Suspended", "Resumed", "Stopped", "Shutdown", "PMSuspended",
                     "Crashed");
}

struct LifecycleEvent
{
    LifecycleKind kind{};
    unsigned detail{};    ///< libvirt's number, of the kind's own list
    std::string reason{}; ///< of a start that failed, in words

    bool operator==(LifecycleEvent const&) const = default;
};

/// The guest began anew without its emulator having ended.
struct RebootEvent
{
    bool operator==(RebootEvent const&) const = default;
};

struct RtcChangeEvent
{
    std::int64_t offset{}; ///< seconds from the clock's basis

    bool operator==(RtcChangeEvent const&) const = default;
};

/// What was done when the watchdog's time ran out.
enum class WatchdogOutcome
{
    none,
    pause,
    reset,
    poweroff,
    shutdown,
    debug,
    inject_nmi,
};
constexpr auto enum_names(WatchdogOutcome)
{
    return name_list("none", "pause", "reset", "poweroff", "shutdown", "debug", "inject-nmi");
}

struct WatchdogEvent
{
    WatchdogOutcome outcome{};

    bool operator==(WatchdogEvent const&) const = default;
};

/// What was done when a disk could not be read or written.
enum class IoErrorOutcome
{
    none,
    pause,
    report, ///< the guest was told
};
constexpr auto enum_names(IoErrorOutcome)
{
    return name_list("none", "pause", "report");
}

struct IoErrorEvent
{
    std::string path{};  ///< of the disk's source; empty when it has none
    std::string alias{}; ///< of the disk
    IoErrorOutcome outcome{};
    std::string reason{}; ///< `enospc` when no space is left, else empty

    bool operator==(IoErrorEvent const&) const = default;
};

enum class GraphicsPhase
{
    connect,
    initialize, ///< and authenticated
    disconnect,
};
constexpr auto enum_names(GraphicsPhase)
{
    return name_list("connect", "initialize", "disconnect");
}

enum class GraphicsFamily
{
    ipv4,
    ipv6,
    unix_socket,
};
constexpr auto enum_names(GraphicsFamily)
{
    return name_list("IPv4", "IPv6", "unix");
}

/// One end of a connection to a display.
struct GraphicsAddress
{
    GraphicsFamily family{};
    std::string node{};    ///< the address, or the path of a socket
    std::string service{}; ///< the port

    bool operator==(GraphicsAddress const&) const = default;
};

struct GraphicsEvent
{
    GraphicsPhase phase{};
    GraphicsAddress local{};
    GraphicsAddress remote{};
    std::string auth_scheme{};
    std::optional<std::string> x509_name{}; ///< of the client's certificate
    std::optional<std::string> sasl_name{};

    bool operator==(GraphicsEvent const&) const = default;
};

struct BalloonChangeEvent
{
    Size actual{};

    bool operator==(BalloonChangeEvent const&) const = default;
};

struct TrayChangeEvent
{
    std::string alias{}; ///< of the drive
    bool is_open{};

    bool operator==(TrayChangeEvent const&) const = default;
};

struct PmSuspendEvent
{
    bool operator==(PmSuspendEvent const&) const = default;
};

struct PmSuspendDiskEvent
{
    bool operator==(PmSuspendDiskEvent const&) const = default;
};

struct PmWakeupEvent
{
    bool operator==(PmWakeupEvent const&) const = default;
};

/// The guest has let go of a device that was to be removed.
struct DeviceRemovedEvent
{
    std::string alias{};

    bool operator==(DeviceRemovedEvent const&) const = default;
};

struct DeviceRemovalFailedEvent
{
    std::string alias{};

    bool operator==(DeviceRemovalFailedEvent const&) const = default;
};

/// The guest agent has come to its channel or left it.
struct AgentLifecycleEvent
{
    bool is_connected{};

    bool operator==(AgentLifecycleEvent const&) const = default;
};

enum class MemoryFailureRecipient
{
    hypervisor,
    guest,
};
constexpr auto enum_names(MemoryFailureRecipient)
{
    return name_list("hypervisor", "guest");
}

enum class MemoryFailureOutcome
{
    ignore,
    inject,
    fatal,
    reset,
};
constexpr auto enum_names(MemoryFailureOutcome)
{
    return name_list("ignore", "inject", "fatal", "reset");
}

/// The hardware has found memory of the emulator's broken.
struct MemoryFailureEvent
{
    MemoryFailureRecipient recipient{};
    MemoryFailureOutcome outcome{};
    bool action_required{};
    bool recursive{};

    bool operator==(MemoryFailureEvent const&) const = default;
};

/// A disk's image has grown beyond the mark that was set.
struct BlockThresholdEvent
{
    std::string device{}; ///< `vda`
    std::string path{};   ///< empty when the source has none
    std::uint64_t threshold{};
    std::uint64_t excess{};

    bool operator==(BlockThresholdEvent const&) const = default;
};

struct MemoryDeviceSizeChangeEvent
{
    std::string alias{};
    Size size{};

    bool operator==(MemoryDeviceSizeChangeEvent const&) const = default;
};

enum class MetadataType
{
    description,
    title,
    element,
};
constexpr auto enum_names(MetadataType)
{
    return name_list("description", "title", "element");
}

struct MetadataChangeEvent
{
    MetadataType type{};
    std::string uri{}; ///< of an element

    bool operator==(MetadataChangeEvent const&) const = default;
};

/// Events of these numbers are no longer known. It belongs to no domain.
struct MissedEvents
{
    std::uint64_t first{};
    std::uint64_t last{};

    bool operator==(MissedEvents const&) const = default;
};

using EventData = std::variant<LifecycleEvent, RebootEvent, RtcChangeEvent, WatchdogEvent, IoErrorEvent, GraphicsEvent,
                               BalloonChangeEvent, TrayChangeEvent, PmSuspendEvent, PmSuspendDiskEvent, PmWakeupEvent,
                               DeviceRemovedEvent, DeviceRemovalFailedEvent, AgentLifecycleEvent, MemoryFailureEvent,
                               BlockThresholdEvent, MemoryDeviceSizeChangeEvent, MetadataChangeEvent, MissedEvents>;

/// virsh's names of the alternatives.
inline constexpr auto event_names = std::to_array<std::string_view>(
    {"lifecycle", "reboot", "rtc-change", "watchdog", "io-error", "graphics", "balloon-change", "tray-change", "pm-suspend",
     "pm-suspend-disk", "pm-wakeup", "device-removed", "device-removal-failed", "agent-lifecycle", "memory-failure",
     "block-threshold", "memory-device-size-change", "metadata-change", "missed"});
static_assert(event_names.size() == std::variant_size_v<EventData>);

/// Whose call led to an event.
struct EventCause
{
    std::string call{};    ///< `start`; empty when nobody asked, or nobody is known to have
    std::string program{}; ///< as HostOptions has it
    std::int32_t pid{};

    bool operator==(EventCause const&) const = default;
};

/// Something that happened to a domain, kept in the root's log whether or not anybody listened.
struct Event
{
    std::uint64_t number{}; ///< grows by one with each event of the root, in the one order that all programs see
    std::string domain{};
    Uuid uuid{};
    std::chrono::system_clock::time_point time{}; ///< QEMU's, where QEMU told it
    EventData data{};
    EventCause cause{};

    bool operator==(Event const&) const = default;
};

/// `lifecycle`.
[[nodiscard]] auto event_name(Event const& event) noexcept -> std::string_view;
/// virsh's word for the detail, as `Booted` or `Finished after guest request`.
[[nodiscard]] auto detail_name(LifecycleEvent const& event) noexcept -> std::string_view;
/// `demo: Started Booted`, `demo: balloon-change 524288KiB`.
[[nodiscard]] auto to_string(Event const& event) -> std::string;

namespace detail
{
class EventQueue;
struct Listener;
} // namespace detail

/// Keeps a callback of Host::on_event alive. Ending it (or destroying it) on the Host's executor guarantees that the
/// callback is not called again; from another thread a call that has begun may still run.
class EventSubscription
{
public:
    EventSubscription() = default;
    explicit EventSubscription(std::shared_ptr<detail::Listener> listener);
    EventSubscription(EventSubscription&&) noexcept = default;
    auto operator=(EventSubscription&& other) noexcept -> EventSubscription&;
    ~EventSubscription();

    void end() noexcept;

private:
    std::shared_ptr<detail::Listener> listener_;
};

/// A queue of events of one's own, from the call of Host::events on, or from an older one, in the root's order. It keeps
/// `most_kept` that were not taken; what comes when it is full is told as MissedEvents, and Host::events_since has it.
/// May be used from any thread; one wait at a time.
class EventStream
{
public:
    static constexpr std::size_t most_kept = 10'000;

    explicit EventStream(std::shared_ptr<detail::EventQueue> queue);
    EventStream(EventStream&&) noexcept = default;
    auto operator=(EventStream&& other) noexcept -> EventStream&;
    /// A waiting async_next ends without an event.
    ~EventStream();

    /// Waits for the next event; nothing when the Host was closed. Cancellation of any kind loses no event.
    auto next() -> std::optional<Event>;
    template <detail::TokenFor<std::optional<Event>> Token = boost::asio::deferred_t>
    auto async_next(Token&& token = Token{})
    {
        return begin_next().begin(std::forward<Token>(token));
    }

private:
    auto begin_next() -> detail::Operation<std::optional<Event>>;

    std::shared_ptr<detail::EventQueue> queue_;
};

} // namespace vmwright::inline v0
