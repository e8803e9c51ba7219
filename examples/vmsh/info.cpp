// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"
#include "shell.hpp"

#include <vmwright/xml/domain.hpp>

namespace
{

auto id_text(vw::Domain const& domain) -> std::string
{
    auto const id = domain.id();
    return id ? fmt::format("{}", *id) : "-";
}

auto dominfo(Shell& shell, Arguments const& arguments) -> bool
{
    auto const domain = shell.find_domain(arguments);
    auto const id = id_text(domain);
    auto const info = domain.info();
    auto const line = [&](std::string_view label, auto const& value) {
        shell.print("{:<15} {}\n", fmt::format("{}:", label), value);
    };
    line("Id", id);
    line("Name", domain.name());
    line("UUID", to_string(domain.uuid()));
    line("OS Type", vw::xml::read_domain(domain.xml()).result.os.type);
    line("State", to_string(info.state.phase));
    line("CPU(s)", info.vcpus);
    if (info.cpu_time)
        line("CPU time", fmt::format("{:.1f}s", std::chrono::duration<double>{*info.cpu_time}.count()));
    line("Max memory", fmt::format("{} KiB", info.max_memory.kib()));
    line("Used memory", fmt::format("{} KiB", info.memory.kib()));
    line("Persistent", domain.is_persistent() ? "yes" : "no");
    line("Autostart", domain.autostart() ? "enable" : "disable");
    line("Managed save", "no");
    line("Security model", "none");
    line("Security DOI", "0");
    return true;
}

auto domstate(Shell& shell, Arguments const& arguments) -> bool
{
    auto const state = shell.find_domain(arguments).state();
    if (arguments.has("reason"))
        shell.print("{} ({})\n", to_string(state.phase), reason_name(state));
    else
        shell.print("{}\n", to_string(state.phase));
    return true;
}

auto domid(Shell& shell, Arguments const& arguments) -> bool
{
    shell.print("{}\n", id_text(shell.find_domain(arguments, {.id = false})));
    return true;
}

auto domname(Shell& shell, Arguments const& arguments) -> bool
{
    shell.print("{}\n", shell.find_domain(arguments, {.name = false}).name());
    return true;
}

auto domuuid(Shell& shell, Arguments const& arguments) -> bool
{
    shell.print("{}\n", to_string(shell.find_domain(arguments, {.uuid = false}).uuid()));
    return true;
}

} // namespace

auto info_commands() -> std::vector<Command>
{
    return {
        {.name = "dominfo",
         .summary = "what there is to know about a domain",
         .description = "Its names, state, CPUs and memory, a line each.",
         .options = {which_domain()},
         .run = dominfo},
        {.name = "domstate",
         .summary = "the state of a domain",
         .description = "A word; with --reason, why.",
         .options = {which_domain(), flag("reason", "print the reason, too")},
         .run = domstate},
        {.name = "domid",
         .summary = "the id of the domain with a name or UUID",
         .options = {which_domain("domain name or uuid")},
         .run = domid},
        {.name = "domname",
         .summary = "the name of the domain with an id or UUID",
         .options = {which_domain("domain id or uuid")},
         .run = domname},
        {.name = "domuuid",
         .summary = "the UUID of the domain with a name or id",
         .options = {which_domain("domain id or name")},
         .run = domuuid},
    };
}
