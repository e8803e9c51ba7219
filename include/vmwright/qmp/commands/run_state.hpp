// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/qmp/command.hpp>

#include <optional>
#include <string_view>

namespace vmwright::inline v0::qmp
{

/// QEMU 7.2's states of a machine; what a later QEMU adds is `unknown`.
enum class RunState
{
    debug,
    inmigrate,
    internal_error,
    io_error,
    paused,
    postmigrate,
    prelaunch,
    finish_migrate,
    restore_vm,
    running,
    save_vm,
    shutdown,
    suspended,
    watchdog,
    guest_panicked,
    colo,
    unknown,
};

constexpr auto enum_names(RunState)
{
    return name_list("debug", "inmigrate", "internal-error", "io-error", "paused", "postmigrate", "prelaunch",
                     "finish-migrate", "restore-vm", "running", "save-vm", "shutdown", "suspended", "watchdog",
                     "guest-panicked", "colo", "unknown");
}

enum class RebootAction
{
    reset,
    shutdown,
};

constexpr auto enum_names(RebootAction)
{
    return name_list("reset", "shutdown");
}

enum class ShutdownAction
{
    poweroff,
    pause,
};

constexpr auto enum_names(ShutdownAction)
{
    return name_list("poweroff", "pause");
}

enum class PanicAction
{
    pause,
    shutdown,
    exit_failure,
    none,
};

constexpr auto enum_names(PanicAction)
{
    return name_list("pause", "shutdown", "exit-failure", "none");
}

enum class WatchdogAction
{
    reset,
    shutdown, ///< asks the guest by ACPI
    poweroff,
    pause,
    debug,
    none,
    inject_nmi,
};

constexpr auto enum_names(WatchdogAction)
{
    return name_list("reset", "shutdown", "poweroff", "pause", "debug", "none", "inject-nmi");
}

struct query_status
{
    static constexpr std::string_view name{"query-status"};
    struct Reply
    {
        bool running{};
        RunState status{};
    };
};

/// Lets the virtual CPUs run. In "guest-panicked" QEMU obeys and runs the crashed guest on.
struct cont
{
    static constexpr std::string_view name{"cont"};
    using Reply = Nothing;
};

/// Pauses the virtual CPUs.
struct stop
{
    static constexpr std::string_view name{"stop"};
    using Reply = Nothing;
};

/// Ends QEMU. The answer may be lost to the end of the connection.
struct quit
{
    static constexpr std::string_view name{"quit"};
    using Reply = Nothing;
};

/// Presses the power button; the guest may ignore it.
struct system_powerdown
{
    static constexpr std::string_view name{"system_powerdown"};
    using Reply = Nothing;
};

struct system_reset
{
    static constexpr std::string_view name{"system_reset"};
    using Reply = Nothing;
};

/// Wakes a guest that sleeps; refused in any other state.
struct system_wakeup
{
    static constexpr std::string_view name{"system_wakeup"};
    using Reply = Nothing;
};

struct inject_nmi
{
    static constexpr std::string_view name{"inject-nmi"};
    using Reply = Nothing;
};

/// What QEMU does of itself when one of these happens; absent ones stay as they are.
struct set_action
{
    static constexpr std::string_view name{"set-action"};
    using Reply = Nothing;

    std::optional<RebootAction> reboot{};
    std::optional<ShutdownAction> shutdown{};
    std::optional<PanicAction> panic{};
    std::optional<WatchdogAction> watchdog{};
};

extern template struct CommandCodec<query_status>;
extern template struct CommandCodec<cont>;
extern template struct CommandCodec<stop>;
extern template struct CommandCodec<quit>;
extern template struct CommandCodec<system_powerdown>;
extern template struct CommandCodec<system_reset>;
extern template struct CommandCodec<system_wakeup>;
extern template struct CommandCodec<inject_nmi>;
extern template struct CommandCodec<set_action>;

} // namespace vmwright::inline v0::qmp
