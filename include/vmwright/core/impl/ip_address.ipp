// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/ip_address.hpp>

#include <vmwright/core/impl/hex.ipp>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <limits>
#include <span>

namespace vmwright::inline v0
{

namespace detail::ip_address
{
namespace
{

/// One number of inet_aton's: decimal, octal behind a 0, hexadecimal behind 0x.
auto part(std::string_view text) noexcept -> std::optional<std::uint32_t>
{
    auto base = 10;
    if (text.starts_with("0x") || text.starts_with("0X")) {
        text.remove_prefix(2);
        base = 16;
    } else if (text.size() > 1 && text.starts_with('0')) {
        text.remove_prefix(1);
        base = 8;
    }
    std::uint32_t number{};
    auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    return error == std::errc{} && stop == text.data() + text.size() ? std::optional{number} : std::nullopt;
}

auto parse_v4(std::string_view text) noexcept -> std::optional<IpAddress>
{
    IpAddress address;
    for (std::size_t i = 0; i < 4; ++i) {
        auto const dot = text.find('.');
        auto number = part(text.substr(0, dot));
        if (!number)
            return std::nullopt;
        if (dot != std::string_view::npos) {
            if (*number > 255 || i == 3)
                return std::nullopt;
            address.bytes[i] = static_cast<std::uint8_t>(*number);
            text.remove_prefix(dot + 1);
            continue;
        }
        // the last number fills all bytes that are left
        auto const left = 4 - i;
        if (left < 4 && *number >> (8 * left) != 0)
            return std::nullopt;
        for (auto at = 4 - left; at < 4; ++at)
            address.bytes[at] = static_cast<std::uint8_t>(*number >> (8 * (3 - at)));
        return address;
    }
    return std::nullopt;
}

/// Four decimal numbers at the end of an IPv6 address.
auto parse_tail(std::string_view text, std::span<std::uint8_t> bytes) noexcept -> bool
{
    for (std::size_t i = 0; i < 4; ++i) {
        auto const dot = i < 3 ? text.find('.') : text.size();
        auto const digits = text.substr(0, dot);
        if (dot == std::string_view::npos || digits.empty() || digits.size() > 3 ||
            digits.find_first_not_of("0123456789") != std::string_view::npos || (digits.size() > 1 && digits[0] == '0'))
            return false;
        auto const number = part(digits);
        if (!number || *number > 255)
            return false;
        bytes[i] = static_cast<std::uint8_t>(*number);
        text.remove_prefix(std::min(dot + 1, text.size()));
    }
    return true;
}

auto parse_v6(std::string_view text) noexcept -> std::optional<IpAddress>
{
    IpAddress address{.family = IpFamily::ipv6};
    auto& bytes = address.bytes;
    std::size_t at = 0;
    std::optional<std::size_t> gap;
    if (text.starts_with("::")) {
        gap = 0;
        text.remove_prefix(2);
    }
    while (!text.empty()) {
        auto const colon = text.find(':');
        auto const group = text.substr(0, colon);
        if (group.find('.') != std::string_view::npos) {
            if (colon != std::string_view::npos || at > 12 || !parse_tail(group, std::span{bytes}.subspan(at)))
                return std::nullopt;
            at += 4;
            break;
        }
        if (group.empty() || group.size() > 4 || at == bytes.size())
            return std::nullopt;
        unsigned number = 0;
        for (auto const c : group) {
            auto const digit = hex::digit(c);
            if (!digit)
                return std::nullopt;
            number = number << 4 | static_cast<unsigned>(*digit);
        }
        bytes[at++] = static_cast<std::uint8_t>(number >> 8);
        bytes[at++] = static_cast<std::uint8_t>(number);
        if (colon == std::string_view::npos)
            break;
        text.remove_prefix(colon + 1);
        if (text.starts_with(':')) {
            if (gap)
                return std::nullopt;
            gap = at;
            text.remove_prefix(1);
        } else if (text.empty())
            return std::nullopt;
    }
    if (!gap)
        return at == bytes.size() ? std::optional{address} : std::nullopt;
    if (at == bytes.size())
        return std::nullopt;
    auto const begin = bytes.begin();
    std::rotate(begin + static_cast<std::ptrdiff_t>(*gap), begin + static_cast<std::ptrdiff_t>(at), bytes.end());
    return address;
}

auto format_v4(std::span<std::uint8_t const> bytes) -> std::string
{
    return fmt::format("{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]);
}

/// The address without the bits behind the prefix, or with all of them.
auto filled(IpAddress address, unsigned prefix, std::uint8_t fill) noexcept -> IpAddress
{
    for (unsigned i = 0; i < address.bits() / 8; ++i) {
        auto const kept = prefix >= 8 * (i + 1) ? 8 : prefix > 8 * i ? prefix - 8 * i : 0;
        auto const mask = static_cast<std::uint8_t>(0xff00U >> kept);
        auto& byte = address.bytes[i];
        byte = static_cast<std::uint8_t>((byte & mask) | (fill & ~mask));
    }
    return address;
}

} // namespace
} // namespace detail::ip_address

auto IpAddress::first_of(unsigned prefix) const noexcept -> IpAddress
{
    return detail::ip_address::filled(*this, prefix, 0);
}

auto IpAddress::last_of(unsigned prefix) const noexcept -> IpAddress
{
    return detail::ip_address::filled(*this, prefix, 0xff);
}

auto IpAddress::masked(IpAddress const& mask) const noexcept -> IpAddress
{
    auto address = *this;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        address.bytes[i] = static_cast<std::uint8_t>(bytes[i] & mask.bytes[i]);
    return address;
}

auto IpAddress::as_prefix() const noexcept -> std::optional<unsigned>
{
    unsigned prefix = 0;
    for (unsigned i = 0; i < bits() / 8; ++i)
        prefix += static_cast<unsigned>(std::popcount(bytes[i]));
    IpAddress const ones{.family = family};
    auto mask = ones.last_of(0);
    return mask.first_of(prefix) == *this ? std::optional{prefix} : std::nullopt;
}

auto IpAddress::natural_prefix() const noexcept -> unsigned
{
    if (!is_ipv4())
        return 64;
    return bytes[0] < 128 ? 8 : bytes[0] < 192 ? 16 : 24;
}

auto IpAddress::parse(std::string_view text) noexcept -> std::optional<IpAddress>
{
    return text.find(':') == std::string_view::npos ? detail::ip_address::parse_v4(text)
                                                    : detail::ip_address::parse_v6(text);
}

auto count_of(IpAddress const& first, IpAddress const& last, std::uint64_t most) noexcept -> std::optional<std::uint64_t>
{
    if (first.family != last.family || last < first)
        return std::nullopt;
    std::uint64_t difference = 0;
    for (std::size_t i = 0; i < first.bits() / 8; ++i) {
        if (difference > std::numeric_limits<std::uint64_t>::max() >> 9)
            return std::nullopt;
        difference = (difference << 8) + last.bytes[i] - first.bytes[i];
    }
    return difference < most ? std::optional{difference + 1} : std::nullopt;
}

auto to_string(IpAddress const& address) -> std::string
{
    namespace text_of = detail::ip_address;
    auto const bytes = std::span{address.bytes};
    if (address.is_ipv4())
        return text_of::format_v4(bytes);
    auto const group = [&](std::size_t i) { return static_cast<unsigned>(bytes[2 * i] << 8 | bytes[2 * i + 1]); };
    // the first of the longest runs of zeros is left out
    std::size_t gap = 8, length = 1;
    for (std::size_t i = 0, run = 0; i < 8; ++i) {
        run = group(i) == 0 ? run + 1 : 0;
        if (run > length) {
            length = run;
            gap = i + 1 - run;
        }
    }
    auto const is_gap_at_start = gap == 0;
    auto const has_v4_tail = is_gap_at_start && (length == 6 || (length == 5 && group(5) == 0xffff));
    std::string text;
    for (std::size_t i = 0; i < 8; ++i) {
        if (i == gap) {
            text += "::";
            i += length - 1;
            continue;
        }
        if (!text.empty() && text.back() != ':')
            text += ':';
        if (has_v4_tail && i == 6)
            return text + text_of::format_v4(bytes.subspan(12));
        fmt::format_to(std::back_inserter(text), "{:x}", group(i));
    }
    return text;
}

} // namespace vmwright::inline v0
