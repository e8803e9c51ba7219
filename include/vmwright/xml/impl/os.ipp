// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/os.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/disk.ipp>

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

void map(auto& at, Like<FirmwareFeature> auto& v)
{
    at.required("@enabled", "say enabled='yes' or enabled='no'");
    at.required("@name", "name enrolled-keys or secure-boot");
    at("@enabled", v.enabled);
    at("@name", v.name);
}

void map(auto& at, Like<InitVariable> auto& v)
{
    at("@name", v.name);
    at(".", v.value);
}

void map(auto& at, Like<Init> auto& v)
{
    at("init", v.path);
    at("initarg", v.arguments);
    at("initenv", v.environment);
    at("initdir", v.directory);
    at("inituser", v.user);
    at("initgroup", v.group);
}

void map(auto& at, Like<Loader> auto& v)
{
    at("@readonly", v.read_only);
    at("@secure", v.secure);
    at("@type", v.type);
    at("@stateless", v.stateless);
    at(".", v.path);
}

/// A path that may stand on a line of its own, as an edit leaves it.
struct PathText : Codec<std::string>
{
    auto parse(std::string_view text, std::string& value, Complaint&) const -> bool
    {
        value = trimmed(text);
        return true;
    }
};

void map(auto& at, Like<LoaderNvram> auto& v)
{
    at("@template", v.template_path);
    at.choice("@type", v.source, disk_source_names);
    at("source", v.options);
    if (!v.source)
        at(".", v.path, PathText{});
}

void map(auto& at, Like<AcpiTable> auto& v)
{
    at.required("@type", "add type='slic'");
    at("@type", v.type);
    at(".", v.path);
}

/// An empty one is as good as none.
struct OsTypeText : Codec<std::string>
{
    auto parse(std::string_view text, std::string& value, Complaint& complaint) const -> bool
    {
        if (trimmed(text).empty()) {
            complaint = {.fault = Fault::missing, .expected = "a type, as <type>hvm</type>"};
            return false;
        }
        value = text;
        return true;
    }
};

void map(auto& at, Like<Os> auto& v)
{
    at.required("type", "add <type>hvm</type>");
    at("@firmware", v.firmware);
    at("type/@arch", v.arch);
    at("type/@machine", v.machine);
    at("type", v.type, OsTypeText{});
    at("firmware/feature", v.firmware_features);
    at(".", v.init);
    at("loader", v.loader);
    at("nvram", v.nvram);
    at("kernel", v.kernel);
    at("initrd", v.initrd);
    at("cmdline", v.cmdline);
    at("dtb", v.dtb);
    at("acpi/table", v.acpi_tables);
    at("boot/@dev", v.boot);
    at("bootmenu", v.boot_menu);
    at("bios", v.bios);
    at("smbios/@mode", v.smbios);
}

} // namespace vmwright::inline v0::xml::detail
