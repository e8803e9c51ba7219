// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"
#include "console.hpp"
#include "shell.hpp"

#include <algorithm>
#include <chrono>
#include <functional>

namespace
{

using namespace std::chrono_literals;

auto start(Shell& shell, Arguments const& arguments) -> bool
{
    arguments.refuse("start", {"pass-fds", "reset-nvram"});
    auto const domain = shell.find_domain(arguments, {.id = false});
    if (domain.is_active())
        throw Refusal{"Domain is already active"};
    auto const with_console = arguments.has("console");
    auto const paused = arguments.has("paused");
    shell.attempt(fmt::format("Failed to start domain '{}'", domain.name()), [&] {
        shell.require_write("virDomainCreate");
        domain.start(start_options(arguments));
    });
    shell.tell("Domain '{}' started\n", domain.name());
    return !with_console || run_console_of_start(shell, domain, paused);
}

/// How a guest may be asked to end, as bits of libvirt's flags.
struct Modes
{
    unsigned flags{};

    static constexpr unsigned acpi = 1, agent = 2, initctl = 4, signal = 8, paravirt = 16;
};

/// Reads `acpi,agent`. `before_last` is what virsh writes before the last word of the list of them.
auto modes_of(Arguments const& arguments, std::string_view before_last) -> Modes
{
    Modes modes;
    auto const given = arguments.text("mode");
    for (std::string_view rest = given ? *given : std::string_view{}; !rest.empty();) {
        auto const comma = std::min(rest.find(','), rest.size());
        auto const word = rest.substr(0, comma);
        rest.remove_prefix(std::min(comma + 1, rest.size()));
        if (word == "acpi")
            modes.flags |= Modes::acpi;
        else if (word == "agent")
            modes.flags |= Modes::agent;
        else if (word == "initctl")
            modes.flags |= Modes::initctl;
        else if (word == "signal")
            modes.flags |= Modes::signal;
        else if (word == "paravirt")
            modes.flags |= Modes::paravirt;
        else
            throw Refusal{fmt::format("Unknown mode {} value, expecting 'acpi', 'agent', 'initctl', 'signal'{} 'paravirt'",
                                      word, before_last)};
    }
    return modes;
}

void require_acpi(Modes modes, std::string_view function)
{
    if (auto const others = modes.flags & ~(Modes::acpi | Modes::agent); others != 0)
        throw Refusal{fmt::format("unsupported flags ({:#x}) in function {}", others, function)};
    if (modes.flags == Modes::agent)
        throw Refusal{"not supported yet: --mode agent"};
}

/// Does one thing to the domain that was named. `verb` and `done` make the sentences of failure and success; `function` is
/// libvirt's, which -r forbids.
auto act(Shell& shell, Arguments const& arguments, std::string_view verb, std::string_view function, std::string_view done,
         std::function<void(vw::Domain const&)> const& action) -> bool
{
    auto const domain = shell.find_domain(arguments);
    auto const named = arguments.required_text("domain");
    shell.attempt(fmt::format("Failed to {} domain '{}'", verb, named), [&] {
        shell.require_write(function);
        action(domain);
    });
    shell.tell("Domain '{}' {}\n", named, done);
    return true;
}

auto shutdown(Shell& shell, Arguments const& arguments) -> bool
{
    auto const modes = modes_of(arguments, ", or");
    return act(shell, arguments, "shutdown", "virDomainShutdown", "is being shutdown", [&](vw::Domain const& domain) {
        require_acpi(modes, "qemuDomainShutdownFlags");
        // A guest that is paused does not see the button.
        if (domain.state().phase != vw::RunPhase::running)
            throw vw::Error{vw::Errc::not_running, "domain is not running"};
        domain.shutdown(0ms);
    });
}

auto reboot(Shell& shell, Arguments const& arguments) -> bool
{
    auto const modes = modes_of(arguments, " or");
    return act(shell, arguments, "reboot", "virDomainReboot", "is being rebooted", [&](vw::Domain const& domain) {
        require_acpi(modes, "qemuDomainReboot");
        domain.reboot();
    });
}

auto destroy(Shell& shell, Arguments const& arguments) -> bool
{
    arguments.refuse("destroy", {"remove-logs"});
    return act(shell, arguments, "destroy", "virDomainDestroy", "destroyed", [&](vw::Domain const& domain) {
        if (arguments.has("graceful"))
            domain.destroy(24h);
        else
            domain.destroy();
    });
}

auto reset(Shell& shell, Arguments const& arguments) -> bool
{
    return act(shell, arguments, "reset", "virDomainReset", "was reset", &vw::Domain::reset);
}

auto suspend(Shell& shell, Arguments const& arguments) -> bool
{
    return act(shell, arguments, "suspend", "virDomainSuspend", "suspended", &vw::Domain::suspend);
}

auto resume(Shell& shell, Arguments const& arguments) -> bool
{
    return act(shell, arguments, "resume", "virDomainResume", "resumed", &vw::Domain::resume);
}

} // namespace

auto lifecycle_commands() -> std::vector<Command>
{
    auto const mode = text("mode", "ways to ask the guest, as acpi,agent; others are not QEMU's");
    return {
        {.name = "start",
         .summary = "start a domain from its definition",
         .description = "It runs on when this program ends.",
         .options = {which_domain("domain name or uuid"), flag("console", "attach to its console"),
                     flag("paused", "leave its guest paused"), flag("autodestroy", "end it when this program ends"),
                     flag("bypass-cache", "do not fill the cache of files when a saved state is read"),
                     flag("force-boot", "forget a saved state and boot"),
                     text("pass-fds", "numbers of file descriptors to pass to the guest, as N,M"),
                     flag("reset-nvram", "begin with a fresh copy of the firmware's variables")},
         .run = start},
        {.name = "shutdown",
         .summary = "ask the guest of a domain to end",
         .description = "Presses the power button; what the guest does then is its own decision.",
         .options = {which_domain(), mode},
         .run = shutdown},
        {.name = "destroy",
         .summary = "end a domain at once",
         .description = "Pulls the plug. Definition and disks stay.",
         .options = {which_domain(), flag("graceful", "do not kill an emulator that does not end when told to"),
                     flag("remove-logs", "remove its logs, too")},
         .run = destroy},
        {.name = "reboot",
         .summary = "ask the guest of a domain to end, and start it anew",
         .description = "Presses the power button; what the guest does then is its own decision.",
         .options = {which_domain(), mode},
         .run = reboot},
        {.name = "reset",
         .summary = "start the guest of a domain anew",
         .description = "Presses the reset button: the guest is not asked.",
         .options = {which_domain()},
         .run = reset},
        {.name = "suspend",
         .summary = "stop the CPUs of a domain",
         .description = "Its memory stays where it is.",
         .options = {which_domain()},
         .run = suspend},
        {.name = "resume",
         .summary = "let the CPUs of a suspended domain go on",
         .description = "The opposite of suspend, and the rest of start --paused.",
         .options = {which_domain()},
         .run = resume},
    };
}
