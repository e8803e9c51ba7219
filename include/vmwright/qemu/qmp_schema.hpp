// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qemu
{

/// One member of an object, one value of an enum, one choice of an alternate, or one case of a variant object.
struct SchemaMember
{
    std::string name{};
    std::uint32_t type{}; ///< index into QmpSchema::types; not used for an enum's values
    bool optional{};      ///< objects only: it may be left out
    std::vector<std::string> features{};

    bool operator==(SchemaMember const&) const = default;
};

/// One type of the QMP schema.
struct SchemaType
{
    enum class Kind
    {
        builtin, ///< `name` tells which: str, int, number, bool, null, any
        object,  ///< `members`; with a `tag`, also one of `variants`, chosen by that member's value
        array,   ///< of `element`
        enumeration,
        alternate, ///< one of `members`, told apart by its JSON type
    };

    Kind kind{};
    std::string name{}; ///< builtins only: QEMU does not tell the names of the others
    std::uint32_t element{};
    std::string tag{};
    std::vector<SchemaMember> members{};
    std::vector<SchemaMember> variants{};
    std::vector<std::string> features{};

    bool operator==(SchemaType const&) const = default;
};

constexpr auto enum_names(SchemaType::Kind)
{
    return name_list("builtin", "object", "array", "enum", "alternate");
}

/// A QMP command or event.
struct SchemaEntry
{
    std::string name{};
    std::uint32_t argument{}; ///< the type of its arguments or, for an event, of its data
    std::uint32_t result{};   ///< the type of its reply; not used for events
    std::vector<std::string> features{};

    bool operator==(SchemaEntry const&) const = default;
};

/// What QEMU says of its own protocol (query-qmp-schema), for look-ups.
///
/// A path names a member: `blockdev`, `server.host`; arrays and alternates are passed through.
/// `tag=value` asks for a value of an enum and goes on in the variant it selects: `driver=nbd`,
/// `driver=nbd.reconnect-delay`. A member without `=` before it is looked for in the object and in all of its variants.
struct QmpSchema
{
    std::vector<SchemaType> types{};
    std::vector<SchemaEntry> commands{}; ///< by name
    std::vector<SchemaEntry> events{};   ///< by name

    [[nodiscard]] auto has_command(std::string_view name) const noexcept -> bool;
    [[nodiscard]] auto has_event(std::string_view name) const noexcept -> bool;
    /// Whether the command is marked with that feature, as `json-cli` or `deprecated`.
    [[nodiscard]] auto has_feature(std::string_view command, std::string_view feature) const noexcept -> bool;
    /// Whether the command takes such an argument.
    [[nodiscard]] auto takes(std::string_view command, std::string_view path) const -> bool;
    /// Whether the command's reply has such a member.
    [[nodiscard]] auto returns(std::string_view command, std::string_view path) const -> bool;
    /// The values of the enum at that path of the command's arguments, in QEMU's order; none when it is no enum.
    [[nodiscard]] auto values(std::string_view command, std::string_view path) const -> std::vector<std::string_view>;

    bool operator==(QmpSchema const&) const = default;
};

} // namespace vmwright::inline v0::qemu
