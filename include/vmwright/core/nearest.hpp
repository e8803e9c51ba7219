// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace vmwright::inline v0
{

/// The candidate that a misspelt word most probably meant, or an empty view when none is near
/// (more than a third of its letters would have to change). Of equally near ones the last; letter case does not count.
[[nodiscard]] auto nearest(std::string_view word, std::span<std::string_view const> candidates) -> std::string_view;

/// A hint, and the word that it proposes.
struct Suggestion
{
    std::string text{};
    std::string word{}; ///< empty when none is near

    operator std::string() const& { return text; }
    operator std::string() && { return std::move(text); }
    /// A fix that puts the word there, if there is one.
    [[nodiscard]] auto fix(FixKind kind = FixKind::replace) const -> std::optional<Fix>
    {
        return word.empty() ? std::nullopt : std::optional{Fix{kind, word}};
    }
};

/// "did you mean 'virtio'?", or the whole list when it is short, or nothing.
[[nodiscard]] auto suggestion(std::string_view word, std::span<std::string_view const> candidates) -> Suggestion;

} // namespace vmwright::inline v0
