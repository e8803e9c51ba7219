// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace vmwright::inline v0
{

namespace detail::nearest
{
namespace
{

auto lower(char c) -> char
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Edits with neighbouring letters swapped counting as one (optimal string alignment).
auto distance(std::string_view a, std::string_view b) -> std::size_t
{
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            auto const same = lower(a[i - 1]) == lower(b[j - 1]);
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
                now[j] = std::min(now[j], before[j - 2] + 1);
        }
        before.swap(last);
        last.swap(now);
    }
    return last[b.size()];
}

} // namespace
} // namespace detail::nearest

auto nearest(std::string_view word, std::span<std::string_view const> candidates) -> std::string_view
{
    constexpr std::size_t longest_word = 64; // longer ones are not misspelt names
    if (word.size() > longest_word)
        return {};
    auto best = std::string_view{};
    auto best_distance = std::max<std::size_t>(1, (word.size() + 2) / 3) + 1;
    for (auto const candidate : candidates) {
        auto const gap = candidate.size() > word.size() ? candidate.size() - word.size() : word.size() - candidate.size();
        if (gap > best_distance)
            continue;
        if (auto const d = detail::nearest::distance(word, candidate);
            (d < best_distance || (d == best_distance && !best.empty())) && d < candidate.size()) {
            best = candidate;
            best_distance = d;
        }
    }
    return best;
}

auto suggestion(std::string_view word, std::span<std::string_view const> candidates, FixKind kind) -> Suggestion
{
    constexpr std::size_t short_list = 8;
    if (auto const name = nearest(word, candidates); !name.empty())
        return {.text = fmt::format("did you mean '{}'?", name), .fix = Fix{kind, std::string{name}}};
    if (candidates.empty() || candidates.size() > short_list)
        return {};
    std::string text = "it is one of ";
    for (std::size_t i = 0; i < candidates.size(); ++i)
        text += fmt::format("{}'{}'", i == 0 ? "" : ", ", candidates[i]);
    return {.text = std::move(text)};
}

} // namespace vmwright::inline v0
