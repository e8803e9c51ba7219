// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/clock.hpp>
#include <vmwright/qemu/detail/firmware.hpp>
#include <vmwright/qemu/detail/memory.hpp>
#include <vmwright/qemu/detail/security.hpp>
#include <vmwright/qemu/detail/translating.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

namespace translate_machine_parts
{
namespace
{

auto uses_bios_serial(DomainConfig const& config) -> bool
{
    return config.os.bios && config.os.bios->use_serial == true;
}

void add_name(Translating& at)
{
    at.add("name", "/domain/name").set("guest", at.config.name).set("debug-threads", true);
    at.add_rule("S", "paused until the host lets it run");
}

void add_machine(Translating& at)
{
    auto const& config = at.config;
    auto& option = at.add("machine", "/domain/os/type/@machine");
    option.set("", config.os.machine.value_or("")).set("usb", false);
    set_machine_features(option, at);
    if (config.features.smm)
        option.set("smm", config.features.smm->enabled);
    set_security(option, config);
    option.set("dump-guest-core", config.dump_core.value_or(false));
    set_machine_memory(option, at);
    set_firmware(option, config);
    option.set_if(uses_bios_serial(config), "graphics", false);
    set_loadparm(option, at);
    if (auto const& iommu = config.devices.iommu)
        option.set_if(iommu->model == IommuModel::smmuv3, "iommu", "smmuv3");
}

void add_identity(Translating& at)
{
    if (at.config.uuid)
        at.add("uuid", "/domain/uuid").set("", to_string(*at.config.uuid));
    if (at.config.genid)
        at.device("vmgenid", "/domain/genid")
            .set("guid", *at.config.genid == Uuid{} ? "auto" : to_string(*at.config.genid))
            .set("id", "vmgenid0");
}

void add_display_and_monitor(Translating& at)
{
    if (at.config.devices.graphics.empty())
        at.add_rule("display", "no display").set("", "none");
    at.add_rule("no-user-config", "only what the configuration says");
    at.add_rule("nodefaults", "only what the configuration says");
    at.add_rule("chardev", monitor_rule)
        .set("", "socket")
        .set("id", "charmonitor")
        .set("path", Slot{"monitor", fmt::format("{}/monitor.sock", at.facts.directories.lib)})
        .set("server", true)
        .set("wait", false);
    at.add_rule("mon", monitor_rule).set("chardev", "charmonitor").set("id", "monitor").set("mode", "control");
}

/// What QEMU itself does when the guest ends; what it has no word for waits paused (see the host room).
void add_actions(Translating& at)
{
    auto const& config = at.config;
    auto const restarts = config.on_poweroff == LifecycleAction::restart;
    auto const reboots = config.on_reboot != LifecycleAction::destroy;
    auto const dies = !config.on_crash || config.on_crash == CrashAction::destroy;
    at.add("action", "/domain/on_reboot").set("reboot", reboots ? "reset" : "shutdown");
    at.add("action", "/domain/on_poweroff").set("shutdown", restarts ? "pause" : "poweroff");
    at.add("action", "/domain/on_crash").set("panic", dies ? "shutdown" : "pause");
}

void add_power_management(Translating& at)
{
    auto const& pm = at.config.pm;
    if (!at.config.features.acpi && (at.board.is_x86() || at.capabilities.arch == "aarch64"))
        at.add("no-acpi", "/domain/features");
    auto const chip = at.board.family == BoardFamily::q35 ? std::string_view{"ICH9-LPC"}
                      : at.board.is_x86()                 ? std::string_view{"PIIX4_PM"}
                                                          : std::string_view{};
    auto const set = [&](std::optional<bool> enabled, std::string_view property, std::string_view node) {
        if (enabled && !chip.empty())
            at.add("global", node).set(fmt::format("{}.{}", chip, property), *enabled ? 0 : 1);
    };
    set(pm.suspend_to_mem, "disable_s3", "/domain/pm/suspend-to-mem");
    set(pm.suspend_to_disk, "disable_s4", "/domain/pm/suspend-to-disk");
}

void add_boot(Translating& at)
{
    auto const& os = at.config.os;
    auto& boot = at.add("boot", "/domain/os");
    if (os.boot_menu)
        boot.set("menu", os.boot_menu->enabled);
    if (os.bios)
        boot.set("reboot-timeout", os.bios->reboot_timeout);
    if (os.boot_menu && os.boot_menu->enabled == true)
        boot.set("splash-time", os.boot_menu->timeout);
    boot.set("strict", true);
    auto const add_text = [&](std::string_view option, std::string const& text, std::string_view node) {
        if (!text.empty())
            at.add(option, node).set("", text);
    };
    add_text("kernel", os.kernel, "/domain/os/kernel");
    add_text("initrd", os.initrd, "/domain/os/initrd");
    add_text("append", os.cmdline, "/domain/os/cmdline");
    add_text("dtb", os.dtb, "/domain/os/dtb");
    if (at.config.features.vmcoreinfo == true)
        at.device("vmcoreinfo", "/domain/features/vmcoreinfo");
}

} // namespace
} // namespace translate_machine_parts

void translate_machine(Translating& at)
{
    using namespace translate_machine_parts;
    add_name(at);
    translate_flash(at);
    add_machine(at);
    translate_accelerator(at);
    translate_cpu(at);
    translate_memory(at);
    translate_vcpus(at);
    translate_iothreads(at);
    translate_numa(at);
    translate_firmware(at);
    add_identity(at);
    translate_sysinfo(at);
    translate_security(at);
    add_display_and_monitor(at);
    translate_clock(at);
    add_actions(at);
    add_power_management(at);
    add_boot(at);
}

} // namespace vmwright::inline v0::qemu::detail
