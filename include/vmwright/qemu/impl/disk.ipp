// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <vector>

#include <map>

#include <algorithm>
#include <charconv>

namespace vmwright::inline v0::qemu::detail
{

namespace disk
{
namespace
{

auto bus_of_target(std::string_view dev, DiskDevice device) -> DiskBus
{
    constexpr std::pair<std::string_view, DiskBus> prefixes[] = {{"fd", DiskBus::fdc},  {"hd", DiskBus::ide},
                                                                 {"sd", DiskBus::scsi}, {"vd", DiskBus::virtio},
                                                                 {"xvd", DiskBus::xen}, {"ubd", DiskBus::uml}};
    for (auto const& [prefix, bus] : prefixes)
        if (dev.starts_with(prefix))
            return bus;
    return device == DiskDevice::floppy ? DiskBus::fdc : DiskBus::ide;
}

/// 0 for vda, 26 for vdaa; nothing for a name that has no place in the alphabet.
auto index_of_target(std::string_view dev) -> std::optional<std::uint32_t>
{
    for (std::string_view const prefix : {"xvd", "ubd", "fd", "hd", "sd", "vd"}) {
        if (!dev.starts_with(prefix) || dev.size() == prefix.size())
            continue;
        std::uint32_t number = 0;
        auto rest = dev.substr(prefix.size());
        for (; !rest.empty() && rest.front() >= 'a' && rest.front() <= 'z' && number < 100000; rest.remove_prefix(1))
            number = number * 26 + static_cast<std::uint32_t>(rest.front() - 'a' + 1);
        if (number == 0)
            return std::nullopt;
        return number - 1;
    }
    return std::nullopt;
}

/// Where libvirt puts the nth drive of a bus.
auto drive_address(DiskBus bus, std::uint32_t n) -> std::optional<DriveAddress>
{
    switch (bus) {
    case DiskBus::scsi: return DriveAddress{.controller = n / 7, .unit = n % 7};
    case DiskBus::ide: return DriveAddress{.controller = n / 4, .bus = n % 4 / 2, .unit = n % 2};
    case DiskBus::sata: return DriveAddress{.controller = n / 6, .unit = n % 6};
    case DiskBus::fdc: return DriveAddress{.controller = n / 2, .unit = n % 2};
    default: return std::nullopt;
    }
}

struct CacheMode
{
    bool direct{};
    bool no_flush{};
    bool writeback{};
};

auto cache_mode(DiskCache cache) -> std::optional<CacheMode>
{
    switch (cache) {
    case DiskCache::none: return CacheMode{.direct = true, .writeback = true};
    case DiskCache::writethrough: return CacheMode{};
    case DiskCache::writeback: return CacheMode{.writeback = true};
    case DiskCache::directsync: return CacheMode{.direct = true};
    case DiskCache::unsafe: return CacheMode{.no_flush = true, .writeback = true};
    case DiskCache::default_: return std::nullopt;
    }
    return std::nullopt;
}

/// As libvirt gives a serial number to the guest.
auto escaped_spaces(std::string_view text) -> std::string
{
    std::string escaped;
    for (auto const c : text) {
        if (c == ' ')
            escaped += '\\';
        escaped += c;
    }
    return escaped;
}

/// What is said, or what an image shared with other guests needs.
auto cache_of(Disk const& disk) -> std::optional<DiskCache>
{
    auto const said = disk.driver ? disk.driver->cache : std::nullopt;
    return disk.shareable && (!said || *said == DiskCache::default_) ? DiskCache::none : said;
}

auto wwn_number(std::string_view text) -> std::optional<std::uint64_t>
{
    if (text.starts_with("0x"))
        text.remove_prefix(2);
    std::uint64_t number{};
    auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
    if (error != std::errc{} || stop != text.data() + text.size())
        return std::nullopt;
    return number;
}

auto is_read_only(Disk const& disk) -> bool
{
    return disk.read_only || disk.device == DiskDevice::cdrom;
}

/// The discard that the format layer is told; without one a detect_zeroes of unmap is no more than on.
auto detect_zeroes(DiskDriver const& driver) -> std::optional<DetectZeroes>
{
    if (driver.detect_zeroes == DetectZeroes::unmap && driver.discard != DiskDiscard::unmap)
        return DetectZeroes::on;
    return driver.detect_zeroes;
}

/// The chain of block nodes; the name of its top is returned.
auto add_block_nodes(Disk const& disk, std::size_t number, std::string const& node, Translating& at) -> std::string
{
    auto const driver = disk.driver.value_or(DiskDriver{});
    auto const format = driver.type.value_or("raw");
    auto const storage = fmt::format("libvirt-{}-storage", number);
    auto const top = fmt::format("libvirt-{}-format", number);
    auto const cache = cache_of(disk);
    auto const mode = cache ? cache_mode(*cache) : std::nullopt;
    auto const set_cache = [&](Option& option) {
        if (mode)
            option.set("cache", Map{{"direct", mode->direct}, {"no-flush", mode->no_flush}});
    };

    auto& lower = at.add("blockdev", node);
    if (auto const* dir = std::get_if<DirSource>(&disk.source))
        lower.set("driver", "vvfat").set("dir", dir->dir).set("floppy", disk.device == DiskDevice::floppy).set("rw", false);
    else
        lower.set("driver", std::holds_alternative<BlockSource>(disk.source) ? "host_device" : "file")
            .set("filename", source_path(disk.source));
    if (driver.io)
        lower.set("aio", *driver.io == DiskIo::io_uring ? "io_uring" : to_string(*driver.io));
    lower.set("node-name", storage);
    set_cache(lower);
    lower.set("auto-read-only", true).set("discard", "unmap");

    auto& upper = at.add("blockdev", node);
    upper.set("node-name", top).set("read-only", is_read_only(disk));
    if (driver.discard)
        upper.set("discard", to_string(*driver.discard));
    if (auto const zeroes = detect_zeroes(driver))
        upper.set("detect-zeroes", to_string(*zeroes));
    set_cache(upper);
    upper.set("driver", format == "fat" || format == "iso" ? "raw" : format);
    if (driver.metadata_cache_size)
        upper.set("cache-size", driver.metadata_cache_size->bytes);
    upper.set("file", storage);

    if (driver.copy_on_read == true) {
        auto const filter = fmt::format("libvirt-CoR-{}", disk.target.dev);
        at.add("blockdev", node)
            .set("driver", "copy-on-read")
            .set("node-name", filter)
            .set("file", top)
            .set("discard", "unmap");
        return filter;
    }
    return top;
}

auto boot_class(DiskDevice device) -> BootDevice
{
    return device == DiskDevice::cdrom ? BootDevice::cdrom : device == DiskDevice::floppy ? BootDevice::fd : BootDevice::hd;
}

auto scsi_driver(Disk const& disk) -> std::string_view
{
    return disk.device == DiskDevice::lun ? "scsi-block" : disk.device == DiskDevice::cdrom ? "scsi-cd" : "scsi-hd";
}

/// The QEMU device, with its bus; what all drives have in common comes after.
auto add_drive(Disk const& disk, std::string const& node, Translating& at) -> Option*
{
    auto const* address = address_as<DriveAddress>(disk.info);
    auto const a = address ? *address : DriveAddress{};
    switch (disk.target.bus.value_or(DiskBus::none)) {
    case DiskBus::virtio: {
        auto& device = at.device(virtio_driver("virtio-blk", disk.info, disk.model == DiskModel::virtio_transitional,
                                               disk.model == DiskModel::virtio_non_transitional),
                                 node);
        if (disk.driver) {
            if (disk.driver->iothread)
                device.set("iothread", fmt::format("iothread{}", *disk.driver->iothread));
            device.set("ioeventfd", disk.driver->ioeventfd)
                .set("event_idx", disk.driver->event_idx)
                .set("num-queues", disk.driver->queues)
                .set("queue-size", disk.driver->queue_size);
            set_virtio(device, disk.driver->virtio);
        }
        at.place(device, disk.info);
        return &device;
    }
    case DiskBus::sata:
    case DiskBus::ide: {
        auto& device = at.device(disk.device == DiskDevice::cdrom ? "ide-cd" : "ide-hd", node);
        auto const is_sata = disk.target.bus == DiskBus::sata;
        if (is_sata)
            device.set("bus", fmt::format("{}.{}", at.controller_alias(ControllerType::sata, a.controller), a.unit));
        else
            device.set("bus", fmt::format("{}.{}", at.controller_alias(ControllerType::ide, a.controller), a.bus))
                .set("unit", a.unit);
        return &device;
    }
    case DiskBus::scsi: {
        auto& device = at.device(scsi_driver(disk), node);
        auto const* controller = find_controller(at.config, ControllerType::scsi, a.controller);
        device.set("bus", at.controller_alias(ControllerType::scsi, a.controller) + ".0");
        if (controller && is_scsi_without_luns(*controller))
            device.set("scsi-id", a.unit);
        else
            device.set("channel", a.bus).set("scsi-id", a.target).set("lun", a.unit);
        if (disk.device != DiskDevice::lun)
            device.set("device_id", fmt::format("drive-{}", disk.info.alias.value_or("")));
        if (!disk.vendor.empty())
            device.set("vendor", disk.vendor);
        if (!disk.product.empty())
            device.set("product", disk.product);
        return &device;
    }
    case DiskBus::usb: {
        auto& device = at.device("usb-storage", node);
        at.place(device, disk.info);
        device.set("removable", disk.target.removable.value_or(false));
        return &device;
    }
    case DiskBus::fdc: return &at.device("floppy", node).set("unit", a.unit);
    default: return nullptr;
    }
}

} // namespace
} // namespace disk

auto pci_needs(Disk const& d) -> unsigned
{
    if (d.target.bus != DiskBus::virtio)
        return pci_none;
    return d.model == DiskModel::virtio_transitional ? pci_ordinary : pcie_ordinary;
}

void complete(Disk& d, std::string const& node, Resolving const& at)
{
    at.choose(d.target.bus, disk::bus_of_target(d.target.dev, d.device), node + "/target/@bus",
              "the bus that the target's name implies");
    if (!d.driver) {
        d.driver.emplace();
        at.origins.chose(node + "/driver", "the driver qemu, format raw");
    }
    if (d.driver->name.empty())
        d.driver->name = "qemu";
    at.choose(d.driver->type, std::holds_alternative<DirSource>(d.source) ? "fat" : "raw", node + "/driver/@type",
              "format raw: none is guessed");
    if (d.target.bus == DiskBus::virtio && !d.model && at.board.family == BoardFamily::other)
        return;
    if (d.device == DiskDevice::cdrom)
        d.read_only = true;
    if (!d.info.address)
        if (auto const n = disk::index_of_target(d.target.dev))
            if (auto const address = disk::drive_address(*d.target.bus, *n)) {
                d.info.address = *address;
                at.origins.chose(node + "/address", "the place that the target's name implies");
            }
}

void translate(Disk const& d, std::string const& node, Translating& at)
{
    auto const number = static_cast<std::size_t>(&d - at.config.devices.disks.data()) + 1;
    auto const has_medium = !source_path(d.source).empty();
    auto const drive = has_medium ? disk::add_block_nodes(d, number, node, at) : std::string{};
    auto* device = disk::add_drive(d, node, at);
    if (!device)
        return at.error(node + "/target/@bus", Fault::not_supported,
                        fmt::format("QEMU has no disk bus '{}'", to_string(d.target.bus.value_or(DiskBus::none))),
                        "use virtio, scsi, sata, ide, usb or fdc");
    device->set_if(d.shareable, "share-rw", true);
    device->set_if(has_medium, "drive", drive);
    device->set("id", d.info.alias);
    if (d.target.bus != DiskBus::fdc)
        device->set("bootindex", at.boot_index(d.info, disk::boot_class(d.device), &d));
    if (d.geometry) {
        device->set("cyls", d.geometry->cylinders).set("heads", d.geometry->heads).set("secs", d.geometry->sectors);
        device->set("bios-chs-trans", d.geometry->translation);
    }
    if (d.block_io)
        device->set("logical_block_size", d.block_io->logical_block_size)
            .set("physical_block_size", d.block_io->physical_block_size);
    device->set("wwn", disk::wwn_number(d.wwn));
    device->set("rotation_rate", d.target.rotation_rate);
    if (!d.serial.empty())
        device->set("serial", disk::escaped_spaces(d.serial));
    if (auto const cache = disk::cache_of(d); cache && d.target.bus != DiskBus::usb)
        if (auto const mode = disk::cache_mode(*cache))
            device->set("write-cache", mode->writeback ? "on" : "off");
    if (d.driver && d.driver->error_policy)
        device->set("werror", to_string(*d.driver->error_policy));
    if (d.driver && (d.driver->rerror_policy || d.driver->error_policy))
        if (auto const policy = d.driver->rerror_policy ? d.driver->rerror_policy : d.driver->error_policy;
            *policy != DiskErrorPolicy::enospace)
            device->set("rerror", to_string(*policy));
}

namespace disk_check
{
namespace
{

void wwn(Disk const& disk, std::string const& node, Checking const& at)
{
    auto text = std::string_view{disk.wwn};
    if (text.starts_with("0x"))
        text.remove_prefix(2);
    if (text.size() != 16 || text.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
        at.error(node + "/wwn", Fault::bad_text, fmt::format("'{}' is not a wwn", disk.wwn), "give 16 hex digits");
    else if (disk.target.bus && *disk.target.bus != DiskBus::ide && *disk.target.bus != DiskBus::scsi &&
             *disk.target.bus != DiskBus::sata)
        at.error(node + "/wwn", Fault::not_supported, fmt::format("a {} disk has no wwn", to_string(*disk.target.bus)),
                 "use ide, sata or scsi");
}

void driver(DiskDriver const& driver, Disk const& disk, std::string const& node, Checking const& at)
{
    constexpr auto formats = name_list("raw", "dir", "bochs", "cloop", "dmg", "iso", "vpc", "vdi", "fat", "vhd", "ploop",
                                       "cow", "qcow", "qcow2", "qed", "vmdk");
    if (!driver.name.empty() && driver.name != "qemu")
        at.error(node + "/driver/@name", Fault::unknown_value, fmt::format("'{}' is not a disk driver", driver.name),
                 "use qemu");
    if (driver.type && std::ranges::find(formats, *driver.type) == formats.end())
        at.error(node + "/driver/@type", Fault::unknown_value, fmt::format("'{}' is not an image format", *driver.type),
                 suggestion(*driver.type, formats));
    if (driver.io == DiskIo::native && driver.cache != DiskCache::none && driver.cache != DiskCache::directsync)
        at.error(node + "/driver/@io", Fault::conflict, "io='native' needs a disk without host cache",
                 "add cache='none' or cache='directsync'");
    if (driver.copy_on_read == true && disk.read_only)
        at.error(node + "/driver/@copy_on_read", Fault::conflict, "a read-only disk cannot copy on read", "remove one");
    auto const bus = disk.target.bus;
    auto const is_virtio = bus == DiskBus::virtio || (!bus && disk.target.dev.starts_with("vd"));
    if (driver.queues && !is_virtio)
        at.error(node + "/driver/@queues", Fault::not_supported, "only virtio disks have queues", "remove it");
    if (driver.iothread)
        at.error(node + "/driver/@iothread", Fault::not_supported_yet, "not supported yet: iothread");
}

} // namespace
} // namespace disk_check

void check(Disk const& disk, std::string const& node, Checking const& at)
{
    if (disk.target.dev.empty())
        at.error(node + "/target/@dev", Fault::missing, "the disk has no target", "add <target dev='vda'/>");
    auto const is_removable = disk.device == DiskDevice::cdrom || disk.device == DiskDevice::floppy;
    if (source_path(disk.source).empty() && !is_removable)
        at.error(node + "/source", Fault::missing, fmt::format("disk '{}' has no source", disk.target.dev),
                 "add <source file='…'/>");
    auto const bus = disk.target.bus;
    if (disk.driver)
        disk_check::driver(*disk.driver, disk, node, at);
    if (bus == DiskBus::ide && at.machine_contains("q35"))
        at.error(node + "/target/@bus", Fault::not_supported, "a q35 machine has no IDE controller", "use sata");
    if (disk.read_only && !is_removable && (bus == DiskBus::sata || bus == DiskBus::ide))
        at.error(node + "/readonly", Fault::not_supported, fmt::format("{} disks cannot be read-only", to_string(*bus)),
                 "use virtio or scsi, or make it a cdrom");
    if (disk.vendor.size() > 8)
        at.error(node + "/vendor", Fault::bad_text, fmt::format("'{}' is longer than 8 characters", disk.vendor));
    if (disk.product.size() > 16)
        at.error(node + "/product", Fault::bad_text, fmt::format("'{}' is longer than 16 characters", disk.product));
    if (!disk.wwn.empty())
        disk_check::wwn(disk, node, at);
    if (disk.shareable && disk.driver && disk.driver->type.value_or("raw") != "raw")
        at.error(node + "/shareable", Fault::conflict,
                 fmt::format("an image of format {} cannot be shared", *disk.driver->type), "use raw");
    if (disk.info.boot_order == 0U)
        at.error(node + "/boot/@order", Fault::bad_number, "a boot order counts from 1");
    if (disk.startup_policy)
        at.warning(node + "/source/@startupPolicy", Fault::ignored, "a start policy has no effect yet");
    if (disk.snapshot && *disk.snapshot != DiskSnapshot::no)
        at.warning(node + "/@snapshot", Fault::ignored, "how a snapshot treats the disk has no effect yet");
    if (disk.iotune)
        at.warning(node + "/iotune", Fault::ignored, "limits on I/O have no effect yet");
    if (disk.transient)
        at.error(node + "/transient", Fault::not_supported_yet, "not supported yet: transient");
}

void check_all(std::vector<Disk> const& disks, Checking const& at)
{
    std::map<std::string, std::size_t> targets;
    for (std::size_t i = 0; i < disks.size(); ++i)
        if (auto const& target = disks[i].target.dev; !target.empty())
            if (auto const [first, is_new] = targets.emplace(target, i); !is_new)
                at.error(device_node("disk", i) + "/target/@dev", Fault::duplicate,
                         fmt::format("the target '{}' is that of disk {} already", target, first->second + 1),
                         "give each disk its own");
}

} // namespace vmwright::inline v0::qemu::detail
