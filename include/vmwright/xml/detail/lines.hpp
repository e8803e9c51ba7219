// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::xml::detail
{

/// Turns offsets into lines and columns in about constant time, with 2 bytes a kilobyte of text.
/// A byte order mark takes no column.
class Lines
{
public:
    Lines() = default;
    explicit Lines(std::string_view text);

    /// `text` is the one it was built from; an offset past its end counts as the end.
    [[nodiscard]] auto location(std::string_view text, std::size_t offset) const -> Location;

private:
    struct Mark
    {
        std::uint32_t line{};  ///< lines that ended before this block
        std::uint32_t start{}; ///< where the line that is open at the block's first byte starts
    };

    std::vector<Mark> marks_; ///< one for each block of text
};

} // namespace vmwright::inline v0::xml::detail
