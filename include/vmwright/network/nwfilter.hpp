// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/uuid.hpp>
#include <vmwright/domain/filter_ref.hpp>
#include <vmwright/network/filter_match.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vmwright::inline v0
{

enum class FilterAction
{
    drop,
    accept,
    reject,    ///< drop, and say so
    return_,   ///< to the chain that called this one
    continue_, ///< with the next rule
};
constexpr auto enum_names(FilterAction)
{
    return name_list("drop", "accept", "reject", "return", "continue");
}

/// As the guest sees it.
enum class FilterDirection
{
    in,
    out,
    inout,
};
constexpr auto enum_names(FilterDirection)
{
    return name_list("in", "out", "inout");
}

struct FilterRule
{
    FilterAction action{};
    FilterDirection direction{};
    std::optional<std::int32_t> priority{}; ///< -1000 to 1000, lower ones first; 500 when absent
    std::optional<bool> state_match{};      ///< the connection's state is looked at; yes when absent
    std::vector<FilterMatch> matches{};     ///< of one protocol; all of them hold. Any packet when empty

    bool operator==(FilterRule const&) const = default;
};

/// The alternatives stand in the order of `filter_entry_names`.
using FilterEntry = std::variant<FilterRule, FilterRef>;

inline constexpr auto filter_entry_names = std::to_array<std::string_view>({"rule", "filterref"});

/// Which packets a guest may send and receive.
struct NwFilterConfig
{
    std::string name{};
    std::string chain{};                    ///< root, or one whose name begins with its protocol: ipv4-ssh; root when empty
    std::optional<std::int32_t> priority{}; ///< of the chain, -1000 to 1000; its protocol's when absent
    std::optional<Uuid> uuid{};             ///< chosen at define when absent
    std::vector<FilterEntry> entries{};     ///< in their order, other filters among the rules

    bool operator==(NwFilterConfig const&) const = default;
};

/// What a definition of this filter would be refused for, and what has no effect in it.
[[nodiscard]] auto check(NwFilterConfig const& filter) -> Diagnostics;

/// The filter as define keeps it: with chain and priorities, terms of one rule put together, parameters in the order of
/// their names. A uuid is not chosen.
[[nodiscard]] auto complete(NwFilterConfig filter) -> NwFilterConfig;

} // namespace vmwright::inline v0
