// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vmwright::inline v0
{

/// An amount of memory or storage, in bytes.
struct Size
{
    std::uint64_t bytes{};

    auto operator<=>(Size const&) const = default;

    /// Whole KiB, rounded up: the unit in which libvirt keeps memory.
    [[nodiscard]] constexpr auto kib() const noexcept -> std::uint64_t { return bytes / 1024 + (bytes % 1024 != 0); }
    /// Whole MiB, rounded up.
    [[nodiscard]] constexpr auto mib() const noexcept -> std::uint64_t
    {
        return bytes / (1024 * 1024) + (bytes % (1024 * 1024) != 0);
    }
};

[[nodiscard]] constexpr auto KiB(std::uint64_t n) noexcept -> Size
{
    return {n << 10};
}
[[nodiscard]] constexpr auto MiB(std::uint64_t n) noexcept -> Size
{
    return {n << 20};
}
[[nodiscard]] constexpr auto GiB(std::uint64_t n) noexcept -> Size
{
    return {n << 30};
}
[[nodiscard]] constexpr auto TiB(std::uint64_t n) noexcept -> Size
{
    return {n << 40};
}

/// Bytes in a unit as libvirt spells it: b, bytes, k, KiB, KB, M, MiB, MB … E, EiB, EB, in any letter case.
/// A single letter and the form with "iB" count in 1024, the form with "B" in 1000. Nothing when the unit is unknown.
[[nodiscard]] auto bytes_per_unit(std::string_view unit) noexcept -> std::optional<std::uint64_t>;

/// `amount` of `unit`; nothing when the unit is unknown or the bytes do not fit in 64 bits.
[[nodiscard]] auto scaled_size(std::uint64_t amount, std::string_view unit) noexcept -> std::optional<Size>;

} // namespace vmwright::inline v0
