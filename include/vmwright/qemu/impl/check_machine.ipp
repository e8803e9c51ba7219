// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace vmwright::inline v0::qemu::detail
{

namespace check_machine_parts
{
namespace
{

void check_identity(Checking const& at)
{
    if (at.config.type != DomainType::qemu && at.config.type != DomainType::kvm)
        at.error("/domain/@type", Fault::not_supported,
                 fmt::format("a domain of type '{}' cannot run under QEMU", to_string(at.config.type)), "use qemu or kvm");
    auto const& name = at.config.name;
    constexpr std::size_t longest_name = 255;
    if (name.empty())
        at.error("/domain/name", Fault::missing, "the domain has no name", "add <name>");
    else if (name.find('/') != std::string::npos || name == "." || name == "..")
        at.error("/domain/name", Fault::bad_text, fmt::format("the name '{}' cannot be a file's name", name),
                 "leave out '/' and do not call it '.' or '..'");
    else if (name.size() > longest_name)
        at.error("/domain/name", Fault::bad_text,
                 fmt::format("the name has {} bytes, more than {}", name.size(), longest_name), "give a shorter one");
    else if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
        at.error("/domain/name", Fault::bad_text, "the name has a line break or another control character", "leave it out");
    if (at.config.title.find('\n') != std::string::npos)
        at.error("/domain/title", Fault::bad_text, "a title is one line", "use <description> for more");
}

void check_genid(Checking const& at)
{
    if (at.config.genid && !at.capabilities.has_device("vmgenid"))
        at.error("/domain/genid", Fault::not_supported,
                 fmt::format("the emulator for {} has no generation id", at.capabilities.arch), "remove it");
}

/// libvirt's names; QEMU has its own for some.
constexpr auto architectures = name_list(
    "alpha", "armv6l", "armv7l", "armv7b", "aarch64", "cris", "i686", "ia64", "lm32", "m68k", "microblaze", "microblazeel",
    "mips", "mipsel", "mips64", "mips64el", "openrisc", "parisc", "parisc64", "ppc", "ppc64", "ppc64le", "ppcemb", "riscv32",
    "riscv64", "s390", "s390x", "sh4", "sh4eb", "sparc", "sparc64", "unicore32", "x86_64", "xtensa", "xtensaeb");

void check_os(Checking const& at)
{
    auto const& os = at.config.os;
    if (os.arch && std::ranges::find(architectures, *os.arch) == architectures.end())
        return at.error("/domain/os/type/@arch", Fault::unknown_value, fmt::format("'{}' is not an architecture", *os.arch),
                        *os.arch == "arm" ? std::string{"use armv7l"} : suggestion(*os.arch, architectures));
    if (os.type.empty())
        at.error("/domain/os/type", Fault::missing, "<os> has no type", "add <type>hvm</type>");
    else if (os.type != "hvm")
        at.error("/domain/os/type", Fault::not_supported,
                 fmt::format("QEMU does not run an operating system of type '{}'", os.type), "use hvm");
    if (os.arch && !runs_guests_of(at.capabilities.arch, *os.arch))
        at.error(at.config.devices.emulator ? "/domain/devices/emulator" : "/domain/os/type/@arch", Fault::not_supported,
                 fmt::format("the emulator is for {}, not {}", at.capabilities.arch, *os.arch),
                 "name another emulator or architecture");
    else if (os.machine && !at.capabilities.find_machine(*os.machine))
        at.error("/domain/os/type/@machine", Fault::unknown_value,
                 fmt::format("QEMU {} has no machine '{}'", to_string(at.capabilities.version), *os.machine),
                 suggestion(*os.machine, at.capabilities.machine_names()));
    if (os.bios && os.bios->reboot_timeout && (*os.bios->reboot_timeout < -1 || *os.bios->reboot_timeout > 65535))
        at.error("/domain/os/bios/@rebootTimeout", Fault::bad_number,
                 fmt::format("{} is not a reboot timeout", *os.bios->reboot_timeout), "give -1 to 65535 milliseconds");
    std::set<BootDevice> seen;
    for (std::size_t i = 0; i < os.boot.size(); ++i)
        if (!seen.insert(os.boot[i]).second)
            at.warning(fmt::format("/domain/os/boot[{}]", i + 1), Fault::duplicate,
                       fmt::format("'{}' is in the boot order already", to_string(os.boot[i])), "remove one of them");
    if (!os.kernel.empty())
        return;
    for (auto const& [name, said] : {std::pair{"initrd", &os.initrd}, {"cmdline", &os.cmdline}, {"dtb", &os.dtb}})
        if (!said->empty())
            at.warning(fmt::format("/domain/os/{}", name), Fault::ignored, "it has no effect without a kernel",
                       "add <kernel>");
}

void check_cpus(Checking const& at)
{
    auto const& vcpus = at.config.vcpus;
    if (vcpus.count == 0)
        at.error("/domain/vcpu", Fault::bad_number, "a domain has at least one vCPU", "give 1 or more");
    if (vcpus.current && *vcpus.current > vcpus.count)
        at.error("/domain/vcpu/@current", Fault::conflict,
                 fmt::format("{} vCPUs at start are more than the {} there can be", *vcpus.current, vcpus.count),
                 "raise <vcpu> or lower @current");
    if (vcpus.current == 0U)
        at.error("/domain/vcpu/@current", Fault::bad_number, "a domain starts with at least one vCPU", "give 1 or more");
    auto const* machine =
        at.config.os.machine ? at.capabilities.find_machine(*at.config.os.machine) : at.capabilities.default_machine();
    if (machine && vcpus.count > machine->max_cpus)
        at.error("/domain/vcpu", Fault::bad_number,
                 fmt::format("{} vCPUs are more than the {} that machine '{}' can have", vcpus.count, machine->max_cpus,
                             machine->name),
                 "lower <vcpu> or use another machine");
    if (vcpus.cpuset && vcpus.cpuset->find_first_not_of("0123456789,-^ \n\t") != std::string::npos)
        at.error("/domain/vcpu/@cpuset", Fault::bad_text, fmt::format("'{}' is not a set of CPUs", *vcpus.cpuset),
                 "give numbers and ranges, as 0-3,^2");
    check_individual_vcpus(at);
}

void check_power_management(Checking const& at)
{
    auto const board = board_of(at.config);
    auto const refuse = [&](std::optional<bool> said, std::string_view element) {
        if (said && !board.is_x86())
            at.error(fmt::format("/domain/pm/{}", element), Fault::not_supported,
                     fmt::format("machines of {} have no such ACPI sleep state", board.arch), "remove it");
    };
    refuse(at.config.pm.suspend_to_mem, "suspend-to-mem");
    refuse(at.config.pm.suspend_to_disk, "suspend-to-disk");
}

void check_lifecycle(Checking const& at)
{
    auto const refuse = [&](std::string_view what, std::string_view action, std::string hint) {
        at.error(fmt::format("/domain/{}", what), Fault::not_supported,
                 fmt::format("'{}' is not possible for {} under QEMU", action, what), std::move(hint));
    };
    auto const possible = [](LifecycleAction a) { return a == LifecycleAction::destroy || a == LifecycleAction::restart; };
    if (at.config.on_poweroff && !possible(*at.config.on_poweroff))
        refuse("on_poweroff", to_string(*at.config.on_poweroff), "use destroy or restart");
    if (at.config.on_reboot && !possible(*at.config.on_reboot))
        refuse("on_reboot", to_string(*at.config.on_reboot), "use destroy or restart");
    if (at.config.on_crash == CrashAction::rename_restart)
        refuse("on_crash", to_string(*at.config.on_crash),
               "use destroy, restart, preserve, coredump-destroy or coredump-restart");
    if (at.config.on_poweroff == LifecycleAction::restart && at.config.on_reboot == LifecycleAction::destroy)
        at.error("/domain/on_poweroff", Fault::conflict,
                 "a domain cannot restart when it powers off and end when it reboots",
                 "change on_poweroff to destroy or on_reboot to restart");
}

/// What QEMU cannot be told in advance by -action.
void check_watched(Checking const& at)
{
    auto const note = [&](std::string_view node, std::string_view when, std::string_view what) {
        at.note(fmt::format("/domain/{}", node), Fault::needs_watcher,
                fmt::format("a guest that {} waits, paused, for a program that {}", when, what),
                "keep one that has opened the host, as `vmsh run`; without one it waits until the next comes");
    };
    if (at.config.on_poweroff == LifecycleAction::restart)
        note("on_poweroff", "has powered off", "starts it anew");
    switch (at.config.on_crash.value_or(CrashAction::destroy)) {
    case CrashAction::restart: note("on_crash", "has crashed", "starts it anew"); break;
    case CrashAction::coredump_destroy: note("on_crash", "has crashed", "dumps its memory and ends it"); break;
    case CrashAction::coredump_restart: note("on_crash", "has crashed", "dumps its memory and starts it anew"); break;
    case CrashAction::destroy:
    case CrashAction::preserve:
    case CrashAction::rename_restart: break;
    }
}

} // namespace
} // namespace check_machine_parts

void check_machine(Checking const& at)
{
    using namespace check_machine_parts;
    check_identity(at);
    check_genid(at);
    check_os(at);
    detail::check_memory(at);
    check_cpus(at);
    check_iothreads(at);
    check_numa(at);
    check_numatune(at);
    check_cputune(at);
    check_memtune(at);
    check_blkiotune(at);
    check_cpu(at);
    check_features(at);
    check_timers(at);
    check_lifecycle(at);
    check_watched(at);
    check_power_management(at);
    check_firmware(at);
    check_sysinfo(at);
    check_security(at);
    check_resource(at);
    check_clock(at);
    check_extensions(at);
}

} // namespace vmwright::inline v0::qemu::detail
