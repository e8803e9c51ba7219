// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/sysinfo.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<SmbiosEntry> auto& v)
{
    at("@name", v.name);
    at(".", v.value);
}

void map(auto& at, Like<SmbiosBoard> auto& v)
{
    at("entry", v.entries);
}

void map(auto& at, Like<SmbiosInfo> auto& v)
{
    at("bios/entry", v.bios);
    at("system/entry", v.system);
    at("baseBoard", v.boards);
    at("chassis/entry", v.chassis);
    at("oemStrings/entry", v.oem_strings);
}

void map(auto& at, Like<FirmwareConfigEntry> auto& v)
{
    at.required("@name", "name it, as opt/com.example/name");
    at("@name", v.name);
    at("@file", v.file);
    at(".", v.value);
}

void map(auto& at, Like<FirmwareConfig> auto& v)
{
    at("entry", v.entries);
}

void map(auto& at, Like<Sysinfo> auto& v)
{
    at.required("@type", "add type='smbios' or type='fwcfg'");
    at.choice("@type", v.type, sysinfo_type_names);
}

} // namespace vmwright::inline v0::xml::detail
