// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/cursor.hpp>

#include <fmt/format.h>

#include <array>

namespace vmwright::inline v0::xml::detail
{

namespace cursor
{
namespace
{

constexpr auto ascii_table(std::string_view more)
{
    std::array<bool, 128> table{};
    for (auto c = 'a'; c <= 'z'; ++c)
        table[static_cast<std::size_t>(c)] = table[static_cast<std::size_t>(c - 'a' + 'A')] = true;
    for (auto const c : more)
        table[static_cast<std::size_t>(c)] = true;
    return table;
}

constexpr auto name_starts = ascii_table(":_");
constexpr auto name_goes_on = ascii_table(":_-.0123456789");

} // namespace
} // namespace cursor

auto Cursor::skip_space() -> bool
{
    auto const begin = at;
    while (at < text_.size() && is_space(text_[at]))
        ++at;
    return at != begin;
}

auto Cursor::name() -> std::string_view
{
    auto const begin = at;
    while (at < text_.size()) {
        auto const c = static_cast<unsigned char>(text_[at]);
        if (c < 0x80) {
            if (!(at == begin ? cursor::name_starts : cursor::name_goes_on)[c])
                break;
            ++at;
            continue;
        }
        auto const wide = decode(text_, at);
        if (!(at == begin ? is_name_start(wide.value) : is_name_char(wide.value)))
            break;
        at += wide.length;
    }
    return text_.substr(begin, at - begin);
}

auto Cursor::character() const -> std::string
{
    if (at_end())
        return "the end of the text";
    return is_space(text_[at]) ? "white space" : fmt::format("'{}'", text_.substr(at, decode(text_, at).length));
}

auto shown(std::string_view piece) -> std::string
{
    constexpr std::size_t most = 40;
    if (piece.size() <= most)
        return std::string{piece};
    auto end = most;
    while ((static_cast<unsigned char>(piece[end]) & 0xC0) == 0x80)
        --end;
    return fmt::format("{}…", piece.substr(0, end));
}

} // namespace vmwright::inline v0::xml::detail
