// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/detail/checking.hpp>
#include <vmwright/network/nwfilter.hpp>

#include <algorithm>
#include <array>

namespace vmwright::inline v0
{

namespace detail::nwfilter
{
namespace
{

/// The chains, or what their names begin with, and the order they are asked in.
struct Chain
{
    std::string_view prefix{};
    std::int32_t priority{};
};

constexpr std::array chains{Chain{"stp", -810},  Chain{"mac", -800}, Chain{"vlan", -750}, Chain{"ipv4", -700},
                            Chain{"ipv6", -600}, Chain{"arp", -500}, Chain{"rarp", -400}};

auto find_chain(std::string_view name) -> Chain const*
{
    auto const found = std::ranges::find_if(chains, [&](auto const& c) { return name.starts_with(c.prefix); });
    return found == chains.end() ? nullptr : &*found;
}

struct Term
{
    FilterTerm term{};
    bool is_negated{};
};

/// As libvirt keeps the elements of one rule: for each field the last value, with its sign.
auto terms_of(std::vector<FilterMatch> const& matches) -> std::vector<Term>
{
    auto const protocol = matches.front().protocol;
    std::vector<Term> terms;
    for (auto const field : fields_of(protocol))
        for (auto match = matches.rbegin(); match != matches.rend(); ++match)
            if (auto const* value = match->protocol == protocol ? match->find(field) : nullptr) {
                // a negated field stays so
                auto const is_negated = std::ranges::any_of(
                    matches, [&](auto const& m) { return m.protocol == protocol && m.match == false && m.find(field); });
                terms.push_back({{field, *value}, is_negated});
                break;
            }
    return terms;
}

/// One element a run of terms of one sign. A comment has none.
auto together(std::vector<FilterMatch> const& matches) -> std::vector<FilterMatch>
{
    std::vector<FilterMatch> out;
    for (auto& [term, is_negated] : terms_of(matches)) {
        auto const sign = is_negated ? std::optional{false} : std::nullopt;
        if (out.empty() || out.back().match != sign)
            out.push_back({.protocol = matches.front().protocol, .match = sign});
        out.back().terms.push_back(std::move(term));
    }
    if (out.empty())
        out.push_back({.protocol = matches.front().protocol});
    return out;
}

void complete_rule(FilterRule& rule)
{
    constexpr std::int32_t usual_priority = 500, most = 1000;
    auto const priority = rule.priority.value_or(usual_priority);
    rule.priority = priority < -most || priority > most ? usual_priority : priority;
    if (rule.state_match == true)
        rule.state_match.reset();
    if (!rule.matches.empty())
        rule.matches = together(rule.matches);
    for (auto& match : rule.matches) {
        auto const* flags = match.find(FilterField::ipsetflags);
        auto const set = std::ranges::find(match.terms, FilterField::ipset, &FilterTerm::field);
        if (set != match.terms.end() && !flags)
            match.terms.insert(set + 1, {FilterField::ipsetflags, std::string{"src"}});
    }
}

} // namespace
} // namespace detail::nwfilter

auto complete(NwFilterConfig filter) -> NwFilterConfig
{
    namespace of = detail::nwfilter;
    if (filter.chain.empty()) {
        filter.chain = "root";
        filter.priority.reset();
    }
    if (auto const* chain = of::find_chain(filter.chain); chain && !filter.priority)
        filter.priority = chain->priority;
    if (filter.chain == "root" && filter.priority == 0)
        filter.priority.reset();
    for (auto& entry : filter.entries)
        if (auto* rule = std::get_if<FilterRule>(&entry))
            of::complete_rule(*rule);
        else
            detail::complete(std::get<FilterRef>(entry));
    return filter;
}

} // namespace vmwright::inline v0
