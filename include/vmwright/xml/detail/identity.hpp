// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/backup.hpp>
#include <vmwright/domain/checkpoint.hpp>
#include <vmwright/domain/clock.hpp>
#include <vmwright/domain/cpu.hpp>
#include <vmwright/domain/cputune.hpp>
#include <vmwright/domain/devices.hpp>
#include <vmwright/domain/iothreads.hpp>
#include <vmwright/domain/numatune.hpp>
#include <vmwright/domain/qemu_extensions.hpp>
#include <vmwright/domain/resource.hpp>
#include <vmwright/domain/snapshot.hpp>
#include <vmwright/domain/sysinfo.hpp>
#include <vmwright/network/network.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace vmwright::inline v0::xml::detail
{

/// The name by which a value of a list is known within its list, if its type has one; empty says that it has none.
inline auto name_in_list(Disk const& disk) -> std::string
{
    return disk.target.dev;
}

inline auto name_in_list(Filesystem const& filesystem) -> std::string
{
    return filesystem.target;
}

inline auto name_in_list(Controller const& controller) -> std::string
{
    return controller.index ? std::string{to_string(controller.type)} + std::to_string(*controller.index) : std::string{};
}

inline auto name_in_list(Interface const& nic) -> std::string
{
    return nic.mac ? to_string(*nic.mac) : std::string{};
}

inline auto name_in_list(Channel const& channel) -> std::string
{
    return channel.name.value_or("");
}

inline auto name_in_list(Audio const& audio) -> std::string
{
    return std::to_string(audio.id);
}

inline auto name_in_list(CpuFeature const& feature) -> std::string
{
    return feature.name;
}

inline auto name_in_list(Timer const& timer) -> std::string
{
    return std::string{to_string(timer.name)};
}

inline auto name_in_list(IoThread const& thread) -> std::string
{
    return std::to_string(thread.id);
}

inline auto name_in_list(PerfEvent const& event) -> std::string
{
    return std::string{to_string(event.name)};
}

inline auto name_in_list(SmbiosEntry const& entry) -> std::string
{
    return entry.name;
}

inline auto name_in_list(DeviceOverride const& device) -> std::string
{
    return device.alias;
}

inline auto name_in_list(PropertyOverride const& property) -> std::string
{
    return property.name;
}

inline auto name_in_list(NumaCell const& cell) -> std::string
{
    return cell.id ? std::to_string(*cell.id) : std::string{};
}

inline auto name_in_list(NumaMemnode const& node) -> std::string
{
    return node.cell_id ? std::to_string(*node.cell_id) : std::string{};
}

inline auto name_in_list(VcpuPin const& pin) -> std::string
{
    return std::to_string(pin.vcpu);
}

inline auto name_in_list(SnapshotDisk const& disk) -> std::string
{
    return disk.name;
}

inline auto name_in_list(CheckpointDisk const& disk) -> std::string
{
    return disk.name;
}

inline auto name_in_list(BackupDisk const& disk) -> std::string
{
    return disk.name;
}

inline auto name_in_list(PortGroup const& group) -> std::string
{
    return group.name;
}

inline auto name_in_list(NetworkIp const& ip) -> std::string
{
    return to_string(ip.address);
}

inline auto name_in_list(DhcpHost const& host) -> std::string
{
    return host.mac ? to_string(*host.mac) : host.id.empty() ? host.name.value_or("") : host.id;
}

inline constexpr auto no_partner = static_cast<std::size_t>(-1);

/// For each new value the index of the old one it continues: that of the same alias, else name, else address, else content,
/// else place in the list; `no_partner` for one that is new.
template <class T>
auto match(std::vector<T> const& old, std::vector<T> const& now) -> std::vector<std::size_t>
{
    std::vector<std::size_t> partner(now.size(), no_partner);
    std::vector<bool> taken(old.size());
    auto const pair_up = [&](auto same) {
        for (std::size_t i = 0; i < now.size(); ++i)
            for (std::size_t j = 0; j < old.size() && partner[i] == no_partner; ++j)
                if (!taken[j] && same(i, j)) {
                    partner[i] = j;
                    taken[j] = true;
                }
    };
    if constexpr (requires(T const& v) { v.info.alias; })
        pair_up([&](auto i, auto j) { return now[i].info.alias && now[i].info.alias == old[j].info.alias; });
    if constexpr (requires(T const& v) { name_in_list(v); })
        pair_up(
            [&](auto i, auto j) { return !name_in_list(now[i]).empty() && name_in_list(now[i]) == name_in_list(old[j]); });
    if constexpr (requires(T const& v) { v.info.address; })
        pair_up([&](auto i, auto j) { return now[i].info.address && now[i].info.address == old[j].info.address; });
    pair_up([&](auto i, auto j) { return now[i] == old[j]; });
    if constexpr (std::is_class_v<T> && !std::same_as<T, std::string>)
        pair_up([](auto i, auto j) { return i == j; });
    return partner;
}

} // namespace vmwright::inline v0::xml::detail
