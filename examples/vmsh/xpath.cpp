// SPDX-License-Identifier: BSL-1.0
#include "xpath.hpp"

#include "command.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>

namespace
{

auto escaped(std::string_view text) -> std::string
{
    std::string out;
    for (auto const c : text)
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
    return out;
}

auto is_text(pugi::xml_node const& node) -> bool
{
    return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata;
}

struct StringWriter final : pugi::xml_writer
{
    std::string text{};
    void write(void const* data, std::size_t size) override { text.append(static_cast<char const*>(data), size); }
};

auto attribute_text(pugi::xml_attribute const& attribute) -> std::string
{
    return fmt::format(" {}=\"{}\"", attribute.name(), escaped(attribute.value()));
}

/// As libxml2 lays a node out, which differs from pugixml in the last blank of an empty element.
auto node_text(pugi::xml_node const& node, std::size_t level) -> std::string
{
    if (node.type() != pugi::node_element) {
        StringWriter writer;
        node.print(writer, "", pugi::format_raw, pugi::encoding_utf8);
        return std::move(writer.text);
    }
    auto text = fmt::format("<{}", node.name());
    for (auto const& attribute : node.attributes())
        text += attribute_text(attribute);
    if (!node.first_child())
        return text + "/>";
    text += '>';
    auto const is_indented = std::ranges::none_of(node.children(), is_text);
    for (auto const& child : node.children()) {
        if (is_indented)
            text += '\n' + std::string(2 * level + 2, ' ');
        text += node_text(child, level + 1);
    }
    if (is_indented)
        text += '\n' + std::string(2 * level, ' ');
    return text + fmt::format("</{}>", node.name());
}

} // namespace

auto select_nodes(std::string const& text, std::string const& expression, bool wrap) -> std::string
{
    pugi::xml_document document;
    document.load_buffer(text.data(), text.size(), pugi::parse_full, pugi::encoding_utf8);
    pugi::xpath_node_set nodes;
    try {
        pugi::xpath_query const query{expression.c_str()};
        if (query.return_type() != pugi::xpath_type_node_set)
            throw Refusal{fmt::format("internal error: Incorrect xpath '{}'", expression)};
        nodes = query.evaluate_node_set(document);
    } catch (pugi::xpath_exception const& error) {
        throw Refusal{fmt::format("invalid XPath '{}': {}", expression, error.what())};
    }
    nodes.sort();
    std::string lines;
    for (auto const& node : nodes)
        lines += fmt::format("{}{}\n", wrap ? "  " : "",
                             node.attribute() ? attribute_text(node.attribute()) : node_text(node.node(), wrap ? 1 : 0));
    return wrap ? fmt::format("<nodes>\n{}</nodes>\n", lines) : lines;
}
