// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/qemu/detail/disk.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace vmwright::inline v0::qemu::detail
{

namespace disk_check
{
namespace
{

auto is_removable(Disk const& disk) -> bool
{
    return disk.device == DiskDevice::cdrom || disk.device == DiskDevice::floppy;
}

auto format_of(Disk const& disk) -> std::string
{
    return disk.driver ? disk.driver->type.value_or("raw") : "raw";
}

auto is_printable(std::string_view text) -> bool
{
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

/// Tells one fault after another of the same disk.
struct Refuse
{
    std::string const& node;
    Checking const& at;

    void operator()(bool condition, std::string_view where, std::string message, std::string hint = "remove it") const
    {
        if (condition)
            at.error(node + std::string{where}, Fault::not_supported, std::move(message), std::move(hint));
    }
};

void target(Disk const& disk, std::string const& node, Checking const& at)
{
    auto const& dev = disk.target.dev;
    if (dev.empty())
        return at.error(node + "/target/@dev", Fault::missing, "the disk has no target", "add <target dev='vda'/>");
    Refuse const refuse{node, at};
    auto const bus = bus_of(disk);
    auto const rest = dev.substr(std::min(dev.size(), dev.find_first_of("0123456789")));
    if (!index_of_target(dev))
        at.error(node + "/target/@dev", Fault::bad_text, fmt::format("'{}' is not a disk target", dev),
                 "give hd, sd, vd or fd and letters, as vda");
    else if (!rest.empty() && rest.find_first_not_of("0") != std::string::npos)
        at.error(node + "/target/@dev", Fault::bad_text, fmt::format("'{}' names a partition", dev),
                 "name the whole disk, as vda");
    else if (disk.device == DiskDevice::floppy && !dev.starts_with("fd"))
        at.error(node + "/target/@dev", Fault::bad_text, fmt::format("'{}' is not a floppy's target", dev), "use fda");
    else if (!is_removable(disk) && dev.starts_with("fd"))
        at.error(node + "/target/@dev", Fault::bad_text, fmt::format("'{}' is a floppy's target", dev), "use vda");
    refuse((disk.device == DiskDevice::floppy) != (bus == DiskBus::fdc), "/target/@bus",
           fmt::format("a {} cannot sit on the bus '{}'", to_string(disk.device), to_string(bus)),
           disk.device == DiskDevice::floppy ? "use fdc" : "use virtio, scsi, sata, ide or usb");
    refuse(disk.device == DiskDevice::cdrom && (bus == DiskBus::virtio || bus == DiskBus::sd), "/target/@bus",
           fmt::format("a medium cannot be taken out of a {} disk", to_string(bus)), "use sata, scsi, ide or usb");
    refuse(bus == DiskBus::xen || bus == DiskBus::uml || bus == DiskBus::none, "/target/@bus",
           fmt::format("QEMU has no disk bus '{}'", to_string(bus)), "use virtio, scsi, sata, ide, usb or fdc");
    refuse(bus == DiskBus::sata && at.board().family == BoardFamily::ccw, "/target/@bus", "an s390 machine has no SATA",
           "use virtio or scsi");
    refuse(disk.target.tray == Tray::open && !is_removable(disk), "/target/@tray",
           "only a cdrom or floppy drive has a tray");
    refuse(disk.target.removable && bus != DiskBus::usb, "/target/@removable", "only a usb disk can be removable");
    refuse(disk.target.rotation_rate && bus != DiskBus::scsi && bus != DiskBus::ide && bus != DiskBus::sata,
           "/target/@rotation_rate", fmt::format("a {} disk has no rotation rate", to_string(bus)));
    refuse(disk.target.rotation_rate && disk.device != DiskDevice::disk, "/target/@rotation_rate",
           fmt::format("a {} has no rotation rate", to_string(disk.device)));
    auto const is_on_drive_bus = bus == DiskBus::ide || bus == DiskBus::fdc || bus == DiskBus::scsi || bus == DiskBus::sata;
    refuse(is_on_drive_bus && disk.info.address && !address_as<DriveAddress>(disk.info), "/address/@type",
           fmt::format("a {} disk has an address of type 'drive'", to_string(bus)), "leave the address out");
}

/// `element` has the address, or the name that implies it.
void address(DriveAddress const& a, DiskBus bus, std::string const& node, std::string_view element, Checking const& at)
{
    auto const is_said = element == "/address";
    auto const only = [&](bool condition, std::string_view attribute, std::string_view what) {
        if (!condition)
            at.error(fmt::format("{}{}/@{}", node, element, is_said ? attribute : "dev"), Fault::bad_number,
                     fmt::format("there is only one {}", what), is_said ? "give 0" : "name an earlier drive");
    };
    constexpr std::uint32_t most_controllers = 1000; // no machine has room for so many
    if (a.controller >= most_controllers)
        return at.error(fmt::format("{}{}/@{}", node, element, is_said ? "controller" : "dev"), Fault::limit,
                        fmt::format("{} controller {} is too many", to_string(bus), a.controller),
                        fmt::format("there are {} at most; name an earlier one", most_controllers));
    if (bus == DiskBus::scsi)
        only(a.bus == 0, "bus", "bus on a SCSI controller");
    if (bus == DiskBus::ide) {
        only(a.controller == 0, "controller", "IDE controller");
        only(a.target == 0, "target", "target on an IDE controller");
    }
    if (bus == DiskBus::sata) {
        only(a.bus == 0, "bus", "bus on a SATA controller");
        only(a.target == 0, "target", "target on a SATA controller");
    }
    if (bus == DiskBus::fdc) {
        only(a.controller == 0, "controller", "floppy controller");
        only(a.bus == 0, "bus", "bus on a floppy controller");
        only(a.target == 0, "target", "target on a floppy controller");
    }
}

void wwn(Disk const& disk, std::string const& node, Checking const& at)
{
    auto text = std::string_view{disk.wwn};
    if (text.starts_with("0x"))
        text.remove_prefix(2);
    auto const bus = bus_of(disk);
    if (text.size() != 16 || text.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
        at.error(node + "/wwn", Fault::bad_text, fmt::format("'{}' is not a wwn", disk.wwn), "give 16 hex digits");
    else if (bus != DiskBus::ide && bus != DiskBus::scsi)
        at.error(node + "/wwn", Fault::not_supported, fmt::format("a {} disk has no wwn", to_string(bus)),
                 "use ide or scsi");
}

void driver(DiskDriver const& driver, Disk const& disk, std::string const& node, Checking const& at)
{
    Refuse const refuse{node, at};
    auto const is_virtio = bus_of(disk) == DiskBus::virtio;
    if (!driver.name.empty() && driver.name != "qemu")
        at.error(node + "/driver/@name", Fault::unknown_value, fmt::format("'{}' is not a disk driver", driver.name),
                 "use qemu");
    if (driver.io == DiskIo::native && driver.cache != DiskCache::none && driver.cache != DiskCache::directsync)
        at.error(node + "/driver/@io", Fault::conflict, "io='native' needs a disk without host cache",
                 "add cache='none' or cache='directsync'");
    if (driver.copy_on_read == true && (disk.read_only || is_removable(disk)))
        at.error(node + "/driver/@copy_on_read", Fault::conflict, "a read-only or removable disk cannot copy on read",
                 "remove one");
    refuse(driver.rerror_policy == DiskErrorPolicy::enospace, "/driver/@rerror_policy",
           "no space is left is no error of reading", "use stop, report or ignore");
    refuse(driver.queues && !is_virtio, "/driver/@queues", "only virtio disks have queues");
    refuse(driver.queue_size && !is_virtio, "/driver/@queue_size", "only virtio disks have queues");
    refuse(driver.event_idx && !is_virtio, "/driver/@event_idx", "only virtio disks have an event index");
    refuse(driver.ioeventfd && !is_virtio, "/driver/@ioeventfd", "only virtio disks have an ioeventfd");
    refuse(driver.virtio != VirtioOptions{} && !is_virtio, "/driver",
           "iommu, ats, packed and page_per_vq are for virtio disks", "remove them");
    refuse(driver.metadata_cache_size && format_of(disk) != "qcow2", "/driver/metadata_cache",
           "only the format qcow2 has a metadata cache");
    if (driver.iothread && !is_virtio)
        refuse(true, "/driver/@iothread", fmt::format("a {} disk has no iothread", to_string(bus_of(disk))));
    else if (driver.iothread)
        check_iothread(*driver.iothread, disk.info, "disk", node, at);
}

void lun(Disk const& disk, std::string const& node, Checking const& at)
{
    Refuse const refuse{node, at};
    auto const bus = bus_of(disk);
    if (disk.device != DiskDevice::lun) {
        refuse(disk.source_options.reservations.has_value(), "/source/reservations",
               "persistent reservations are for device='lun'");
        refuse(disk.rawio.has_value(), "/@rawio", "raw I/O is for device='lun'");
        refuse(disk.sgio.has_value(), "/@sgio", "sgio is for device='lun'");
        return;
    }
    auto const* network = std::get_if<NetworkSource>(&disk.source);
    auto const is_device = std::holds_alternative<BlockSource>(disk.source) ||
                           std::holds_alternative<VolumeSource>(disk.source) ||
                           (network && network->protocol == DiskProtocol::iscsi);
    refuse(!is_device, "/@device", "a lun is a block device or an iSCSI unit", "use type='block', or device='disk'");
    refuse(bus != DiskBus::virtio && bus != DiskBus::scsi, "/target/@bus",
           fmt::format("a lun cannot sit on the bus '{}'", to_string(bus)), "use scsi");
    refuse(format_of(disk) != "raw" && format_of(disk) != "aio", "/driver/@type", "a lun has the format raw", "use raw");
    refuse(disk.source_options.slice.has_value(), "/source/slices", "a lun has no slices");
    refuse(disk.encryption || disk.source_options.encryption, disk.encryption ? "/encryption" : "/source/encryption",
           "a lun cannot be decrypted");
    refuse(disk.driver && disk.driver->copy_on_read == true, "/driver/@copy_on_read", "a lun cannot copy on read");
    refuse(!disk.wwn.empty(), "/wwn", "a lun has the wwn of its device");
    refuse(!disk.vendor.empty(), "/vendor", "a lun has the vendor of its device");
    refuse(!disk.product.empty(), "/product", "a lun has the product of its device");
    refuse(!disk.serial.empty() && bus == DiskBus::scsi, "/serial", "a lun has the serial number of its device");
    refuse(disk.sgio == Sgio::unfiltered, "/@sgio", "the kernel no longer has unfiltered sgio", "use filtered");
    if (disk.sgio == Sgio::filtered)
        at.warning(node + "/@sgio", Fault::ignored, "it has no effect: every kernel filters", remove_it());
    if (disk.rawio == true)
        at.warning(node + "/@rawio", Fault::ignored, "QEMU runs with the capabilities that its user has", remove_it());
}

void chain(Disk const& disk, std::string const& node, Checking const& at)
{
    auto const chain = chain_of(disk, node);
    constexpr auto based = name_list("cow", "qcow", "qcow2", "qed", "vmdk");
    for (std::size_t i = 0; i < chain.images.size(); ++i) {
        auto const& image = chain.images[i];
        if (!is_empty(image.source) || i != 0)
            check_source(image.source, *image.options, image.node, at);
        if (image.auth) {
            auto const in_source = image.options->auth.has_value();
            check_auth(*image.auth, image.source, image.node + (in_source ? "/source/auth" : "/auth"), at);
        }
        if (image.encryption)
            check_encryption(*image.encryption, image.source, image.format,
                             image.node + (image.options->encryption ? "/source/encryption" : "/encryption"), at);
        auto const is_backed = i + 1 < chain.images.size();
        if (is_backed && std::ranges::find(based, image.format) == based.end())
            at.error(chain.images[i + 1].node, Fault::conflict,
                     fmt::format("an image of format {} has no backing image", image.format), "remove it");
        if (!is_empty(image.source) || i != 0)
            check_image_format(image.format, image.source, i != 0 || is_read_only(disk), image.node,
                               i == 0 ? "/driver/@type" : "/format/@type", at);
        if (i != 0 && image.metadata_cache_size && image.format != "qcow2")
            at.error(image.node + "/format/metadata_cache", Fault::not_supported,
                     "only the format qcow2 has a metadata cache", "remove it");
    }
    auto place = node;
    for (auto const* backing = &disk.backing; !backing->empty(); backing = &backing->front().backing) {
        auto const& store = backing->front();
        place += "/backingStore";
        if (std::holds_alternative<EndOfChain>(store.source))
            break;
        if (!store.format)
            at.error(place + "/format", Fault::missing, "the backing image has no format", "add <format type='…'/>");
    }
    if (disk.auth && disk.source_options.auth)
        at.error(node + "/auth", Fault::duplicate, "the source has an authentication of its own", "remove one");
    if (disk.encryption && disk.source_options.encryption)
        at.error(node + "/encryption", Fault::duplicate, "the source has an encryption of its own", "remove one");
}

void geometry(Disk const& disk, std::string const& node, Checking const& at)
{
    auto const bus = bus_of(disk);
    auto const& g = *disk.geometry;
    if (g.cylinders == 0 || g.heads == 0 || g.sectors == 0)
        return;
    Refuse const refuse{node, at};
    refuse(bus == DiskBus::usb || bus == DiskBus::sd, "/geometry", fmt::format("a {} disk has no geometry", to_string(bus)));
    refuse(g.translation && bus != DiskBus::ide, "/geometry/@trans",
           fmt::format("a {} disk has no translation of its geometry", to_string(bus)));
}

void transient(Disk const& disk, std::string const& node, Checking const& at)
{
    Refuse const refuse{node, at};
    refuse(is_empty(disk.source), "/transient", "an empty drive cannot be transient");
    refuse(disk.read_only, "/transient", "a read-only disk cannot be transient", "remove one");
    refuse(!std::holds_alternative<FileSource>(disk.source), "/transient", "only a file can be transient",
           "use type='file'");
    refuse(disk.device != DiskDevice::disk, "/transient", fmt::format("a {} cannot be transient", to_string(disk.device)),
           "use device='disk'");
    refuse(disk.transient->share_backing == true && bus_of(disk) != DiskBus::virtio && bus_of(disk) != DiskBus::scsi &&
               bus_of(disk) != DiskBus::usb,
           "/transient/@shareBacking", fmt::format("a {} disk cannot be plugged in at start", to_string(bus_of(disk))),
           "use virtio, usb or scsi");
    refuse(disk.transient->share_backing == true && disk.info.boot_order, "/boot",
           "a disk that is plugged in at start cannot be booted from");
}

void identity(Disk const& disk, std::string const& node, Checking const& at)
{
    auto const bus = bus_of(disk);
    Refuse const refuse{node, at};
    auto const scsi_text = [&](std::string const& text, std::string_view where, std::size_t longest) {
        auto const place = node + std::string{where};
        if (text.size() > longest)
            at.error(place, Fault::bad_text, fmt::format("'{}' is longer than {} characters", text, longest));
        else if (!is_printable(text))
            at.error(place, Fault::bad_text, fmt::format("'{}' is not printable", text));
        else
            refuse(!text.empty() && bus != DiskBus::scsi, where,
                   fmt::format("a {} disk tells no vendor or product", to_string(bus)), "use scsi");
    };
    constexpr std::size_t longest_vendor = 8;
    constexpr std::size_t longest_product = 16;
    scsi_text(disk.vendor, "/vendor", longest_vendor);
    scsi_text(disk.product, "/product", longest_product);
    if (!disk.wwn.empty())
        wwn(disk, node, at);
    constexpr std::string_view good = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_ .+";
    if (disk.serial.find_first_not_of(good) != std::string::npos)
        at.error(node + "/serial", Fault::bad_text, fmt::format("'{}' is not a serial number", disk.serial),
                 "use letters, digits and -_ .+");
    refuse(!disk.serial.empty() && bus == DiskBus::sd, "/serial", "an sd card has no serial number");
}

/// What is read and kept, and does nothing.
void warnings(Disk const& disk, std::string const& node, Checking const& at)
{
    auto const ignored = [&](bool condition, std::string_view where, std::string message) {
        if (condition)
            at.warning(node + std::string{where}, Fault::ignored, std::move(message), remove_it());
    };
    ignored(disk.mirror.has_value(), "/mirror", "a block job is not kept");
    ignored(disk.target.tray == Tray::open && is_removable(disk), "/target/@tray", "a tray is closed when the guest begins");
    ignored(!disk.backend_domain.empty(), "/backenddomain", "only Xen has backend domains");
}

void startup_policy(Disk const& disk, std::string const& node, Checking const& at)
{
    auto const is_local =
        std::holds_alternative<FileSource>(disk.source) || std::holds_alternative<BlockSource>(disk.source) ||
        std::holds_alternative<DirSource>(disk.source) || std::holds_alternative<VolumeSource>(disk.source);
    Refuse const refuse{node, at};
    refuse(!is_local, "/source/@startupPolicy",
           fmt::format("a source of type '{}' has no start policy", disk_source_names[disk.source.index()]));
    refuse(disk.startup_policy == StartupPolicy::requisite && !is_removable(disk), "/source/@startupPolicy",
           "'requisite' is for cdrom and floppy drives", "use mandatory or optional");
}

} // namespace
} // namespace disk_check

void check_vhostuser(Disk const& disk, std::string const& node, Checking const& at)
{
    auto const refuse = [&](bool condition, std::string_view where) {
        if (condition)
            at.error(node + std::string{where}, Fault::not_supported,
                     "a vhostuser disk leaves that to the process that serves it", "remove it");
    };
    disk_check::Refuse const say{node, at};
    say(bus_of(disk) != DiskBus::virtio, "/target/@bus", "a vhostuser disk sits on the bus 'virtio'", "use virtio");
    say(disk.snapshot && disk.snapshot != DiskSnapshot::no, "/@snapshot", "a vhostuser disk has no snapshots",
        "use snapshot='no'");
    auto const driver = disk.driver.value_or(DiskDriver{});
    refuse(driver.cache && driver.cache != DiskCache::default_, "/driver/@cache");
    refuse(driver.error_policy.has_value(), "/driver/@error_policy");
    refuse(driver.rerror_policy.has_value(), "/driver/@rerror_policy");
    refuse(driver.io.has_value(), "/driver/@io");
    refuse(driver.ioeventfd.has_value(), "/driver/@ioeventfd");
    refuse(driver.copy_on_read.has_value(), "/driver/@copy_on_read");
    refuse(driver.discard.has_value(), "/driver/@discard");
    refuse(driver.iothread.has_value(), "/driver/@iothread");
    refuse(driver.detect_zeroes.has_value(), "/driver/@detect_zeroes");
    refuse(driver.metadata_cache_size.has_value(), "/driver/metadata_cache");
    refuse(disk.iotune.has_value(), "/iotune");
    refuse(!disk.backing.empty(), "/backingStore");
    refuse(disk.encryption.has_value(), "/encryption");
    refuse(disk.source_options.encryption.has_value(), "/source/encryption");
    refuse(disk.read_only, "/readonly");
    refuse(disk.shareable, "/shareable");
    refuse(disk.transient.has_value(), "/transient");
    refuse(!disk.serial.empty(), "/serial");
    refuse(!disk.wwn.empty(), "/wwn");
    refuse(!disk.vendor.empty(), "/vendor");
    refuse(!disk.product.empty(), "/product");
    refuse(disk.auth.has_value(), "/auth");
    refuse(disk.source_options.auth.has_value(), "/source/auth");
    refuse(disk.geometry.has_value(), "/geometry");
    refuse(disk.block_io.has_value(), "/blockio");
    if (!shares_memory(at.config))
        at.error(node + "/@type", Fault::conflict, "a vhostuser disk needs memory that is shared",
                 "add <memoryBacking><access mode='shared'/></memoryBacking>");
}

void check_iotune(Disk const& disk, std::string const& node, Checking const& at)
{
    auto const& t = *disk.iotune;
    using Limit = std::optional<std::uint64_t>;
    auto const says = [](Limit const& limit) { return limit.value_or(0) != 0; };
    auto const exclusive = [&](Limit const& total, Limit const& read, Limit const& write, std::string_view name) {
        if (says(total) && (says(read) || says(write)))
            at.error(fmt::format("{}/iotune/total_{}", node, name), Fault::conflict,
                     "a limit is on the total, or on reading and writing", "remove one");
    };
    exclusive(t.total_bytes_sec, t.read_bytes_sec, t.write_bytes_sec, "bytes_sec");
    exclusive(t.total_iops_sec, t.read_iops_sec, t.write_iops_sec, "iops_sec");
    exclusive(t.total_bytes_sec_max, t.read_bytes_sec_max, t.write_bytes_sec_max, "bytes_sec_max");
    exclusive(t.total_iops_sec_max, t.read_iops_sec_max, t.write_iops_sec_max, "iops_sec_max");
    auto nameless = t;
    nameless.group_name.clear();
    if (!t.group_name.empty() && nameless == IoTune{})
        at.error(node + "/iotune/group_name", Fault::conflict, "a group of disks shares limits, and there are none",
                 "add limits");
    constexpr std::uint64_t most = 1'000'000'000'000'000;
    for (auto const& [limit, name] :
         {std::pair{t.total_bytes_sec, "total_bytes_sec"}, std::pair{t.read_bytes_sec, "read_bytes_sec"},
          std::pair{t.write_bytes_sec, "write_bytes_sec"}, std::pair{t.total_iops_sec, "total_iops_sec"},
          std::pair{t.read_iops_sec, "read_iops_sec"}, std::pair{t.write_iops_sec, "write_iops_sec"},
          std::pair{t.total_bytes_sec_max, "total_bytes_sec_max"}, std::pair{t.read_bytes_sec_max, "read_bytes_sec_max"},
          std::pair{t.write_bytes_sec_max, "write_bytes_sec_max"}, std::pair{t.total_iops_sec_max, "total_iops_sec_max"},
          std::pair{t.read_iops_sec_max, "read_iops_sec_max"}, std::pair{t.write_iops_sec_max, "write_iops_sec_max"},
          std::pair{t.size_iops_sec, "size_iops_sec"}})
        if (limit.value_or(0) > most)
            at.error(fmt::format("{}/iotune/{}", node, name), Fault::bad_number,
                     fmt::format("{} is more than QEMU can count", *limit), fmt::format("give {} at most", most));
}

void check(Disk const& disk, std::string const& node, Checking const& at)
{
    auto const bus = bus_of(disk);
    disk_check::Refuse const refuse{node, at};
    disk_check::target(disk, node, at);
    if (auto const* address = address_as<DriveAddress>(disk.info))
        disk_check::address(*address, bus, node, "/address", at);
    else if (auto const n = index_of_target(disk.target.dev); n && !disk.info.address)
        if (auto const place = drive_address(bus, *n))
            disk_check::address(*place, bus, node, "/target", at);
    if (is_empty(disk.source) && disk.device == DiskDevice::disk)
        at.error(node + "/source", Fault::missing, fmt::format("disk '{}' has no source", disk.target.dev),
                 "add <source file='…'/>");
    disk_check::chain(disk, node, at);
    disk_check::lun(disk, node, at);
    if (disk.driver)
        disk_check::driver(*disk.driver, disk, node, at);
    refuse(disk.model && bus != DiskBus::virtio, "/@model", fmt::format("a {} disk has no models", to_string(bus)));
    refuse(bus == DiskBus::ide && at.machine_contains("q35"), "/target/@bus", "a q35 machine has no IDE controller",
           "use sata");
    refuse(disk.read_only && disk.device == DiskDevice::disk && (bus == DiskBus::sata || bus == DiskBus::ide), "/readonly",
           fmt::format("{} disks cannot be read-only", to_string(bus)), "use virtio or scsi, or make it a cdrom");
    disk_check::identity(disk, node, at);
    if (disk.shareable && !is_read_only(disk) && disk_check::format_of(disk) != "raw" &&
        !std::holds_alternative<VhostUserSource>(disk.source))
        at.error(node + "/shareable", Fault::conflict,
                 fmt::format("an image of format {} cannot be shared", disk_check::format_of(disk)), "use raw");
    if (disk.info.boot_order == 0U)
        at.error(node + "/boot/@order", Fault::bad_number, "a boot order counts from 1");
    if (disk.geometry)
        disk_check::geometry(disk, node, at);
    if (disk.startup_policy)
        disk_check::startup_policy(disk, node, at);
    if (disk.transient)
        disk_check::transient(disk, node, at);
    if (disk.iotune)
        check_iotune(disk, node, at);
    if (std::holds_alternative<VhostUserSource>(disk.source))
        check_vhostuser(disk, node, at);
    disk_check::warnings(disk, node, at);
}

void check_all(std::vector<Disk> const& disks, Checking const& at)
{
    std::map<std::string, std::size_t> targets, groups;
    for (std::size_t i = 0; i < disks.size(); ++i) {
        if (auto const& target = disks[i].target.dev; !target.empty())
            if (auto const [first, is_new] = targets.emplace(target, i); !is_new)
                at.error(device_node("disk", i) + "/target/@dev", Fault::duplicate,
                         fmt::format("the target '{}' is that of disk {} already", target, first->second + 1),
                         "give each disk its own");
        if (!disks[i].iotune || disks[i].iotune->group_name.empty())
            continue;
        auto const [first, is_new] = groups.emplace(disks[i].iotune->group_name, i);
        if (!is_new && *disks[first->second].iotune != *disks[i].iotune)
            at.error(device_node("disk", i) + "/iotune", Fault::conflict,
                     fmt::format("disk {} of the group '{}' has other limits", first->second + 1, first->first),
                     "give all disks of a group the same");
    }
}

} // namespace vmwright::inline v0::qemu::detail
