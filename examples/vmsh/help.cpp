// SPDX-License-Identifier: BSL-1.0
#include "help.hpp"
#include "commands.hpp"
#include "shell.hpp"

#include <algorithm>

namespace
{

auto takes(Option const& option) -> std::string_view
{
    return option.takes == Takes::number ? "<number>" : "<string>";
}

auto synopsis(Command const& command) -> std::string
{
    std::string text{command.name};
    for (auto const& option : command.options)
        if (option.takes == Takes::texts && option.required)
            text += fmt::format(" {{[--{}] {}}}...", option.name, takes(option));
        else if (option.takes == Takes::texts)
            text += fmt::format(" [[--{}] {}]...", option.name, takes(option));
        else if (option.required)
            text += fmt::format(" <{}>", option.name);
        else if (option.takes == Takes::nothing)
            text += fmt::format(" [--{}]", option.name);
        else
            text += fmt::format(" [--{} {}]", option.name, takes(option));
    return text;
}

auto label(Option const& option) -> std::string
{
    if (option.required || option.takes == Takes::texts)
        return fmt::format("[--{}] {}", option.name, takes(option));
    if (option.takes == Takes::nothing)
        return fmt::format("--{}", option.name);
    return fmt::format("--{} {}", option.name, takes(option));
}

auto help_of_command(Command const& command) -> std::string
{
    auto text = fmt::format("  NAME\n    {} - {}\n\n  SYNOPSIS\n    {}\n", command.name, command.summary, synopsis(command));
    if (!command.description.empty()) {
        text += "\n  DESCRIPTION\n";
        for (std::string_view rest = command.description; !rest.empty();) {
            auto const end = std::min(rest.find('\n'), rest.size());
            text += fmt::format("    {}\n", rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    if (!command.options.empty())
        text += "\n  OPTIONS\n";
    for (auto const& option : command.options)
        text += fmt::format("    {:<15}  {}\n", label(option), option.help);
    return text + '\n';
}

auto help_of_group(Group const& group) -> std::string
{
    auto text = fmt::format(" {} (help keyword '{}'):\n", group.title, group.keyword);
    for (auto const name : group.names)
        if (auto const* const command = find_command(name))
            text += fmt::format("    {:<30} {}\n", name, command->summary);
    return text + '\n';
}

auto has_commands(Group const& group) -> bool
{
    return std::ranges::any_of(group.names, [](std::string_view name) { return find_command(name) != nullptr; });
}

auto help(Shell& shell, Arguments const& arguments) -> bool
{
    auto const about = arguments.text("command");
    if (!about) {
        shell.print("Grouped commands:\n\n{}", help_of_groups());
        return true;
    }
    if (auto const* const command = find_command(*about)) {
        shell.print("{}", help_of_command(*command));
        return true;
    }
    auto const found =
        std::ranges::find_if(groups(), [&](Group const& group) { return group.keyword == *about || group.title == *about; });
    if (found != groups().end()) {
        shell.print("{}", help_of_group(*found));
        return true;
    }
    if (is_known_name(*about))
        throw Refusal{fmt::format("not supported yet: {}", *about)};
    throw Refusal{fmt::format("command or command group '{}' doesn't exist", *about)};
}

} // namespace

auto help_of_groups() -> std::string
{
    std::string text;
    for (auto const& group : groups())
        if (has_commands(group))
            text += help_of_group(group);
    return text + " The other commands of virsh answer 'not supported yet'.\n";
}

auto help_commands() -> std::vector<Command>
{
    return {{.name = "help",
             .summary = "print help",
             .description = "Of all commands, of a group of them, or of one.",
             .options = {text("command", "a command, or a group of commands")},
             .run = help}};
}
