// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"
#include "shell.hpp"

#include <vmwright/core/version.hpp>

namespace
{

auto text_of(vw::Version const& version) -> std::string
{
    return fmt::format("{}.{}.{}", version.major, version.minor, version.patch);
}

auto version(Shell& shell, Arguments const& arguments) -> bool
{
    auto const emulator = shell.host().emulator().version;
    auto const library = text_of(vw::library_version());
    shell.print("Compiled against library: vmwright {}\n", text_of(vw::header_version));
    shell.print("Using library: vmwright {}\n", library);
    shell.print("Using API: QEMU {}\n", library);
    shell.print("Running hypervisor: QEMU {}.{}.{}\n", emulator.major, emulator.minor, emulator.micro);
    // The library is all there is.
    if (arguments.has("daemon"))
        shell.print("Running against daemon: {}\n", library);
    return true;
}

auto uri(Shell& shell, Arguments const&) -> bool
{
    shell.print("{}\n", shell.host().uri());
    return true;
}

auto quit(Shell& shell, Arguments const&) -> bool
{
    shell.quit();
    return true;
}

} // namespace

auto shell_commands() -> std::vector<Command>
{
    return {
        {.name = "version",
         .summary = "print the versions of the library and of QEMU",
         .description = "The library takes the place of a daemon.",
         .options = {flag("daemon", "print the daemon's version, too")},
         .run = version},
        {.name = "uri", .summary = "print the URI of this connection", .run = uri},
        {.name = "exit", .summary = "leave", .run = quit},
        {.name = "quit", .summary = "leave", .run = quit},
    };
}
