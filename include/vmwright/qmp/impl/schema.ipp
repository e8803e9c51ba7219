// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/schema.hpp>

#include <vmwright/qmp/convert.hpp>

#include <algorithm>

namespace vmwright::inline v0::qmp
{

namespace detail::schema
{

struct SchemaMember
{
    std::optional<std::string> name{}; ///< not in alternates
    std::optional<std::string> type{}; ///< not in enums
};

struct SchemaVariant
{
    std::string case_{};
    std::string type{};
};

/// All that the kinds of entities have, in one: SchemaInfo of QAPI is a union over them.
struct SchemaInfo
{
    std::string name{};
    std::string meta_type{};
    std::optional<std::vector<SchemaMember>> members{};
    std::optional<std::string> tag{};
    std::optional<std::vector<SchemaVariant>> variants{};
    std::optional<std::string> arg_type{};
    std::optional<std::string> ret_type{};
    std::optional<std::string> element_type{};
    std::optional<std::vector<std::string>> values{};
    std::optional<std::vector<std::string>> features{};
};

BOOST_DESCRIBE_STRUCT(SchemaMember, (), (name, type))
BOOST_DESCRIBE_STRUCT(SchemaVariant, (), (case_, type))
BOOST_DESCRIBE_STRUCT(SchemaInfo, (),
                      (name, meta_type, members, tag, variants, arg_type, ret_type, element_type, values, features))

} // namespace detail::schema

Schema::Schema(boost::json::array const& reply)
{
    entities_.reserve(reply.size());
    for (auto const& entry : reply) {
        auto info = decode<detail::schema::SchemaInfo>(entry, "query-qmp-schema");
        auto& entity = entities_.emplace_back();
        entity.name = std::move(info.name);
        entity.meta_type = std::move(info.meta_type);
        if (info.members)
            for (auto& member : *info.members)
                entity.members.push_back({std::move(member.name).value_or(""), std::move(member.type).value_or("")});
        entity.tag = std::move(info.tag).value_or("");
        if (info.variants)
            for (auto& variant : *info.variants)
                entity.variants.push_back({std::move(variant.case_), std::move(variant.type)});
        entity.argument_type = std::move(info.arg_type).value_or("");
        entity.reply_type = std::move(info.ret_type).value_or("");
        entity.element_type = std::move(info.element_type).value_or("");
        if (info.values)
            entity.words = std::move(*info.values);
        if (info.features)
            entity.features = std::move(*info.features);
    }
    std::ranges::sort(entities_, {}, &Entity::name);
}

template <class Accept>
auto Schema::leads(std::string_view type, std::string_view path, Accept const& accept) const -> bool
{
    unsigned steps = 1'000'000;
    return reaches(type, path, accept, {200, &steps});
}

/// Follows the path and asks about the type it ends at. Types contain themselves (a backing image its backing image), and a
/// broken schema could do so endlessly: hence the limits.
template <class Accept>
auto Schema::reaches(std::string_view type, std::string_view path, Accept const& accept, Effort effort) const -> bool
{
    auto const* const at = find(type);
    if (!at || effort.depth == 0 || *effort.steps == 0)
        return false;
    --effort.depth;
    --*effort.steps;
    auto const goes_on = [&](std::string_view next, std::string_view left) { return reaches(next, left, accept, effort); };
    if (at->meta_type == "array")
        return goes_on(at->element_type, path);
    if (at->meta_type == "alternate")
        return std::ranges::any_of(at->members, [&](Member const& member) { return goes_on(member.type, path); });
    if (path.empty())
        return accept(*at);

    auto const dot = path.find('.');
    auto const step = path.substr(0, dot);
    auto const rest = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    auto const equals = step.find('=');
    if (equals != std::string_view::npos && step.substr(0, equals) != at->tag)
        return false;
    if (equals != std::string_view::npos)
        return std::ranges::any_of(at->variants, [&](Member const& variant) {
            return variant.name == step.substr(equals + 1) && goes_on(variant.type, rest);
        });
    return std::ranges::any_of(at->members, [&](Member const& m) { return m.name == step && goes_on(m.type, rest); }) ||
           std::ranges::any_of(at->variants, [&](Member const& variant) { return goes_on(variant.type, path); });
}

auto Schema::has_command(std::string_view command) const -> bool
{
    return find(command, "command") != nullptr;
}

auto Schema::has_event(std::string_view event) const -> bool
{
    return find(event, "event") != nullptr;
}

auto Schema::has_argument(std::string_view command, std::string_view path) const -> bool
{
    auto const* const found = find(command, "command");
    return found && leads(found->argument_type, path, [](Entity const&) { return true; });
}

auto Schema::has_reply_member(std::string_view command, std::string_view path) const -> bool
{
    auto const* const found = find(command, "command");
    return found && leads(found->reply_type, path, [](Entity const&) { return true; });
}

auto Schema::has_event_member(std::string_view event, std::string_view path) const -> bool
{
    auto const* const found = find(event, "event");
    return found && leads(found->argument_type, path, [](Entity const&) { return true; });
}

auto Schema::takes_word(std::string_view command, std::string_view path, std::string_view word) const -> bool
{
    auto const* const found = find(command, "command");
    return found && leads(found->argument_type, path, [&](Entity const& type) {
               return type.meta_type == "enum" && std::ranges::find(type.words, word) != type.words.end();
           });
}

auto Schema::has_feature(std::string_view command, std::string_view feature) const -> bool
{
    auto const* const found = find(command, "command");
    return found && std::ranges::find(found->features, feature) != found->features.end();
}

auto Schema::commands() const -> std::vector<std::string>
{
    std::vector<std::string> names;
    for (auto const& entity : entities_)
        if (entity.meta_type == "command")
            names.push_back(entity.name);
    return names;
}

auto Schema::find(std::string_view name) const -> Entity const*
{
    auto const found = std::ranges::lower_bound(entities_, name, {}, &Entity::name);
    return found != entities_.end() && found->name == name ? &*found : nullptr;
}

auto Schema::find(std::string_view name, std::string_view meta_type) const -> Entity const*
{
    auto const* const found = find(name);
    return found && found->meta_type == meta_type ? found : nullptr;
}

} // namespace vmwright::inline v0::qmp
