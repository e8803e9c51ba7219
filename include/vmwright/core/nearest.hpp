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

/// A hint, and where it is one change, that change.
struct Suggestion
{
    std::string text{};
    std::optional<Fix> fix{};

    operator std::string() const& { return text; }
    operator std::string() && { return std::move(text); }
};

/// "did you mean 'virtio'?", or the whole list when it is short, or nothing. `kind` says what the word is: a value or a
/// name.
[[nodiscard]] auto suggestion(std::string_view word, std::span<std::string_view const> candidates,
                              FixKind kind = FixKind::replace) -> Suggestion;

/// Of a node that may be gone.
[[nodiscard]] inline auto remove_it() -> Suggestion
{
    return {.text = "remove it", .fix = Fix{.kind = FixKind::remove}};
}

} // namespace vmwright::inline v0
