// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"
#include "shell.hpp"

namespace
{

auto nodeinfo(Shell& shell, Arguments const&) -> bool
{
    auto const info = shell.host().node_info();
    auto const line = [&](std::string_view label, auto const& value) { shell.print("{:<20} {}\n", label, value); };
    line("CPU model:", info.model);
    line("CPU(s):", info.cpus);
    line("CPU frequency:", fmt::format("{} MHz", info.mhz));
    line("CPU socket(s):", info.sockets);
    line("Core(s) per socket:", info.cores);
    line("Thread(s) per core:", info.threads);
    line("NUMA cell(s):", info.cells);
    line("Memory size:", fmt::format("{} KiB", info.memory.kib()));
    return true;
}

auto hostname(Shell& shell, Arguments const&) -> bool
{
    shell.print("{}\n", shell.host().hostname());
    return true;
}

/// The columns and words of virt-host-validate.
auto host_validate(Shell& shell, Arguments const&) -> bool
{
    auto const check = shell.host().self_check();
    for (auto const& [name, status, message, hint] : check.items)
        shell.print("{:>6}: Checking for {:<59}: {} ({}{}{})\n", "QEMU", name, to_string(status), message,
                    hint.empty() ? "" : "; ", hint);
    return !check.has_failures();
}

} // namespace

auto host_commands() -> std::vector<Command>
{
    return {
        {.name = "nodeinfo",
         .summary = "print processors and memory of this host",
         .description = "Sockets are those of each NUMA cell.",
         .run = nodeinfo},
        {.name = "hostname", .summary = "print the name of this host", .run = hostname},
        {.name = "host-validate",
         .summary = "look at what domains can have on this host",
         .description = "A line for each thing they may need: PASS, WARN where some domains lack something, FAIL where the\n"
                        "usual ones cannot run; with the reason and what to do about it. The exit status is 1 if anything\n"
                        "fails.",
         .run = host_validate},
    };
}
