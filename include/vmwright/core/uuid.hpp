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

struct Uuid
{
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(Uuid const&) const = default;

    /// A version 4 uuid of the 16 random bytes given.
    [[nodiscard]] static auto from_random(std::span<std::uint8_t const, 16> random) noexcept -> Uuid;
    /// Reads 32 hex digits; as with libvirt, dashes may stand between any two of them.
    [[nodiscard]] static auto parse(std::string_view text) noexcept -> std::optional<Uuid>;
};

/// The 36 characters `09da7edc-2a16-4b20-adac-e5b2f95daba1`.
[[nodiscard]] auto to_string(Uuid const& uuid) -> std::string;

} // namespace vmwright::inline v0
