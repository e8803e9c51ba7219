// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/print.hpp>
#include <vmwright/xml/detail/utf8.hpp>

#include <algorithm>

namespace vmwright::inline v0::xml::detail
{

namespace print_node
{
namespace
{

constexpr auto reference(char c) noexcept -> std::string_view
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '\'': return "&apos;";
    case '"': return "&quot;";
    case '\n': return "&#10;";
    case '\r': return "&#13;";
    default: return "&#9;";
    }
}

auto escape(std::string_view text, std::string_view special) -> std::string
{
    std::string escaped;
    escaped.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        auto const c = decode(text, i);
        if (c.length == 0)
            append(escaped, 0xFFFD);
        else if (c.length == 1 && special.find(text[i]) != special.npos)
            escaped += reference(text[i]);
        else if (is_xml_char(c.value))
            escaped += text.substr(i, c.length);
        i += std::max<std::size_t>(c.length, 1);
    }
    return escaped;
}

/// What `mark_end_tag` leaves: no text can have such an instruction.
auto is_end_tag_mark(pugi::xml_node node) -> bool
{
    return node.type() == pugi::node_pi && *node.name() == 0;
}

class Printer
{
public:
    Printer(std::string& out, Layout const& layout)
        : out_{out}
        , layout_{layout}
    {
    }

    void node(pugi::xml_node node, unsigned level, bool inline_)
    {
        switch (node.type()) {
        case pugi::node_element: element(node, level, inline_); break;
        // As libvirt, which escapes both quotes in texts as well.
        case pugi::node_pcdata: out_ += escape(node.value(), "&<>'\"\r"); break;
        case pugi::node_cdata: wrap("<![CDATA[", node.value(), "]]>"); break;
        case pugi::node_comment: wrap("<!--", node.value(), "-->"); break;
        case pugi::node_pi:
            wrap("<?", node.name(), *node.value() ? " " : "");
            wrap("", node.value(), "?>");
            break;
        default: break;
        }
    }

private:
    void wrap(std::string_view before, std::string_view text, std::string_view after)
    {
        out_ += before;
        out_ += text;
        out_ += after;
    }

    void line(unsigned level)
    {
        out_ += layout_.line_end;
        out_ += layout_.margin;
        for (unsigned i = 0; i < level; ++i)
            out_ += layout_.indent;
    }

    void element(pugi::xml_node element, unsigned level, bool inline_)
    {
        wrap("<", element.name(), "");
        for (auto const attribute : element.attributes()) {
            wrap(" ", attribute.name(), "=");
            out_ += layout_.quote;
            out_ += escape(attribute.value(), "&<>'\"\n\r\t");
            out_ += layout_.quote;
        }
        if (!element.first_child()) {
            out_ += "/>";
            return;
        }
        out_ += '>';
        auto const is_text = [](pugi::xml_node n) { return n.type() == pugi::node_pcdata || n.type() == pugi::node_cdata; };
        auto const children = element.children();
        auto const children_inline = inline_ || std::any_of(children.begin(), children.end(), is_text);
        for (auto const child : children) {
            if (is_end_tag_mark(child))
                continue;
            if (!children_inline)
                line(level + 1);
            node(child, level + 1, children_inline);
        }
        if (!children_inline)
            line(level);
        wrap("</", element.name(), ">");
    }

    std::string& out_;
    Layout const& layout_;
};

} // namespace
} // namespace print_node

void mark_end_tag(pugi::xml_node element)
{
    element.append_child(pugi::node_pi);
}

auto escape_text(std::string_view text) -> std::string
{
    return print_node::escape(text, "&<>\r");
}

auto escape_attribute(std::string_view text, char quote) -> std::string
{
    return print_node::escape(text, quote == '"' ? "&<>\"\n\r\t" : "&<>'\n\r\t");
}

void print(pugi::xml_node node, std::string& out, Layout const& layout)
{
    print_node::Printer{out, layout}.node(node, 0, layout.one_line);
}

void print(pugi::xml_node node, std::string& out, unsigned levels)
{
    Layout const layout{.margin = std::string(2 * levels, ' ')};
    out += layout.margin;
    print(node, out, layout);
    out += layout.line_end;
}

} // namespace vmwright::inline v0::xml::detail
