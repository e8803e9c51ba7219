// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/edits.hpp>
#include <vmwright/xml/detail/utf8.hpp>

#include <algorithm>
#include <cstring>

namespace vmwright::inline v0::xml::detail
{

namespace edits
{
namespace
{

constexpr auto is_blank(char c) noexcept -> bool
{
    return c == ' ' || c == '\t';
}

auto is_text(pugi::xml_node node) -> bool
{
    return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata;
}

/// Where the blanks before an offset start.
auto before_blanks(std::string_view text, std::size_t at) -> std::size_t
{
    while (at > 0 && is_blank(text[at - 1]))
        --at;
    return at;
}

/// Where the blanks at an offset end.
auto after_blanks(std::string_view text, std::size_t at) -> std::size_t
{
    while (at < text.size() && is_blank(text[at]))
        ++at;
    return at;
}

auto is_line_start(std::string_view text, std::size_t at) -> bool
{
    return at == 0 || text[at - 1] == '\n';
}

auto is_line_end(std::string_view text, std::size_t at) -> bool
{
    auto const rest = text.substr(at, 2);
    return rest.starts_with('\n') || rest == "\r\n";
}

auto is_first_on_line(std::string_view text, std::size_t at) -> bool
{
    return is_line_start(text, before_blanks(text, at));
}

auto is_last_on_line(std::string_view text, std::size_t at) -> bool
{
    return is_line_end(text, after_blanks(text, at));
}

/// The blanks that the line of an offset starts with.
auto margin(std::string_view text, std::size_t at) -> std::string
{
    auto const line = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
    return std::string{text.substr(line, after_blanks(text, line) - line)};
}

/// Past the comments that end the line, if nothing else does: they speak of what stands before them.
auto after_line_comments(std::string_view text, std::size_t at) -> std::size_t
{
    auto past = at;
    while (text.substr(after_blanks(text, past)).starts_with("<!--")) {
        auto const begin = after_blanks(text, past);
        past = text.find("-->", begin) + 3;
        if (text.substr(begin, past - begin).find('\n') != text.npos)
            return at;
    }
    return is_last_on_line(text, past) ? past : at;
}

/// What the first element on a line of its own is indented by against its parent.
auto find_indent(Tree const& tree) -> std::string
{
    auto const text = tree.text();
    for (auto parent = tree.root(); parent;) {
        auto const children = parent.children();
        auto const is_element = [](pugi::xml_node n) { return n.type() == pugi::node_element; };
        auto const child = std::find_if(children.begin(), children.end(), is_element);
        if (child == children.end())
            break;
        if (auto const begin = tree.element(*child).begin; is_first_on_line(text, begin)) {
            auto const outer = margin(text, tree.element(parent).begin);
            auto const inner = margin(text, begin);
            return inner.starts_with(outer) ? inner.substr(outer.size()) : std::string{};
        }
        parent = *child;
    }
    return "  ";
}

} // namespace
} // namespace edits

Edits::Edits(Document const& document)
    : tree_{document.tree()}
    , indent_{edits::find_indent(tree_)}
{
    auto const first = tree_.text().find('\n');
    auto const is_dos = first != std::string_view::npos && first > 0 && tree_.text()[first - 1] == '\r';
    line_end_ = is_dos ? "\r\n" : "\n";
}

auto Edits::changes(pugi::xml_node element) -> Changes&
{
    auto& changes = changes_[tree_.element(element).begin];
    changes.element = element;
    return changes;
}

void Edits::set_attribute(pugi::xml_node element, std::string_view name, std::string_view value)
{
    change_attribute(element, name, std::string{value});
}

void Edits::remove_attribute(pugi::xml_node element, std::string_view name)
{
    change_attribute(element, name, std::nullopt);
}

void Edits::change_attribute(pugi::xml_node element, std::string_view name, std::optional<std::string> value)
{
    std::string const key{name};
    auto& attributes = changes(element).attributes;
    auto const attribute = element.attribute(key.c_str());
    auto const is_same = value ? attribute && attribute.value() == *value : !attribute;
    auto const known = std::ranges::find(attributes, key, &std::pair<std::string, std::optional<std::string>>::first);
    if (known == attributes.end() && !is_same)
        attributes.emplace_back(key, std::move(value));
    else if (known != attributes.end() && is_same)
        attributes.erase(known);
    else if (known != attributes.end())
        known->second = std::move(value);
}

void Edits::set_text(pugi::xml_node element, std::string_view text)
{
    std::string current;
    for (auto const child : element.children())
        if (edits::is_text(child))
            current += child.value();
    auto& wanted = changes(element).text;
    if (current == text)
        wanted.reset();
    else
        wanted = text;
}

void Edits::remove_element(pugi::xml_node element)
{
    changes(element).removed = true;
}

auto Edits::is_empty(pugi::xml_node element) const -> bool
{
    auto const content = tree_.content(element);
    return edits::after_blanks(tree_.text(), content.begin) >= content.end;
}

auto Edits::layout_in(pugi::xml_node parent, std::optional<std::string> margin) const -> Layout
{
    Layout layout{.indent = indent_, .line_end = line_end_, .quote = tree_.quote(), .one_line = !margin};
    if (!margin)
        return layout;
    auto const outer = edits::margin(tree_.text(), tree_.element(parent).begin);
    if (margin->size() > outer.size() && margin->starts_with(outer))
        layout.indent = margin->substr(outer.size());
    layout.margin = std::move(*margin);
    return layout;
}

void Edits::insert_element(pugi::xml_node parent, pugi::xml_node after, pugi::xml_node element)
{
    auto const text = tree_.text();
    auto const outer = tree_.element(parent);
    auto const content = tree_.content(parent);
    auto const inner_margin = edits::margin(text, outer.begin) + indent_;

    auto at = content.begin;
    std::optional<std::string> margin; // of the lines it gets; none: it stays on the line that is there
    if (is_empty(parent)) {
        auto const is_one_line =
            parent == tree_.root() && text.substr(outer.begin, outer.end - outer.begin).find('\n') == text.npos;
        if (edits::is_first_on_line(text, outer.begin) && !is_one_line)
            margin = inner_margin;
    } else if (after) {
        auto const sibling = tree_.node(after);
        at = edits::after_line_comments(text, sibling.end);
        if (edits::is_first_on_line(text, sibling.begin))
            margin = edits::margin(text, sibling.begin);
        else if (edits::is_last_on_line(text, at))
            margin = text.substr(outer.begin, sibling.begin - outer.begin).find('\n') == text.npos
                         ? inner_margin
                         : edits::margin(text, sibling.begin);
    } else {
        at = edits::after_line_comments(text, content.begin);
        auto const first = parent.first_child();
        if (edits::is_last_on_line(text, at)) {
            auto const follows = first && !edits::is_text(first) && edits::is_first_on_line(text, tree_.node(first).begin);
            margin = follows ? edits::margin(text, tree_.node(first).begin) : inner_margin;
        }
    }

    auto const layout = layout_in(parent, std::move(margin));
    std::string inserted = layout.one_line ? "" : layout.line_end + layout.margin;
    print(element, inserted, layout);
    auto& changed = changes(parent);
    changed.insertions.push_back({at, std::move(inserted)});
    changed.end_tag_on_line = is_empty(parent) && !layout.one_line;
}

auto Edits::empty() const -> bool
{
    return std::ranges::all_of(changes_, [](auto const& entry) {
        auto const& [offset, c] = entry;
        return c.attributes.empty() && !c.text && c.insertions.empty() && !c.removed;
    });
}

void Edits::patch_removal(Changes const& changes, Patches& out) const
{
    auto const text = tree_.text();
    auto const span = tree_.element(changes.element);
    auto begin = edits::before_blanks(text, span.begin);
    auto end = edits::after_blanks(text, span.end);
    auto const is_first = edits::is_line_start(text, begin);
    auto const is_last = edits::is_line_end(text, end);
    if (is_first && is_last) {
        // The line end before it: what is inserted behind a sibling starts with one of its own.
        begin -= begin > 0 ? 1 : 0;
        begin -= begin > 0 && text[begin - 1] == '\r' ? 1 : 0;
    } else if (is_first) {
        begin = span.begin;
    } else if (!is_last) {
        begin = span.begin;
        end = span.end;
    }
    // Two, so that what is inserted behind the element finds its place between them.
    out.push_back({{begin, span.end}, {}});
    out.push_back({{span.end, end}, {}});
}

void Edits::patch_attributes(Changes const& changes, Patches& out) const
{
    auto const text = tree_.text();
    auto const element = changes.element;
    auto const start = tree_.start_tag(element).begin;
    auto last_end = start + 1 + std::strlen(element.name());
    auto quote = tree_.quote();
    std::string space{" "};
    auto const space_before = [&](pugi::xml_attribute attribute) {
        auto const end = tree_.attribute(attribute).begin;
        auto begin = end;
        while (is_space(text[begin - 1]))
            --begin;
        return Span{begin, end};
    };
    if (auto const last = element.last_attribute()) {
        auto const value = tree_.attribute_value(last);
        last_end = value.end + 1;
        quote = text[value.end];
        auto const before = space_before(last);
        auto const written = text.substr(before.begin, before.end - before.begin);
        if (written.find('\n') != written.npos)
            space = written;
    }
    for (auto const& [name, value] : changes.attributes) {
        auto const attribute = element.attribute(name.c_str());
        if (!attribute) {
            if (value)
                out.push_back({{last_end, last_end}, space + name + '=' + quote + escape_attribute(*value, quote) + quote});
        } else if (value) {
            auto const span = tree_.attribute_value(attribute);
            out.push_back({span, escape_attribute(*value, text[span.end])});
        } else {
            out.push_back({{space_before(attribute).begin, tree_.attribute(attribute).end}, {}});
        }
    }
}

void Edits::patch_text(Changes const& changes, Patches& out) const
{
    auto const text = tree_.text();
    auto const content = tree_.content(changes.element);
    std::vector<Span> parts; // between comments, instructions and elements
    auto begin = content.begin;
    for (auto const child : changes.element.children())
        if (!edits::is_text(child)) {
            auto const span = tree_.node(child);
            parts.push_back({begin, span.begin});
            begin = span.end;
        }
    parts.push_back({begin, content.end});

    auto const has_text = [&](Span part) {
        return !std::ranges::all_of(text.substr(part.begin, part.end - part.begin), is_space);
    };
    auto const found = std::ranges::find_if(parts, has_text);
    auto const chosen = found != parts.end() ? found : parts.begin();
    for (auto part = parts.begin(); part != parts.end(); ++part)
        if (part == chosen)
            out.push_back(
                {parts.size() == 1 || has_text(*part) ? *part : Span{part->begin, part->begin}, escape_text(*changes.text)});
        else if (has_text(*part))
            out.push_back({*part, {}});
}

/// Content for an element that has none, and the tags around it if it was `<a/>`.
void Edits::fill(Changes const& changes, Patches& out) const
{
    if (!changes.text && changes.insertions.empty())
        return;
    auto const text = tree_.text();
    auto const whole = tree_.element(changes.element);
    auto content = changes.text ? escape_text(*changes.text) : std::string{};
    for (auto const& insertion : changes.insertions)
        content += insertion.text;
    if (changes.end_tag_on_line)
        content += line_end_ + edits::margin(text, whole.begin);
    if (!tree_.self_closing(changes.element)) {
        out.push_back({tree_.content(changes.element), std::move(content)});
        return;
    }
    auto slash = whole.end - 2;
    while (is_space(text[slash - 1]))
        --slash;
    out.push_back({{slash, whole.end}, '>' + content + "</" + changes.element.name() + '>'});
}

auto Edits::apply() const -> std::string
{
    Patches patches;
    std::size_t removed_until{};
    for (auto const& [offset, changes] : changes_) {
        if (offset < removed_until)
            continue;
        if (changes.removed) {
            patch_removal(changes, patches);
            removed_until = tree_.element(changes.element).end;
            continue;
        }
        patch_attributes(changes, patches);
        if (is_empty(changes.element)) {
            fill(changes, patches);
            continue;
        }
        if (changes.text)
            patch_text(changes, patches);
        for (auto const& insertion : changes.insertions)
            patches.push_back({{insertion.at, insertion.at}, insertion.text});
    }
    std::ranges::stable_sort(patches, [](Patch const& a, Patch const& b) {
        return std::pair{a.span.begin, a.span.end} < std::pair{b.span.begin, b.span.end};
    });

    auto const text = tree_.text();
    std::string result;
    std::size_t at{};
    for (auto const& patch : patches) {
        if (patch.span.begin > at)
            result += text.substr(at, patch.span.begin - at);
        result += patch.text;
        at = std::max(at, patch.span.end);
    }
    return result += text.substr(at);
}

} // namespace vmwright::inline v0::xml::detail
