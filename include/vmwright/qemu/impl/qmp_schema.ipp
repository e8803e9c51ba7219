// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/qmp_schema.hpp>

#include <algorithm>
#include <span>

namespace vmwright::inline v0::qemu
{

namespace detail::qmp_schema
{
namespace
{

using Kind = SchemaType::Kind;

auto find(std::vector<SchemaEntry> const& entries, std::string_view name) noexcept -> SchemaEntry const*
{
    auto const found = std::ranges::lower_bound(entries, name, {}, &SchemaEntry::name);
    return found != entries.end() && found->name == name ? &*found : nullptr;
}

auto find(std::vector<SchemaMember> const& members, std::string_view name) noexcept -> SchemaMember const*
{
    auto const found = std::ranges::find(members, name, &SchemaMember::name);
    return found != members.end() ? &*found : nullptr;
}

/// Walks a path to the types at its end: to the first, or to all where a list for them is given.
class Walk
{
public:
    explicit Walk(QmpSchema const& schema, std::vector<SchemaType const*>* ends = nullptr)
        : schema_{schema}
        , ends_{ends}
    {
    }

    /// Whether the walk is over.
    auto from(std::uint32_t index, std::string_view path) const -> bool
    {
        auto const& type = schema_.types[index];
        switch (type.kind) {
        case Kind::array: return from(type.element, path);
        case Kind::alternate:
            return std::ranges::any_of(type.members, [&](auto const& choice) { return from(choice.type, path); });
        case Kind::object: return path.empty() ? arrive(type) : inside(type, type.variants, path);
        default: return path.empty() && arrive(type);
        }
    }

private:
    auto arrive(SchemaType const& type) const -> bool
    {
        if (ends_ != nullptr)
            ends_->push_back(&type);
        return ends_ == nullptr;
    }

    /// Goes on in the members of an object and in those of its variants that are left.
    auto inside(SchemaType const& object, std::span<SchemaMember const> variants, std::string_view path) const -> bool
    {
        auto const dot = std::min(path.find('.'), path.size());
        auto const step = path.substr(0, dot);
        auto const rest = path.substr(std::min(dot + 1, path.size()));
        auto const equals = std::min(step.find('='), step.size());
        if (auto const* member = find(object.members, step.substr(0, equals)))
            return equals == step.size() ? from(member->type, rest)
                                         : with_value(object, *member, step.substr(equals + 1), rest);
        return std::ranges::any_of(variants, [&](auto const& variant) {
            auto const& type = schema_.types[variant.type];
            return inside(type, type.variants, path);
        });
    }

    auto with_value(SchemaType const& object, SchemaMember const& member, std::string_view value,
                    std::string_view rest) const -> bool
    {
        auto const* type = enum_with(member.type, value);
        if (type == nullptr)
            return false;
        if (rest.empty())
            return arrive(*type);
        if (object.tag != member.name)
            return false;
        auto const* variant = find(object.variants, value);
        return inside(object, variant != nullptr ? std::span{variant, 1} : std::span<SchemaMember const>{}, rest);
    }

    /// The enum that has the value; null when there is none.
    auto enum_with(std::uint32_t index, std::string_view value) const -> SchemaType const*
    {
        auto const& type = schema_.types[index];
        if (type.kind == Kind::enumeration)
            return find(type.members, value) != nullptr ? &type : nullptr;
        if (type.kind == Kind::array)
            return enum_with(type.element, value);
        if (type.kind == Kind::alternate)
            for (auto const& choice : type.members)
                if (auto const* found = enum_with(choice.type, value))
                    return found;
        return nullptr;
    }

    QmpSchema const& schema_;
    std::vector<SchemaType const*>* ends_;
};

} // namespace
} // namespace detail::qmp_schema

auto QmpSchema::has_command(std::string_view name) const noexcept -> bool
{
    return detail::qmp_schema::find(commands, name) != nullptr;
}

auto QmpSchema::has_event(std::string_view name) const noexcept -> bool
{
    return detail::qmp_schema::find(events, name) != nullptr;
}

auto QmpSchema::has_feature(std::string_view command, std::string_view feature) const noexcept -> bool
{
    auto const* found = detail::qmp_schema::find(commands, command);
    return found != nullptr && std::ranges::find(found->features, feature) != found->features.end();
}

auto QmpSchema::takes(std::string_view command, std::string_view path) const -> bool
{
    auto const* found = detail::qmp_schema::find(commands, command);
    return found != nullptr && detail::qmp_schema::Walk{*this}.from(found->argument, path);
}

auto QmpSchema::returns(std::string_view command, std::string_view path) const -> bool
{
    auto const* found = detail::qmp_schema::find(commands, command);
    return found != nullptr && detail::qmp_schema::Walk{*this}.from(found->result, path);
}

auto QmpSchema::values(std::string_view command, std::string_view path) const -> std::vector<std::string_view>
{
    std::vector<SchemaType const*> types;
    if (auto const* found = detail::qmp_schema::find(commands, command))
        (void)detail::qmp_schema::Walk{*this, &types}.from(found->argument, path);
    std::vector<std::string_view> names;
    for (auto const* type : types)
        if (type->kind == SchemaType::Kind::enumeration)
            for (auto const& value : type->members)
                names.push_back(value.name);
    return names;
}

} // namespace vmwright::inline v0::qemu
