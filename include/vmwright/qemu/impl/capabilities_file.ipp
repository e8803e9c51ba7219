// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/capabilities.hpp>
#include <vmwright/qemu/impl/capability_lists.ipp>
#include <vmwright/qemu/impl/json_file.ipp>
#include <vmwright/qemu/impl/schema_check.ipp>

#include <charconv>

namespace vmwright::inline v0::qemu
{

namespace detail::json_file
{

void map(auto& at, Like<EmulatorVersion> auto& version)
{
    at("major", version.major);
    at("minor", version.minor);
    at("micro", version.micro);
}

void map(auto& at, Like<MachineType> auto& machine)
{
    at("name", machine.name);
    at("alias", machine.alias);
    at("is_default", machine.is_default);
    at("max_cpus", machine.max_cpus);
    at("hotpluggable_cpus", machine.hotpluggable_cpus);
    at("numa_memory", machine.numa_memory);
    at("deprecated", machine.deprecated);
    at("default_cpu_type", machine.default_cpu_type);
    at("default_ram_id", machine.default_ram_id);
}

void map(auto& at, Like<CpuModel> auto& cpu)
{
    at("name", cpu.name);
    at("type", cpu.type);
    at("alias_of", cpu.alias_of);
    at("is_static", cpu.is_static);
    at("migratable", cpu.migratable);
    at("deprecated", cpu.deprecated);
    at("unavailable_features", cpu.unavailable_features);
}

void map(auto& at, Like<NamedList> auto& list)
{
    at("name", list.name);
    at("entries", list.entries);
}

/// Thousands of small things make up a schema: each is one word, as `*node-name:0` for an optional member of type 0,
/// or a list of that word and the features.
inline auto write_word(std::string word, std::vector<std::string> const& features) -> json::value
{
    if (features.empty())
        return json::string_view{word};
    json::array list{json::string_view{word}};
    for (auto const& feature : features)
        list.push_back(json::string_view{feature});
    return list;
}

inline auto read_word(json::value const& in, Place const& place, std::vector<std::string>& features) -> std::string_view
{
    auto const* list = in.if_array();
    if (list != nullptr && list->empty())
        fail(place, "must not be an empty list");
    if (list != nullptr)
        for (std::size_t i = 1; i < list->size(); ++i)
            read((*list)[i], Place{&place, {}, i}, features.emplace_back());
    auto const& word = list != nullptr ? list->front() : in;
    if (!word.is_string())
        fail(place, "must be a string");
    return word.get_string();
}

/// Cuts `:NUMBER` off the end of a word.
inline auto cut_number(std::string_view& word, Place const& place) -> std::uint32_t
{
    auto const colon = word.rfind(':');
    std::uint32_t number{};
    if (colon != word.npos) {
        auto const* const end = word.data() + word.size();
        auto const [stop, ec] = std::from_chars(word.data() + colon + 1, end, number);
        if (ec == std::errc{} && stop == end) {
            word = word.substr(0, colon);
            return number;
        }
    }
    fail(place, fmt::format("'{}' has no type's number at its end", word));
}

inline void read(json::value const& in, Place const& place, SchemaEntry& entry)
{
    auto word = read_word(in, place, entry.features);
    entry.result = cut_number(word, place);
    entry.argument = cut_number(word, place);
    entry.name = word;
}

inline auto write(SchemaEntry const& entry, Defaults) -> json::value
{
    return write_word(fmt::format("{}:{}:{}", entry.name, entry.argument, entry.result), entry.features);
}

inline void read(json::value const& in, Place const& place, SchemaMember& member)
{
    auto word = read_word(in, place, member.features);
    member.type = cut_number(word, place);
    member.optional = word.starts_with('*');
    member.name = word.substr(member.optional ? 1 : 0);
}

inline auto write(SchemaMember const& member, Defaults) -> json::value
{
    return write_word(fmt::format("{}{}:{}", member.optional ? "*" : "", member.name, member.type), member.features);
}

/// A value of an enum: a member without a type.
struct EnumValue
{
    SchemaMember member{};

    bool operator==(EnumValue const&) const = default;
};

inline void read(json::value const& in, Place const& place, EnumValue& value)
{
    value.member.name = read_word(in, place, value.member.features);
}

inline auto write(EnumValue const& value, Defaults) -> json::value
{
    return write_word(value.member.name, value.member.features);
}

/// A type as the file has it: which of the members is there tells its kind.
struct TypeRecord
{
    std::string builtin{};
    std::optional<std::uint32_t> array{};
    std::vector<EnumValue> values{};
    std::vector<SchemaMember> alternate{};
    std::vector<SchemaMember> members{};
    std::string tag{};
    std::vector<SchemaMember> variants{};
    std::vector<std::string> features{};
};

void map(auto& at, Like<TypeRecord> auto& type)
{
    at("builtin", type.builtin);
    at("array", type.array);
    at("enum", type.values);
    at("alternate", type.alternate);
    at("members", type.members);
    at("tag", type.tag);
    at("variants", type.variants);
    at("features", type.features);
}

inline void read(json::value const& in, Place const& place, SchemaType& type)
{
    using Kind = SchemaType::Kind;
    TypeRecord record;
    read(in, place, record);
    type.features = std::move(record.features);
    if (!record.builtin.empty()) {
        type.kind = Kind::builtin;
        type.name = std::move(record.builtin);
    } else if (record.array) {
        type.kind = Kind::array;
        type.element = *record.array;
    } else if (!record.values.empty()) {
        type.kind = Kind::enumeration;
        type.members.reserve(record.values.size());
        for (auto& value : record.values)
            type.members.push_back(std::move(value.member));
    } else if (!record.alternate.empty()) {
        type.kind = Kind::alternate;
        type.members = std::move(record.alternate);
    } else {
        type.kind = Kind::object;
        type.members = std::move(record.members);
        type.tag = std::move(record.tag);
        type.variants = std::move(record.variants);
    }
}

inline auto write(SchemaType const& type, Defaults defaults) -> json::value
{
    using Kind = SchemaType::Kind;
    TypeRecord record{.features = type.features};
    switch (type.kind) {
    case Kind::builtin: record.builtin = type.name; break;
    case Kind::array: record.array = type.element; break;
    case Kind::enumeration:
        for (auto const& value : type.members)
            record.values.push_back({value});
        break;
    case Kind::alternate: record.alternate = type.members; break;
    case Kind::object:
        record.members = type.members;
        record.tag = type.tag;
        record.variants = type.variants;
        break;
    }
    return write(record, defaults);
}

void map(auto& at, Like<Capabilities> auto& capabilities)
{
    at("arch", capabilities.arch);
    at("version", capabilities.version);
    at("package", capabilities.package);
    at("binary", capabilities.binary);
    at("identity", capabilities.identity);
    at("machines", capabilities.machines);
    at("cpus", capabilities.cpus);
    at("cpu_features", capabilities.cpu_features);
    at("tcg_features", capabilities.tcg_features);
    at("devices", capabilities.devices);
    at("objects", capabilities.objects);
    at("types", capabilities.types);
    at("device_properties", capabilities.device_properties);
    at("machine_properties", capabilities.machine_properties);
    at("options", capabilities.options);
    at("commands", capabilities.schema.commands);
    at("events", capabilities.schema.events);
    at("schema", capabilities.schema.types);
}

struct ProfileFile
{
    static constexpr std::uint32_t current_format = 2;

    std::uint32_t format{};
    Capabilities capabilities{};
};

void map(auto& at, Like<ProfileFile> auto& file)
{
    at("format", file.format);
    map(at, file.capabilities);
}

} // namespace detail::json_file

auto save(Capabilities const& capabilities) -> std::string
{
    using namespace detail::json_file;
    auto const file = ProfileFile{.format = ProfileFile::current_format, .capabilities = capabilities};
    return print(write(file, Defaults::left_out).get_object());
}

auto load_capabilities(std::string_view text) -> Result<Capabilities>
{
    using namespace detail::json_file;
    try {
        json::monotonic_resource memory;
        auto const document = parse(text, "an emulator profile", &memory);
        ProfileFile file;
        auto const* format = document.is_object() ? document.get_object().if_contains("format") : nullptr;
        if (format == nullptr)
            fail(Place{}, "not an emulator profile: it has no member 'format'");
        read(*format, Place{nullptr, "format"}, file.format);
        if (file.format != ProfileFile::current_format)
            fail(Place{nullptr, "format"},
                 fmt::format("is {}, and this library reads {}", file.format, ProfileFile::current_format));
        read(document, Place{}, file);
        if (file.capabilities.arch.empty())
            fail(Place{nullptr, "arch"}, "is missing");
        if (auto const flaw = detail::schema_check::Check{file.capabilities.schema}.flaw())
            fail(Place{nullptr, "schema"}, *flaw);
        detail::capability_lists::sort(file.capabilities);
        return std::move(file.capabilities);
    } catch (Error const& error) {
        return error.with({.object = "profile"});
    }
}

} // namespace vmwright::inline v0::qemu
