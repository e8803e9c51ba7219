// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"
#include "shell.hpp"

#include <vmwright/core/nearest.hpp>
#include <vmwright/xml/capabilities.hpp>

namespace
{

auto domain_type(std::optional<std::string> const& word) -> std::optional<vw::DomainType>
{
    if (!word)
        return std::nullopt;
    auto const type = vw::from_string<vw::DomainType>(*word);
    if (!type) {
        auto const hint = vw::suggestion(*word, vw::names_of<vw::DomainType>).text;
        throw Refusal{fmt::format("invalid argument: unknown virttype: {}{}{}", *word, hint.empty() ? "" : "; ", hint)};
    }
    return type;
}

auto domain_capabilities(Shell& shell, Arguments const& arguments) -> bool
{
    auto const type = arguments.text("virttype");
    vw::CapabilitiesQuery query{.emulator = arguments.text("emulatorbin").value_or(""),
                                .arch = arguments.text("arch").value_or(""),
                                .machine = arguments.text("machine").value_or("")};
    shell.attempt("failed to get emulator capabilities", [&] {
        shell.require_write("virConnectGetDomainCapabilities");
        query.type = domain_type(type);
        shell.print("{}\n", vw::xml::write_domain_capabilities(shell.host().domain_capabilities(std::move(query))));
    });
    return true;
}

auto capabilities(Shell& shell, Arguments const&) -> bool
{
    shell.attempt("failed to get capabilities",
                  [&] { shell.print("{}\n", vw::xml::write_host_capabilities(shell.host().capabilities())); });
    return true;
}

} // namespace

auto capabilities_commands() -> std::vector<Command>
{
    return {{.name = "capabilities",
             .summary = "print what this host is and which guests it runs, as XML",
             .description = "Without the model and the features of the host's processor.",
             .run = capabilities},
            {.name = "domcapabilities",
             .summary = "print what a kind of domain can have, as XML",
             .description = "What is not given is chosen: the usual emulator of this host's architecture, its default "
                            "machine, kvm where there is one.",
             .options = {text("virttype", "kvm or qemu"), text("emulatorbin", "path of an emulator"),
                         text("arch", "architecture, as x86_64 or aarch64"), text("machine", "machine, as q35 or virt")},
             .run = domain_capabilities}};
}
