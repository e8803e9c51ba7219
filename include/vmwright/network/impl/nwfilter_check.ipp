// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/network/detail/checking.hpp>
#include <vmwright/network/nwfilter.hpp>

#include <vmwright/network/impl/nwfilter.ipp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0
{

namespace detail::nwfilter_check
{
namespace
{

constexpr std::int32_t most_priority = 1000;

auto is_priority(std::int32_t priority) -> bool
{
    return priority >= -most_priority && priority <= most_priority;
}

void check_chain(NwFilterConfig const& filter, Findings const& at)
{
    constexpr std::size_t longest = 12;
    constexpr std::string_view chars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:";
    constexpr auto node = "/filter/@chain";
    if (filter.priority && !is_priority(*filter.priority))
        at.error("/filter/@priority", Fault::bad_number, fmt::format("{} is not a priority", *filter.priority),
                 "give -1000 to 1000");
    else if (filter.priority && filter.chain.empty())
        at.warning("/filter/@priority", Fault::ignored, "a priority is one of a chain, and none is named; it is ignored",
                   "add chain='root'");
    if (filter.chain.empty() || filter.chain == "root")
        return;
    if (!nwfilter::find_chain(filter.chain))
        at.error(node, Fault::unknown_value, fmt::format("'{}' is not a chain", filter.chain),
                 "use root, or a name that begins with mac, vlan, stp, arp, rarp, ipv4 or ipv6");
    else if (filter.chain.size() > longest)
        at.error(node, Fault::bad_text, fmt::format("the name of the chain '{}' is too long", filter.chain),
                 "use at most 12 bytes");
    else if (filter.chain.find_first_not_of(chars) != std::string::npos)
        at.error(node, Fault::bad_text, fmt::format("'{}' is not the name of a chain", filter.chain),
                 "use letters, digits, and any of _-.:");
}

/// Whether a value, given in a program, is one that could have been read.
auto is_of_kind(FilterKind kind, FilterValue const& value) -> bool
{
    return parse_filter_value(kind, format_filter_value(kind, value)) == value;
}

void check_terms(FilterMatch const& match, std::string const& node, Findings const& at)
{
    constexpr std::size_t longest_comment = 255;
    auto const fields = fields_of(match.protocol);
    for (auto const& [field, value] : match.terms) {
        auto const place = fmt::format("{}/@{}", node, to_string(field));
        auto const kind = kind_of(match.protocol, field);
        if (std::ranges::find(fields, field) == fields.end())
            at.error(place, Fault::not_supported,
                     fmt::format("the protocol '{}' has no {}", to_string(match.protocol), to_string(field)), "remove it");
        else if (!is_of_kind(kind, value))
            at.error(place, Fault::bad_text,
                     fmt::format("'{}' is not a value of {}", format_filter_value(kind, value), to_string(field)),
                     fmt::format("give {}", description_of(kind)));
        if (auto const* text = std::get_if<std::string>(&value);
            text && field == FilterField::comment && text->size() > longest_comment)
            at.warning(place, Fault::limit,
                       fmt::format("the comment has {} bytes; what is beyond 255 is lost", text->size()), "make it shorter");
        if (std::ranges::count(match.terms, field, &FilterTerm::field) > 1)
            at.error(place, Fault::duplicate, fmt::format("{} is said twice", to_string(field)), "remove one");
    }
    if (match.match == false && match.terms.empty())
        at.warning(node, Fault::ignored, "match='no' negates nothing", "remove it, or say what must not match");
}

/// Pairs of fields where one says nothing, or something wrong, without the other.
void check_pairs(FilterMatch const& match, std::string const& node, Findings const& at)
{
    using F = FilterField;
    auto const ordered = [&](F first, F last) {
        auto const* a = match.find(first);
        auto const* b = match.find(last);
        if (b && !a)
            at.warning(fmt::format("{}/@{}", node, to_string(last)), Fault::ignored,
                       fmt::format("{} says nothing without {}", to_string(last), to_string(first)),
                       fmt::format("add {}='…'", to_string(first)));
        auto const* low = a ? std::get_if<FilterNumber>(a) : nullptr;
        auto const* high = b ? std::get_if<FilterNumber>(b) : nullptr;
        auto const* first_ip = a ? std::get_if<IpAddress>(a) : nullptr;
        auto const* last_ip = b ? std::get_if<IpAddress>(b) : nullptr;
        if ((low && high && high->value < low->value) || (first_ip && last_ip && *last_ip < *first_ip))
            at.warning(fmt::format("{}/@{}", node, to_string(last)), Fault::bad_number,
                       fmt::format("the range ends before it starts, at {}", to_string(first)), "swap them");
    };
    for (auto const& [first, last] : {std::pair{F::srcportstart, F::srcportend},
                                      {F::dstportstart, F::dstportend},
                                      {F::srcipfrom, F::srcipto},
                                      {F::dstipfrom, F::dstipto},
                                      {F::type, F::typeend},
                                      {F::code, F::codeend},
                                      {F::port, F::port_hi},
                                      {F::age, F::age_hi},
                                      {F::max_age, F::max_age_hi},
                                      {F::hello_time, F::hello_time_hi},
                                      {F::forward_delay, F::forward_delay_hi},
                                      {F::root_priority, F::root_priority_hi},
                                      {F::root_cost, F::root_cost_hi},
                                      {F::sender_priority, F::sender_priority_hi}})
        ordered(first, last);
    for (auto const& [address, mask] : {std::pair{F::srcmacaddr, F::srcmacmask},
                                        {F::dstmacaddr, F::dstmacmask},
                                        {F::srcipaddr, F::srcipmask},
                                        {F::dstipaddr, F::dstipmask},
                                        {F::arpsrcipaddr, F::arpsrcipmask},
                                        {F::arpdstipaddr, F::arpdstipmask},
                                        {F::root_address, F::root_address_mask},
                                        {F::sender_address, F::sender_address_mask},
                                        {F::ipset, F::ipsetflags}})
        if (match.find(mask) && !match.find(address))
            at.warning(fmt::format("{}/@{}", node, to_string(mask)), Fault::ignored,
                       fmt::format("{} says nothing without {}", to_string(mask), to_string(address)),
                       fmt::format("add {}='…'", to_string(address)));
}

/// Ports of a packet whose protocol is said in one of its fields.
void check_ports(FilterMatch const& match, std::string const& node, Findings const& at)
{
    using F = FilterField;
    constexpr std::uint32_t with_ports[] = {6, 17, 33, 132};
    if (match.protocol != FilterProtocol::ip && match.protocol != FilterProtocol::ipv6)
        return;
    auto const* protocol = match.find(F::protocol);
    auto const* number = protocol ? std::get_if<FilterNumber>(protocol) : nullptr;
    auto const has_ports =
        (protocol && !number) || (number && std::ranges::find(with_ports, number->value) != std::end(with_ports));
    for (auto const field : {F::srcportstart, F::srcportend, F::dstportstart, F::dstportend})
        if (match.find(field) && !has_ports)
            return at.error(fmt::format("{}/@{}", node, to_string(field)), Fault::conflict,
                            "only packets of tcp, udp, dccp and sctp have ports", "add protocol='tcp'");
}

void check_rule(FilterRule const& rule, std::string const& node, Findings const& at)
{
    if (rule.priority && !is_priority(*rule.priority))
        at.warning(node + "/@priority", Fault::bad_number,
                   fmt::format("{} is not a priority; 500 is taken in its place", *rule.priority), "give -1000 to 1000");
    std::array<std::size_t, names_of<FilterProtocol>.size()> counts{};
    for (auto const& match : rule.matches) {
        auto const name = to_string(match.protocol);
        auto const place = fmt::format("{}/{}[{}]", node, name, ++counts[static_cast<std::size_t>(match.protocol)]);
        check_terms(match, place, at);
        check_pairs(match, place, at);
        check_ports(match, place, at);
        if (auto const first = rule.matches.front().protocol; match.protocol != first)
            at.warning(place, Fault::ignored,
                       fmt::format("a rule looks at one protocol, and this one at '{}'; it is ignored", to_string(first)),
                       "make it a rule of its own");
    }
}

} // namespace
} // namespace detail::nwfilter_check

auto check(NwFilterConfig const& filter) -> Diagnostics
{
    Diagnostics out;
    detail::Findings const at{out};
    if (filter.name.empty())
        at.error("/filter", Fault::missing, "the filter has no name", "add name='…'");
    detail::nwfilter_check::check_chain(filter, at);
    std::size_t rules = 0, refs = 0;
    for (auto const& entry : filter.entries)
        if (auto const* rule = std::get_if<FilterRule>(&entry))
            detail::nwfilter_check::check_rule(*rule, fmt::format("/filter/rule[{}]", ++rules), at);
        else {
            auto const& ref = std::get<FilterRef>(entry);
            auto const node = fmt::format("/filter/filterref[{}]", ++refs);
            detail::check_filter_ref(ref, node, at);
            if (ref.filter == filter.name && !filter.name.empty())
                at.error(node + "/@filter", Fault::conflict, fmt::format("the filter '{}' is in itself", filter.name),
                         "name another one");
        }
    return out;
}

} // namespace vmwright::inline v0
