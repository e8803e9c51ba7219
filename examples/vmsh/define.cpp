// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"
#include "console.hpp"
#include "domain_text.hpp"
#include "shell.hpp"

namespace
{

auto define(Shell& shell, Arguments const& arguments) -> bool
{
    auto const file = arguments.required_text("file");
    auto const text = read_file(file);
    vw::Domain domain;
    shell.attempt(
        fmt::format("Failed to define domain from {}", file),
        [&] {
            shell.require_write("virDomainDefineXML");
            auto const parsed = read_domain_text(text, arguments.has("validate"));
            with_places(parsed.document, [&] { domain = shell.host().define_xml(text); });
        },
        file);
    shell.tell("Domain '{}' defined from {}\n", domain.name(), file);
    return true;
}

auto create(Shell& shell, Arguments const& arguments) -> bool
{
    arguments.refuse("create", {"pass-fds", "reset-nvram"});
    auto const file = arguments.required_text("file");
    auto const text = read_file(file);
    auto const with_console = arguments.has("console");
    auto const paused = arguments.has("paused");
    vw::Domain domain;
    shell.attempt(
        fmt::format("Failed to create domain from {}", file),
        [&] {
            shell.require_write("virDomainCreateXML");
            auto const parsed = read_domain_text(text, arguments.has("validate"));
            try {
                with_places(parsed.document, [&] { domain = shell.host().create_xml(text, start_options(arguments)); });
            } catch (vw::Error const& error) {
                if (error.code() != vw::Errc::already_running)
                    throw;
                throw Refusal{
                    fmt::format("Requested operation is not valid: domain '{}' is already active", parsed.result.name)};
            }
        },
        file);
    shell.tell("Domain '{}' created from {}\n", domain.name(), file);
    return !with_console || run_console_of_start(shell, domain, paused);
}

auto undefine(Shell& shell, Arguments const& arguments) -> bool
{
    arguments.exclude("nvram", "keep-nvram");
    arguments.exclude("tpm", "keep-tpm");
    arguments.refuse("undefine", {"storage", "remove-all-storage", "delete-storage-volume-snapshots", "wipe-storage"});
    auto const domain = shell.find_domain(arguments);
    auto const named = arguments.required_text("domain");
    vw::UndefineOptions options;
    if (arguments.has("tpm") || arguments.has("keep-tpm"))
        options.keep_tpm = arguments.has("keep-tpm");
    shell.attempt(fmt::format("Failed to undefine domain '{}'", named), [&] {
        shell.require_write("virDomainUndefineFlags");
        domain.undefine(options);
    });
    shell.tell("Domain '{}' has been undefined\n", named);
    return true;
}

} // namespace

auto define_commands() -> std::vector<Command>
{
    return {
        {.name = "define",
         .summary = "keep the definition of a domain that an XML file holds",
         .description = "It replaces one of the same name and UUID. Nothing is started.",
         .options = {required("file", "file with the XML of a domain"),
                     flag("validate", "refuse what the format does not know")},
         .run = define},
        {.name = "create",
         .summary = "start the domain that an XML file describes",
         .description = "It is gone when it ends, unless it is defined as well.",
         .options = {required("file", "file with the XML of a domain"), flag("console", "attach to its console"),
                     flag("paused", "leave its guest paused"), flag("autodestroy", "end it when this program ends"),
                     text("pass-fds", "numbers of file descriptors to pass to the guest, as N,M"),
                     flag("validate", "refuse what the format does not know"),
                     flag("reset-nvram", "begin with a fresh copy of the firmware's variables")},
         .run = create},
        {.name = "undefine",
         .summary = "remove the definition of a domain",
         .description = "One that runs goes on until it ends.",
         .options = {which_domain(), flag("managed-save", "remove its saved state, too"),
                     text("storage", "remove these of its volumes, too, as TARGET,TARGET"),
                     flag("remove-all-storage", "remove all its volumes, too"),
                     flag("delete-storage-volume-snapshots", "remove the snapshots of the volumes, too"),
                     flag("wipe-storage", "overwrite the volumes before"),
                     flag("snapshots-metadata", "forget its snapshots"),
                     flag("checkpoints-metadata", "forget its checkpoints"),
                     flag("nvram", "remove its firmware's variables, too"),
                     flag("keep-nvram", "keep its firmware's variables"), flag("tpm", "remove the state of its TPM, too"),
                     flag("keep-tpm", "keep the state of its TPM")},
         .run = undefine},
    };
}
