// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vmwright::inline v0::xml::detail
{

/// A code point and the bytes it takes; no bytes where the text is not UTF-8.
struct CodePoint
{
    char32_t value{};
    std::size_t length{};
};

/// Decodes the one at `at`, which must lie inside the text. Overlong forms and surrogates are not UTF-8.
[[nodiscard]] auto decode(std::string_view text, std::size_t at) noexcept -> CodePoint;
void append(std::string& text, char32_t code_point);

/// XML 1.0's Char, NameStartChar and NameChar.
[[nodiscard]] auto is_xml_char(char32_t c) noexcept -> bool;
[[nodiscard]] auto is_name_start(char32_t c) noexcept -> bool;
[[nodiscard]] auto is_name_char(char32_t c) noexcept -> bool;
[[nodiscard]] constexpr auto is_space(char c) noexcept -> bool
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

inline constexpr std::string_view byte_order_mark{"\xEF\xBB\xBF"};

} // namespace vmwright::inline v0::xml::detail
