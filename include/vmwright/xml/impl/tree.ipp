// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/tree.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

namespace vmwright::inline v0::xml::detail
{

void Tree::hold(std::string text)
{
    text_ = std::move(text);
    lines_ = Lines{text_};
}

void Tree::build(Limits const& limits, Diagnostics& out)
{
    auto scanned = scan(text_, lines_, limits, out);
    if (!scanned.well_formed)
        return;
    elements_ = std::move(scanned.elements);
    double_quoted_ = scanned.double_quoted > scanned.single_quoted;

    buffer_ = std::make_unique_for_overwrite<char[]>(text_.size());
    std::memcpy(buffer_.get(), text_.data(), text_.size());
    // White space alone in an element is its value; all other white space between tags would double the tree for nothing.
    constexpr auto options = pugi::parse_default | pugi::parse_comments | pugi::parse_pi | pugi::parse_ws_pcdata_single;
    auto const result = document_.load_buffer_inplace(buffer_.get(), text_.size(), options, pugi::encoding_utf8);
    if (!result) {
        document_.reset();
        out.add({.fault = Fault::syntax,
                 .where = location(static_cast<std::size_t>(std::max<std::ptrdiff_t>(result.offset, 0))),
                 .message = fmt::format("not readable as XML ({})", result.description())});
        return;
    }
}

auto Tree::index(pugi::xml_node element) const -> std::size_t
{
    auto const begin = offset(element.name()) - 1;
    auto const found = std::ranges::lower_bound(elements_, begin, {}, &ElementMarks::begin);
    return static_cast<std::size_t>(found - elements_.begin());
}

void Tree::number_siblings() const
{
    numbers_.assign(elements_.size(), 0);
    std::vector<std::pair<std::string_view, std::size_t>> siblings; // name and index
    auto const number = [&](pugi::xml_node parent) {
        siblings.clear();
        for (auto const child : parent.children())
            if (child.type() == pugi::node_element)
                siblings.emplace_back(child.name(), index(child));
        std::ranges::sort(siblings);
        std::uint32_t count = 1;
        for (std::size_t i = 1; i < siblings.size(); ++i) {
            count = siblings[i].first == siblings[i - 1].first ? count + 1 : 1;
            if (count == 2)
                numbers_[siblings[i - 1].second] = 1;
            if (count > 1)
                numbers_[siblings[i].second] = count;
        }
    };
    // In document order, without recursion: down, else along, else up until there is one along.
    for (auto node = root(); node;) {
        number(node);
        auto next = node.first_child();
        while (!next && node) {
            next = node.next_sibling();
            node = next ? node : node.parent();
        }
        node = next;
    }
}

auto Tree::location(pugi::xml_node element) const -> Location
{
    return location(offset(element.name()) - 1);
}

auto Tree::location(pugi::xml_attribute attribute) const -> Location
{
    return location(offset(attribute.name()));
}

auto Tree::element(pugi::xml_node element) const -> Span
{
    auto const& marks = elements_[index(element)];
    return {marks.begin, marks.end};
}

auto Tree::start_tag(pugi::xml_node element) const -> Span
{
    auto const& marks = elements_[index(element)];
    return {marks.begin, marks.start_end};
}

auto Tree::content(pugi::xml_node element) const -> Span
{
    auto const& marks = elements_[index(element)];
    return {marks.start_end, marks.end_begin};
}

auto Tree::self_closing(pugi::xml_node element) const -> bool
{
    auto const& marks = elements_[index(element)];
    return marks.start_end == marks.end;
}

auto Tree::node(pugi::xml_node node) const -> Span
{
    auto const through = [&](std::size_t begin, std::string_view closing) {
        return Span{begin, text_.find(closing, begin) + closing.size()};
    };
    switch (node.type()) {
    case pugi::node_pcdata: {
        auto const begin = offset(node.value());
        return {begin, text_.find('<', begin)};
    }
    case pugi::node_cdata: return through(offset(node.value()) - std::strlen("<![CDATA["), "]]>");
    case pugi::node_comment: {
        auto const value = offset(node.value());
        return {value - std::strlen("<!--"), through(value, "-->").end};
    }
    case pugi::node_pi: return through(offset(node.name()) - std::strlen("<?"), "?>");
    default: return element(node);
    }
}

auto Tree::attribute(pugi::xml_attribute attribute) const -> Span
{
    return {offset(attribute.name()), attribute_value(attribute).end + 1};
}

auto Tree::attribute_value(pugi::xml_attribute attribute) const -> Span
{
    auto const begin = offset(attribute.value());
    return {begin, text_.find(text_[begin - 1], begin)};
}

auto Tree::path(pugi::xml_node element) const -> std::string
{
    // Only who tells of a fault asks for a path.
    std::call_once(numbered_, [this] { number_siblings(); });
    std::vector<pugi::xml_node> steps;
    for (; element.type() == pugi::node_element; element = element.parent())
        steps.push_back(element);
    std::string path;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        path += '/';
        path += step->name();
        if (auto const number = numbers_[index(*step)])
            path += fmt::format("[{}]", number);
    }
    return path;
}

auto Tree::path(pugi::xml_node element, std::string_view attribute) const -> std::string
{
    return fmt::format("{}/@{}", path(element), attribute);
}

namespace tree
{
namespace
{

struct Step
{
    std::string_view name{};
    std::size_t number{1};
};

/// Takes `/name[2]` off the front of a path.
auto take_step(std::string_view& path) -> Step
{
    path.remove_prefix(1);
    auto const text = path.substr(0, path.find('/'));
    path.remove_prefix(text.size());
    auto const bracket = text.find('[');
    Step step{.name = text.substr(0, bracket)};
    if (bracket != text.npos)
        std::from_chars(text.data() + bracket + 1, text.data() + text.size(), step.number);
    return step;
}

auto child(pugi::xml_node parent, Step step) -> pugi::xml_node
{
    for (auto const node : parent.children())
        if (node.type() == pugi::node_element && node.name() == step.name && --step.number == 0)
            return node;
    return {};
}

auto attribute(pugi::xml_node element, std::string_view name) -> pugi::xml_attribute
{
    for (auto const attribute : element.attributes())
        if (attribute.name() == name)
            return attribute;
    return {};
}

auto first_text(pugi::xml_node element) -> pugi::xml_node
{
    for (auto const node : element.children())
        if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata)
            return node;
    return {};
}

} // namespace
} // namespace tree

auto Tree::find(std::string_view path, bool* exact) const -> pugi::xml_node
{
    auto missing = [&](pugi::xml_node nearest) {
        if (exact)
            *exact = false;
        return nearest;
    };
    if (exact)
        *exact = true;
    pugi::xml_node at = document_;
    while (path.starts_with('/')) {
        auto const step = tree::take_step(path);
        auto const above = at == document_ ? pugi::xml_node{} : at;
        if (step.name.starts_with('@'))
            return tree::attribute(at, step.name.substr(1)) ? at : missing(above);
        if (step.name == "text()")
            return tree::first_text(at) ? at : missing(above);
        auto const next = tree::child(at, step);
        if (!next)
            return missing(above);
        at = next;
    }
    return at == document_ || !path.empty() ? missing({}) : at;
}

auto Tree::locate(std::string_view path) const -> Location
{
    auto const element = find(path);
    if (!element)
        return root() ? location(root()) : location(std::size_t{0});
    auto const last = path.substr(path.rfind('/') + 1);
    if (last.starts_with('@'))
        if (auto const attribute = tree::attribute(element, last.substr(1)))
            return location(attribute);
    if (last == "text()")
        if (auto const text = tree::first_text(element)) {
            auto const span = node(text);
            return location(std::min(text_.find_first_not_of(" \t\r\n", span.begin), span.end));
        }
    return location(element);
}

} // namespace vmwright::inline v0::xml::detail
