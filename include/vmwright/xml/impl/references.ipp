// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/cursor.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace vmwright::inline v0::xml::detail
{

namespace references
{
namespace
{

/// The value of a hexadecimal digit; 16 for another character.
auto digit(char c) noexcept -> std::uint32_t
{
    if (c >= '0' && c <= '9')
        return static_cast<std::uint32_t>(c - '0');
    auto const letter = static_cast<char>(c | 0x20);
    return letter >= 'a' && letter <= 'f' ? static_cast<std::uint32_t>(letter - 'a' + 10) : 16;
}

auto flaw_of_number(std::string_view text) -> Flaw
{
    auto const is_hex = text.starts_with("&#x");
    std::uint32_t const base = is_hex ? 16 : 10;
    std::size_t const first = is_hex ? 3 : 2;
    auto at = first;
    char32_t value{};
    for (; at < text.size() && digit(text[at]) < base; ++at)
        value = std::min<char32_t>(value * base + digit(text[at]), 0x110000);
    if (at == first || !text.substr(at).starts_with(';'))
        return {.message = "a character reference has the form &#233; or &#xE9;"};
    if (!is_xml_char(value))
        return {.message = fmt::format("{} is no character that XML allows", shown(text.substr(0, at + 1)))};
    return {};
}

} // namespace
} // namespace references

auto flaw_of_reference(std::string_view text) -> Flaw
{
    if (text.starts_with("&#"))
        return references::flaw_of_number(text);
    constexpr std::array<std::string_view, 5> entities{"amp", "lt", "gt", "quot", "apos"};
    Cursor cursor{text, 1};
    auto const entity = cursor.name();
    if (entity.empty() || !cursor.is_at(';'))
        return {.message = "'&' stands alone", .hint = "write &amp;"};
    if (std::ranges::find(entities, entity) == entities.end())
        return {.message = fmt::format("entity '{}' is not defined", shown(entity)),
                .hint = "there are only &amp; &lt; &gt; &quot; &apos;, and numbers like &#233;"};
    return {};
}

} // namespace vmwright::inline v0::xml::detail
