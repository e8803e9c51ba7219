// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/number_set.hpp>
#include <vmwright/core/size.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace vmwright::inline v0
{

/// Whether other processes may share the guest's memory.
enum class MemoryAccess
{
    shared,
    private_,
};
constexpr auto enum_names(MemoryAccess)
{
    return name_list("shared", "private");
}

enum class MemorySourceType
{
    file,
    anonymous,
    memfd,
};
constexpr auto enum_names(MemorySourceType)
{
    return name_list("file", "anonymous", "memfd");
}

enum class AllocationMode
{
    immediate,
    ondemand,
};
constexpr auto enum_names(AllocationMode)
{
    return name_list("immediate", "ondemand");
}

struct HugePage
{
    Size size{};
    std::optional<NumberSet> nodeset{}; ///< guest NUMA nodes; those that no other page names when absent

    bool operator==(HugePage const&) const = default;
};

struct HugePages
{
    std::vector<HugePage> pages{}; ///< the host's default size when empty

    bool operator==(HugePages const&) const = default;
};

struct Allocation
{
    std::optional<AllocationMode> mode{};
    std::optional<std::uint32_t> threads{};

    bool operator==(Allocation const&) const = default;
};

/// What the guest's memory is made of on the host.
struct MemoryBacking
{
    std::optional<HugePages> huge_pages{};
    bool no_share_pages{}; ///< KSM leaves it alone
    bool locked{};         ///< never swapped out
    std::optional<MemorySourceType> source{};
    std::optional<MemoryAccess> access{};
    Allocation allocation{};
    bool discard{}; ///< the content is thrown away before the memory is given back

    bool operator==(MemoryBacking const&) const = default;
};

} // namespace vmwright::inline v0
