// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"
#include "domain_text.hpp"
#include "foreground.hpp"
#include "shell.hpp"

#include <optional>

namespace
{

auto words_of(Outcome outcome, std::string const& name) -> std::string
{
    switch (outcome) {
    case Outcome::powered_off: break;
    case Outcome::ended_by_others: return fmt::format("Domain '{}' was ended by another program", name);
    case Outcome::destroyed: return fmt::format("Domain '{}' was destroyed", name);
    case Outcome::crashed: return fmt::format("The guest of domain '{}' has crashed", name);
    case Outcome::emulator_failed: return fmt::format("The emulator of domain '{}' has failed", name);
    }
    return fmt::format("The guest of domain '{}' has powered off", name);
}

auto run(Shell& shell, Arguments const& arguments) -> bool
{
    constexpr auto patience = 90;
    auto const file = arguments.required_text("file");
    auto const text = read_file(file);
    // A reader of our output that goes away does not take the guest with it.
    std::signal(SIGPIPE, SIG_IGN);
    std::string name;
    std::optional<Outcome> outcome;
    std::optional<int> signal;
    {
        std::optional<Foreground> domain;
        shell.attempt(
            fmt::format("Failed to run domain from {}", file),
            [&] {
                shell.require_write("virDomainCreateXML");
                auto const parsed = read_domain_text(text, arguments.has("validate"));
                name = parsed.result.name;
                domain.emplace(shell, name,
                               Foreground::Options{
                                   .stop_timeout = std::chrono::seconds{arguments.number("stop-timeout").value_or(patience)},
                                   .restarts = parsed.result.on_poweroff == vw::LifecycleAction::restart});
                with_places(parsed.document, [&] { domain->start(text); });
            },
            file);
        outcome = domain->wait();
        signal = domain->early_signal();
    }
    // Before there was a guest, a signal means to us what it means to any program.
    if (signal)
        raise(*signal);
    auto words = words_of(*outcome, name);
    if (*outcome != Outcome::powered_off)
        throw Refusal{std::move(words), static_cast<int>(*outcome)};
    return true;
}

} // namespace

auto run_commands() -> std::vector<Command>
{
    return {{.name = "run",
             .summary = "run the domain that an XML file describes in the foreground",
             .description =
                 "It is gone when it ends. Its first console or serial port is the standard input and output; on a\n"
                 "terminal, Ctrl+] does what SIGTERM does, if no other key was set with -e.\n"
                 "\n"
                 "SIGTERM, SIGINT, SIGHUP and SIGQUIT ask the guest to power off. If it has not when the time is up, or\n"
                 "when such a signal comes again, the domain is destroyed. on_poweroff, on_reboot and on_crash are\n"
                 "carried out, but a guest that was asked to power off is not started anew.\n"
                 "\n"
                 "The exit status tells how it ended:\n"
                 "  0  the guest powered off\n"
                 "  1  it was not started\n"
                 "  2  another program ended it\n"
                 "  3  it was destroyed: time was up, or a second signal came\n"
                 "  4  the guest crashed\n"
                 "  5  the emulator failed or was killed\n"
                 "A signal that comes before the guest runs ends vmsh and what it has begun.\n"
                 "\n"
                 "The domain belongs to the root of this connection, where other programs find it: in a container, a\n"
                 "directory of its own or a volume, as with -c qemu:///embed?root=/var/lib/vm. If $NOTIFY_SOCKET is set,\n"
                 "systemd is told when the guest runs and when it is being stopped. As the first process of a\n"
                 "container, vmsh also ends the orphans there.",
             .options = {required("file", "file with the XML of a domain"),
                         number("stop-timeout", "seconds that the guest has to power off when asked to; 90 if not given"),
                         flag("validate", "refuse what the format does not know")},
             .run = run}};
}
