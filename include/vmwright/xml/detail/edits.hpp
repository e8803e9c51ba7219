// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/print.hpp>
#include <vmwright/xml/detail/tree.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vmwright::inline v0::xml::detail
{

/// Changes to a document's text, which keep the file's own quotes, indent and line ends and touch nothing else.
///
/// The document does not change and must outlive it. Of two changes to one thing the later holds; removing an element
/// outdoes all changes inside it. A change to what is there already is none.
class Edits
{
public:
    explicit Edits(Document const& document);

    /// A new attribute stands after the last one.
    void set_attribute(pugi::xml_node element, std::string_view name, std::string_view value);
    void remove_attribute(pugi::xml_node element, std::string_view name);
    /// Replaces the text directly in the element; its comments and elements stay.
    void set_text(pugi::xml_node element, std::string_view text);
    /// `element`, of any pugixml document, becomes a child of `parent` behind its child `after`, or the first one when that
    /// is null. Several at one place stand in the order of the calls.
    void insert_element(pugi::xml_node parent, pugi::xml_node after, pugi::xml_node element);
    /// Takes its line along where it stands alone on it. Comments stay.
    void remove_element(pugi::xml_node element);

    [[nodiscard]] auto empty() const -> bool;
    /// The new text; without changes, the same bytes.
    [[nodiscard]] auto apply() const -> std::string;

private:
    struct Insertion
    {
        std::size_t at{};
        std::string text{};
    };
    struct Changes
    {
        pugi::xml_node element{};
        std::vector<std::pair<std::string, std::optional<std::string>>> attributes{}; ///< no value: to be removed
        std::optional<std::string> text{};
        std::vector<Insertion> insertions{};
        bool end_tag_on_line{}; ///< what goes into an empty element stands on lines of its own
        bool removed{};
    };
    struct Patch
    {
        Span span{};
        std::string text{};
    };
    using Patches = std::vector<Patch>;

    auto changes(pugi::xml_node element) -> Changes&;
    void change_attribute(pugi::xml_node element, std::string_view name, std::optional<std::string> value);
    auto is_empty(pugi::xml_node element) const -> bool;
    auto layout_in(pugi::xml_node parent, std::optional<std::string> margin) const -> Layout;

    void patch_removal(Changes const& changes, Patches& out) const;
    void patch_attributes(Changes const& changes, Patches& out) const;
    void patch_text(Changes const& changes, Patches& out) const;
    void fill(Changes const& changes, Patches& out) const;

    Tree const& tree_;
    std::string line_end_;
    std::string indent_;
    std::map<std::size_t, Changes> changes_; ///< by the element's offset
};

} // namespace vmwright::inline v0::xml::detail
