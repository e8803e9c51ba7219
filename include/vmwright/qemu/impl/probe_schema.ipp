// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/impl/probe_answers.ipp>

namespace vmwright::inline v0::qemu::detail::probe
{

/// Reads the reply to query-qmp-schema.
class SchemaReader
{
public:
    explicit SchemaReader(json::array const& list)
        : list_{list}
    {
    }

    auto read() -> QmpSchema
    {
        for (auto const& element : list_) {
            auto const& entity = element.as_object();
            auto const& kind = entity.at("meta-type").as_string();
            if (kind != "command" && kind != "event")
                numbers_.emplace(std::string_view{entity.at("name").as_string()},
                                 static_cast<std::uint32_t>(numbers_.size()));
        }
        for (auto const& element : list_) {
            auto const& entity = element.as_object();
            auto const& kind = entity.at("meta-type").as_string();
            if (kind == "command")
                schema_.commands.push_back({.name = text(entity, "name"),
                                            .argument = number(entity, "arg-type"),
                                            .result = number(entity, "ret-type"),
                                            .features = texts(entity, "features")});
            else if (kind == "event")
                schema_.events.push_back({.name = text(entity, "name"),
                                          .argument = number(entity, "arg-type"),
                                          .features = texts(entity, "features")});
            else
                schema_.types.push_back(type(entity, kind));
        }
        return std::move(schema_);
    }

private:
    auto number(json::object const& object, std::string_view name) const -> std::uint32_t
    {
        auto const found = numbers_.find(std::string_view{object.at(name).as_string()});
        if (found == numbers_.end())
            fail("query-qmp-schema", fmt::format("'{}' is a type that is not described", text(object, name)));
        return found->second;
    }

    auto type(json::object const& entity, std::string_view kind) const -> SchemaType
    {
        auto const parsed = from_string<SchemaType::Kind>(kind);
        if (!parsed)
            fail("query-qmp-schema", fmt::format("unknown meta-type '{}'", kind));
        SchemaType type{.kind = *parsed, .features = texts(entity, "features")};
        switch (type.kind) {
        case SchemaType::Kind::builtin: type.name = text(entity, "name"); break;
        case SchemaType::Kind::array: type.element = number(entity, "element-type"); break;
        case SchemaType::Kind::enumeration: type.members = values(entity); break;
        case SchemaType::Kind::alternate:
        case SchemaType::Kind::object:
            type.tag = text(entity, "tag");
            type.members = members(entity, "members", "name");
            type.variants = members(entity, "variants", "case");
            break;
        }
        return type;
    }

    auto members(json::object const& entity, std::string_view list, std::string_view name) const -> std::vector<SchemaMember>
    {
        std::vector<SchemaMember> out;
        if (auto const* found = entity.if_contains(list))
            for (auto const& element : found->as_array()) {
                auto const& member = element.as_object();
                out.push_back({.name = text(member, name),
                               .type = number(member, "type"),
                               .optional = member.contains("default"),
                               .features = texts(member, "features")});
            }
        return out;
    }

    /// Before 6.2 an enum has "values", names without features.
    auto values(json::object const& entity) const -> std::vector<SchemaMember>
    {
        std::vector<SchemaMember> out;
        if (auto const* found = entity.if_contains("members"))
            for (auto const& element : found->as_array())
                out.push_back(
                    {.name = text(element.as_object(), "name"), .features = texts(element.as_object(), "features")});
        else
            for (auto& name : texts(entity, "values"))
                out.push_back({.name = std::move(name)});
        return out;
    }

    json::array const& list_;
    std::map<std::string_view, std::uint32_t> numbers_{};
    QmpSchema schema_{};
};

} // namespace vmwright::inline v0::qemu::detail::probe
