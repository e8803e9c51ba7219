// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/filter_match.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace vmwright::inline v0
{

namespace detail::filter_value
{
namespace
{

using K = FilterKind;

/// A number that has a name.
struct Named
{
    std::string_view name{};
    std::uint32_t value{};
};

constexpr std::array ether_types{Named{"ipv4", 0x800}, Named{"arp", 0x806}, Named{"rarp", 0x8035}, Named{"ipv6", 0x86dd},
                                 Named{"vlan", 0x8100}};
constexpr std::array ip_protocols{Named{"tcp", 6},  Named{"udp", 17},   Named{"udplite", 136},
                                  Named{"esp", 50}, Named{"ah", 51},    Named{"icmp", 1},
                                  Named{"igmp", 2}, Named{"sctp", 132}, Named{"icmpv6", 58}};
constexpr std::array arp_opcodes{Named{"Request", 1},       Named{"Reply", 2},         Named{"Request_Reverse", 3},
                                 Named{"Reply_Reverse", 4}, Named{"DRARP_Request", 5}, Named{"DRARP_Reply", 6},
                                 Named{"DRARP_Error", 7},   Named{"InARP_Request", 8}, Named{"ARP_NAK", 9}};

auto names_of_kind(K kind) -> std::span<Named const>
{
    switch (kind) {
    case K::ether_type: return ether_types;
    case K::ip_protocol: return ip_protocols;
    case K::arp_opcode: return arp_opcodes;
    default: return {};
    }
}

struct Limits
{
    std::uint32_t least{};
    std::uint32_t most{};
};

auto limits_of(K kind) -> Limits
{
    switch (kind) {
    case K::ipv4_mask: return {0, 32};
    case K::ipv6_mask: return {0, 128};
    case K::six_bits: return {0, 63};
    case K::twelve_bits: return {0, 4095};
    case K::byte:
    case K::ip_protocol: return {0, 0xff};
    case K::long_word: return {0, std::numeric_limits<std::uint32_t>::max()};
    case K::ether_type: return {0x600, 0xffff};
    default: return {0, 0xffff};
    }
}

auto lower(char c) -> char
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

auto is_same(std::string_view a, std::string_view b) -> bool
{
    return std::ranges::equal(a, b, {}, lower, lower);
}

auto is_name_char(char c) -> bool
{
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

auto parse_unsigned(std::string_view text, int base) -> std::optional<std::uint32_t>
{
    std::uint32_t number{};
    auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    return error == std::errc{} && stop == text.data() + text.size() ? std::optional{number} : std::nullopt;
}

auto trimmed(std::string_view text) -> std::string_view
{
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return text;
}

/// `NAME`, `NAME[2]` or `NAME[@1]`, behind the sign.
auto parse_variable(std::string_view text) -> std::optional<FilterValue>
{
    auto const bracket = text.find('[');
    FilterVariable variable{.name = std::string{text.substr(0, bracket)}};
    if (variable.name.empty() || !std::ranges::all_of(variable.name, is_name_char))
        return std::nullopt;
    if (bracket == std::string_view::npos)
        return variable;
    auto inside = trimmed(text.substr(bracket + 1));
    if (!inside.ends_with(']'))
        return std::nullopt;
    inside = trimmed(inside.substr(0, inside.size() - 1));
    auto const is_iterator = inside.starts_with('@');
    auto const number = parse_unsigned(trimmed(inside.substr(is_iterator ? 1 : 0)), 10);
    if (!number)
        return std::nullopt;
    if (is_iterator)
        variable.iterator = *number;
    else
        variable.element = *number;
    return variable;
}

auto parse_number(K kind, std::string_view text) -> std::optional<FilterValue>
{
    for (auto const& named : names_of_kind(kind))
        if (is_same(named.name, text))
            return FilterNumber{.value = named.value};
    auto const is_hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    auto const digits = text.substr(is_hexadecimal ? 2 : text.starts_with('+') ? 1 : 0);
    auto const number = parse_unsigned(digits, is_hexadecimal ? 16 : 10);
    auto const [least, most] = limits_of(kind);
    if (!number || *number < least || *number > most)
        return std::nullopt;
    auto const has_name = std::ranges::find(names_of_kind(kind), *number, &Named::value) != names_of_kind(kind).end();
    return FilterNumber{.value = *number, .is_hexadecimal = is_hexadecimal && !has_name};
}

auto parse_mask(K kind, std::string_view text) -> std::optional<FilterValue>
{
    auto const address = text.find_first_of(".:") == std::string_view::npos ? std::nullopt : IpAddress::parse(text);
    if (!address)
        return parse_number(kind, text);
    auto const prefix = address->is_ipv4() == (kind == K::ipv4_mask) ? address->as_prefix() : std::nullopt;
    return prefix ? std::optional<FilterValue>{FilterNumber{.value = *prefix}} : std::nullopt;
}

/// The words of a list, each at most once, in the order of `known`; nothing when there is another one among them.
auto parse_words(std::string_view text, std::span<std::string_view const> known) -> std::optional<std::string>
{
    std::vector<bool> there(known.size());
    while (!text.empty()) {
        auto const comma = text.find(',');
        auto const word = trimmed(text.substr(0, comma));
        auto const found = std::ranges::find_if(known, [&](auto name) { return is_same(name, word); });
        if (found == known.end())
            return std::nullopt;
        there[static_cast<std::size_t>(found - known.begin())] = true;
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    }
    std::string words;
    for (std::size_t i = 0; i < known.size(); ++i)
        if (there[i])
            words += fmt::format("{}{}", words.empty() ? "" : ",", known[i]);
    return words;
}

auto parse_state(std::string_view text) -> std::optional<std::string>
{
    constexpr auto states = name_list("NEW", "ESTABLISHED", "RELATED", "INVALID", "NONE");
    auto words = parse_words(text, states);
    return words && words->find("NONE") != std::string::npos ? "NONE" : words;
}

auto parse_tcp_flags(std::string_view text) -> std::optional<std::string>
{
    constexpr auto flags = name_list("SYN", "ACK", "URG", "PSH", "FIN", "RST");
    auto const slash = text.find('/');
    if (slash == std::string_view::npos)
        return std::nullopt;
    auto const half = [&](std::string_view list) -> std::optional<std::string> {
        if (is_same(list, "ALL") || is_same(list, "NONE"))
            return is_same(list, "ALL") ? "ALL" : "NONE";
        auto words = parse_words(list, flags);
        if (words && words->empty())
            return "NONE";
        return words && std::ranges::count(*words, ',') + 1 == static_cast<std::ptrdiff_t>(flags.size()) ? "ALL" : words;
    };
    auto const mask = half(text.substr(0, slash));
    auto const set = half(text.substr(slash + 1));
    return mask && set ? std::optional{*mask + "/" + *set} : std::nullopt;
}

auto parse_ipset_flags(std::string_view text) -> std::optional<std::string>
{
    std::string flags;
    constexpr int most = 6;
    for (int count = 1;; ++count) {
        auto const comma = text.find(',');
        auto const word = text.substr(0, comma);
        if (count > most || (!is_same(word, "src") && !is_same(word, "dst")))
            return std::nullopt;
        flags += fmt::format("{}{}", flags.empty() ? "" : ",", is_same(word, "src") ? "src" : "dst");
        if (comma == std::string_view::npos)
            return flags;
        text.remove_prefix(comma + 1);
    }
}

auto is_ipset(std::string_view text) -> bool
{
    constexpr std::size_t longest = 31;
    auto const fits = [](char c) { return is_name_char(c) || std::string_view{".:-+ "}.find(c) != std::string_view::npos; };
    return !text.empty() && text.size() <= longest && std::ranges::all_of(text, fits);
}

auto is_mask(Mac const& mac) -> bool
{
    std::uint64_t bits = 0;
    for (auto const byte : mac.bytes)
        bits = bits << 8 | byte;
    auto const zeros = ~bits & 0xffff'ffff'ffff;
    return (zeros & (zeros + 1)) == 0;
}

auto value(std::optional<std::string> text) -> std::optional<FilterValue>
{
    return text ? std::optional<FilterValue>{std::move(*text)} : std::nullopt;
}

} // namespace
} // namespace detail::filter_value

auto parse_filter_value(FilterKind kind, std::string_view text) -> std::optional<FilterValue>
{
    namespace of = detail::filter_value;
    if (kind == FilterKind::text)
        return std::string{text};
    if (text.starts_with('$'))
        return of::parse_variable(text.substr(1));
    switch (kind) {
    case FilterKind::mac:
    case FilterKind::mac_mask: {
        auto const mac = Mac::parse(text);
        return mac && (kind == FilterKind::mac || of::is_mask(*mac)) ? std::optional<FilterValue>{*mac} : std::nullopt;
    }
    case FilterKind::ipv4:
    case FilterKind::ipv6: {
        auto const ip = IpAddress::parse(text);
        return ip && ip->is_ipv4() == (kind == FilterKind::ipv4) ? std::optional<FilterValue>{*ip} : std::nullopt;
    }
    case FilterKind::ipv4_mask:
    case FilterKind::ipv6_mask: return of::parse_mask(kind, text);
    case FilterKind::boolean:
        if (text == "true" || text == "yes" || text == "1")
            return true;
        return text == "false" || text == "no" || text == "0" ? std::optional<FilterValue>{false} : std::nullopt;
    case FilterKind::state: return of::value(of::parse_state(text));
    case FilterKind::tcp_flags: return of::value(of::parse_tcp_flags(text));
    case FilterKind::ipset: return of::is_ipset(text) ? std::optional<FilterValue>{std::string{text}} : std::nullopt;
    case FilterKind::ipset_flags: return of::value(of::parse_ipset_flags(text));
    default: return of::parse_number(kind, text);
    }
}

auto format_filter_value(FilterKind kind, FilterValue const& value) -> std::string
{
    if (auto const* number = std::get_if<FilterNumber>(&value)) {
        for (auto const& named : detail::filter_value::names_of_kind(kind))
            if (named.value == number->value)
                return std::string{named.name};
        return number->is_hexadecimal ? fmt::format("{:#x}", number->value) : fmt::format("{}", number->value);
    }
    if (auto const* mac = std::get_if<Mac>(&value))
        return to_string(*mac);
    if (auto const* ip = std::get_if<IpAddress>(&value))
        return to_string(*ip);
    if (auto const* boolean = std::get_if<bool>(&value))
        return *boolean ? "true" : "false";
    if (auto const* variable = std::get_if<FilterVariable>(&value)) {
        if (variable->element)
            return fmt::format("${}[{}]", variable->name, *variable->element);
        return variable->iterator == 0 ? fmt::format("${}", variable->name)
                                       : fmt::format("${}[@{}]", variable->name, variable->iterator);
    }
    return std::get<std::string>(value);
}

auto description_of(FilterKind kind) -> std::string_view
{
    switch (kind) {
    case FilterKind::mac: return "a MAC address, or a variable like $MAC";
    case FilterKind::mac_mask: return "a mask like ff:ff:ff:00:00:00, or a variable";
    case FilterKind::ipv4: return "an IPv4 address, or a variable like $IP";
    case FilterKind::ipv6: return "an IPv6 address, or a variable like $IPV6";
    case FilterKind::ipv4_mask: return "0 to 32, a mask like 255.255.0.0, or a variable";
    case FilterKind::ipv6_mask: return "0 to 128, or a variable";
    case FilterKind::six_bits: return "0 to 63, or a variable";
    case FilterKind::twelve_bits: return "0 to 4095, or a variable";
    case FilterKind::byte: return "0 to 255, or a variable";
    case FilterKind::word: return "0 to 65535, or a variable";
    case FilterKind::long_word: return "0 to 4294967295, or a variable";
    case FilterKind::ether_type: return "ipv4, ipv6, arp, rarp, vlan, 0x600 to 0xffff, or a variable";
    case FilterKind::ip_protocol: return "tcp, udp, udplite, esp, ah, icmp, igmp, sctp, icmpv6, 0 to 255, or a variable";
    case FilterKind::arp_opcode: return "Request, Reply, another opcode's name, 0 to 65535, or a variable";
    case FilterKind::boolean: return "true or false";
    case FilterKind::state: return "NEW, ESTABLISHED, RELATED, INVALID with commas between them, or NONE";
    case FilterKind::tcp_flags: return "flags to look at / flags that are set, as SYN,ACK/SYN";
    case FilterKind::ipset: return "the name of an ipset, at most 31 letters, digits and any of _.:-+";
    case FilterKind::ipset_flags: return "src and dst, at most six of them with commas between them";
    default: return "a text";
    }
}

} // namespace vmwright::inline v0
