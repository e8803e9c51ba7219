// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vmwright::inline v0
{

/// An Ethernet address.
struct Mac
{
    std::array<std::uint8_t, 6> bytes{};

    auto operator<=>(Mac const&) const = default;

    [[nodiscard]] auto is_multicast() const noexcept -> bool { return (bytes[0] & 1) != 0; }

    /// QEMU's prefix 52:54:00 and the three random bytes given.
    [[nodiscard]] static auto from_random(std::span<std::uint8_t const, 3> random) noexcept -> Mac;
    /// Reads six hex numbers of one or two digits with colons between them.
    [[nodiscard]] static auto parse(std::string_view text) noexcept -> std::optional<Mac>;
};

/// `52:54:00:ba:c6:5d`.
[[nodiscard]] auto to_string(Mac const& mac) -> std::string;

} // namespace vmwright::inline v0
