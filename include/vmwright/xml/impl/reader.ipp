// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/qemu_extensions.hpp>
#include <vmwright/network/network.hpp>
#include <vmwright/storage/pool.hpp>
#include <vmwright/xml/detail/prefixes.hpp>
#include <vmwright/xml/detail/print.hpp>
#include <vmwright/xml/detail/reader.hpp>

#include <cstring>

namespace vmwright::inline v0::xml::detail
{

namespace reader
{
namespace
{

/// The same as ==, which looks at the whole text first; the word is not empty.
auto is_word(char const* text, std::string_view word) -> bool
{
    return *text == word.front() && std::strncmp(text, word.data(), word.size()) == 0 && text[word.size()] == '\0';
}

/// The namespaces of libvirt's documents, under the prefixes that `map` functions write.
constexpr std::pair<std::string_view, std::string_view> known_namespaces[] = {{"qemu", qemu_namespace},
                                                                              {"dnsmasq", dnsmasq_namespace},
                                                                              {"fs", mount_options_namespace},
                                                                              {"rbd", rbd_options_namespace}};

/// What the element's prefix stands for; empty for one that is not declared.
auto namespace_of(pugi::xml_node element) -> std::string_view
{
    auto const declaration = fmt::format("xmlns:{}", prefix_of(element.name()));
    for (auto node = element; node; node = node.parent())
        if (auto const attribute = attribute_named(node, declaration))
            return attribute.value();
    return {};
}

} // namespace
} // namespace reader

auto canonical_name(pugi::xml_node element) -> std::string
{
    auto const written = std::string_view{element.name()};
    auto const uri = reader::namespace_of(element);
    for (auto const& [prefix, known] : reader::known_namespaces)
        if (uri == known)
            return fmt::format("{}{}", prefix, written.substr(written.find(':')));
    return {};
}

auto noun_of(pugi::xml_node element, std::string_view attribute) -> std::string
{
    auto owner = element;
    for (auto node = element; node; node = node.parent())
        if (std::string_view{node.parent().name()} == "devices")
            owner = node;
    auto const last = attribute.empty() ? std::string_view{element.name()} : attribute;
    if (owner == element && attribute.empty())
        return fmt::format("value of {}", last);
    return fmt::format("{} {}", owner.name(), last);
}

auto is_named(pugi::xml_node element, std::string_view name, bool prefixed) -> bool
{
    if (!prefixed)
        return reader::is_word(element.name(), name);
    return has_prefix(element.name()) && name == canonical_name(element);
}

auto has_prefix(std::string_view name) -> bool
{
    return name.find(':') != std::string_view::npos;
}

auto child_named(pugi::xml_node element, std::string_view name) -> pugi::xml_node
{
    auto const prefixed = has_prefix(name);
    for (auto child = element.first_child(); child; child = child.next_sibling())
        if (is_named(child, name, prefixed))
            return child;
    return {};
}

auto attribute_named(pugi::xml_node element, std::string_view name) -> pugi::xml_attribute
{
    for (auto attribute = element.first_attribute(); attribute; attribute = attribute.next_attribute())
        if (reader::is_word(attribute.name(), name))
            return attribute;
    return {};
}

auto text_of(pugi::xml_node element) -> std::string
{
    std::string text;
    for (auto const child : element.children())
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
            text += child.value();
    return text;
}

auto read_scaled(pugi::xml_node element, std::string_view text, std::string_view default_unit, Size& size,
                 Complaint& complaint, std::string_view& at_attribute) -> bool
{
    std::uint64_t amount{};
    if (!Codec<std::uint64_t>{}.parse(text, amount, complaint))
        return false;
    auto const written = attribute_named(element, "unit");
    auto const unit = written ? std::string_view{written.value()} : default_unit;
    if (auto const scaled = scaled_size(amount, unit)) {
        size = *scaled;
        return true;
    }
    if (bytes_per_unit(unit))
        complaint = {.fault = Fault::bad_number, .expected = "an amount below 16 EiB"};
    else {
        at_attribute = "unit";
        complaint = {.fault = Fault::bad_unit,
                     .expected = "a unit like b, KiB, MiB, GiB, TiB (1024) or KB, MB, GB, TB (1000)"};
    }
    return false;
}

auto markup(Tree const& tree, pugi::xml_node element) -> std::string
{
    auto const span = tree.element(element);
    std::string text{tree.text().substr(span.begin, span.end - span.begin)};
    // prefixes that are declared further out come along
    auto const behind_name = 1 + std::string_view{element.name()}.size();
    for (auto outer = element.parent(); outer; outer = outer.parent())
        for (auto const attribute : outer.attributes()) {
            auto const name = std::string_view{attribute.name()};
            if (!name.starts_with("xmlns:") || attribute_named(element, name))
                continue;
            if (text.find(fmt::format("{}:", name.substr(6))) != std::string::npos)
                text.insert(behind_name, fmt::format(" {}='{}'", name, escape_attribute(attribute.value(), '\'')));
        }
    // in the layout of the normal form, so that it is the same text again when that was printed and read
    pugi::xml_document document;
    document.append_buffer(text.data(), text.size(), pugi::parse_full);
    text.clear();
    print(document.first_child(), text, Layout{});
    return text;
}

void Reader::unsupported(Place const& place, std::string_view word, std::span<std::string_view const> names)
{
    context_.opaque(element_);
    std::string known;
    for (auto const name : names)
        known += fmt::format("{}'{}'", known.empty() ? "" : ", ", name);
    context_.add(place.element, place.attribute,
                 {.severity = Severity::error,
                  .fault = Fault::not_supported_yet,
                  .message = fmt::format("not supported yet: {} '{}'", noun_of(place.element, place.attribute), word),
                  .hint = fmt::format("supported are {}", known)});
}

} // namespace vmwright::inline v0::xml::detail
