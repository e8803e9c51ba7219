// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace vmwright::inline v0
{

/// The candidate that a misspelt word most probably meant, or an empty view when none is near
/// (more than a third of its letters would have to change). Of equally near ones the last; letter case does not count.
[[nodiscard]] auto nearest(std::string_view word, std::span<std::string_view const> candidates) -> std::string_view;

/// "did you mean 'virtio'?", or the whole list when it is short, or nothing.
[[nodiscard]] auto suggestion(std::string_view word, std::span<std::string_view const> candidates) -> std::string;

} // namespace vmwright::inline v0
