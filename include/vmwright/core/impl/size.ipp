// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/size.hpp>

#include <limits>

namespace vmwright::inline v0
{

namespace detail::size
{
namespace
{

auto lower(char c) -> char
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

auto equal(std::string_view a, std::string_view b) -> bool
{
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (lower(a[i]) != b[i])
            return false;
    return true;
}

} // namespace
} // namespace detail::size

auto bytes_per_unit(std::string_view unit) noexcept -> std::optional<std::uint64_t>
{
    using detail::size::equal;
    if (equal(unit, "b") || equal(unit, "byte") || equal(unit, "bytes"))
        return 1;
    if (unit.empty())
        return std::nullopt;
    constexpr std::string_view letters = "kmgtpe";
    auto const power = letters.find(detail::size::lower(unit.front()));
    if (power == std::string_view::npos)
        return std::nullopt;
    auto const rest = unit.substr(1);
    if (!rest.empty() && !equal(rest, "ib") && !equal(rest, "b"))
        return std::nullopt;
    std::uint64_t const base = equal(rest, "b") ? 1000 : 1024;
    std::uint64_t result = 1;
    for (std::size_t i = 0; i <= power; ++i)
        result *= base;
    return result;
}

auto scaled_size(std::uint64_t amount, std::string_view unit) noexcept -> std::optional<Size>
{
    auto const factor = bytes_per_unit(unit);
    if (!factor || amount > std::numeric_limits<std::uint64_t>::max() / *factor)
        return std::nullopt;
    return Size{amount * *factor};
}

} // namespace vmwright::inline v0
