// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "skip.hpp"

#include <vmwright/xml/detail/edits.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace vmwright;
using xml::detail::Tree;

namespace
{

struct Counts
{
    std::size_t files{};
    std::size_t elements{};
    std::size_t attributes{};
};

auto cut(Tree const& tree, xml::detail::Span span) -> std::string_view
{
    return tree.text().substr(span.begin, span.end - span.begin);
}

auto is_written_as(Tree const& tree, pugi::xml_attribute attribute) -> bool
{
    auto const written = cut(tree, tree.attribute(attribute));
    auto const value = tree.attribute_value(attribute);
    auto const quote = tree.text()[value.begin - 1];
    return written.starts_with(attribute.name()) && (quote == '"' || quote == '\'') && written.ends_with(quote) &&
           written.find('=') < written.find(quote) && written.substr(0, written.size() - 1).ends_with(cut(tree, value));
}

auto is_written_as(Tree const& tree, pugi::xml_node element) -> bool
{
    auto const name = std::string{element.name()};
    auto const start = cut(tree, tree.start_tag(element));
    auto const whole = cut(tree, tree.element(element));
    auto const has_tags =
        start.starts_with("<" + name) && start.ends_with('>') && whole.starts_with(start) && whole.ends_with('>');
    if (tree.self_closing(element))
        return has_tags && whole == start && start.ends_with("/>");
    auto const end = whole.substr(start.size() + cut(tree, tree.content(element)).size());
    return has_tags && end.starts_with("</" + name) && end.find('<', 1) == end.npos;
}

void check_file(std::filesystem::path const& path, Counts& counts)
{
    std::ifstream file{path, std::ios::binary};
    std::string const text{std::istreambuf_iterator<char>{file}, {}};
    Diagnostics out;
    auto const document = xml::Document::parse(text, out);
    INFO(path);
    if (!document.has_root()) {
        CHECK(out.has_errors());
        return;
    }
    ++counts.files;
    xml::detail::Edits const edits{document};
    REQUIRE(edits.apply() == text);

    auto const& tree = document.tree();
    std::size_t wrong{};
    auto node = tree.root();
    while (node) {
        if (node.type() == pugi::node_element) {
            ++counts.elements;
            bool exact{};
            auto const place = tree.path(node);
            wrong += !is_written_as(tree, node) || tree.find(place, &exact) != node || !exact ||
                     document.locate(place) != document.location(tree.element(node).begin);
            for (auto const attribute : node.attributes()) {
                ++counts.attributes;
                wrong += !is_written_as(tree, attribute);
            }
        }
        auto next = node.first_child();
        while (!next && node) {
            next = node.next_sibling();
            node = next ? node : node.parent();
        }
        node = next;
    }
    CHECK(wrong == 0);
}

} // namespace

TEST_CASE("every place in the corpus is right, and an unedited file is the same bytes")
{
    auto const* const corpus = std::getenv("VMWRIGHT_CORPUS");
    if (corpus == nullptr)
        return skip("VMWRIGHT_CORPUS names no corpus");
    Counts counts;
    for (auto const& entry : std::filesystem::recursive_directory_iterator{corpus})
        if (entry.path().extension() == ".xml")
            check_file(entry.path(), counts);
    CHECK(counts.files > 1000);
    CHECK(counts.attributes > counts.files);
    UNSCOPED_INFO(counts.files << " files, " << counts.elements << " elements, " << counts.attributes << " attributes");
    CHECK(counts.elements > counts.files);
}
