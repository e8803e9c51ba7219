// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>
#include <vmwright/host/detail/qemu_disks.hpp>
#include <vmwright/host/detail/store.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace vmwright::inline v0::detail
{

namespace qemu_disks
{
namespace
{

auto has_secret(DiskSource const& source, SourceOptions const& options) -> bool
{
    auto const* network = std::get_if<NetworkSource>(&source);
    return options.auth || options.encryption || (network && !network->cookies.empty());
}

auto has_secret(BackingStore const& store) -> bool
{
    auto const* network = std::get_if<NetworkSource>(&store.source);
    return store.options.auth || store.options.encryption || (network && !network->cookies.empty()) ||
           std::ranges::any_of(store.backing, [](BackingStore const& below) { return has_secret(below); });
}

auto has_secret(Disk const& disk) -> bool
{
    return disk.auth || disk.encryption || has_secret(disk.source, disk.source_options) ||
           std::ranges::any_of(disk.backing, [](BackingStore const& below) { return has_secret(below); });
}

/// How QEMU knows the part of a disk's device that has the medium.
auto backend_of(Disk const& disk) -> std::string
{
    auto const alias = disk.info.alias.value_or("");
    if (disk.target.bus == DiskBus::virtio)
        return fmt::format("/machine/peripheral/{}/virtio-backend", alias);
    if (disk.target.bus == DiskBus::usb)
        return fmt::format("/machine/peripheral/{0}/{0}.0/legacy[0]", alias);
    return alias;
}

auto is_missing(Disk const& disk, Machine& machine) -> bool
{
    auto const& path = source_path(disk.source);
    return disk.startup_policy == StartupPolicy::optional && !path.empty() && !machine.status(path);
}

} // namespace
} // namespace qemu_disks

void check_storage(DomainConfig const& config)
{
    auto const refuse = [&](std::string what, std::string hint) {
        throw Error{Errc::not_supported_yet,
                    "not supported yet: " + std::move(what),
                    {.object = domain_object(config.name), .hint = std::move(hint)}};
    };
    for (auto const& disk : config.devices.disks) {
        auto const name = fmt::format("disk '{}'", disk.target.dev);
        if (qemu_disks::has_secret(disk))
            refuse(fmt::format("{} needs a secret, and no secrets are kept", name),
                   "use an image without encryption or user");
        if (disk.transient)
            refuse(fmt::format("{} is transient, and what the guest writes would stay", name), "remove <transient/>");
        if (disk.source_options.reservations && disk.source_options.reservations->managed == true)
            refuse(fmt::format("{} has reservations whose helper is started with the domain", name),
                   "start qemu-pr-helper yourself, and use managed='no' with its socket");
    }
}

auto without_missing(DomainConfig config, Machine& machine) -> DomainConfig
{
    std::erase_if(config.devices.disks, [&](Disk const& disk) {
        auto const holds_media = disk.device == DiskDevice::cdrom || disk.device == DiskDevice::floppy;
        return !holds_media && qemu_disks::is_missing(disk, machine);
    });
    for (auto& disk : config.devices.disks)
        if (qemu_disks::is_missing(disk, machine))
            disk.source = FileSource{};
    return config;
}

auto throttles(DomainConfig const& live) -> std::vector<boost::json::object>
{
    std::vector<boost::json::object> commands;
    for (auto const& disk : live.devices.disks) {
        if (!disk.iotune)
            continue;
        auto const& t = *disk.iotune;
        boost::json::object arguments{{"id", qemu_disks::backend_of(disk)}};
        using Limit = std::pair<std::string_view, std::optional<std::uint64_t>>;
        // these are required; 0 is no limit
        for (auto const& [name, limit] :
             {Limit{"bps", t.total_bytes_sec}, Limit{"bps_rd", t.read_bytes_sec}, Limit{"bps_wr", t.write_bytes_sec},
              Limit{"iops", t.total_iops_sec}, Limit{"iops_rd", t.read_iops_sec}, Limit{"iops_wr", t.write_iops_sec}})
            arguments[name] = limit.value_or(0);
        for (auto const& [name, limit] :
             {Limit{"bps_max", t.total_bytes_sec_max}, Limit{"bps_rd_max", t.read_bytes_sec_max},
              Limit{"bps_wr_max", t.write_bytes_sec_max}, Limit{"iops_max", t.total_iops_sec_max},
              Limit{"iops_rd_max", t.read_iops_sec_max}, Limit{"iops_wr_max", t.write_iops_sec_max},
              Limit{"bps_max_length", t.total_bytes_sec_max_length}, Limit{"bps_rd_max_length", t.read_bytes_sec_max_length},
              Limit{"bps_wr_max_length", t.write_bytes_sec_max_length},
              Limit{"iops_max_length", t.total_iops_sec_max_length}, Limit{"iops_rd_max_length", t.read_iops_sec_max_length},
              Limit{"iops_wr_max_length", t.write_iops_sec_max_length}, Limit{"iops_size", t.size_iops_sec}})
            if (limit)
                arguments[name] = *limit;
        if (!t.group_name.empty())
            arguments["group"] = t.group_name;
        commands.push_back(std::move(arguments));
    }
    return commands;
}

} // namespace vmwright::inline v0::detail
