// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"
#include "shell.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace
{

namespace json = boost::json;

/// Over several lines, two spaces a level.
auto pretty(json::value const& value, std::size_t level = 0) -> std::string
{
    auto const indent = std::string(2 * level, ' ');
    std::string text;
    auto const open = [&](char bracket) { text = fmt::format("{}\n", bracket); };
    auto const add = [&](std::string const& element, bool is_last) {
        text += fmt::format("{}  {}{}\n", indent, element, is_last ? "" : ",");
    };
    if (auto const* const object = value.if_object(); object != nullptr && !object->empty()) {
        open('{');
        std::size_t i{};
        for (auto const& [key, member] : *object)
            add(fmt::format("{}: {}", json::serialize(json::value(key)), pretty(member, level + 1)), ++i == object->size());
        return text + indent + '}';
    }
    if (auto const* const array = value.if_array(); array != nullptr && !array->empty()) {
        open('[');
        std::size_t i{};
        for (auto const& member : *array)
            add(pretty(member, level + 1), ++i == array->size());
        return text + indent + ']';
    }
    return json::serialize(value);
}

/// The object that the words are; nothing when they are none.
auto as_object(std::string const& words, std::string& why_not) -> std::optional<json::object>
{
    boost::system::error_code failed;
    auto value = json::parse(words, failed);
    if (failed || !value.is_object()) {
        why_not = failed ? failed.message() : "not an object";
        return std::nullopt;
    }
    return std::move(value.get_object());
}

/// `query-status`, or `NAME "ARGUMENT": VALUE, …`, to QMP's form, which may also be given as it is.
auto command_of(std::string const& words) -> json::object
{
    std::string why_not;
    if (auto command = as_object(words, why_not)) {
        // QEMU's answer is told from others by an id of the library's own.
        if (command->contains("id"))
            throw Refusal{"internal error: Unable to append command 'id' string"};
        return std::move(*command);
    }
    auto const space = std::min(words.find(' '), words.size());
    json::object command{{"execute", words.substr(0, space)}};
    if (space == words.size())
        return command;
    auto const rest = words.substr(space + 1);
    auto arguments = as_object(rest, why_not);
    if (!arguments)
        arguments = as_object(fmt::format("{{{}}}", rest), why_not);
    if (!arguments)
        throw Refusal{std::vector{fmt::format("failed to wrap arguments '{}' into a QMP command wrapper", rest),
                                  fmt::format("internal error: cannot parse json {{{}}}: {}", rest, why_not)}};
    command["arguments"] = std::move(*arguments);
    return command;
}

/// The answer as it came through the socket: with an id, which the library takes off.
auto with_id(json::object const& answer) -> json::object
{
    constexpr auto id = "vmsh-1";
    json::object whole;
    if (answer.contains("error"))
        whole["id"] = id;
    for (auto const& [key, value] : answer)
        whole[key] = value;
    whole["id"] = id;
    return whole;
}

auto monitor_command(Shell& shell, Arguments const& arguments) -> bool
{
    arguments.exclude("hmp", "pretty");
    arguments.exclude("hmp", "return-value");
    arguments.refuse("qemu-monitor-command", {"pass-fds"});
    auto const domain = shell.find_domain(arguments);
    auto const words = arguments.joined("cmd");
    shell.require_write("virDomainQemuMonitorCommand");
    if (arguments.has("hmp")) {
        shell.print("{}\n", domain.hmp_command(words));
        return true;
    }
    auto answer = with_id(json::parse(domain.qmp_command(json::serialize(command_of(words)))).as_object());
    json::value shown = std::move(answer);
    if (arguments.has("return-value")) {
        auto* const member = shown.get_object().if_contains("return");
        if (member == nullptr)
            throw Refusal{"'return' member missing"};
        auto returned = std::move(*member);
        shown = std::move(returned);
    }
    auto const is_pretty = arguments.has("pretty");
    shell.print("{}", is_pretty ? pretty(shown) : json::serialize(shown));
    // The line ends with what follows each command, where virsh has it so.
    if ((!is_pretty && !arguments.has("return-value")) || shell.options().quiet)
        shell.print("\n");
    return true;
}

} // namespace

auto monitor_commands() -> std::vector<Command>
{
    return {{.name = "qemu-monitor-command",
             .summary = "send a command to the monitor of a domain's QEMU",
             .description = "A QMP command as JSON, or its name, and arguments behind it as members of a JSON object.",
             .options = {which_domain(), flag("hmp", "the command is one of the human monitor"),
                         flag("pretty", "print the answer over several lines"),
                         flag("return-value", "print only what the command returns"),
                         text("pass-fds", "numbers of file descriptors to pass along, as N,M"),
                         required("cmd", "the command", Takes::texts)},
             .run = monitor_command}};
}
