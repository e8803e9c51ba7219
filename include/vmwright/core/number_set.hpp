// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0
{

/// A set of small numbers, as of CPUs or NUMA nodes.
struct NumberSet
{
    struct Range
    {
        std::uint32_t first{};
        std::uint32_t last{};

        bool operator==(Range const&) const = default;
    };
    std::vector<Range> ranges{}; ///< in order, with a gap between any two

    bool operator==(NumberSet const&) const = default;

    /// Numbers above are in no set.
    static constexpr std::uint32_t highest = 16383;

    [[nodiscard]] auto empty() const noexcept -> bool { return ranges.empty(); }
    [[nodiscard]] auto contains(std::uint32_t number) const noexcept -> bool;
    [[nodiscard]] auto overlaps(NumberSet const& other) const noexcept -> bool;
    [[nodiscard]] auto numbers() const -> std::vector<std::uint32_t>;

    [[nodiscard]] static auto of(std::vector<std::uint32_t> const& numbers) -> NumberSet;
    /// Reads `0-3,8,^2`: `^` takes a number out again. Nothing when the text is no such list or the set would be empty.
    [[nodiscard]] static auto parse(std::string_view text) -> std::optional<NumberSet>;
};

/// `0-1,3,8`.
[[nodiscard]] auto to_string(NumberSet const& set) -> std::string;

} // namespace vmwright::inline v0
