// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>

namespace vmwright::inline v0
{

/// An enum whose enumerators run from 0 without gaps and whose names, in that order, `enum_names(E{})` returns
/// as a `std::array<std::string_view, N>`. The function is found by argument-dependent lookup and stands beside the enum.
template <class E>
concept NamedEnum = std::is_enum_v<E> && requires(E e)
{
    {
        enum_names(e)[0]
        } -> std::convertible_to<std::string_view>;
};

template <class... Name>
constexpr auto name_list(Name const&... names) -> std::array<std::string_view, sizeof...(Name)>
{
    return {std::string_view{names}...};
}

/// The names of all enumerators, in order.
template <NamedEnum E>
inline constexpr auto names_of = enum_names(E{});

/// The name that XML and messages use; a value outside the enum gives "?".
template <NamedEnum E>
[[nodiscard]] constexpr auto to_string(E value) noexcept -> std::string_view
{
    auto const index = static_cast<std::size_t>(value);
    return index < names_of<E>.size() ? names_of<E>[index] : std::string_view{"?"};
}

/// The enumerator of that exact name.
template <NamedEnum E>
[[nodiscard]] constexpr auto from_string(std::string_view name) noexcept -> std::optional<E>
{
    for (std::size_t i = 0; i < names_of<E>.size(); ++i)
        if (names_of<E>[i] == name)
            return static_cast<E>(i);
    return std::nullopt;
}

} // namespace vmwright::inline v0
