// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/number_set.hpp>

#include <algorithm>
#include <charconv>

namespace vmwright::inline v0
{

namespace detail::number_set
{
namespace
{

using Bits = std::vector<bool>;

auto of_bits(Bits const& bits) -> NumberSet
{
    NumberSet set;
    for (std::uint32_t n = 0; n < bits.size(); ++n) {
        if (!bits[n])
            continue;
        if (!set.ranges.empty() && set.ranges.back().last + 1 == n)
            set.ranges.back().last = n;
        else
            set.ranges.push_back({n, n});
    }
    return set;
}

auto skip_space(std::string_view& text)
{
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

auto take(std::string_view& text, char c) -> bool
{
    skip_space(text);
    if (!text.starts_with(c))
        return false;
    text.remove_prefix(1);
    return true;
}

auto take_number(std::string_view& text) -> std::optional<std::uint32_t>
{
    skip_space(text);
    std::uint32_t number{};
    auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number > NumberSet::highest)
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    return number;
}

/// One number, range or exception at the head of the text.
auto take_entry(std::string_view& text, Bits& bits) -> bool
{
    auto const is_exception = take(text, '^');
    auto const first = take_number(text);
    if (!first)
        return false;
    if (is_exception) {
        bits[*first] = false;
        return true;
    }
    auto const last = take(text, '-') ? take_number(text) : first;
    if (!last || *last < *first)
        return false;
    std::fill(bits.begin() + *first, bits.begin() + *last + 1, true);
    return true;
}

} // namespace
} // namespace detail::number_set

auto NumberSet::contains(std::uint32_t number) const noexcept -> bool
{
    return std::ranges::any_of(ranges, [&](Range const& r) { return r.first <= number && number <= r.last; });
}

auto NumberSet::overlaps(NumberSet const& other) const noexcept -> bool
{
    auto mine = ranges.begin();
    auto theirs = other.ranges.begin();
    while (mine != ranges.end() && theirs != other.ranges.end()) {
        if (mine->last < theirs->first)
            ++mine;
        else if (theirs->last < mine->first)
            ++theirs;
        else
            return true;
    }
    return false;
}

auto NumberSet::numbers() const -> std::vector<std::uint32_t>
{
    std::vector<std::uint32_t> list;
    for (auto const& range : ranges)
        for (auto n = range.first; n <= range.last; ++n)
            list.push_back(n);
    return list;
}

auto NumberSet::of(std::vector<std::uint32_t> const& numbers) -> NumberSet
{
    detail::number_set::Bits bits(highest + 1);
    for (auto const number : numbers)
        if (number <= highest)
            bits[number] = true;
    return detail::number_set::of_bits(bits);
}

auto NumberSet::parse(std::string_view text) -> std::optional<NumberSet>
{
    using namespace detail::number_set;
    Bits bits(highest + 1);
    do {
        if (!take_entry(text, bits))
            return std::nullopt;
    } while (take(text, ','));
    skip_space(text);
    auto set = of_bits(bits);
    if (!text.empty() || set.empty())
        return std::nullopt;
    return set;
}

auto to_string(NumberSet const& set) -> std::string
{
    std::string text;
    for (auto const& range : set.ranges) {
        if (!text.empty())
            text += ',';
        text += std::to_string(range.first);
        if (range.last != range.first)
            text.append("-").append(std::to_string(range.last));
    }
    return text;
}

} // namespace vmwright::inline v0
