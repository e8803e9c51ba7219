// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>

#include <fmt/format.h>

#include <map>

namespace vmwright::inline v0::qemu::detail
{

namespace check_places_parts
{
namespace
{

/// What a device says of itself, and whether it sits on PCI or will.
struct Seated
{
    DeviceInfo const* info{};
    bool is_on_pci{};
};

template <class Device>
void add_seat(Device const& device, std::vector<Seated>& seats)
{
    if constexpr (requires { device.info; }) {
        auto const& address = device.info.address;
        seats.push_back(
            {&device.info, address ? std::holds_alternative<PciAddress>(*address) : pci_needs(device) != pci_none});
    }
}

template <class T>
auto seats_of(T const& list) -> std::vector<Seated>
{
    std::vector<Seated> seats;
    if constexpr (requires { list.size(); })
        for (auto const& device : list)
            add_seat(device, seats);
    else if (list)
        add_seat(*list, seats);
    return seats;
}

void pci_address(PciAddress const& a, std::string const& node, std::map<std::string, std::string>& places,
                 Checking const& at)
{
    if (a.slot > 31)
        at.error(node + "/address/@slot", Fault::bad_number, fmt::format("{:#x} is not a PCI slot", a.slot),
                 "give 0x00 to 0x1f");
    if (a.function > 7)
        at.error(node + "/address/@function", Fault::bad_number, fmt::format("{:#x} is not a PCI function", a.function),
                 "give 0x0 to 0x7");
    if (a.zpci && !at.capabilities.has_device("zpci"))
        at.error(node + "/address/zpci", Fault::not_supported, "only PCI devices of s390x have numbers of their own",
                 "remove it");
    if (a.zpci && a.zpci->uid && (*a.zpci->uid == 0 || *a.zpci->uid > 0xffff))
        at.error(node + "/address/zpci/@uid", Fault::bad_number,
                 fmt::format("{:#x} is not the number of a PCI device", *a.zpci->uid), "give 0x0001 to 0xffff");
    if (a.is_unset())
        return;
    auto const place = fmt::format("{:04x}:{:02x}:{:02x}.{}", a.domain, a.bus, a.slot, a.function);
    if (auto const [first, is_new] = places.emplace(place, node); !is_new)
        at.error(node + "/address", Fault::duplicate,
                 fmt::format("PCI address {} is that of {} already", place, first->second),
                 "give another address, or leave it out");
}

/// Windows names its devices by that number.
void acpi_index(Seated const& seat, std::string const& node, Checking const& at)
{
    if (*seat.info->acpi_index == 0)
        at.error(node + "/acpi/@index", Fault::bad_number, "0 is no index for ACPI", "give 1 or more");
    else if (!seat.is_on_pci)
        at.error(node + "/acpi/@index", Fault::not_supported, "only a device on PCI has an index for ACPI", "remove <acpi>");
}

void drive_address(DriveAddress const& a, Disk const& disk, std::string const& node,
                   std::map<std::string, std::string>& places, Checking const& at)
{
    auto const bus = disk.target.bus ? to_string(*disk.target.bus) : std::string_view{disk.target.dev}.substr(0, 2);
    auto const place = fmt::format("{} controller {} bus {} target {} unit {}", bus, a.controller, a.bus, a.target, a.unit);
    if (auto const [first, is_new] = places.emplace(place, node); !is_new)
        at.error(node + "/address", Fault::duplicate, fmt::format("{} is that of {} already", place, first->second),
                 "give another address, or leave it out");
}

} // namespace
} // namespace check_places_parts

void check_no_virtio(VirtioOptions const& virtio, std::string const& node, Checking const& at)
{
    auto const refuse = [&](std::optional<bool> const& option, std::string_view name) {
        if (option)
            at.error(fmt::format("{}/driver/@{}", node, name), Fault::not_supported,
                     fmt::format("only virtio devices have '{}'", name), "leave it out");
    };
    refuse(virtio.iommu, "iommu");
    refuse(virtio.ats, "ats");
    refuse(virtio.packed, "packed");
    refuse(virtio.page_per_vq, "page_per_vq");
}

void check_places(Checking const& at)
{
    std::map<std::uint32_t, std::string> orders;
    std::map<std::string, std::string> aliases, places;
    auto const& devices = at.config.devices;
    auto const is_other_name_of_a_serial_port = [&](std::string_view kind, std::size_t i) {
        return kind == "console" && i == 0 && !devices.serials.empty() &&
               devices.consoles[i].target_type.value_or("serial") == "serial";
    };
    for_each_kind(devices, [&](std::string_view kind, auto const& list) {
        auto const all = check_places_parts::seats_of(list);
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const node = device_node(kind, i);
            auto const& info = *all[i].info;
            if (is_other_name_of_a_serial_port(kind, i))
                continue;
            if (info.boot_order)
                if (auto const [first, is_new] = orders.emplace(*info.boot_order, node); !is_new)
                    at.error(node + "/boot/@order", Fault::duplicate,
                             fmt::format("boot order {} is that of {} already", *info.boot_order, first->second),
                             "give each its own");
            if (info.alias && is_user_alias(*info.alias))
                if (auto const [first, is_new] = aliases.emplace(*info.alias, node); !is_new)
                    at.error(node + "/alias/@name", Fault::duplicate,
                             fmt::format("the alias '{}' is that of {} already", *info.alias, first->second),
                             "give each its own");
            if (address_as<VirtioMmioAddress>(info) && !at.capabilities.has_device("virtio-mmio"))
                at.error(node + "/address/@type", Fault::not_supported,
                         fmt::format("QEMU {} for {} has no virtio-mmio", to_string(at.capabilities.version),
                                     at.capabilities.arch),
                         "leave the address out");
            if (info.rom && info.rom->enabled == false && (info.rom->bar || !info.rom->file.empty()))
                at.error(node + "/rom", Fault::conflict, "a ROM that is off has neither a bar nor a file",
                         "leave out enabled='no', or the others");
            if (info.loadparm)
                check_loadparm(*info.loadparm, node, at);
            if (info.acpi_index)
                check_places_parts::acpi_index(all[i], node, at);
            if (auto const* pci = address_as<PciAddress>(info))
                check_places_parts::pci_address(*pci, node, places, at);
            if (auto const* drive = address_as<DriveAddress>(info); drive && kind == "disk")
                check_places_parts::drive_address(*drive, devices.disks[i], node, places, at);
        }
    });
    if (!orders.empty() && !at.config.os.boot.empty())
        at.error("/domain/os/boot", Fault::conflict, "devices have a boot order of their own",
                 "remove either <boot dev=…> in <os> or the devices' <boot order=…>");
}

} // namespace vmwright::inline v0::qemu::detail
