// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/os.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<BootMenu> auto& v)
{
    at("@enable", v.enabled);
    at("@timeout", v.timeout);
}

void map(auto& at, Like<Bios> auto& v)
{
    at("@useserial", v.use_serial);
    at("@rebootTimeout", v.reboot_timeout);
}

void map(auto& at, Like<Loader> auto& v)
{
    at("@readonly", v.read_only);
    at("@secure", v.secure);
    at("@type", v.type);
    at("@stateless", v.stateless);
    at(".", v.path);
}

void map(auto& at, Like<Os> auto& v)
{
    static constexpr auto not_yet = name_list("@firmware", "acpi", "firmware", "idmap", "init", "initarg", "initdir",
                                              "initenv", "initgroup", "inituser", "nvram", "smbios");
    at.required("type", "add <type>hvm</type>");
    at("type/@arch", v.arch);
    at("type/@machine", v.machine);
    at("type", v.type);
    at("loader", v.loader);
    at("kernel", v.kernel);
    at("initrd", v.initrd);
    at("cmdline", v.cmdline);
    at("dtb", v.dtb);
    at("boot/@dev", v.boot);
    at("bootmenu", v.boot_menu);
    at("bios", v.bios);
    at.not_yet(not_yet);
}

} // namespace vmwright::inline v0::xml::detail
