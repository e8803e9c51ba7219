// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/resolving.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qemu::detail
{

namespace resolve_zpci
{
namespace
{

struct Place
{
    PciAddress* address{};
    std::string node{};
};

/// The devices on PCI, in the order in which libvirt numbers them.
auto places_of(Devices& devices) -> std::vector<Place>
{
    std::vector<Place> places;
    auto const add_one = [&](DeviceInfo& info, std::string node) {
        if (auto* address = info.address ? std::get_if<PciAddress>(&*info.address) : nullptr)
            places.push_back({address, std::move(node)});
    };
    auto const add = [&](auto& list, std::string_view kind) {
        if constexpr (requires { list.size(); })
            for (std::size_t i = 0; i < list.size(); ++i)
                add_one(list[i].info, device_node(kind, i));
        else if (list)
            add_one(list->info, device_node(kind, 0));
    };
    add(devices.disks, "disk");
    add(devices.interfaces, "interface");
    add(devices.sounds, "sound");
    add(devices.hostdevs, "hostdev");
    add(devices.videos, "video");
    add(devices.controllers, "controller");
    add(devices.serials, "serial");
    add(devices.inputs, "input");
    add(devices.filesystems, "filesystem");
    add(devices.watchdog, "watchdog");
    add(devices.memballoon, "memballoon");
    add(devices.rngs, "rng");
    add(devices.shmems, "shmem");
    add(devices.memories, "memory");
    add(devices.iommu, "iommu");
    add(devices.vsock, "vsock");
    return places;
}

class Numbers
{
public:
    explicit Numbers(std::uint32_t first)
        : next_{first}
    {
    }

    void settle(std::optional<std::uint32_t>& number, std::string const& node, Resolving const& at)
    {
        while (!number && taken_.contains(next_))
            ++next_;
        at.choose(number, next_, node, "the next free number of a PCI device");
        if (!taken_.insert(*number).second)
            at.error(node, Fault::duplicate, fmt::format("the number {:#x} is another device's already", *number),
                     "give another one, or leave it out");
    }

private:
    std::uint32_t next_;
    std::set<std::uint32_t> taken_{};
};

} // namespace
} // namespace resolve_zpci

void assign_zpci_addresses(Resolving& at)
{
    if (at.board.family != BoardFamily::ccw)
        return;
    auto const places = resolve_zpci::places_of(at.config.devices);
    resolve_zpci::Numbers uids{1}, fids{0};
    for (auto const is_said : {true, false}) // what the user began comes first
        for (auto const& [address, node] : places) {
            if (address->zpci.has_value() && address->zpci != ZpciAddress{} ? !is_said : is_said)
                continue;
            if (!address->zpci)
                address->zpci.emplace();
            uids.settle(address->zpci->uid, node + "/address/zpci/@uid", at);
            fids.settle(address->zpci->fid, node + "/address/zpci/@fid", at);
        }
}

} // namespace vmwright::inline v0::qemu::detail
