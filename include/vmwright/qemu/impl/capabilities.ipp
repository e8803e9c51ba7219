// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/capabilities.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu
{

namespace detail::capabilities
{
namespace
{

auto contains(std::vector<std::string> const& sorted, std::string_view name) noexcept -> bool
{
    auto const found = std::ranges::lower_bound(sorted, name);
    return found != sorted.end() && *found == name;
}

auto find(auto const& sorted, std::string_view name, auto member) noexcept -> decltype(sorted.data())
{
    auto const found = std::ranges::lower_bound(sorted, name, {}, member);
    return found != sorted.end() && (*found).*member == name ? &*found : nullptr;
}

auto has_entry(std::vector<NamedList> const& lists, std::string_view name, std::string_view entry) noexcept -> bool
{
    auto const* list = find(lists, name, &NamedList::name);
    return list != nullptr && contains(list->entries, entry);
}

} // namespace
} // namespace detail::capabilities

auto to_string(EmulatorVersion const& version) -> std::string
{
    return fmt::format("{}.{}.{}", version.major, version.minor, version.micro);
}

auto machine_family(std::string_view machine) noexcept -> std::string_view
{
    // A version is the last part, as in pc-q35-4.0.1 and pc-i440fx-rhel7.6.0; sifive_u, mps2-an505 have none.
    auto const dash = machine.rfind('-');
    if (dash == machine.npos)
        return machine;
    auto const last = machine.substr(dash + 1);
    auto const is_version = last.find('.') != last.npos && last.back() >= '0' && last.back() <= '9';
    return is_version ? machine.substr(0, dash) : machine;
}

auto Capabilities::find_machine(std::string_view name) const noexcept -> MachineType const*
{
    if (auto const* machine = detail::capabilities::find(machines, name, &MachineType::name))
        return machine;
    if (name.empty())
        return nullptr;
    auto const found = std::ranges::find(machines, name, &MachineType::alias);
    return found != machines.end() ? &*found : nullptr;
}

auto Capabilities::canonical_machine(std::string_view name) const noexcept -> std::string_view
{
    auto const* machine = find_machine(name);
    return machine != nullptr ? std::string_view{machine->name} : name;
}

auto Capabilities::default_machine() const noexcept -> MachineType const*
{
    auto const found = std::ranges::find(machines, true, &MachineType::is_default);
    return found != machines.end() ? &*found : nullptr;
}

auto Capabilities::machine_names() const -> std::vector<std::string_view>
{
    std::vector<std::string_view> names;
    for (auto const& machine : machines) {
        names.push_back(machine.name);
        if (!machine.alias.empty())
            names.push_back(machine.alias);
    }
    return names;
}

auto Capabilities::machine_has(std::string_view machine, std::string_view property) const noexcept -> bool
{
    return detail::capabilities::has_entry(machine_properties, machine_family(canonical_machine(machine)), property);
}

auto Capabilities::find_cpu(std::string_view name) const noexcept -> CpuModel const*
{
    return detail::capabilities::find(cpus, name, &CpuModel::name);
}

auto Capabilities::cpu_names() const -> std::vector<std::string_view>
{
    std::vector<std::string_view> names;
    for (auto const& cpu : cpus)
        names.push_back(cpu.name);
    return names;
}

auto Capabilities::tcg_has_feature(std::string_view name) const noexcept -> bool
{
    return detail::capabilities::contains(tcg_features, name);
}

auto Capabilities::has_device(std::string_view name) const noexcept -> bool
{
    return detail::capabilities::contains(devices, name);
}

auto Capabilities::has_object(std::string_view name) const noexcept -> bool
{
    return detail::capabilities::contains(objects, name);
}

auto Capabilities::has_type(std::string_view name) const noexcept -> bool
{
    return detail::capabilities::contains(types, name);
}

auto Capabilities::device_has(std::string_view device, std::string_view property) const noexcept -> bool
{
    return detail::capabilities::has_entry(device_properties, device, property);
}

auto Capabilities::has_option(std::string_view option) const noexcept -> bool
{
    return detail::capabilities::find(options, option, &NamedList::name) != nullptr;
}

auto Capabilities::option_has(std::string_view option, std::string_view parameter) const noexcept -> bool
{
    return detail::capabilities::has_entry(options, option, parameter);
}

auto Capabilities::takes_json(std::string_view option) const noexcept -> bool
{
    if (option == "blockdev")
        return schema.has_command("blockdev-add");
    if (option == "device")
        return schema.has_feature("device_add", "json-cli");
    if (option == "object" || option == "compat")
        return version >= EmulatorVersion{6, 0, 0};
    if (option == "netdev")
        return version >= EmulatorVersion{7, 2, 0};
    if (option == "audiodev" || option == "display")
        return version >= EmulatorVersion{4, 0, 0};
    return false;
}

} // namespace vmwright::inline v0::qemu
