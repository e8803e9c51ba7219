// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/number_set.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace vmwright::inline v0
{

enum class NumaMode
{
    strict,
    preferred,
    interleave,
    restrictive,
};
constexpr auto enum_names(NumaMode)
{
    return name_list("strict", "preferred", "interleave", "restrictive");
}

enum class NumaPlacement
{
    static_,
    auto_,
};
constexpr auto enum_names(NumaPlacement)
{
    return name_list("static", "auto");
}

/// Where all of the guest's memory comes from.
struct NumaMemory
{
    std::optional<NumaMode> mode{};
    std::optional<NumaPlacement> placement{};
    std::optional<NumberSet> nodeset{}; ///< host nodes

    bool operator==(NumaMemory const&) const = default;
};

/// Where the memory of one guest cell comes from.
struct NumaMemnode
{
    std::optional<std::uint32_t> cell_id{};
    std::optional<NumaMode> mode{};
    std::optional<NumberSet> nodeset{}; ///< host nodes

    bool operator==(NumaMemnode const&) const = default;
};

struct NumaTune
{
    std::optional<NumaMemory> memory{};
    std::vector<NumaMemnode> memnodes{};

    bool operator==(NumaTune const&) const = default;
};

} // namespace vmwright::inline v0
