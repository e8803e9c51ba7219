// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/resolving.hpp>

#include <fmt/format.h>

#include <map>
#include <set>

namespace vmwright::inline v0::qemu::detail
{

namespace resolve_usb
{
namespace
{

auto port_count(Controller const& c) -> std::uint32_t
{
    auto const model = c.model.value_or("");
    if (model == "qemu-xhci" || model == "nec-xhci")
        return c.ports.value_or(4);
    if (model == "ehci" || model == "ich9-ehci1" || model == "ich9-ehci2")
        return 6;
    if (model == "pci-ohci")
        return 3;
    return 2;
}

} // namespace
} // namespace resolve_usb

void assign_usb_ports(Resolving& at)
{
    auto& devices = at.config.devices;
    std::map<std::uint32_t, std::set<std::string>> taken;
    auto const each = [&](auto&& visit) {
        for (std::size_t i = 0; i < devices.disks.size(); ++i)
            if (devices.disks[i].target.bus == DiskBus::usb)
                visit(devices.disks[i].info, device_node("disk", i));
        for (std::size_t i = 0; i < devices.inputs.size(); ++i)
            if (devices.inputs[i].bus == InputBus::usb)
                visit(devices.inputs[i].info, device_node("input", i));
        for (std::size_t i = 0; i < devices.serials.size(); ++i)
            if (devices.serials[i].target_type == "usb-serial")
                visit(devices.serials[i].info, device_node("serial", i));
        for (std::size_t i = 0; i < devices.sounds.size(); ++i)
            if (devices.sounds[i].model == SoundModel::usb)
                visit(devices.sounds[i].info, device_node("sound", i));
        for (std::size_t i = 0; i < devices.controllers.size(); ++i)
            if (devices.controllers[i].type == ControllerType::ccid)
                visit(devices.controllers[i].info, device_node("controller", i));
    };
    each([&](DeviceInfo const& info, std::string const& node) {
        auto const* address = address_as<UsbAddress>(info);
        if (address && address->port && !taken[address->bus].insert(*address->port).second)
            at.error(node + "/address", Fault::duplicate,
                     fmt::format("port {} of USB bus {} is taken", *address->port, address->bus),
                     "give another port, or leave the address out");
    });
    each([&](DeviceInfo& info, std::string const& node) {
        auto const* said = address_as<UsbAddress>(info);
        if (info.address && (!said || said->port))
            return;
        for (auto const& c : devices.controllers) {
            if (c.type != ControllerType::usb || c.master_startport || c.model == "none" || (said && said->bus != c.index))
                continue;
            for (std::uint32_t port = 1; port <= resolve_usb::port_count(c); ++port) {
                auto name = fmt::format("{}", port);
                if (!taken[*c.index].insert(name).second)
                    continue;
                info.address = UsbAddress{.bus = *c.index, .port = std::move(name)};
                at.origins.chose(node + "/address", "the next free USB port");
                return;
            }
        }
        at.error(node, Fault::conflict, "no USB controller has a free port for this device",
                 "add a USB controller or a hub, or give the controller more ports");
    });
}

} // namespace vmwright::inline v0::qemu::detail
