// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <span>

namespace vmwright::inline v0::qemu::detail
{

namespace sysinfo
{
namespace
{

using Names = std::span<std::string_view const>;

auto value_of(SmbiosTable const& table, std::string_view name) -> std::string_view
{
    auto const found = std::ranges::find(table, name, &SmbiosEntry::name);
    return found == table.end() ? std::string_view{} : std::string_view{found->value};
}

void check_names(SmbiosTable const& table, Names names, std::string const& node, Checking const& at)
{
    for (std::size_t i = 0; i < table.size(); ++i)
        if (std::ranges::find(names, table[i].name) == names.end())
            at.warning(fmt::format("{}/entry[{}]/@name", node, i + 1), Fault::unknown_value,
                       fmt::format("the table has no entry '{}'; it is ignored", table[i].name),
                       suggestion(table[i].name, names));
}

/// mm/dd/yy or mm/dd/yyyy.
auto is_date(std::string_view text) -> bool
{
    int parts[3]{};
    for (auto i = 0; i < 3; ++i) {
        auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), parts[i]);
        if (error != std::errc{})
            return false;
        text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
        if (i < 2 && !text.starts_with('/'))
            return false;
        text.remove_prefix(i < 2 ? 1 : 0);
    }
    auto const [month, day, year] = parts;
    return text.empty() && month >= 1 && month <= 12 && day >= 1 && day <= 31 && year >= 0 && (year < 100 || year >= 1900);
}

void check(SmbiosInfo const& info, std::string const& node, Checking const& at)
{
    check_names(info.bios, smbios_bios_names, node + "/bios", at);
    check_names(info.system, smbios_system_names, node + "/system", at);
    for (std::size_t i = 0; i < info.boards.size(); ++i)
        check_names(info.boards[i].entries, smbios_board_names, fmt::format("{}/baseBoard[{}]", node, i + 1), at);
    check_names(info.chassis, smbios_chassis_names, node + "/chassis", at);
    if (auto const date = value_of(info.bios, "date"); !date.empty() && !is_date(date))
        at.error(node + "/bios", Fault::bad_text, fmt::format("'{}' is not a date of the BIOS", date),
                 "give month/day/year, as 05/31/2023");
    auto const text = value_of(info.system, "uuid");
    if (text.empty())
        return;
    auto const uuid = Uuid::parse(text);
    if (!uuid)
        at.error(node + "/system", Fault::bad_text, fmt::format("'{}' is not a uuid", text),
                 "give 32 hex digits, or leave it out");
    else if (at.config.uuid && at.config.uuid != uuid)
        at.error(node + "/system", Fault::conflict,
                 fmt::format("the system's uuid {} is not the domain's, {}", text, to_string(*at.config.uuid)),
                 "make them equal, or leave it out");
}

void check(FirmwareConfig const& config, std::string const& node, Checking const& at)
{
    for (std::size_t i = 0; i < config.entries.size(); ++i) {
        auto const& [name, file, value] = config.entries[i];
        auto const entry = fmt::format("{}/entry[{}]", node, i + 1);
        if (!name.starts_with("opt/"))
            at.error(entry + "/@name", Fault::bad_text,
                     fmt::format("'{}' is not a name for the firmware's configuration", name), "begin it with opt/");
        else if (name.starts_with("opt/ovmf/") || name.starts_with("opt/org.qemu/"))
            at.error(entry + "/@name", Fault::bad_text, fmt::format("the name '{}' is reserved", name),
                     "begin it with opt/ and a domain of your own");
        if (file.empty() && value.empty())
            at.error(entry, Fault::missing, fmt::format("the entry '{}' has neither a text nor a file", name),
                     "give one of them");
        else if (!file.empty() && !value.empty())
            at.warning(entry + "/@file", Fault::ignored, fmt::format("the entry '{}' has a text; its file is ignored", name),
                       "remove one of them");
    }
}

void complete(SmbiosTable& table, Names names)
{
    SmbiosTable ordered;
    for (auto const name : names)
        if (auto const value = value_of(table, name); !value.empty())
            ordered.push_back({std::string{name}, std::string{value}});
    table = std::move(ordered);
}

void complete(SmbiosInfo& info)
{
    complete(info.bios, smbios_bios_names);
    complete(info.system, smbios_system_names);
    complete(info.chassis, smbios_chassis_names);
    for (auto& board : info.boards)
        complete(board.entries, smbios_board_names);
    std::erase_if(info.boards, [](SmbiosBoard const& board) { return board.entries.empty(); });
    for (auto& [name, value] : info.system)
        if (name == "uuid")
            if (auto const uuid = Uuid::parse(value))
                value = to_string(*uuid);
}

void add(int type, SmbiosTable const& table, std::string const& node, Translating& at)
{
    if (table.empty())
        return;
    auto& option = at.add("smbios", node).set("type", type);
    auto const is_board_or_chassis = type == 2 || type == 3;
    if (is_board_or_chassis && value_of(table, "manufacturer").empty())
        option.set("manufacturer", "");
    for (auto const& [name, value] : table)
        option.set(name, value);
}

void add(SmbiosInfo const& info, std::string const& node, Translating& at)
{
    enum // table types of SMBIOS
    {
        bios,
        system,
        board,
        chassis,
        oem_strings = 11,
    };
    add(bios, info.bios, node, at);
    add(system, info.system, node, at);
    for (auto const& b : info.boards)
        add(board, b.entries, node, at);
    add(chassis, info.chassis, node, at);
    if (info.oem_strings.empty())
        return;
    auto& option = at.add("smbios", node).set("type", static_cast<int>(oem_strings));
    for (auto const& text : info.oem_strings)
        option.set("value", text);
}

auto node_of(std::size_t index) -> std::string
{
    return fmt::format("/domain/sysinfo[{}]", index + 1);
}

} // namespace
} // namespace sysinfo

void check_sysinfo(Checking const& at)
{
    auto const& infos = at.config.sysinfos;
    for (std::size_t i = 0; i < infos.size(); ++i)
        std::visit([&](auto const& info) { sysinfo::check(info, sysinfo::node_of(i), at); }, infos[i].type);
    auto const has_tables =
        std::ranges::any_of(infos, [](Sysinfo const& s) { return std::holds_alternative<SmbiosInfo>(s.type); });
    auto const mode = at.config.os.smbios;
    if (mode == SmbiosMode::sysinfo && !has_tables)
        at.error("/domain/os/smbios/@mode", Fault::missing, "the domain has no <sysinfo type='smbios'>",
                 "add it, or use mode='emulate'");
    else if (mode == SmbiosMode::host && !at.facts.smbios)
        at.error("/domain/os/smbios/@mode", Fault::not_supported, "the host's SMBIOS tables are not known",
                 "use mode='sysinfo' or mode='emulate'");
}

void complete_sysinfo(Resolving& at)
{
    for (auto& info : at.config.sysinfos)
        if (auto* smbios = std::get_if<SmbiosInfo>(&info.type))
            sysinfo::complete(*smbios);
    if (auto const uuid = smbios_uuid(at.config.sysinfos))
        at.choose(at.config.uuid, *uuid, "/domain/uuid", "the uuid of <sysinfo>");
}

void translate_sysinfo(Translating& at)
{
    auto const& infos = at.config.sysinfos;
    if (at.config.os.smbios == SmbiosMode::host && at.facts.smbios)
        sysinfo::add(*at.facts.smbios, "/domain/os/smbios", at);
    auto wants_tables = at.config.os.smbios == SmbiosMode::sysinfo;
    for (std::size_t i = 0; i < infos.size(); ++i) {
        auto const node = sysinfo::node_of(i);
        if (auto const* smbios = std::get_if<SmbiosInfo>(&infos[i].type)) {
            if (wants_tables)
                sysinfo::add(*smbios, node, at);
            wants_tables = false;
        } else
            for (auto const& entry : std::get<FirmwareConfig>(infos[i].type).entries)
                at.add("fw_cfg", node)
                    .set("name", entry.name)
                    .set(entry.value.empty() ? "file" : "string", entry.value.empty() ? entry.file : entry.value);
    }
}

} // namespace vmwright::inline v0::qemu::detail
