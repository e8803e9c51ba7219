// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/device_name.hpp>

#include <fmt/format.h>

#include <charconv>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>

namespace vmwright::inline v0::detail
{

namespace device_names
{
namespace
{

/// `disk 'vda'`; the kind alone where the device has no name.
template <class Device>
auto name_of(std::string_view kind, Device const& device) -> std::string
{
    std::string name;
    if constexpr (std::is_same_v<Device, Disk>)
        name = device.target.dev;
    else if constexpr (std::is_same_v<Device, Filesystem>)
        name = device.target;
    else if constexpr (std::is_same_v<Device, Interface>)
        name = device.mac ? to_string(*device.mac) : "";
    else if constexpr (std::is_same_v<Device, Graphics>)
        name = std::holds_alternative<VncGraphics>(device.type)     ? "vnc"
               : std::holds_alternative<SpiceGraphics>(device.type) ? "spice"
                                                                    : "";
    if constexpr (requires { device.info.alias; })
        if (name.empty())
            name = device.info.alias.value_or("");
    return name.empty() ? std::string{kind} : fmt::format("{} '{}'", kind, name);
}

} // namespace
} // namespace device_names

auto device_name(std::string_view node, DomainConfig const& config) -> std::string
{
    using Pair = std::pair<std::string_view, std::string_view>;
    for (auto const& [start, name] :
         {Pair{"/domain/os/kernel", "kernel"}, Pair{"/domain/os/initrd", "initrd"}, Pair{"/domain/os/dtb", "device tree"},
          Pair{"/domain/os/loader", "firmware"}, Pair{"/domain/os/nvram", "firmware's variables"},
          Pair{"/domain/os/acpi", "ACPI table"}, Pair{"/domain/cpu/numa", "NUMA"}, Pair{"/domain/cpu", "CPU"},
          Pair{"/domain/memory", "memory"}, Pair{"/domain/numatune", "numatune"}, Pair{"/domain/vcpu", "CPUs"},
          Pair{"/domain/sysinfo", "sysinfo"}})
        if (node.starts_with(start))
            return std::string{name};
    constexpr auto devices = std::string_view{"/domain/devices/"};
    if (!node.starts_with(devices))
        return {};
    node.remove_prefix(devices.size());
    auto const kind = node.substr(0, node.find_first_of("[/"));
    std::size_t index = 1;
    if (node.substr(kind.size()).starts_with('['))
        std::from_chars(node.data() + kind.size() + 1, node.data() + node.size(), index);
    std::string name;
    for_each_kind(config.devices, [&](std::string_view element, auto const& list) {
        if (element != kind)
            return;
        if constexpr (requires { list.size(); }) {
            if (index >= 1 && index <= list.size())
                name = device_names::name_of(kind, list[index - 1]);
        } else if (list)
            name = device_names::name_of(kind, *list);
    });
    return name;
}

} // namespace vmwright::inline v0::detail
