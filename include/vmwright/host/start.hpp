// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <numeric>
#include <vector>

namespace vmwright::inline v0
{

/// What the end of the program that starts a domain does to it, however the program ends; the closing of its Host does the
/// same. A domain that is bound cannot be handed over to another program, though any may work with it.
enum class OwnerPolicy
{
    detached,       ///< nothing: the domain lives on, and whoever comes goes on with it
    bound,          ///< the kernel ends the emulator and its helpers at once, by SIGKILL: for the disks, a power cut
    bound_flushing, ///< the kernel sends them SIGTERM: QEMU writes what its disks' caches hold; one that hangs lives on
};
constexpr auto enum_names(OwnerPolicy)
{
    return name_list("detached", "bound", "bound-flushing");
}

struct StartOptions
{
    bool paused{};                                                ///< the guest's CPUs wait for resume
    std::chrono::milliseconds deadline{std::chrono::seconds{30}}; ///< for the emulator's first answer
    /// An emulator that is setuid cannot be bound, nor one that starts as another user: the kernel forgets it then. A
    /// program that calls execve ends its threads, and with them what is bound.
    OwnerPolicy owner{OwnerPolicy::detached};

    bool operator==(StartOptions const&) const = default;
};

/// The way from a definition to a running guest. Each phase ends where the next begins.
enum class StartPhase
{
    read,      ///< the definition's text to a value, and what the emulator and this host can do
    translate, ///< the value to a plan
    spawn,     ///< files and sockets made, the emulator's process there
    build,     ///< until the emulator has built the machine and answers
    record,    ///< what only the running emulator knows asked and written down
    run,       ///< the guest's CPUs told to go; nothing for a paused start
    end_       ///< not a phase; marks the end of the list
};
constexpr auto enum_names(StartPhase)
{
    return name_list("read", "translate", "spawn", "build", "record", "run", "end");
}

/// How a start went.
struct StartReport
{
    int id{};
    int pid{};
    std::array<std::chrono::nanoseconds, static_cast<std::size_t>(StartPhase::end_)> timings{}; ///< by StartPhase
    std::vector<qemu::Explanation> command_line{}; ///< the options of helpers and the emulator, each with its origin

    [[nodiscard]] auto total() const noexcept -> std::chrono::nanoseconds
    {
        return std::accumulate(timings.begin(), timings.end(), std::chrono::nanoseconds{});
    }
};

} // namespace vmwright::inline v0
