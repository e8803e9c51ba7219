// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/domain_capabilities.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace vmwright::inline v0::qemu
{

namespace detail::host_capabilities
{
namespace
{

/// In libvirt's order and words.
constexpr auto archs = std::to_array<std::string_view>(
    {"alpha", "armv6l", "armv7l", "aarch64",  "cris",   "i686",   "m68k",    "microblaze", "microblazeel",
     "mips",  "mipsel", "mips64", "mips64el", "ppc",    "ppc64",  "riscv32", "riscv64",    "s390x",
     "sh4",   "sh4eb",  "sparc",  "sparc64",  "x86_64", "xtensa", "xtensaeb"});

auto word_size(std::string_view arch) -> std::uint32_t
{
    return arch.find("64") != arch.npos || arch == "alpha" || arch == "s390x" ? 64 : 32;
}

/// The default first, each alias after what it stands for.
auto machines(Capabilities const& emulator) -> std::vector<GuestMachine>
{
    std::vector<MachineType const*> list;
    for (auto const& machine : emulator.machines)
        if (machine.name != "none")
            list.push_back(&machine);
    std::stable_partition(list.begin(), list.end(), [](MachineType const* machine) { return machine->is_default; });
    std::vector<GuestMachine> out;
    for (auto const* machine : list) {
        GuestMachine guest{.name = machine->name, .max_cpus = machine->max_cpus, .deprecated = machine->deprecated};
        out.push_back(guest);
        if (machine->alias.empty())
            continue;
        guest.canonical = std::exchange(guest.name, machine->alias);
        out.push_back(std::move(guest));
    }
    return out;
}

auto features(std::string_view arch) -> GuestFeatures
{
    auto const is_x86 = arch == "i686" || arch == "x86_64";
    GuestFeatures features{.pae = arch == "i686",
                           .non_pae = arch == "i686",
                           .cpu_selection = true,
                           .device_boot = true,
                           .disk_snapshot = GuestSwitch{.default_ = true, .toggle = false}};
    if (is_x86 || arch == "aarch64")
        features.acpi = GuestSwitch{.default_ = true, .toggle = true};
    if (is_x86)
        features.apic = GuestSwitch{.default_ = true, .toggle = false};
    return features;
}

auto guests(Capabilities const& emulator, HostFacts const& facts, std::string_view arch) -> GuestCapabilities
{
    GuestCapabilities guest{.arch = std::string{arch},
                            .word_size = word_size(arch),
                            .emulator = emulator.binary,
                            .machines = machines(emulator),
                            .types = {DomainType::qemu},
                            .features = features(arch)};
    if (facts.kvm.usable && emulator.has_type("kvm-accel") && runs_guests_of(facts.arch, emulator.arch))
        guest.types.push_back(DomainType::kvm);
    return guest;
}

} // namespace
} // namespace detail::host_capabilities

auto libvirt_archs(std::string_view emulator_arch) -> std::vector<std::string_view>
{
    if (emulator_arch == "i386")
        return {"i686"};
    if (emulator_arch == "arm")
        return {"armv6l", "armv7l"};
    return {emulator_arch};
}

auto known_archs() -> std::span<std::string_view const>
{
    return detail::host_capabilities::archs;
}

auto host_capabilities(std::span<Capabilities const* const> emulators, HostFacts const& facts) -> HostCapabilities
{
    HostCapabilities host{.uuid = facts.uuid,
                          .arch = std::string{libvirt_archs(facts.arch).back()},
                          .iommu = facts.iommu,
                          .topology = facts.topology};
    for (auto const arch : known_archs())
        for (auto const* emulator : emulators)
            if (emulator_arch(arch) == emulator->arch)
                host.guests.push_back(detail::host_capabilities::guests(*emulator, facts, arch));
    return host;
}

} // namespace vmwright::inline v0::qemu
