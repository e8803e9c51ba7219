// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/controller.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/pci_seat.hpp>
#include <vmwright/qemu/detail/resolving.hpp>

#include <string_view>

namespace vmwright::inline v0::qemu::detail
{

namespace pci_seat
{
namespace
{

template <class List>
void seat_all(List& list, std::string_view kind, std::vector<PciSeat>& seats)
{
    for (std::size_t i = 0; i < list.size(); ++i)
        if (auto const needs = pci_needs(list[i]); needs != pci_none)
            seats.push_back({.info = &list[i].info, .kind = kind, .index = i, .needs = needs});
}

template <class T>
void seat_one(std::optional<T>& device, std::string_view kind, std::vector<PciSeat>& seats)
{
    if (!device)
        return;
    if (auto const needs = pci_needs(*device); needs != pci_none)
        seats.push_back({.info = &device->info, .kind = kind, .index = 0, .needs = needs});
}

} // namespace
} // namespace pci_seat

auto pci_seats(Devices& devices, bool has_pcie) -> std::vector<PciSeat>
{
    using pci_seat::seat_all;
    using pci_seat::seat_one;
    std::vector<PciSeat> seats;
    auto const controllers = [&](bool pci) {
        for (std::size_t i = 0; i < devices.controllers.size(); ++i) {
            auto& c = devices.controllers[i];
            auto const needs = pci_needs(c);
            if (needs != pci_none && (c.type == ControllerType::pci) == pci && !is_pci_root(c)) {
                seats.push_back({.info = &c.info, .kind = "controller", .index = i, .needs = needs});
                if (auto const function = companion_function(c)) {
                    seats.back().usb_index = c.index;
                    seats.back().function = *function;
                }
            }
        }
    };
    controllers(true);
    seat_all(devices.filesystems, "filesystem", seats);
    auto const interfaces = [&](bool of_host) {
        for (std::size_t i = 0; i < devices.interfaces.size(); ++i) {
            auto& nic = devices.interfaces[i];
            auto const needs = pci_needs(nic);
            if (needs != pci_none && std::holds_alternative<HostdevNetwork>(nic.source) == of_host)
                seats.push_back({.info = &nic.info, .kind = "interface", .index = i, .needs = needs});
        }
    };
    interfaces(false);
    seat_all(devices.sounds, "sound", seats);
    controllers(false);
    seat_all(devices.disks, "disk", seats);
    interfaces(true);
    seat_all(devices.hostdevs, "hostdev", seats);
    seat_one(devices.memballoon, "memballoon", seats);
    seat_all(devices.rngs, "rng", seats);
    seat_one(devices.watchdog, "watchdog", seats);
    seat_all(devices.videos, "video", seats);
    seat_all(devices.shmems, "shmem", seats);
    seat_all(devices.inputs, "input", seats);
    seat_all(devices.serials, "serial", seats);
    seat_one(devices.vsock, "vsock", seats);
    seat_all(devices.memories, "memory", seats);
    seat_one(devices.iommu, "iommu", seats);
    if (!has_pcie)
        for (auto& seat : seats)
            if ((seat.needs & pcie_device) != 0)
                seat.needs = (seat.needs & ~unsigned{pcie_device}) | pci_device;
    return seats;
}

} // namespace vmwright::inline v0::qemu::detail
