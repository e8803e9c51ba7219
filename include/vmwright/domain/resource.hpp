// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

/// Where the host accounts for the domain.
struct Resource
{
    std::string partition{};            ///< a path of control groups
    std::optional<std::string> appid{}; ///< by which a Fibre Channel fabric knows its I/O

    bool operator==(Resource const&) const = default;
};

struct IdRange
{
    std::uint32_t start{};
    std::uint32_t target{};
    std::uint32_t count{};

    bool operator==(IdRange const&) const = default;
};

/// User and group ids of a container; QEMU has none.
struct IdMap
{
    std::vector<IdRange> uids{};
    std::vector<IdRange> gids{};

    bool operator==(IdMap const&) const = default;
};

enum class PerfEventName
{
    cmt,
    mbmt,
    mbml,
    cpu_cycles,
    instructions,
    cache_references,
    cache_misses,
    branch_instructions,
    branch_misses,
    bus_cycles,
    stalled_cycles_frontend,
    stalled_cycles_backend,
    ref_cpu_cycles,
    cpu_clock,
    task_clock,
    page_faults,
    context_switches,
    cpu_migrations,
    page_faults_min,
    page_faults_maj,
    alignment_faults,
    emulation_faults,
};
constexpr auto enum_names(PerfEventName)
{
    return name_list("cmt", "mbmt", "mbml", "cpu_cycles", "instructions", "cache_references", "cache_misses",
                     "branch_instructions", "branch_misses", "bus_cycles", "stalled_cycles_frontend",
                     "stalled_cycles_backend", "ref_cpu_cycles", "cpu_clock", "task_clock", "page_faults",
                     "context_switches", "cpu_migrations", "page_faults_min", "page_faults_maj", "alignment_faults",
                     "emulation_faults");
}

/// Whether the host counts that event for the domain.
struct PerfEvent
{
    PerfEventName name{};
    bool enabled{};

    bool operator==(PerfEvent const&) const = default;
};

} // namespace vmwright::inline v0
