// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/option.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu
{

namespace detail::option
{
namespace
{

void append_quoted(std::string& out, std::string_view text)
{
    constexpr auto is_plain = [](char c) { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20; };
    out += '"';
    while (!text.empty()) {
        auto const plain = std::ranges::find_if_not(text, is_plain) - text.begin();
        out.append(text.substr(0, static_cast<std::size_t>(plain)));
        text.remove_prefix(static_cast<std::size_t>(plain));
        if (text.empty())
            break;
        if (auto const c = text.front(); static_cast<unsigned char>(c) >= 0x20)
            out.append({'\\', c});
        else
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
        text.remove_prefix(1);
    }
    out += '"';
}

void append_json(std::string& out, Value const& value);

void append_json(std::string& out, Map const& map)
{
    out += '{';
    for (auto separator = ""; auto const& [name, value] : map) {
        out += separator;
        append_quoted(out, name);
        out += ':';
        append_json(out, value);
        separator = ",";
    }
    out += '}';
}

struct JsonWriter
{
    std::string& out;

    void operator()(std::nullptr_t) const { out += "null"; }
    void operator()(bool v) const { out += v ? "true" : "false"; }
    void operator()(std::int64_t v) const { out += std::to_string(v); }
    void operator()(std::uint64_t v) const { out += std::to_string(v); }
    void operator()(std::string const& v) const { append_quoted(out, v); }
    void operator()(Slot const& v) const { append_quoted(out, v.printed); }
    void operator()(Map const& v) const { append_json(out, v); }
    void operator()(List const& v) const
    {
        out += '[';
        for (auto separator = ""; auto const& item : v) {
            out += separator;
            append_json(out, item);
            separator = ",";
        }
        out += ']';
    }
};

void append_json(std::string& out, Value const& value)
{
    std::visit(JsonWriter{out}, value.data());
}

class KeyvalWriter
{
public:
    explicit KeyvalWriter(std::string& out)
        : out_{out}
    {
    }

    void pair(std::string const& name, Value const& value)
    {
        if (auto const* map = std::get_if<Map>(&value.data())) {
            for (auto const& [key, nested] : *map)
                pair(fmt::format("{}.{}", name, key), nested);
            return;
        }
        if (auto const* list = std::get_if<List>(&value.data())) {
            for (std::size_t i = 0; i < list->size(); ++i)
                pair(fmt::format("{}.{}", name, i), (*list)[i]);
            return;
        }
        if (!first_)
            out_ += ',';
        first_ = false;
        out_ += name;
        if (!name.empty() && !std::holds_alternative<std::nullptr_t>(value.data()))
            out_ += '=';
        std::visit(*this, value.data());
    }

    void operator()(std::nullptr_t) {}
    void operator()(bool v) { out_ += v ? "on" : "off"; }
    void operator()(std::int64_t v) { out_ += std::to_string(v); }
    void operator()(std::uint64_t v) { out_ += std::to_string(v); }
    void operator()(std::string const& v)
    {
        for (auto const c : v) {
            out_ += c;
            if (c == ',')
                out_ += ',';
        }
    }
    void operator()(Slot const& v) { (*this)(v.printed); }
    void operator()(Map const&) {}
    void operator()(List const&) {}

private:
    std::string& out_;
    bool first_{true};
};

/// Options whose argument QEMU takes as it is, commas and all.
auto is_verbatim(Option const& option) -> bool
{
    constexpr std::string_view names[] = {"append", "bios", "dtb", "initrd", "k", "kernel", "uuid"};
    return std::ranges::find(names, option.name) != std::end(names);
}

} // namespace
} // namespace detail::option

void Option::append(std::string_view property, Value value)
{
    constexpr std::size_t usual = 8;
    if (properties.empty())
        properties.reserve(usual);
    properties.emplace_back(property, std::move(value));
}

auto Option::find(std::string_view property) const noexcept -> Value const*
{
    auto const found = std::ranges::find(properties, property, &Map::value_type::first);
    return found == properties.end() ? nullptr : &found->second;
}

auto keyval(Map const& properties) -> std::string
{
    std::string text;
    detail::option::KeyvalWriter writer{text};
    for (auto const& [name, value] : properties)
        writer.pair(name, value);
    return text;
}

auto json(Map const& properties) -> std::string
{
    std::string text;
    detail::option::append_json(text, properties);
    return text;
}

auto argument_text(Option const& option) -> std::optional<std::string>
{
    if (option.properties.empty())
        return std::nullopt;
    if (option.json && !option.find(""))
        return json(option.properties);
    if (detail::option::is_verbatim(option))
        if (auto const* text = std::get_if<std::string>(&option.properties.front().second.data()))
            return *text;
    return keyval(option.properties);
}

} // namespace vmwright::inline v0::qemu
