// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"
#include "domain_text.hpp"
#include "shell.hpp"

#include <vmwright/qemu/pipeline.hpp>

namespace
{

/// The word as a shell would have to be given it.
auto quoted(std::string const& word) -> std::string
{
    constexpr auto plain = std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.,:/=+@%"};
    if (!word.empty() && word.find_first_not_of(plain) == word.npos)
        return word;
    std::string text{"'"};
    for (auto const c : word)
        text += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return text + '\'';
}

auto to_native(Shell& shell, Arguments const& arguments) -> bool
{
    auto const format = arguments.required_text("format");
    arguments.exclude("domain", "xml");
    auto const file = arguments.text("xml");
    if (!file && !arguments.has("domain"))
        throw Refusal{"need either domain or domain XML"};
    auto const text = file ? read_file(*file) : shell.find_domain(arguments).definition();
    if (format != "qemu-argv")
        throw Refusal{fmt::format("invalid argument: unsupported config type {}", format)};
    try {
        auto const parsed = read_domain_text(text, false);
        with_places(parsed.document, [&] {
            std::vector<std::string> words;
            for (auto const& argument : vw::qemu::arguments(shell.host().plan(parsed.result)))
                words.push_back(quoted(argument));
            // As with virsh, this line ends with what follows each command.
            shell.print("{}{}", fmt::join(words, " "), shell.options().quiet ? "\n" : "");
        });
    } catch (vw::ConfigError const& error) {
        throw Refusal{reasons(error, file.value_or(""))};
    }
    return true;
}

} // namespace

auto native_commands() -> std::vector<Command>
{
    return {{.name = "domxml-to-native",
             .summary = "print the command line that a domain is started with",
             .description = "The only format is qemu-argv.",
             .options =
                 {required("format", "qemu-argv"),
                  {.name = "domain", .takes = Takes::text, .help = "a domain: its name, id or uuid", .only_by_name = true},
                  text("xml", "file with the XML of a domain")},
             .run = to_native}};
}
