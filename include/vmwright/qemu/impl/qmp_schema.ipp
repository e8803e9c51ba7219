// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/qmp_schema.hpp>

#include <algorithm>

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

/// Where a path ends: a type and, after `tag=value`, the one variant that is left of it, if that value has one.
struct Spot
{
    SchemaType const* type{};
    bool selected{};
    SchemaMember const* variant{};
};

/// Walks a path; each step gives every spot it can mean, since a name may stand in several variants.
class Walk
{
public:
    explicit Walk(QmpSchema const& schema)
        : schema_{schema}
    {
    }

    /// The types at the end of the path; none when there is no such member or value.
    auto to(std::uint32_t start, std::string_view path) const -> std::vector<SchemaType const*>
    {
        std::vector<Spot> spots;
        reach(start, spots);
        while (!path.empty() && !spots.empty()) {
            auto const name = path.substr(0, path.find('.'));
            path.remove_prefix(std::min(path.size(), name.size() + 1));
            std::vector<Spot> next;
            for (auto const& spot : spots)
                step(spot, name, next);
            spots = std::move(next);
        }
        std::vector<SchemaType const*> ends;
        for (auto const& spot : spots)
            ends.push_back(spot.type);
        return ends;
    }

private:
    void reach(std::uint32_t index, std::vector<Spot>& out) const
    {
        if (index >= schema_.types.size())
            return;
        auto const& type = schema_.types[index];
        if (type.kind == Kind::array)
            reach(type.element, out);
        else if (type.kind == Kind::alternate)
            for (auto const& choice : type.members)
                reach(choice.type, out);
        else
            out.push_back({.type = &type});
    }

    void step(Spot const& spot, std::string_view name, std::vector<Spot>& out) const
    {
        auto const equals = name.find('=');
        if (equals != name.npos)
            return select(spot, name.substr(0, equals), name.substr(equals + 1), out);
        if (spot.type->kind != Kind::object)
            return;
        if (auto const* member = find(spot.type->members, name))
            reach(member->type, out);
        for (auto const& variant : spot.type->variants)
            if (!spot.selected || spot.variant == &variant)
                for (auto const& inner : reached(variant.type))
                    step(inner, name, out);
    }

    void select(Spot const& spot, std::string_view tag, std::string_view value, std::vector<Spot>& out) const
    {
        std::vector<Spot> enums;
        step(spot, tag, enums);
        if (std::ranges::none_of(enums, [&](auto const& e) { return find(e.type->members, value) != nullptr; }))
            return;
        if (spot.type->tag != tag) {
            std::ranges::copy(enums, std::back_inserter(out));
            return;
        }
        out.push_back({.type = spot.type, .selected = true, .variant = find(spot.type->variants, value)});
    }

    auto reached(std::uint32_t index) const -> std::vector<Spot>
    {
        std::vector<Spot> out;
        reach(index, out);
        return out;
    }

    QmpSchema const& schema_;
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
    return found != nullptr && !detail::qmp_schema::Walk{*this}.to(found->argument, path).empty();
}

auto QmpSchema::returns(std::string_view command, std::string_view path) const -> bool
{
    auto const* found = detail::qmp_schema::find(commands, command);
    return found != nullptr && !detail::qmp_schema::Walk{*this}.to(found->result, path).empty();
}

auto QmpSchema::values(std::string_view command, std::string_view path) const -> std::vector<std::string_view>
{
    std::vector<std::string_view> names;
    auto const* found = detail::qmp_schema::find(commands, command);
    if (found == nullptr)
        return names;
    for (auto const* type : detail::qmp_schema::Walk{*this}.to(found->argument, path))
        if (type->kind == SchemaType::Kind::enumeration)
            for (auto const& value : type->members)
                names.push_back(value.name);
    return names;
}

} // namespace vmwright::inline v0::qemu
