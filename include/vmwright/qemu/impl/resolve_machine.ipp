// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

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

void complete_cpus(Resolving& at)
{
    auto& config = at.config;
    complete_vcpus(at);
    complete_features(at);
    auto has_order = false;
    for_each_kind(config.devices, [&](std::string_view, auto const& list) {
        if constexpr (requires { list.front().info; })
            has_order |= std::ranges::any_of(list, [](auto const& device) { return device.info.boot_order.has_value(); });
    });
    if (config.os.boot.empty() && !has_order) {
        config.os.boot.push_back(BootDevice::hd);
        at.origins.chose("/domain/os/boot", "boot from the first disk");
    }
    complete_cpu(at);
    at.choose(config.on_poweroff, LifecycleAction::destroy, "/domain/on_poweroff", "on_poweroff");
    at.choose(config.on_reboot, LifecycleAction::restart, "/domain/on_reboot", "on_reboot");
    at.choose(config.on_crash, CrashAction::destroy, "/domain/on_crash", "on_crash");
}

} // namespace vmwright::inline v0::qemu::detail
