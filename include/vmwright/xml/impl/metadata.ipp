// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/metadata.hpp>

#include <vmwright/xml/detail/edits.hpp>
#include <vmwright/xml/detail/print.hpp>
#include <vmwright/xml/detail/reader.hpp>
#include <vmwright/xml/detail/tree.hpp>
#include <vmwright/xml/domain.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace vmwright::inline v0::xml
{

namespace detail::metadata
{
namespace
{

constexpr auto declaration = std::string_view{"xmlns"};

/// `app` of `app:note`; empty without a prefix.
auto prefix_of(std::string_view name) -> std::string_view
{
    auto const colon = name.find(':');
    return colon == name.npos ? std::string_view{} : name.substr(0, colon);
}

auto without_prefix(std::string_view name) -> std::string
{
    return std::string{name.substr(name.find(':') + 1)};
}

auto declared_as(std::string_view prefix) -> std::string
{
    return prefix.empty() ? std::string{declaration} : fmt::format("{}:{}", declaration, prefix);
}

/// What the prefix stands for there; empty when nobody says so.
auto namespace_of(pugi::xml_node element, std::string_view prefix) -> std::string_view
{
    auto const name = declared_as(prefix);
    for (; element; element = element.parent())
        if (auto const found = element.attribute(name.c_str()))
            return found.value();
    return {};
}

auto is_element(pugi::xml_node node) -> bool
{
    return node.type() == pugi::node_element;
}

auto of_namespace(Tree const& tree, std::string_view uri) -> std::vector<pugi::xml_node>
{
    std::vector<pugi::xml_node> found;
    for (auto const& child : child_named(tree.root(), "metadata"))
        if (is_element(child) && namespace_of(child, prefix_of(child.name())) == uri)
            found.push_back(child);
    return found;
}

/// Takes the prefixes off `copy` that stand for `uri` in `original`.
void leave_namespace(pugi::xml_node copy, pugi::xml_node original, std::string_view uri)
{
    if (namespace_of(original, prefix_of(original.name())) == uri)
        copy.set_name(without_prefix(copy.name()).c_str());
    std::vector<pugi::xml_attribute> declarations;
    for (auto attribute : copy.attributes()) {
        auto const prefix = prefix_of(attribute.name());
        if ((prefix == declaration || attribute.name() == declaration) && attribute.value() == uri)
            declarations.push_back(attribute);
        else if (!prefix.empty() && prefix != declaration && namespace_of(original, prefix) == uri)
            attribute.set_name(without_prefix(attribute.name()).c_str());
    }
    for (auto const& attribute : declarations)
        copy.remove_attribute(attribute);
    auto theirs = original.first_child();
    for (auto ours = copy.first_child(); ours; ours = ours.next_sibling(), theirs = theirs.next_sibling())
        if (is_element(ours))
            leave_namespace(ours, theirs, uri);
}

/// Gives the elements that have no namespace the prefix.
void enter_namespace(pugi::xml_node element, std::string const& key)
{
    if (prefix_of(element.name()).empty() && namespace_of(element, {}).empty())
        element.set_name(fmt::format("{}:{}", key, element.name()).c_str());
    for (auto const& child : element)
        if (is_element(child))
            enter_namespace(child, key);
}

void require_prefix(std::string_view key)
{
    auto const begins = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
    };
    auto const goes_on = [&](char c) { return begins(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
    if (key.empty() || !begins(key.front()) || !std::ranges::all_of(key, goes_on) || key.starts_with("xml"))
        throw Error{Errc::invalid_argument,
                    fmt::format("'{}' cannot be the prefix of a namespace", key),
                    {.hint = "begin with a letter, and use letters, digits, '-', '_' and '.' only"}};
}

/// The element in the namespace, in a document of its own.
auto read_element(pugi::xml_document& into, std::string const& text, std::string_view uri, std::string const& key)
    -> pugi::xml_node
{
    require_prefix(key);
    Diagnostics diagnostics;
    auto const document = Document::parse(text, diagnostics);
    if (!document.has_root())
        throw ConfigError{diagnostics};
    auto element = into.append_copy(document.tree().root());
    auto const name = declared_as(key);
    auto declared = element.attribute(name.c_str());
    if (declared && declared.value() != uri)
        throw Error{Errc::invalid_argument,
                    fmt::format("the prefix '{}' stands for '{}' in the element", key, declared.value()),
                    {.hint = "use another key"}};
    enter_namespace(element, key);
    if (!declared) {
        auto const is_other = [](pugi::xml_attribute attribute) {
            return attribute.name() != declaration && prefix_of(attribute.name()) != declaration;
        };
        // Behind the other declarations, where libvirt has it.
        auto const attributes = element.attributes();
        auto const other = std::find_if(attributes.begin(), attributes.end(), is_other);
        declared = other == attributes.end() ? element.append_attribute(name.c_str())
                                             : element.insert_attribute_before(name.c_str(), *other);
        declared.set_value(std::string{uri}.c_str());
    }
    return element;
}

} // namespace
} // namespace detail::metadata

auto metadata(Document const& document, std::string_view uri) -> std::optional<std::string>
{
    if (!document.has_root())
        return std::nullopt;
    auto const found = detail::metadata::of_namespace(document.tree(), uri);
    if (found.empty())
        return std::nullopt;
    pugi::xml_document aside;
    auto const copy = aside.append_copy(found.front());
    detail::metadata::leave_namespace(copy, found.front(), uri);
    std::string text;
    detail::print(copy, text, detail::Layout{.quote = '"'});
    return text;
}

auto with_metadata(Parsed<DomainConfig> const& domain, std::string_view uri, std::string_view key,
                   std::optional<std::string> const& element) -> std::string
{
    using namespace detail;
    pugi::xml_document aside;
    auto const ours = element ? metadata::read_element(aside, *element, uri, std::string{key}) : pugi::xml_node{};
    auto const whole = child_named(domain.document.tree().root(), "metadata");
    if (!whole) {
        if (!ours)
            return std::string{domain.document.text()};
        auto config = domain.result;
        std::string text;
        print(ours, text, Layout{});
        config.metadata = fmt::format("<metadata>{}</metadata>", text);
        return update_domain(domain.document, config);
    }
    Edits edits{domain.document};
    for (auto const& old : metadata::of_namespace(domain.document.tree(), uri))
        edits.remove_element(old);
    if (ours)
        edits.insert_element(whole, whole.last_child(), ours);
    return edits.apply();
}

} // namespace vmwright::inline v0::xml
