// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/filter_match.hpp>

#include <algorithm>
#include <array>

namespace vmwright::inline v0
{

namespace detail::filter_match
{
namespace
{

using F = FilterField;
using K = FilterKind;

template <std::size_t... N>
constexpr auto joined(std::array<F, N> const&... lists)
{
    std::array<F, (N + ...)> all{};
    auto at = all.begin();
    ((at = std::copy(lists.begin(), lists.end(), at)), ...);
    return all;
}

constexpr std::array source_mac{F::srcmacaddr, F::srcmacmask};
constexpr std::array layer2{F::srcmacaddr, F::srcmacmask, F::dstmacaddr, F::dstmacmask};
constexpr std::array addresses{F::srcipaddr, F::srcipmask, F::dstipaddr, F::dstipmask};
constexpr std::array ports{F::srcportstart, F::srcportend, F::dstportstart, F::dstportend};
constexpr std::array last{F::comment};

constexpr auto mac = joined(layer2, std::array{F::protocolid}, last);
constexpr auto vlan = joined(layer2, std::array{F::vlanid, F::encap_protocol}, last);
constexpr auto stp = joined(source_mac,
                            std::array{F::type,
                                       F::flags,
                                       F::root_priority,
                                       F::root_priority_hi,
                                       F::root_address,
                                       F::root_address_mask,
                                       F::root_cost,
                                       F::root_cost_hi,
                                       F::sender_priority,
                                       F::sender_priority_hi,
                                       F::sender_address,
                                       F::sender_address_mask,
                                       F::port,
                                       F::port_hi,
                                       F::age,
                                       F::age_hi,
                                       F::max_age,
                                       F::max_age_hi,
                                       F::hello_time,
                                       F::hello_time_hi,
                                       F::forward_delay,
                                       F::forward_delay_hi},
                            last);
constexpr auto arp = joined(layer2,
                            std::array{F::hwtype, F::protocoltype, F::opcode, F::arpsrcmacaddr, F::arpdstmacaddr,
                                       F::arpsrcipaddr, F::arpsrcipmask, F::arpdstipaddr, F::arpdstipmask, F::gratuitous},
                            last);
constexpr auto ip = joined(layer2, addresses, std::array{F::protocol}, ports, std::array{F::dscp}, last);
constexpr auto ipv6 =
    joined(layer2, addresses, std::array{F::protocol}, ports, std::array{F::type, F::typeend, F::code, F::codeend}, last);
constexpr auto layer3 = joined(std::array{F::srcmacaddr}, addresses,
                               std::array{F::srcipfrom, F::srcipto, F::dstipfrom, F::dstipto, F::dscp, F::connlimit_above,
                                          F::state, F::ipset, F::ipsetflags});
constexpr auto tcp = joined(layer3, ports, std::array{F::option, F::flags}, last);
constexpr auto tcp_ipv6 = joined(layer3, ports, std::array{F::option}, last); // libvirt drops the flags
constexpr auto udp = joined(layer3, ports, last);
constexpr auto icmp = joined(layer3, std::array{F::type, F::code}, last);
constexpr auto all = joined(layer3, last);

/// In the order of FilterProtocol.
constexpr std::array<std::span<F const>, names_of<FilterProtocol>.size()> of_protocols{
    mac, vlan, stp, arp, arp,      ip,  ipv6, tcp, udp, all, all,  all,
    udp, icmp, all, all, tcp_ipv6, udp, all,  all, all, udp, icmp, all};

/// In the order of FilterField, as IPv4 has them.
constexpr std::array<K, names_of<F>.size()> kinds{
    K::mac,       K::mac_mask,  K::mac,         K::mac_mask,    K::ether_type, K::twelve_bits, K::ether_type, K::byte,
    K::byte,      K::byte,      K::byte,        K::byte,        K::word,       K::word,        K::mac,        K::mac_mask,
    K::long_word, K::long_word, K::word,        K::word,        K::mac,        K::mac_mask,    K::word,       K::word,
    K::word,      K::word,      K::word,        K::word,        K::word,       K::word,        K::word,       K::word,
    K::word,      K::word,      K::arp_opcode,  K::mac,         K::mac,        K::ipv4,        K::ipv4_mask,  K::ipv4,
    K::ipv4_mask, K::boolean,   K::ipv4,        K::ipv4_mask,   K::ipv4,       K::ipv4_mask,   K::ipv4,       K::ipv4,
    K::ipv4,      K::ipv4,      K::ip_protocol, K::word,        K::word,       K::word,        K::word,       K::six_bits,
    K::word,      K::state,     K::ipset,       K::ipset_flags, K::byte,       K::text};

} // namespace
} // namespace detail::filter_match

auto FilterMatch::find(FilterField field) const -> FilterValue const*
{
    auto const found = std::ranges::find(terms, field, &FilterTerm::field);
    return found == terms.end() ? nullptr : &found->value;
}

auto fields_of(FilterProtocol protocol) -> std::span<FilterField const>
{
    return detail::filter_match::of_protocols[static_cast<std::size_t>(protocol)];
}

auto kind_of(FilterProtocol protocol, FilterField field) -> FilterKind
{
    auto const kind = detail::filter_match::kinds[static_cast<std::size_t>(field)];
    auto const is_v6 = protocol == FilterProtocol::ipv6 || protocol >= FilterProtocol::tcp_ipv6;
    if (is_v6 && kind == FilterKind::ipv4)
        return FilterKind::ipv6;
    if (is_v6 && kind == FilterKind::ipv4_mask)
        return FilterKind::ipv6_mask;
    if (field == FilterField::flags && protocol != FilterProtocol::stp)
        return FilterKind::tcp_flags;
    return kind;
}

} // namespace vmwright::inline v0
