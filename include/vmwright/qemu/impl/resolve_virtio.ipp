// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/interface.hpp>
#include <vmwright/qemu/detail/resolving.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

namespace vmwright::inline v0::qemu::detail
{

namespace resolve_virtio
{
namespace
{

template <class Device>
auto is_virtio(Device const&) -> bool
{
    return false;
}
auto is_virtio(Disk const& d) -> bool
{
    return d.target.bus == DiskBus::virtio;
}
auto is_virtio(Interface const& nic) -> bool
{
    return is_virtio_model(nic.model.value_or(""));
}
auto is_virtio(Video const& v) -> bool
{
    return v.model.type == VideoType::virtio;
}
auto is_virtio(Controller const& c) -> bool
{
    return c.type == ControllerType::virtio_serial ||
           (c.type == ControllerType::scsi && c.model && c.model->starts_with("virtio-"));
}
auto is_virtio(Input const& i) -> bool
{
    return i.bus == InputBus::virtio;
}
auto is_virtio(Memballoon const& b) -> bool
{
    return b.model != MemballoonModel::none;
}
auto is_virtio(Rng const&) -> bool
{
    return true;
}
auto is_virtio(Vsock const&) -> bool
{
    return true;
}

/// libvirt's board of virtio-mmio gives an address of that type to any SCSI controller.
auto is_virtio_mmio(Controller const& c) -> bool
{
    return c.type == ControllerType::virtio_serial || c.type == ControllerType::scsi;
}
auto is_virtio_mmio(auto const& device) -> bool
{
    return is_virtio(device);
}

/// A device that may have an address, and whether it is one of virtio.
struct Place
{
    DeviceInfo* info{};
    std::string node{};
    bool is_virtio{};
};

/// In the order in which libvirt gives addresses out.
auto places_of(Devices& devices, bool mmio) -> std::vector<Place>
{
    std::vector<Place> places;
    auto const fits = [mmio](auto const& device) { return mmio ? is_virtio_mmio(device) : is_virtio(device); };
    auto const add = [&](auto& list, std::string_view kind) {
        if constexpr (requires { list.size(); })
            for (std::size_t i = 0; i < list.size(); ++i)
                places.push_back({&list[i].info, device_node(kind, i), fits(list[i])});
        else if (list)
            places.push_back({&list->info, device_node(kind, 0), fits(*list)});
    };
    add(devices.disks, "disk");
    add(devices.interfaces, "interface");
    add(devices.videos, "video");
    add(devices.controllers, "controller");
    add(devices.inputs, "input");
    add(devices.memballoon, "memballoon");
    add(devices.rngs, "rng");
    add(devices.vsock, "vsock");
    return places;
}

using Number = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;

auto number_of(CcwAddress const& address) -> Number
{
    return {*address.cssid, *address.ssid, *address.devno};
}

auto is_whole(CcwAddress const& address) -> bool
{
    return address.cssid && address.ssid && address.devno;
}

void assign_ccw(std::vector<Place> const& places, Resolving& at)
{
    constexpr std::uint32_t virtual_cssid = 0xfe;
    std::set<Number> taken;
    for (auto const& place : places)
        if (auto const* address = address_as<CcwAddress>(*place.info); address && is_whole(*address))
            if (!taken.insert(number_of(*address)).second)
                at.error(place.node + "/address", Fault::duplicate,
                         fmt::format("another device is at {:x}.{:x}.{:04x} already", *address->cssid, *address->ssid,
                                     *address->devno),
                         "give another address, or leave it out");
    CcwAddress next{.cssid = virtual_cssid, .ssid = 0, .devno = 0};
    for (auto const& place : places) {
        auto const* said = address_as<CcwAddress>(*place.info);
        if (said ? is_whole(*said) : place.info->address || !place.is_virtio)
            continue;
        while (!taken.insert(number_of(next)).second)
            ++*next.devno;
        place.info->address = next;
        at.origins.chose(place.node + "/address", "the next free channel device");
    }
}

} // namespace
} // namespace resolve_virtio

void assign_virtio_addresses(Resolving& at)
{
    if (at.board.family == BoardFamily::ccw)
        return resolve_virtio::assign_ccw(resolve_virtio::places_of(at.config.devices, false), at);
    auto const places = resolve_virtio::places_of(at.config.devices, true);
    auto const has_mmio = [&] {
        return std::ranges::any_of(places, [](auto const& p) { return address_as<VirtioMmioAddress>(*p.info) != nullptr; });
    };
    // a board that has PCI too keeps to what the first of the devices does
    if (!at.board.has_virtio_mmio_only() && !(at.board.family == BoardFamily::virt && has_mmio()))
        return;
    for (auto const& place : places)
        if (place.is_virtio && !place.info->address) {
            place.info->address = VirtioMmioAddress{};
            at.origins.chose(place.node + "/address", "the board has virtio devices in memory");
        }
}

} // namespace vmwright::inline v0::qemu::detail
