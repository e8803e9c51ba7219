// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/device.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<ZpciAddress> auto& v)
{
    at("@uid", v.uid, hex(4));
    at("@fid", v.fid, hex(8));
}

void map(auto& at, Like<PciAddress> auto& v)
{
    at("@domain", v.domain, hex(4));
    at("@bus", v.bus, hex(2));
    at("@slot", v.slot, hex(2));
    at("@function", v.function, hex(1));
    at("@multifunction", v.multifunction, on_off);
    at("zpci", v.zpci);
}

void map(auto& at, Like<DriveAddress> auto& v)
{
    at("@controller", v.controller);
    at("@bus", v.bus);
    at("@target", v.target);
    at("@unit", v.unit);
}

void map(auto& at, Like<VirtioSerialAddress> auto& v)
{
    at("@controller", v.controller);
    at("@bus", v.bus);
    at("@port", v.port);
}

void map(auto& at, Like<CcidAddress> auto& v)
{
    at("@controller", v.controller);
    at("@slot", v.slot);
}

void map(auto& at, Like<UsbAddress> auto& v)
{
    at("@bus", v.bus);
    at("@port", v.port);
}

void map(auto& at, Like<SpaprVioAddress> auto& v)
{
    at("@reg", v.reg, Hex<std::uint64_t>{8});
}

void map(auto& at, Like<CcwAddress> auto& v)
{
    at("@cssid", v.cssid, hex(1));
    at("@ssid", v.ssid, hex(1));
    at("@devno", v.devno, hex(4));
}

void map(auto&, Like<VirtioMmioAddress> auto&) {}

void map(auto& at, Like<IsaAddress> auto& v)
{
    at("@iobase", v.iobase, hex(1));
    at("@irq", v.irq, hex(1));
}

void map(auto& at, Like<DimmAddress> auto& v)
{
    at("@slot", v.slot);
    at("@base", v.base, Hex<std::uint64_t>{1});
}

void map(auto&, Like<UnassignedAddress> auto&) {}

void map(auto& at, Like<Address> auto& v)
{
    at.choice("@type", v, address_type_names);
}

void map(auto& at, Like<Rom> auto& v)
{
    at("@enabled", v.enabled);
    at("@bar", v.bar, on_off);
    at("@file", v.file);
}

/// What comes last in every device.
void map(auto& at, Like<DeviceInfo> auto& v)
{
    at("boot/@order", v.boot_order);
    at("boot/@loadparm", v.loadparm);
    at("acpi/@index", v.acpi_index);
    at("rom", v.rom);
    at("alias/@name", v.alias);
    at("address", v.address);
}

void map(auto& at, Like<VirtioOptions> auto& v)
{
    at("@iommu", v.iommu, on_off);
    at("@ats", v.ats, on_off);
    at("@packed", v.packed, on_off);
    at("@page_per_vq", v.page_per_vq, on_off);
}

} // namespace vmwright::inline v0::xml::detail
