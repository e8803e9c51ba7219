// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/utf8.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace vmwright::inline v0::xml::detail
{

/// What is wrong at some place of a text.
struct Flaw
{
    std::string message{};
    std::string hint{};
};

/// A place in a text of valid UTF-8, and steps over what stands there.
class Cursor
{
public:
    explicit Cursor(std::string_view text, std::size_t at = 0)
        : at{at}
        , text_{text}
    {
    }

    std::size_t at{};

    [[nodiscard]] auto text() const -> std::string_view { return text_; }
    [[nodiscard]] auto rest() const -> std::string_view { return text_.substr(at); }
    [[nodiscard]] auto at_end() const -> bool { return at >= text_.size(); }
    [[nodiscard]] auto is_at(char c) const -> bool { return at < text_.size() && text_[at] == c; }
    [[nodiscard]] auto is_at_quote() const -> bool { return is_at('"') || is_at('\''); }

    /// Whether there was white space.
    auto skip_space() -> bool;
    /// Steps over a Name of XML; empty when there is none.
    auto name() -> std::string_view;

    /// What stands here, for a message.
    [[nodiscard]] auto character() const -> std::string;

private:
    std::string_view text_;
};

/// A piece of a text as messages show it: not longer than a line has room for.
[[nodiscard]] auto shown(std::string_view piece) -> std::string;

/// Checks the reference (`&lt;`, `&#233;`) that starts with the text.
[[nodiscard]] auto flaw_of_reference(std::string_view text) -> Flaw;
/// Steps over `<?xml … ?>`; at a flaw the cursor stays there.
[[nodiscard]] auto flaw_of_declaration(Cursor& cursor) -> Flaw;

} // namespace vmwright::inline v0::xml::detail
