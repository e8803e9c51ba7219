// SPDX-License-Identifier: BSL-1.0
//
// Two machines built in C++, a PC and an Arm server, checked and translated: no XML, no emulator, no privileges.
#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>

#include <fmt/format.h>

namespace vw = vmwright;

namespace
{

auto server(std::string arch, std::string machine) -> vw::DomainConfig
{
    vw::DomainConfig config{
        .name = arch + "-server",
        .memory = vw::GiB(2),
        .vcpus = {.count = 2},
        .os = {.arch = arch, .machine = machine, .firmware = vw::FirmwareKind::efi},
        .features = {.acpi = true},
    };
    config.devices.disks.push_back(vw::Disk::file("/var/lib/images/" + config.name + ".qcow2", "vda"));
    config.devices.interfaces.push_back(vw::Interface::user());
    config.devices.rngs.emplace_back();
    return config;
}

/// What is wrong goes to standard error; false when that makes it impossible.
auto print_command_line(vw::DomainConfig const& config) -> bool
{
    auto const name = vw::qemu::shipped_profile(*config.os.arch);
    auto const profile = vw::qemu::load_capabilities(vw::qemu::profile_text(name)).value();
    auto const plan = vw::qemu::plan(config, profile, vw::qemu::debian12());
    for (auto const& diagnostic : plan.diagnostics)
        fmt::print(stderr, "{}: {}\n", config.name, format(diagnostic));
    if (plan.has_errors())
        return false;
    for (auto const& argument : vw::qemu::arguments(plan.result))
        fmt::print("{}\n", argument);
    return true;
}

} // namespace

auto main() -> int
{
    auto const pc = print_command_line(server("x86_64", "q35"));
    auto const arm = print_command_line(server("aarch64", "virt"));
    return pc && arm ? 0 : 1;
}
