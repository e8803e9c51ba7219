// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <pugixml.hpp>

#include <string>
#include <string_view>

namespace vmwright::inline v0::xml::detail
{

/// How elements are laid out; the defaults are libvirt's normal form.
struct Layout
{
    std::string margin{};     ///< white space before each line but the first
    std::string indent{"  "}; ///< what each level adds to it
    std::string line_end{"\n"};
    char quote{'\''};
    bool one_line{}; ///< no white space at all between elements
};

/// Text for between tags. Characters that XML forbids are left out, as libvirt does; broken UTF-8 becomes U+FFFD.
[[nodiscard]] auto escape_text(std::string_view text) -> std::string;
/// Text for inside quotes of that kind, line ends and tabs as references.
[[nodiscard]] auto escape_attribute(std::string_view text, char quote) -> std::string;

/// The element is printed with an end tag, on a line of its own if nothing is in it. The mark is no content.
void mark_end_tag(pugi::xml_node element);

/// Appends the node without a margin before it or a line end after it. Text alone stays on the line of its
/// tags, and nothing is added around text that stands beside elements.
void print(pugi::xml_node node, std::string& out, Layout const& layout);
/// libvirt's normal form, whole lines, `levels` deep.
void print(pugi::xml_node node, std::string& out, unsigned levels = 0);

} // namespace vmwright::inline v0::xml::detail
