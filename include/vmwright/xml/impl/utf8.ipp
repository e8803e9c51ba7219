// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/utf8.hpp>

namespace vmwright::inline v0::xml::detail
{

auto decode(std::string_view text, std::size_t at) noexcept -> CodePoint
{
    auto const lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80)
        return {lead, 1};
    std::size_t const length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() - at < length)
        return {};
    auto value = static_cast<char32_t>(lead & (0xFF >> (length + 1)));
    for (std::size_t i = 1; i < length; ++i) {
        auto const next = static_cast<unsigned char>(text[at + i]);
        if ((next & 0xC0) != 0x80)
            return {};
        value = (value << 6) | (next & 0x3Fu);
    }
    auto const is_overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    if (is_overlong || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return {};
    return {value, length};
}

void append(std::string& text, char32_t c)
{
    auto const byte = [&](char32_t bits) { text += static_cast<char>(static_cast<unsigned char>(bits)); };
    if (c < 0x80) {
        byte(c);
    } else if (c < 0x800) {
        byte(0xC0 | (c >> 6));
        byte(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        byte(0xE0 | (c >> 12));
        byte(0x80 | ((c >> 6) & 0x3F));
        byte(0x80 | (c & 0x3F));
    } else {
        byte(0xF0 | (c >> 18));
        byte(0x80 | ((c >> 12) & 0x3F));
        byte(0x80 | ((c >> 6) & 0x3F));
        byte(0x80 | (c & 0x3F));
    }
}

auto is_xml_char(char32_t c) noexcept -> bool
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
           (c >= 0x10000 && c <= 0x10FFFF);
}

namespace utf8
{
namespace
{

struct Range
{
    char32_t first;
    char32_t last;
};

constexpr Range name_start_ranges[]{
    {':', ':'},       {'A', 'Z'},       {'_', '_'},       {'a', 'z'},         {0xC0, 0xD6},     {0xD8, 0xF6},
    {0xF8, 0x2FF},    {0x370, 0x37D},   {0x37F, 0x1FFF},  {0x200C, 0x200D},   {0x2070, 0x218F}, {0x2C00, 0x2FEF},
    {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF},
};

constexpr Range more_name_ranges[]{
    {'-', '.'}, {'0', '9'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040},
};

auto contains(auto const& ranges, char32_t c) noexcept -> bool
{
    for (auto const& range : ranges)
        if (c >= range.first && c <= range.last)
            return true;
    return false;
}

} // namespace
} // namespace utf8

auto is_name_start(char32_t c) noexcept -> bool
{
    return utf8::contains(utf8::name_start_ranges, c);
}

auto is_name_char(char32_t c) noexcept -> bool
{
    return is_name_start(c) || utf8::contains(utf8::more_name_ranges, c);
}

} // namespace vmwright::inline v0::xml::detail
