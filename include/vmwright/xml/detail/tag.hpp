// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/filter_match.hpp>

#include <cstddef>
#include <variant>

namespace vmwright::inline v0::xml::detail
{

// Which one of several names the element of a value has.

template <class... A>
auto tag_of(std::variant<A...> const& value) -> std::size_t
{
    return value.index();
}

template <class... A>
void set_tag(std::variant<A...>& value, std::size_t tag)
{
    std::size_t at = 0;
    ((at++ == tag ? void(value.template emplace<A>()) : void()), ...);
}

inline auto tag_of(FilterMatch const& match) -> std::size_t
{
    return static_cast<std::size_t>(match.protocol);
}

inline void set_tag(FilterMatch& match, std::size_t tag)
{
    match.protocol = static_cast<FilterProtocol>(tag);
}

} // namespace vmwright::inline v0::xml::detail
