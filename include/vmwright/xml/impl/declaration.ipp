// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/cursor.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace vmwright::inline v0::xml::detail
{

namespace declaration
{
namespace
{

auto is_digit(char c) -> bool
{
    return c >= '0' && c <= '9';
}

auto is_letter(char c) -> bool
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

auto is_valid(std::string_view key, std::string_view value) -> bool
{
    if (key == "version")
        return value.starts_with("1.") && std::ranges::all_of(value.substr(2), is_digit);
    if (key == "standalone")
        return value == "yes" || value == "no";
    auto const is_allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-'; };
    return !value.empty() && is_letter(value[0]) && std::ranges::all_of(value, is_allowed);
}

auto malformed(std::string_view what) -> Flaw
{
    return {.message = fmt::format("the XML declaration is malformed: {}", what),
            .hint = "<?xml version='1.0' encoding='UTF-8'?>"};
}

/// Steps over `= 'value'`.
auto flaw_of_value(Cursor& cursor, std::string_view key) -> Flaw
{
    cursor.skip_space();
    if (!cursor.is_at('='))
        return malformed("'=' is missing");
    ++cursor.at;
    cursor.skip_space();
    if (!cursor.is_at_quote())
        return malformed("a value must stand in quotes");
    auto const begin = cursor.at + 1;
    auto const end = cursor.text().find(cursor.text()[cursor.at], begin);
    if (end == std::string_view::npos)
        return malformed("a quote is not closed");
    auto const value = cursor.text().substr(begin, end - begin);
    if (!is_valid(key, value))
        return malformed(fmt::format("'{}' is not a possible {}", shown(value), key));
    cursor.at = end + 1;
    return {};
}

} // namespace
} // namespace declaration

auto flaw_of_declaration(Cursor& cursor) -> Flaw
{
    constexpr std::array<std::string_view, 3> keys{"version", "encoding", "standalone"};
    cursor.at += 5;
    for (std::size_t next = 0;;) {
        auto const has_space = cursor.skip_space();
        if (cursor.rest().starts_with("?>")) {
            if (next == 0)
                return declaration::malformed("the version is missing");
            cursor.at += 2;
            return {};
        }
        auto const begin = cursor.at;
        auto const key = cursor.name();
        auto const found = static_cast<std::size_t>(std::ranges::find(keys, key) - keys.begin());
        auto const is_expected = found < keys.size() && found >= next && (found == 0) == (next == 0);
        if (!is_expected || !has_space) {
            cursor.at = begin;
            return declaration::malformed(is_expected ? "white space is missing"
                                          : next == 0 ? "the version must come first"
                                                      : "only encoding and standalone follow the version");
        }
        if (auto flaw = declaration::flaw_of_value(cursor, key); !flaw.message.empty())
            return flaw;
        next = found + 1;
    }
}

} // namespace vmwright::inline v0::xml::detail
