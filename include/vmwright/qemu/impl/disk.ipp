// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/disk.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>

#include <fmt/format.h>

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
        auto const is_vhostuser = std::holds_alternative<VhostUserSource>(disk.source);
        auto& device = at.device(virtio_driver(is_vhostuser ? "vhost-user-blk" : "virtio-blk", disk.info,
                                               disk.model == DiskModel::virtio_transitional,
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
        device.set_if(disk.device == DiskDevice::lun, "scsi", true);
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

auto vhostuser_chardev(Disk const& disk) -> std::string
{
    return fmt::format("chr-vu-{}", disk.info.alias.value_or(""));
}

void add_vhostuser_socket(Disk const& disk, std::string const& node, Translating& at)
{
    auto const& source = std::get<VhostUserSource>(disk.source);
    auto& chardev = at.add("chardev", node).set("", "socket").set("id", vhostuser_chardev(disk)).set("path", source.path);
    if (source.reconnect)
        chardev.set("reconnect", source.reconnect->enabled ? source.reconnect->timeout.value_or(0) : 0U);
}

/// Of reading as of writing, but for the one that only writing has.
void set_error_policies(Option& option, DiskDriver const& driver)
{
    auto const is_enospace = driver.error_policy == DiskErrorPolicy::enospace;
    if (driver.error_policy)
        option.set("werror", is_enospace ? "enospc" : to_string(*driver.error_policy));
    if (driver.rerror_policy)
        option.set("rerror", to_string(*driver.rerror_policy));
    else if (driver.error_policy && !is_enospace)
        option.set("rerror", to_string(*driver.error_policy));
}

/// A board's card reader knows drives only by their number.
void add_sd_card(Disk const& disk, std::string const& node, Translating& at)
{
    if (!std::holds_alternative<FileSource>(disk.source) && !std::holds_alternative<BlockSource>(disk.source))
        return at.error(node + "/@type", Fault::not_supported, "a card reader takes a file or a block device only",
                        "use type='file'");
    auto const driver = disk.driver.value_or(DiskDriver{});
    auto& drive = at.add("drive", node).set("file", source_path(disk.source));
    drive.set("format", driver.type.value_or("raw")).set("if", "sd");
    drive.set("index", index_of_target(disk.target.dev).value_or(0)).set_if(disk.read_only, "readonly", true);
    if (auto const cache = cache_of(disk))
        drive.set("cache", to_string(*cache));
    drive.set_if(driver.copy_on_read == true, "copy-on-read", true);
    if (driver.discard)
        drive.set("discard", to_string(*driver.discard));
    if (auto const zeroes = detect_zeroes_of(driver))
        drive.set("detect-zeroes", to_string(*zeroes));
    if (driver.io)
        drive.set("aio", to_string(*driver.io));
    set_error_policies(drive, driver);
}

/// What the drive tells the guest of its medium, and what it does when the host fails.
void set_content(Option& device, Disk const& d)
{
    if (d.geometry) {
        device.set("cyls", d.geometry->cylinders).set("heads", d.geometry->heads).set("secs", d.geometry->sectors);
        if (d.geometry->translation)
            device.set("bios-chs-trans", to_string(*d.geometry->translation));
    }
    if (d.block_io)
        device.set("logical_block_size", d.block_io->logical_block_size)
            .set("physical_block_size", d.block_io->physical_block_size);
    device.set("wwn", wwn_number(d.wwn));
    device.set("rotation_rate", d.target.rotation_rate);
    if (!d.serial.empty())
        device.set("serial", escaped_spaces(d.serial));
    if (auto const cache = cache_of(d); cache && d.target.bus != DiskBus::usb)
        if (auto const mode = cache_mode(*cache))
            device.set("write-cache", mode->writeback ? "on" : "off");
    if (d.driver)
        set_error_policies(device, *d.driver);
}

void choose_engine(std::optional<Encryption>& encryption, std::string const& node, Resolving const& at)
{
    if (encryption)
        at.choose(encryption->engine, EncryptionEngine::qemu, node + "/encryption/@engine", "QEMU decrypts");
}

/// The image and those that it is based on.
void complete_sources(Disk& d, std::string const& node, Resolving const& at)
{
    complete_source(d.source, d.source_options, node, at);
    choose_engine(d.source_options.encryption, node + "/source", at);
    choose_engine(d.encryption, node, at);
    auto place = node;
    for (auto* backing = &d.backing; !backing->empty(); backing = &backing->front().backing) {
        auto& store = backing->front();
        place += "/backingStore";
        store.index.reset();
        std::visit(
            [&](auto& source) {
                if constexpr (!std::is_same_v<decltype(source), EndOfChain&>) {
                    DiskSource copy{source};
                    complete_source(copy, store.options, place, at);
                    source = std::get<std::remove_cvref_t<decltype(source)>>(copy);
                }
            },
            store.source);
        choose_engine(store.options.encryption, place + "/source", at);
    }
}

void forget_zero(auto& number)
{
    if (number == 0U)
        number.reset();
}

void forget_zeros(IoTune& t)
{
    for (auto* limit : {&t.total_bytes_sec, &t.read_bytes_sec, &t.write_bytes_sec, &t.total_iops_sec, &t.read_iops_sec,
                        &t.write_iops_sec, &t.total_bytes_sec_max, &t.read_bytes_sec_max, &t.write_bytes_sec_max,
                        &t.total_iops_sec_max, &t.read_iops_sec_max, &t.write_iops_sec_max, &t.size_iops_sec,
                        &t.total_bytes_sec_max_length, &t.read_bytes_sec_max_length, &t.write_bytes_sec_max_length,
                        &t.total_iops_sec_max_length, &t.read_iops_sec_max_length, &t.write_iops_sec_max_length})
        forget_zero(*limit);
}

/// What says no more than its absence, and what only a running domain has.
void forget_defaults(Disk& d)
{
    d.mirror.reset();
    if (d.driver->cache == DiskCache::default_)
        d.driver->cache.reset();
    if (d.target.tray == Tray::closed)
        d.target.tray.reset();
    if (d.read_only && d.snapshot == DiskSnapshot::no)
        d.snapshot.reset();
    if (d.geometry && (d.geometry->cylinders == 0 || d.geometry->heads == 0 || d.geometry->sectors == 0))
        d.geometry.reset();
    if (d.block_io) {
        forget_zero(d.block_io->logical_block_size);
        forget_zero(d.block_io->physical_block_size);
        if (*d.block_io == BlockIo{})
            d.block_io.reset();
    }
    if (d.iotune) {
        forget_zeros(*d.iotune);
        if (*d.iotune == IoTune{})
            d.iotune.reset();
    }
}

} // namespace
} // namespace disk

auto bus_of(Disk const& disk) -> DiskBus
{
    return disk.target.bus.value_or(disk::bus_of_target(disk.target.dev, disk.device));
}

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

auto is_read_only(Disk const& disk) -> bool
{
    return disk.read_only || disk.device == DiskDevice::cdrom;
}

auto pci_needs(Disk const& d) -> unsigned
{
    if (d.target.bus != DiskBus::virtio)
        return pci_none;
    return d.model == DiskModel::virtio_transitional ? pci_ordinary : pcie_ordinary;
}

void complete(Disk& d, std::string const& node, Resolving const& at)
{
    at.choose(d.target.bus, bus_of(d), node + "/target/@bus", "the bus that the target's name implies");
    if (!d.driver) {
        d.driver.emplace();
        at.origins.chose(node + "/driver", "the driver qemu, format raw");
    }
    if (d.driver->name.empty())
        d.driver->name = "qemu";
    if (d.driver->type == "aio") // an older word
        d.driver->type = "raw";
    at.choose(d.driver->type, "raw", node + "/driver/@type", "format raw: none is guessed");
    if (d.device == DiskDevice::cdrom)
        d.read_only = true;
    if (is_empty(d.source))
        d.source = FileSource{}; // an empty drive is of no other type
    disk::complete_sources(d, node, at);
    disk::forget_defaults(d);
    if (std::holds_alternative<VhostUserSource>(d.source))
        at.choose(d.snapshot, DiskSnapshot::no, node + "/@snapshot", "another process has the disk's content");
    if (!d.info.address)
        if (auto const n = index_of_target(d.target.dev))
            if (auto const address = drive_address(*d.target.bus, *n)) {
                d.info.address = *address;
                at.origins.chose(node + "/address", "the place that the target's name implies");
            }
}

void translate(Disk const& d, std::string const& node, Translating& at)
{
    if (d.target.bus == DiskBus::sd)
        return disk::add_sd_card(d, node, at);
    if (d.transient && d.transient->share_backing == true)
        return; // plugged in when its overlay is there
    std::string drive;
    if (std::holds_alternative<VhostUserSource>(d.source))
        disk::add_vhostuser_socket(d, node, at);
    else if (!is_empty(d.source))
        drive = add_block_nodes(d, node, at);
    auto* device = disk::add_drive(d, node, at);
    if (!device)
        return at.error(node + "/target/@bus", Fault::not_supported,
                        fmt::format("QEMU has no disk bus '{}'", to_string(d.target.bus.value_or(DiskBus::none))),
                        "use virtio, scsi, sata, ide, usb or fdc");
    device->set_if(d.shareable, "share-rw", true);
    device->set_if(!drive.empty(), "drive", drive);
    if (std::holds_alternative<VhostUserSource>(d.source))
        device->set("chardev", disk::vhostuser_chardev(d));
    device->set("id", d.info.alias);
    if (d.target.bus != DiskBus::fdc)
        device->set("bootindex", at.boot_index(d.info, disk::boot_class(d.device), &d));
    disk::set_content(*device, d);
}

} // namespace vmwright::inline v0::qemu::detail
