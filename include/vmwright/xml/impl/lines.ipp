// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/lines.hpp>
#include <vmwright/xml/detail/utf8.hpp>

#include <algorithm>

namespace vmwright::inline v0::xml::detail
{

namespace lines
{
namespace
{

constexpr std::size_t block = 4096;

/// Moves a line number and the line's start on, over the line ends in [begin, end).
void advance(std::string_view text, std::size_t begin, std::size_t end, std::size_t& line, std::size_t& start)
{
    auto const* const first = text.data();
    for (auto const* c = first + begin; c != first + end; ++c)
        if (*c == '\n') {
            ++line;
            start = static_cast<std::size_t>(c - first) + 1;
        }
}

} // namespace
} // namespace lines

Lines::Lines(std::string_view text)
{
    marks_.reserve(text.size() / lines::block + 1);
    std::size_t line{};
    std::size_t start{};
    for (std::size_t at = 0; at <= text.size(); at += lines::block) {
        marks_.push_back({static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(start)});
        if (at + lines::block <= text.size())
            lines::advance(text, at, at + lines::block, line, start);
    }
}

auto Lines::location(std::string_view text, std::size_t offset) const -> Location
{
    if (marks_.empty())
        return {};
    offset = std::min(offset, text.size());
    auto const block = offset / lines::block;
    std::size_t line = marks_[block].line;
    std::size_t start = marks_[block].start;
    lines::advance(text, block * lines::block, offset, line, start);
    if (start == 0 && text.starts_with(byte_order_mark))
        start = std::min(byte_order_mark.size(), offset);
    return {line + 1, offset - start + 1};
}

} // namespace vmwright::inline v0::xml::detail
