// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

namespace resolve_machine
{
namespace
{

/// `qemu64` of `qemu64-x86_64-cpu`.
auto cpu_model_of_type(std::string_view type, std::string_view arch) -> std::string_view
{
    for (auto const& suffix : {fmt::format("-{}-cpu", arch), std::string{"-cpu"}})
        if (type.ends_with(suffix))
            return type.substr(0, type.size() - suffix.size());
    return type;
}

void complete_cpu(Resolving& at)
{
    constexpr std::string_view rule = "the machine's default CPU";
    auto& cpu = at.config.cpu;
    auto const is_default = !cpu || (!cpu->mode && !cpu->model);
    if (is_default && at.board.is_riscv()) // libvirt leaves it to QEMU
        return;
    if (is_default) {
        auto const* machine = at.capabilities.find_machine(at.config.os.machine.value_or(""));
        if (!machine || machine->default_cpu_type.empty())
            return;
        if (!cpu) {
            cpu.emplace();
            at.origins.chose("/domain/cpu", rule);
        }
        cpu->mode = CpuMode::custom;
        cpu->match = cpu->match.value_or(CpuMatch::exact);
        cpu->check = CpuCheck::none;
        cpu->model = vmwright::CpuModel{.name = std::string{cpu_model_of_type(machine->default_cpu_type, at.board.arch)},
                                        .fallback = CpuFallback::forbid};
        at.origins.chose("/domain/cpu/model", rule);
        return;
    }
    at.choose(cpu->mode, CpuMode::custom, "/domain/cpu/@mode", "cpu mode");
    switch (*cpu->mode) {
    case CpuMode::custom:
        at.choose(cpu->match, CpuMatch::exact, "/domain/cpu/@match", "cpu match");
        at.choose(cpu->check, CpuCheck::partial, "/domain/cpu/@check", "cpu check");
        if (cpu->model)
            at.choose(cpu->model->fallback, CpuFallback::allow, "/domain/cpu/model/@fallback", "cpu fallback");
        break;
    case CpuMode::host_model: at.choose(cpu->check, CpuCheck::partial, "/domain/cpu/@check", "cpu check"); break;
    case CpuMode::host_passthrough:
        at.choose(cpu->check, CpuCheck::none, "/domain/cpu/@check", "cpu check");
        if (at.config.type == DomainType::kvm)
            at.choose(cpu->migratable, true, "/domain/cpu/@migratable", "cpu migratable");
        break;
    case CpuMode::maximum:
        at.choose(cpu->check, CpuCheck::none, "/domain/cpu/@check", "cpu check");
        if (at.config.type == DomainType::kvm)
            at.choose(cpu->migratable, true, "/domain/cpu/@migratable", "cpu migratable");
        break;
    }
}

} // namespace
} // namespace resolve_machine

void complete_machine(Resolving& at)
{
    auto& os = at.config.os;
    at.choose(os.arch, at.facts.arch, "/domain/os/type/@arch", "the host's architecture");
    if (!os.machine) {
        auto const* machine = at.capabilities.default_machine();
        if (!machine)
            return at.error("/domain/os/type/@machine", Fault::missing,
                            fmt::format("the emulator for {} has no default machine", *os.arch), "name one");
        at.choose(os.machine, machine->name, "/domain/os/type/@machine", "the emulator's default machine");
    } else if (auto const canonical = at.capabilities.canonical_machine(*os.machine); canonical != *os.machine) {
        os.machine = std::string{canonical};
        at.origins.chose("/domain/os/type/@machine", "the machine that the alias stands for");
    }
    at.choose(at.config.devices.emulator,
              at.capabilities.binary.empty() ? fmt::format("/usr/bin/qemu-system-{}", emulator_arch(*os.arch))
                                             : at.capabilities.binary,
              "/domain/devices/emulator", "the architecture's emulator");
}

void complete_memory_and_cpus(Resolving& at)
{
    auto& config = at.config;
    config.memory = KiB(config.memory.kib());
    if (config.current_memory)
        config.current_memory = KiB(config.current_memory->kib());
    if (!config.current_memory || *config.current_memory > config.memory) {
        config.current_memory = config.memory;
        at.origins.chose("/domain/currentMemory", "all of the memory");
    }
    at.choose(config.vcpus.placement, VcpuPlacement::static_, "/domain/vcpu/@placement", "vcpu placement");
    if (config.vcpus.current == config.vcpus.count)
        config.vcpus.current.reset();
    auto has_order = false;
    for_each_kind(config.devices, [&](std::string_view, auto const& list) {
        if constexpr (requires { list.front().info; })
            has_order |= std::ranges::any_of(list, [](auto const& device) { return device.info.boot_order.has_value(); });
    });
    if (config.os.boot.empty() && !has_order) {
        config.os.boot.push_back(BootDevice::hd);
        at.origins.chose("/domain/os/boot", "boot from the first disk");
    }
    resolve_machine::complete_cpu(at);
    if (config.cpu && config.cpu->topology)
        at.choose(config.cpu->topology->dies, 1U, "/domain/cpu/topology/@dies", "one die");
    at.choose(config.on_poweroff, LifecycleAction::destroy, "/domain/on_poweroff", "on_poweroff");
    at.choose(config.on_reboot, LifecycleAction::restart, "/domain/on_reboot", "on_reboot");
    at.choose(config.on_crash, CrashAction::destroy, "/domain/on_crash", "on_crash");
}

} // namespace vmwright::inline v0::qemu::detail
