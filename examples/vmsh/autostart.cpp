// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"
#include "shell.hpp"

namespace
{

auto autostart(Shell& shell, Arguments const& arguments) -> bool
{
    auto const domain = shell.find_domain(arguments);
    auto const named = arguments.required_text("domain");
    auto const on = !arguments.has("disable");
    auto const verb = on ? "mark" : "unmark";
    shell.attempt(fmt::format("Failed to {} domain '{}' as autostarted", verb, named), [&] {
        shell.require_write("virDomainSetAutostart");
        domain.set_autostart(on);
    });
    shell.tell("Domain '{}' {}ed as autostarted\n", named, verb);
    return true;
}

auto start_autostart(Shell& shell, Arguments const&) -> bool
{
    shell.require_write("virDomainCreate");
    auto const failures = shell.host().start_autostart();
    for (auto const& [domain, error] : failures) {
        print_error(fmt::format("Failed to start domain '{}'", domain));
        for (auto const& line : reasons(error))
            print_error(line);
    }
    return failures.empty();
}

auto domrename(Shell& shell, Arguments const& arguments) -> bool
{
    auto const domain = shell.find_domain(arguments, {.id = false});
    auto const name = arguments.required_text("new-name");
    shell.require_write("virDomainRename");
    try {
        [[maybe_unused]] auto const renamed = domain.rename(name);
    } catch (vw::Error const& error) {
        if (error.code() != vw::Errc::already_exists)
            throw;
        throw Refusal{fmt::format("Requested operation is not valid: {}", error.message())};
    }
    shell.tell("Domain successfully renamed\n");
    return true;
}

} // namespace

auto autostart_commands() -> std::vector<Command>
{
    return {
        {.name = "autostart",
         .summary = "mark a domain as one that starts with the host",
         .description = "start-autostart starts it.",
         .options = {which_domain(), flag("disable", "take the mark away")},
         .run = autostart},
        {.name = "start-autostart",
         .summary = "start the domains that are marked by autostart and do not run",
         .description =
             "For the boot of the host; one that fails stops no other. virsh has no such command: its daemon does it.",
         .run = start_autostart},
        {.name = "domrename",
         .summary = "give a domain that is off another name",
         .description = "All that is kept under its name goes along.",
         .options = {which_domain("domain name or uuid"), required("new-name", "its new name")},
         .run = domrename},
    };
}
