// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/qemu_extensions.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<QemuVariable> auto& v)
{
    at.required("@name", "name the variable");
    at("@name", v.name);
    at("@value", v.value);
}

void map(auto& at, Like<QemuCommandLine> auto& v)
{
    at("qemu:arg/@value", v.arguments);
    at("qemu:env", v.environment);
}

struct CapabilityText : Codec<std::string>
{
    auto parse(std::string_view text, std::string& value, Complaint& complaint) const -> bool
    {
        if (text.empty()) {
            complaint = {.fault = Fault::bad_text, .expected = "the name of a capability, as usb-host"};
            return false;
        }
        value = text;
        return true;
    }
};

void map(auto& at, Like<QemuCapabilities> auto& v)
{
    at("qemu:add/@capability", v.added, CapabilityText{});
    at("qemu:del/@capability", v.removed, CapabilityText{});
}

void map(auto& at, Like<PropertyOverride> auto& v)
{
    at.required("@name", "name the property");
    at.required("@type", "give string, signed, unsigned, bool or remove");
    at("@name", v.name);
    at("@type", v.type);
    at("@value", v.value);
}

void map(auto& at, Like<DeviceOverride> auto& v)
{
    at.required("@alias", "name the alias of a device");
    at("@alias", v.alias);
    at("qemu:frontend/qemu:property", v.frontend);
}

void map(auto& at, Like<QemuExtensions> auto& v)
{
    at("qemu:commandline", v.command_line);
    at("qemu:capabilities", v.capabilities);
    at("qemu:deprecation/@behavior", v.deprecation);
    at("qemu:override/qemu:device", v.overrides);
}

} // namespace vmwright::inline v0::xml::detail
