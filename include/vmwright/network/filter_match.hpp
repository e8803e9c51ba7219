// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/ip_address.hpp>
#include <vmwright/core/mac.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vmwright::inline v0
{

/// The packets that a rule looks at.
enum class FilterProtocol
{
    mac, ///< any Ethernet frame
    vlan,
    stp,
    arp,
    rarp,
    ip,
    ipv6,
    tcp,
    udp,
    udplite,
    esp,
    ah,
    sctp,
    icmp,
    igmp,
    all, ///< any of IPv4
    tcp_ipv6,
    udp_ipv6,
    udplite_ipv6,
    esp_ipv6,
    ah_ipv6,
    sctp_ipv6,
    icmpv6,
    all_ipv6,
};
constexpr auto enum_names(FilterProtocol)
{
    return name_list("mac", "vlan", "stp", "arp", "rarp", "ip", "ipv6", "tcp", "udp", "udplite", "esp", "ah", "sctp", "icmp",
                     "igmp", "all", "tcp-ipv6", "udp-ipv6", "udplite-ipv6", "esp-ipv6", "ah-ipv6", "sctp-ipv6", "icmpv6",
                     "all-ipv6");
}

/// What is looked at in a packet; `fields_of` tells which of them a protocol has.
enum class FilterField
{
    srcmacaddr,
    srcmacmask,
    dstmacaddr,
    dstmacmask,
    protocolid,
    vlanid,
    encap_protocol,
    type,
    typeend,
    code,
    codeend,
    flags,
    root_priority,
    root_priority_hi,
    root_address,
    root_address_mask,
    root_cost,
    root_cost_hi,
    sender_priority,
    sender_priority_hi,
    sender_address,
    sender_address_mask,
    port,
    port_hi,
    age,
    age_hi,
    max_age,
    max_age_hi,
    hello_time,
    hello_time_hi,
    forward_delay,
    forward_delay_hi,
    hwtype,
    protocoltype,
    opcode,
    arpsrcmacaddr,
    arpdstmacaddr,
    arpsrcipaddr,
    arpsrcipmask,
    arpdstipaddr,
    arpdstipmask,
    gratuitous,
    srcipaddr,
    srcipmask,
    dstipaddr,
    dstipmask,
    srcipfrom,
    srcipto,
    dstipfrom,
    dstipto,
    protocol,
    srcportstart,
    srcportend,
    dstportstart,
    dstportend,
    dscp,
    connlimit_above,
    state,
    ipset,
    ipsetflags,
    option,
    comment,
};
constexpr auto enum_names(FilterField)
{
    return name_list("srcmacaddr", "srcmacmask", "dstmacaddr", "dstmacmask", "protocolid", "vlanid", "encap-protocol",
                     "type", "typeend", "code", "codeend", "flags", "root-priority", "root-priority-hi", "root-address",
                     "root-address-mask", "root-cost", "root-cost-hi", "sender-priority", "sender-priority-hi",
                     "sender-address", "sender-address-mask", "port", "port-hi", "age", "age-hi", "max-age", "max-age-hi",
                     "hello-time", "hello-time-hi", "forward-delay", "forward-delay-hi", "hwtype", "protocoltype", "opcode",
                     "arpsrcmacaddr", "arpdstmacaddr", "arpsrcipaddr", "arpsrcipmask", "arpdstipaddr", "arpdstipmask",
                     "gratuitous", "srcipaddr", "srcipmask", "dstipaddr", "dstipmask", "srcipfrom", "srcipto", "dstipfrom",
                     "dstipto", "protocol", "srcportstart", "srcportend", "dstportstart", "dstportend", "dscp",
                     "connlimit-above", "state", "ipset", "ipsetflags", "option", "comment");
}

/// What the value of a field can be.
enum class FilterKind
{
    mac,
    mac_mask, ///< ones, then zeros
    ipv4,
    ipv6,
    ipv4_mask, ///< a number of bits; read as an address, too
    ipv6_mask,
    six_bits,
    twelve_bits,
    byte,
    word,
    long_word,
    ether_type,
    ip_protocol,
    arp_opcode,
    boolean,
    state,     ///< words like NEW,ESTABLISHED
    tcp_flags, ///< like SYN,ACK/SYN: those looked at, and those that are set
    ipset,
    ipset_flags, ///< words like src,dst
    text,
};

/// A parameter of the filter, as `$IP`: each of its values in turn.
struct FilterVariable
{
    std::string name{};
    std::optional<std::uint32_t> element{}; ///< `$IP[2]`: this one of its values
    std::uint32_t iterator{};               ///< `$IP[@1]`: variables of one iterator step together, each other one makes
                                            ///< all combinations

    bool operator==(FilterVariable const&) const = default;
};

struct FilterNumber
{
    std::uint32_t value{};
    bool is_hexadecimal{}; ///< how it is printed

    bool operator==(FilterNumber const&) const = default;
};

/// Words are texts, as libvirt prints them.
using FilterValue = std::variant<FilterNumber, Mac, IpAddress, bool, FilterVariable, std::string>;

/// `srcipaddr='$IP'`.
struct FilterTerm
{
    FilterField field{};
    FilterValue value{};

    bool operator==(FilterTerm const&) const = default;
};

/// All the terms hold, or with `match` no, none of them.
struct FilterMatch
{
    FilterProtocol protocol{};
    std::optional<bool> match{}; ///< yes when absent
    std::vector<FilterTerm> terms{};

    bool operator==(FilterMatch const&) const = default;

    [[nodiscard]] auto find(FilterField field) const -> FilterValue const*;
};

/// The fields of a protocol, in libvirt's order.
[[nodiscard]] auto fields_of(FilterProtocol protocol) -> std::span<FilterField const>;
[[nodiscard]] auto kind_of(FilterProtocol protocol, FilterField field) -> FilterKind;

/// Reads a value as it stands in XML; nothing when it is none of that kind.
[[nodiscard]] auto parse_filter_value(FilterKind kind, std::string_view text) -> std::optional<FilterValue>;
[[nodiscard]] auto format_filter_value(FilterKind kind, FilterValue const& value) -> std::string;
/// What a value of that kind looks like, for messages.
[[nodiscard]] auto description_of(FilterKind kind) -> std::string_view;

} // namespace vmwright::inline v0
