// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/lines.hpp>
#include <vmwright/xml/document.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::xml::detail
{

/// Where the tags of one element stand. Of `<a/>` all but `begin` are equal.
struct ElementMarks
{
    std::uint32_t begin{};     ///< '<' of the start tag
    std::uint32_t start_end{}; ///< past the start tag
    std::uint32_t end_begin{}; ///< '<' of the end tag
    std::uint32_t end{};       ///< past the end tag

    bool operator==(ElementMarks const&) const = default;
};

struct Scan
{
    bool well_formed{};                   ///< and within the limits
    std::vector<ElementMarks> elements{}; ///< in document order
    std::size_t single_quoted{};          ///< attributes in single quotes
    std::size_t double_quoted{};
};

/// Checks UTF-8 text for everything that makes XML ill-formed, in one pass without recursion.
/// Faults that leave the structure readable are all reported, up to a bound; others end the scan.
[[nodiscard]] auto scan(std::string_view text, Lines const& lines, Limits const& limits, Diagnostics& out) -> Scan;

} // namespace vmwright::inline v0::xml::detail
