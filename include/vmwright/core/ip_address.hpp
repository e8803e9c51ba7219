// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vmwright::inline v0
{

enum class IpFamily
{
    ipv4,
    ipv6,
};
constexpr auto enum_names(IpFamily)
{
    return name_list("ipv4", "ipv6");
}

/// An address of IPv4 or IPv6. Those of one family are ordered as numbers.
struct IpAddress
{
    IpFamily family{};
    std::array<std::uint8_t, 16> bytes{}; ///< of IPv4 the first four

    auto operator<=>(IpAddress const&) const = default;

    [[nodiscard]] auto is_ipv4() const noexcept -> bool { return family == IpFamily::ipv4; }
    [[nodiscard]] auto is_zero() const noexcept -> bool { return bytes == decltype(bytes){}; }
    /// 32 or 128: the longest prefix.
    [[nodiscard]] auto bits() const noexcept -> unsigned { return is_ipv4() ? 32 : 128; }
    /// The first and the last address that begin with the same `prefix` bits.
    [[nodiscard]] auto first_of(unsigned prefix) const noexcept -> IpAddress;
    [[nodiscard]] auto last_of(unsigned prefix) const noexcept -> IpAddress;
    /// The bits that both have.
    [[nodiscard]] auto masked(IpAddress const& mask) const noexcept -> IpAddress;
    /// Of a netmask, the number of its leading ones; nothing when there are ones behind a zero.
    [[nodiscard]] auto as_prefix() const noexcept -> std::optional<unsigned>;
    /// The prefix that a network has by its first bits alone: 8, 16 or 24, and 64 of IPv6.
    [[nodiscard]] auto natural_prefix() const noexcept -> unsigned;

    /// Reads 192.168.0.1, with inet_aton's short forms (10.1) and bases (0x0a, 012), and IPv6 in all its spellings.
    [[nodiscard]] static auto parse(std::string_view text) noexcept -> std::optional<IpAddress>;
};

/// How many addresses there are from one to the other, both included; nothing when the families differ, `last` comes
/// first, or the number is above `most`.
[[nodiscard]] auto count_of(IpAddress const& first, IpAddress const& last, std::uint64_t most) noexcept
    -> std::optional<std::uint64_t>;

/// `192.168.0.1`, `2001:db8::1`, `::ffff:10.0.0.1`.
[[nodiscard]] auto to_string(IpAddress const& address) -> std::string;

} // namespace vmwright::inline v0
