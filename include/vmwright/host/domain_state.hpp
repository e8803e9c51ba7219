// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/size.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vmwright::inline v0
{

/// What a domain is doing. Order and numbers are libvirt's (virDomainState), the names are virsh's words.
enum class RunPhase
{
    no_state,
    running,
    blocked,
    paused,
    shutdown, ///< the guest has powered off, the emulator is still there
    shutoff,
    crashed,
    pmsuspended,
};
constexpr auto enum_names(RunPhase)
{
    return name_list("no state", "running", "idle", "paused", "in shutdown", "shut off", "crashed", "pmsuspended");
}

/// Why it runs. Numbers and words of this and the next four are libvirt's.
enum class RunningReason
{
    unknown,
    booted,
    migrated,
    restored,
    from_snapshot,
    unpaused,
    migration_canceled,
    save_canceled,
    wakeup,
    crashed,
    postcopy,
    postcopy_failed,
};
constexpr auto enum_names(RunningReason)
{
    return name_list("unknown", "booted", "migrated", "restored", "from snapshot", "unpaused", "migration canceled",
                     "save canceled", "event wakeup", "crashed", "post-copy", "post-copy failed");
}

enum class PausedReason
{
    unknown,
    user,
    migration,
    save,
    dump,
    io_error,
    watchdog,
    from_snapshot,
    shutting_down,
    snapshot,
    crashed,
    starting_up,
    postcopy,
    postcopy_failed,
    api_error,
};
constexpr auto enum_names(PausedReason)
{
    return name_list("unknown", "user", "migrating", "saving", "dumping", "I/O error", "watchdog", "from snapshot",
                     "shutting down", "creating snapshot", "crashed", "starting up", "post-copy", "post-copy failed",
                     "api error");
}

enum class ShutdownReason
{
    unknown,
    user,
};
constexpr auto enum_names(ShutdownReason)
{
    return name_list("unknown", "user");
}

enum class ShutoffReason
{
    unknown,
    shutdown,  ///< the guest powered off
    destroyed, ///< somebody ended it
    crashed,   ///< the guest panicked
    migrated,
    saved,
    failed, ///< the emulator ended without a word
    from_snapshot,
    daemon,
};
constexpr auto enum_names(ShutoffReason)
{
    return name_list("unknown", "shutdown", "destroyed", "crashed", "migrated", "saved", "failed", "from snapshot",
                     "daemon");
}

enum class CrashedReason
{
    unknown,
    panicked,
};
constexpr auto enum_names(CrashedReason)
{
    return name_list("unknown", "panicked");
}

/// What a domain is doing and why.
struct DomainState
{
    RunPhase phase{};
    unsigned reason{}; ///< libvirt's number, of the phase's own list of reasons

    bool operator==(DomainState const&) const = default;
};

[[nodiscard]] constexpr auto state_of(RunningReason reason) noexcept -> DomainState
{
    return {RunPhase::running, static_cast<unsigned>(reason)};
}
[[nodiscard]] constexpr auto state_of(PausedReason reason) noexcept -> DomainState
{
    return {RunPhase::paused, static_cast<unsigned>(reason)};
}
[[nodiscard]] constexpr auto state_of(ShutdownReason reason) noexcept -> DomainState
{
    return {RunPhase::shutdown, static_cast<unsigned>(reason)};
}
[[nodiscard]] constexpr auto state_of(ShutoffReason reason) noexcept -> DomainState
{
    return {RunPhase::shutoff, static_cast<unsigned>(reason)};
}
[[nodiscard]] constexpr auto state_of(CrashedReason reason) noexcept -> DomainState
{
    return {RunPhase::crashed, static_cast<unsigned>(reason)};
}

/// virsh's word for the reason, as `booted` or `destroyed`.
[[nodiscard]] auto reason_name(DomainState const& state) noexcept -> std::string_view;

/// What `virsh dominfo` tells.
/// The program that a bound domain ends with.
struct DomainOwner
{
    std::string program{}; ///< HostOptions::program
    int pid{};

    bool operator==(DomainOwner const&) const = default;
};

struct DomainInfo
{
    DomainState state{};
    Size max_memory{};
    Size memory{}; ///< what the balloon leaves the guest now
    std::uint32_t vcpus{};
    std::optional<std::chrono::nanoseconds> cpu_time{}; ///< of the whole emulator; absent when it does not run
    std::optional<DomainOwner> owner{};                 ///< of a domain that runs and is bound
};

/// How the last run of a domain ended, as far as anybody saw it.
struct DomainEnd
{
    ShutoffReason reason{};
    std::string cause{};            ///< QEMU's word, as `guest-shutdown` or `host-signal`; empty when it ended without one
    std::optional<int> exit_code{}; ///< known to the program that started it
    std::chrono::system_clock::time_point time{};
    int id{}; ///< the id it ran under

    bool operator==(DomainEnd const&) const = default;
};

} // namespace vmwright::inline v0
