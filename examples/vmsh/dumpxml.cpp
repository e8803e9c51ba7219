// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"
#include "shell.hpp"
#include "xpath.hpp"

#include <vmwright/xml/domain.hpp>

namespace
{

/// Leaves out the devices that libvirt adds by itself, which an older one may not know.
void make_migratable(vw::Devices& devices)
{
    std::erase_if(devices.inputs, [](vw::Input const& input) {
        return input.type == vw::InputType::keyboard && input.bus == vw::InputBus::ps2;
    });
    std::erase_if(devices.audios,
                  [](vw::Audio const& audio) { return std::holds_alternative<vw::NoneAudio>(audio.backend); });
}

void leave_out_passwords(vw::Devices& devices)
{
    for (auto& graphics : devices.graphics)
        std::visit(
            [](auto& display) {
                if constexpr (requires { display.password; }) {
                    display.password.reset();
                    display.password_valid_to.reset();
                }
            },
            graphics.type);
}

auto dumpxml(Shell& shell, Arguments const& arguments) -> bool
{
    arguments.refuse("dumpxml", {"update-cpu"});
    auto const domain = shell.find_domain(arguments);
    if (arguments.has("security-info") && shell.options().read_only)
        throw Refusal{"operation forbidden: virDomainGetXMLDesc with secure flag"};
    auto text = domain.xml(arguments.has("inactive") ? vw::DomainXml::inactive : vw::DomainXml::current);
    auto parsed = vw::xml::read_domain(text);
    if (arguments.has("migratable"))
        make_migratable(parsed.result.devices);
    if (!arguments.has("security-info"))
        leave_out_passwords(parsed.result.devices);
    text = vw::xml::update_domain(parsed.document, parsed.result);
    if (auto const expression = arguments.text("xpath"))
        shell.print("{}", select_nodes(text, *expression, arguments.has("wrap")));
    else
        shell.print("{}", text);
    return true;
}

} // namespace

auto dumpxml_commands() -> std::vector<Command>
{
    return {{.name = "dumpxml",
             .summary = "print the XML of a domain",
             .description = "Of one that runs, with all that this start has chosen.",
             .options = {which_domain(), flag("inactive", "what the next start begins with"),
                         flag("security-info", "with passwords"), flag("update-cpu", "with the CPU of this host"),
                         flag("migratable", "in a form for migrations"), text("xpath", "print only what this XPath selects"),
                         flag("wrap", "put what was selected into one root element")},
             .run = dumpxml}};
}
