// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/qmp_schema.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace vmwright::inline v0::qemu::detail::schema_check
{

/// Look-ups follow the types' numbers without looking: each must be a type's, a variant must be an object, and a walk
/// through arrays, alternates and variants must end.
class Check
{
public:
    explicit Check(QmpSchema const& schema)
        : schema_{schema}
        , heights_(schema.types.size())
    {
    }

    /// What is wrong with the schema, if anything is.
    auto flaw() -> std::optional<std::string>
    {
        for (auto const* entries : {&schema_.commands, &schema_.events})
            for (auto const& entry : *entries) {
                refer(entry.name, entry.argument);
                refer(entry.name, entry.result);
            }
        for (auto const& type : schema_.types) {
            for (auto const& member : type.members)
                refer(member.name, member.type);
            for (auto const& variant : type.variants) {
                refer(variant.name, variant.type);
                if (!flaw_ && schema_.types[variant.type].kind != SchemaType::Kind::object)
                    flaw_ = fmt::format("variant '{}' is not an object", variant.name);
            }
            if (type.kind == SchemaType::Kind::array)
                refer("an array", type.element);
        }
        for (std::uint32_t index = 0; index < schema_.types.size() && !flaw_; ++index)
            height(index, 0);
        return std::move(flaw_);
    }

private:
    void refer(std::string_view name, std::uint32_t number)
    {
        if (number >= schema_.types.size() && !flaw_)
            flaw_ = fmt::format("'{}' refers to type {} of {}", name, number, schema_.types.size());
    }

    static auto too_deep(std::uint32_t index) -> std::string
    {
        return fmt::format("type {} contains itself or more than {} levels of others", index, max_height);
    }

    /// How many types a walk from this one can pass through, itself included.
    auto height(std::uint32_t index, unsigned depth) -> unsigned
    {
        if (depth > max_height && !flaw_)
            flaw_ = too_deep(index);
        if (flaw_ || heights_[index] != 0)
            return heights_[index];
        auto const& type = schema_.types[index];
        unsigned inner = 0;
        if (type.kind == SchemaType::Kind::array)
            inner = height(type.element, depth + 1);
        if (type.kind == SchemaType::Kind::alternate)
            for (auto const& choice : type.members)
                inner = std::max(inner, height(choice.type, depth + 1));
        for (auto const& variant : type.variants)
            inner = std::max(inner, height(variant.type, depth + 1));
        if (depth + inner > max_height && !flaw_)
            flaw_ = too_deep(index);
        return heights_[index] = inner + 1;
    }

    static constexpr unsigned max_height = 32;

    QmpSchema const& schema_;
    std::vector<unsigned> heights_;
    std::optional<std::string> flaw_{};
};

} // namespace vmwright::inline v0::qemu::detail::schema_check
