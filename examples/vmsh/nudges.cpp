// SPDX-License-Identifier: BSL-1.0
#include "affected.hpp"
#include "commands.hpp"
#include "keys.hpp"
#include "shell.hpp"

#include <vmwright/machine/fd.hpp>

#include <chrono>
#include <ctime>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

namespace
{

/// A number from 0 on.
auto count_of(Arguments const& arguments, std::string_view option) -> std::optional<int>
{
    return arguments.text(option) == "0" ? 0 : arguments.number(option);
}

auto inject_nmi(Shell& shell, Arguments const& arguments) -> bool
{
    auto const domain = shell.find_domain(arguments);
    shell.require_write("virDomainInjectNMI");
    domain.inject_nmi();
    return true;
}

auto send_key(Shell& shell, Arguments const& arguments) -> bool
{
    constexpr std::size_t most = 16;
    auto const domain = shell.find_domain(arguments);
    auto const codeset = arguments.text("codeset").value_or("linux");
    auto const hold = count_of(arguments, "holdtime").value_or(0);
    std::vector<std::uint32_t> keys;
    for (auto const& word : arguments.all("keycode")) {
        if (keys.size() == most)
            throw Refusal{"too many keycodes"};
        keys.push_back(key_number(codeset, word));
    }
    shell.require_write("virDomainSendKey");
    domain.send_keys(std::move(keys), std::chrono::milliseconds{hold});
    return true;
}

/// `demo-2026-01-31-12:00:05.png`.
auto name_of_screenshot(vw::Domain const& domain) -> std::string
{
    auto const now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    char text[32]{};
    std::strftime(text, sizeof text, "%Y-%m-%d-%H:%M:%S", &local);
    return fmt::format("{}-{}.png", domain.name(), text);
}

auto screenshot(Shell& shell, Arguments const& arguments) -> bool
{
    auto const domain = shell.find_domain(arguments);
    auto const screen = count_of(arguments, "screen").value_or(0);
    auto const failed = fmt::format("could not take a screenshot of {}", domain.name());
    shell.attempt(failed, [&] {
        shell.require_write("virDomainScreenshot");
        require_running(domain);
    });
    auto const file = arguments.text("file").value_or(name_of_screenshot(domain));
    auto const is_new = access(file.c_str(), F_OK) != 0;
    vw::UniqueFd const made{open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666)};
    if (!made)
        throw Refusal{fmt::format("cannot create file {}", file)};
    try {
        shell.attempt(failed,
                      [&] { domain.screenshot(std::filesystem::absolute(file).string(), static_cast<unsigned>(screen)); });
    } catch (Refusal const&) {
        if (is_new)
            unlink(file.c_str());
        throw;
    }
    shell.print("Screenshot saved to {}, with type of image/png", file);
    return true;
}

auto dump(Shell& shell, Arguments const& arguments) -> bool
{
    arguments.refuse("dump", {"bypass-cache", "verbose"});
    auto const domain = shell.find_domain(arguments);
    auto const named = arguments.required_text("domain");
    auto const file = arguments.required_text("file");
    vw::DumpOptions options;
    if (auto const format = arguments.text("format")) {
        if (!arguments.has("memory-only"))
            throw Refusal{"--format only works with --memory-only"};
        auto const known = vw::from_string<vw::DumpFormat>(*format);
        if (!known)
            throw Refusal{fmt::format(
                "format '{}' is not supported, expecting 'kdump-zlib', 'kdump-lzo', 'kdump-snappy', 'win-dmp' or 'elf'",
                *format)};
        options.format = *known;
    }
    if (arguments.has("crash"))
        options.after = vw::AfterDump::destroy;
    else if (arguments.has("reset"))
        options.after = vw::AfterDump::reset;
    shell.attempt(fmt::format("Failed to core dump domain '{}' to {}", named, file), [&] {
        shell.require_write("virDomainCoreDump");
        for (auto const& [other, flag] : {std::pair{"live", "VIR_DUMP_LIVE"}, std::pair{"reset", "VIR_DUMP_RESET"}})
            if (arguments.has("crash") && arguments.has(other))
                throw Refusal{fmt::format("Flags 'VIR_DUMP_CRASH' and '{}' are mutually exclusive", flag)};
        require_running(domain);
        arguments.require("memory-only", "dump without --memory-only");
        domain.dump(std::filesystem::absolute(file).string(), options);
    });
    shell.tell("\nDomain '{}' dumped to {}\n", named, file);
    return true;
}

auto dompmwakeup(Shell& shell, Arguments const& arguments) -> bool
{
    auto const domain = shell.find_domain(arguments);
    auto const named = arguments.required_text("domain");
    shell.attempt(fmt::format("Domain '{}' could not be woken up", named), [&] {
        shell.require_write("virDomainPMWakeup");
        domain.wake_up();
    });
    shell.print("Domain '{}' successfully woken up", named);
    return true;
}

auto dompmsuspend(Shell& shell, Arguments const& arguments) -> bool
{
    auto const domain = shell.find_domain(arguments);
    auto const named = arguments.required_text("domain");
    auto const duration = count_of(arguments, "duration").value_or(0);
    auto const target = arguments.required_text("target");
    if (target != "mem" && target != "disk" && target != "hybrid")
        throw Refusal{"Invalid target"};
    shell.attempt(fmt::format("Domain '{}' could not be suspended", named), [&] {
        shell.require_write("virDomainPMSuspendForDuration");
        if (duration != 0)
            throw Refusal{"argument unsupported: Duration not supported. Use 0 for now"};
        require_running(domain);
        refuse_agent(domain, "dompmsuspend");
    });
    return true;
}

} // namespace

auto nudges_commands() -> std::vector<Command>
{
    return {
        {.name = "dompmsuspend",
         .summary = "let the guest of a domain put itself to sleep",
         .description = "Its agent is asked to.",
         .options = {which_domain(), required("target", "mem, disk, or hybrid for both"),
                     number("duration", "seconds to sleep")},
         .run = dompmsuspend},
        {.name = "dompmwakeup",
         .summary = "wake the guest of a domain that sleeps",
         .description = "Presses the button of a sleeping machine.",
         .options = {which_domain()},
         .run = dompmwakeup},
        {.name = "dump",
         .summary = "write the memory of a domain into a file",
         .description = "For an analysis of its guest, which stands still meanwhile.",
         .options = {which_domain(), required("file", "where to"), flag("live", "let the guest run meanwhile, if possible"),
                     flag("crash", "end the domain afterwards"), flag("bypass-cache", "do not fill the cache of files"),
                     flag("reset", "reset the domain afterwards"), flag("verbose", "print how far it is"),
                     flag("memory-only", "memory and registers, and nothing of the devices"),
                     text("format", "of the memory: elf, kdump-zlib, kdump-lzo, kdump-snappy or win-dmp")},
         .run = dump},
        {.name = "inject-nmi",
         .summary = "raise an interrupt that the guest cannot mask",
         .description = "Many systems take it as a wish for a crash dump.",
         .options = {which_domain()},
         .run = inject_nmi},
        {.name = "screenshot",
         .summary = "write what the screen of a domain shows into a file",
         .description = "As a PNG picture.",
         .options = {which_domain(), text("file", "where to; by default, a name with the time in it"),
                     number("screen", "which of its screens, from 0")},
         .run = screenshot},
        {.name = "send-key",
         .summary = "press keys of a domain's keyboard",
         .description = "All together, and then lets them go.",
         .options = {which_domain(), text("codeset", "how they are named: linux, qnum, rfb, xt or atset1"),
                     number("holdtime", "milliseconds until they are let go"),
                     required("keycode", "their names or numbers", Takes::texts)},
         .run = send_key},
    };
}
