// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/board.hpp>
#include <vmwright/qemu/detail/disk.hpp>
#include <vmwright/qemu/detail/displays.hpp>
#include <vmwright/qemu/detail/firmware.hpp>
#include <vmwright/qemu/detail/security.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace vmwright::inline v0::qemu
{

namespace detail::prepare
{
namespace
{

auto directory_name(DomainConfig const& config, int id) -> std::string
{
    return fmt::format("domain-{}", detail::short_name(config, id));
}

/// libvirt's names: the bus and place for drives, kind and number for the rest.
auto alias_of(Disk const& d, DomainConfig const& config) -> std::string
{
    auto const* address = address_as<DriveAddress>(d.info);
    switch (d.target.bus.value_or(DiskBus::none)) {
    case DiskBus::scsi:
    case DiskBus::ide:
    case DiskBus::sata:
    case DiskBus::fdc: break;
    default: return {};
    }
    if (!address)
        return {};
    auto const bus = to_string(*d.target.bus);
    auto const& controllers = config.devices.controllers;
    auto const has_target = std::ranges::none_of(controllers, [&](Controller const& c) {
        return c.type == ControllerType::scsi && c.index == address->controller && c.model == "lsilogic";
    });
    if (d.target.bus == DiskBus::scsi && has_target)
        return fmt::format("{}{}-{}-{}-{}", bus, address->controller, address->bus, address->target, address->unit);
    return fmt::format("{}{}-{}-{}", bus, address->controller, address->bus, address->unit);
}

auto alias_of(Controller const& c, detail::Board const& board) -> std::string
{
    auto const index = c.index.value_or(0);
    switch (c.type) {
    case ControllerType::pci: return index == 0 && board.has_pcie() ? "pcie.0" : fmt::format("pci.{}", index);
    case ControllerType::usb: return index == 0 ? "usb" : fmt::format("usb{}", index);
    case ControllerType::ide: return index == 0 && board.has_ide() ? "ide" : fmt::format("ide{}", index);
    case ControllerType::sata: return index == 0 && board.has_sata() ? "ide" : fmt::format("sata{}", index);
    default: return fmt::format("{}{}", to_string(c.type), index);
    }
}

auto prefix_of(Disk const& d) -> std::string_view
{
    return d.target.bus == DiskBus::usb ? "usb-disk" : d.target.bus == DiskBus::sd ? "sd-disk" : "virtio-disk";
}

template <class T>
void number_aliases(std::vector<T>& list, std::string_view prefix)
{
    std::size_t next = 0;
    for (auto& device : list) {
        if (!device.info.alias)
            device.info.alias = fmt::format("{}{}", prefix, next);
        ++next;
    }
}

template <class T>
void name_alias(std::optional<T>& device, std::string_view alias)
{
    if (device && !device->info.alias)
        device->info.alias = alias;
}

/// A network card of the host counts among the host's devices.
void name_interfaces(Devices& devices)
{
    std::size_t nets = 0, hostdevs = 0;
    for (auto& nic : devices.interfaces) {
        auto const is_hostdev = std::holds_alternative<HostdevNetwork>(nic.source);
        auto alias = is_hostdev ? fmt::format("hostdev{}", hostdevs) : fmt::format("net{}", nets);
        ++(is_hostdev ? hostdevs : nets);
        if (!nic.info.alias)
            nic.info.alias = std::move(alias);
    }
    for (auto& hostdev : devices.hostdevs) {
        if (!hostdev.info.alias)
            hostdev.info.alias = fmt::format("hostdev{}", hostdevs);
        ++hostdevs;
    }
}

void assign_aliases(DomainConfig& config)
{
    auto& devices = config.devices;
    auto const board = detail::board_of(config);
    for (auto& c : devices.controllers)
        if (!c.info.alias)
            c.info.alias = alias_of(c, board);
    std::set<std::string> taken;
    for (auto& d : devices.disks) {
        if (!d.info.alias)
            d.info.alias = alias_of(d, config);
        if (d.info.alias->empty()) {
            auto number = detail::index_of_target(d.target.dev).value_or(0);
            do
                d.info.alias = fmt::format("{}{}", prefix_of(d), number++);
            while (taken.contains(*d.info.alias));
        }
        taken.insert(*d.info.alias);
    }
    number_aliases(devices.filesystems, "fs");
    name_interfaces(devices);
    number_aliases(devices.smartcards, "smartcard");
    number_aliases(devices.serials, "serial");
    number_aliases(devices.parallels, "parallel");
    number_aliases(devices.consoles, "console");
    if (!devices.consoles.empty() && !devices.serials.empty() && devices.consoles.front().target_type == "serial")
        devices.consoles.front().info.alias = devices.serials.front().info.alias;
    number_aliases(devices.channels, "channel");
    number_aliases(devices.inputs, "input");
    number_aliases(devices.tpms, "tpm");
    number_aliases(devices.sounds, "sound");
    number_aliases(devices.videos, "video");
    number_aliases(devices.redirdevs, "redir");
    number_aliases(devices.hubs, "hub");
    number_aliases(devices.rngs, "rng");
    number_aliases(devices.shmems, "shmem");
    detail::assign_memory_aliases(devices.memories);
    number_aliases(devices.panics, "panic");
    name_alias(devices.watchdog, "watchdog0");
    name_alias(devices.memballoon, "balloon0");
    name_alias(devices.nvram, "nvram");
    name_alias(devices.iommu, "iommu0");
    name_alias(devices.vsock, "vsock0");
}

/// libvirt keeps them beside its own directory: the server is of all domains.
void choose_shmem_sockets(Live& live, HostFacts const& facts)
{
    auto& shmems = live.config.devices.shmems;
    for (std::size_t i = 0; i < shmems.size(); ++i) {
        if (!shmems[i].server || shmems[i].server->path)
            continue;
        auto const parent = facts.directories.lib.substr(0, facts.directories.lib.rfind('/'));
        shmems[i].server->path = fmt::format("{}/shmem-{}-sock", parent, shmems[i].name);
        live.origins.chose(detail::device_node("shmem", i) + "/server/@path", "the socket of that name's server");
    }
}

void choose_sockets(Live& live, HostFacts const& facts, int id)
{
    auto& channels = live.config.devices.channels;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        auto* socket = std::get_if<UnixChar>(&channels[i].source);
        if (!socket || socket->path)
            continue;
        socket->mode = socket->mode.value_or(SocketMode::server);
        auto const leaf = channels[i].name ? *channels[i].name : channels[i].info.alias.value_or("channel");
        socket->path = fmt::format("{}/channel/target/{}/{}", facts.directories.lib, directory_name(live.config, id), leaf);
        live.origins.chose(detail::device_node("channel", i) + "/source/@path", "a socket of the domain's own");
    }
}

/// A number that no other domain of the same root has.
void choose_cid(Live& live, int id)
{
    auto& vsock = live.config.devices.vsock;
    if (id < 0 || !vsock || vsock->cid.auto_ == false)
        return;
    constexpr std::uint32_t first_cid = 3;
    vsock->cid.address = first_cid + static_cast<std::uint32_t>(id);
    live.origins.chose(detail::device_node("vsock", 0) + "/cid/@address", "a number of the domain's own");
}

} // namespace
} // namespace detail::prepare

auto prepare(Resolved resolved, HostFacts const& facts, int id) -> Checked<Live>
{
    Checked<Live> checked;
    auto const directory = fmt::format("{}/{}", facts.directories.lib, detail::prepare::directory_name(resolved.config, id));
    checked.result = {.config = std::move(resolved.config), .origins = std::move(resolved.origins), .id = id};
    detail::prepare::assign_aliases(checked.result.config);
    detail::number_images(checked.result.config.devices.disks);
    detail::prepare_graphics(checked.result.config, checked.result.origins, facts, directory, id, checked.diagnostics);
    detail::prepare::choose_sockets(checked.result, facts, id);
    detail::prepare::choose_cid(checked.result, id);
    detail::choose_firmware(checked.result, facts, checked.diagnostics);
    detail::choose_launch_security(checked.result.config, facts);
    detail::prepare::choose_shmem_sockets(checked.result, facts);
    return checked;
}

} // namespace vmwright::inline v0::qemu
