// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/lines.hpp>
#include <vmwright/xml/detail/scanner.hpp>

#include <pugixml.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::xml::detail
{

/// A range of offsets in the text.
struct Span
{
    std::size_t begin{};
    std::size_t end{};

    bool operator==(Span const&) const = default;
};

/// pugixml's tree over a copy of the text, which it overwrites as it parses: an offset is a pointer less the copy's start.
///
/// White space between elements is not in the tree; white space that is an element's only content is.
/// Nodes given to its functions must be its own.
class Tree
{
public:
    Tree() = default;
    Tree(Tree const&) = delete;
    auto operator=(Tree const&) -> Tree& = delete;

    /// Takes the text, of which locations can be asked from then on.
    void hold(std::string text);
    /// Reads the text that is held, which must be meant as UTF-8; without errors there is a root afterwards.
    void build(Limits const& limits, Diagnostics& out);

    [[nodiscard]] auto text() const -> std::string_view { return text_; }
    [[nodiscard]] auto root() const -> pugi::xml_node { return document_.document_element(); }
    [[nodiscard]] auto location(std::size_t offset) const -> Location { return lines_.location(text_, offset); }
    [[nodiscard]] auto location(pugi::xml_node element) const -> Location;
    [[nodiscard]] auto location(pugi::xml_attribute attribute) const -> Location;

    /// The element with its tags.
    [[nodiscard]] auto element(pugi::xml_node element) const -> Span;
    [[nodiscard]] auto start_tag(pugi::xml_node element) const -> Span;
    /// Between the tags; empty for `<a/>`.
    [[nodiscard]] auto content(pugi::xml_node element) const -> Span;
    [[nodiscard]] auto self_closing(pugi::xml_node element) const -> bool;
    /// Any child of an element, with its delimiters: element, text, CDATA section, comment or instruction.
    [[nodiscard]] auto node(pugi::xml_node node) const -> Span;

    /// Name, equals sign and value with its quotes.
    [[nodiscard]] auto attribute(pugi::xml_attribute attribute) const -> Span;
    /// Inside the quotes.
    [[nodiscard]] auto attribute_value(pugi::xml_attribute attribute) const -> Span;
    /// The kind of quote that most attributes of the text have.
    [[nodiscard]] auto quote() const -> char { return double_quoted_ ? '"' : '\''; }

    /// `/domain/devices/disk[2]/target`, with an index only where there are several siblings of one name.
    [[nodiscard]] auto path(pugi::xml_node element) const -> std::string;
    [[nodiscard]] auto path(pugi::xml_node element, std::string_view attribute) const -> std::string;
    /// The element that a path names (of an attribute or text, its element), or the nearest ancestor that is there; null
    /// when already the root has another name. `exact` tells whether all of the path is there.
    [[nodiscard]] auto find(std::string_view path, bool* exact = nullptr) const -> pugi::xml_node;
    [[nodiscard]] auto locate(std::string_view path) const -> Location;

private:
    [[nodiscard]] auto offset(char const* in_buffer) const -> std::size_t
    {
        return static_cast<std::size_t>(in_buffer - buffer_.get());
    }
    [[nodiscard]] auto index(pugi::xml_node element) const -> std::size_t;
    void number_siblings() const;

    std::string text_;
    Lines lines_;
    std::unique_ptr<char[]> buffer_;
    pugi::xml_document document_;
    std::vector<ElementMarks> elements_;
    mutable std::once_flag numbered_{};
    mutable std::vector<std::uint32_t> numbers_; ///< of each element among its siblings of the same name; 0 when it is the only one
    bool double_quoted_{};
};

} // namespace vmwright::inline v0::xml::detail
