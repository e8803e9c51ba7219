// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <concepts>
#include <type_traits>

namespace vmwright::inline v0::xml::detail
{

/// T or T const: one `map` function reads the first and writes the second.
template <class X, class T>
concept Like = std::same_as<std::remove_const_t<X>, T>;

} // namespace vmwright::inline v0::xml::detail
