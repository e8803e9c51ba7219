// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>
#include <vmwright/machine/holders.hpp>
#include <vmwright/machine/machine.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>

namespace vmwright::inline v0
{

namespace detail::holders
{
namespace
{

/// Nothing of a process that has ended or that we may not look into.
auto text_of(Machine& machine, std::string const& path) -> std::string
{
    try {
        return machine.read_file(path);
    } catch (Error const&) {
        return {};
    }
}

auto names_in(Machine& machine, std::string const& directory) -> std::vector<std::string>
{
    try {
        return machine.list_directory(directory);
    } catch (Error const&) {
        return {};
    }
}

auto status_of(Machine& machine, std::string const& path) -> std::optional<FileStatus>
{
    try {
        return machine.status(path);
    } catch (Error const&) {
        return std::nullopt;
    }
}

template <class Number>
auto number_in(std::string_view text, int base = 10) -> std::optional<Number>
{
    Number number{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

/// `lock:	1: OFDLCK  ADVISORY  READ -1 fe:01:1234567 100 100` of that inode.
auto tells_of_lock(std::string_view fdinfo, std::uint64_t inode) -> bool
{
    auto const wanted = ":" + std::to_string(inode) + " ";
    for (auto at = fdinfo.find("lock:"); at != fdinfo.npos; at = fdinfo.find("lock:", at + 1))
        if (fdinfo.substr(at, fdinfo.find('\n', at) - at).find(wanted) != fdinfo.npos)
            return true;
    return false;
}

auto holds_lock(Machine& machine, int pid, std::uint64_t inode) -> bool
{
    auto const directory = "/proc/" + std::to_string(pid) + "/fdinfo";
    return std::ranges::any_of(names_in(machine, directory), [&](std::string const& fd) {
        return tells_of_lock(text_of(machine, directory + "/" + fd), inode);
    });
}

/// Of the sockets that listen on that port, as /proc/net/tcp lists them: address and port in hexadecimal, 0A is LISTEN.
auto listeners_in(std::string const& table, std::uint16_t port) -> std::set<std::uint64_t>
{
    std::set<std::uint64_t> inodes;
    std::istringstream lines{table};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        std::vector<std::string> columns;
        for (std::string word; words >> word;)
            columns.push_back(word);
        if (columns.size() < 10 || columns[3] != "0A")
            continue;
        auto const local = number_in<std::uint16_t>(std::string_view{columns[1]}.substr(columns[1].rfind(':') + 1), 16);
        if (auto const inode = number_in<std::uint64_t>(columns[9]); local == port && inode)
            inodes.insert(*inode);
    }
    return inodes;
}

auto has_socket(Machine& machine, std::string const& pid, std::set<std::uint64_t> const& inodes) -> bool
{
    auto const directory = "/proc/" + pid + "/fd";
    return std::ranges::any_of(names_in(machine, directory), [&](std::string const& fd) {
        auto const found = status_of(machine, directory + "/" + fd);
        return found && found->type == FileType::socket && inodes.contains(found->inode);
    });
}

} // namespace
} // namespace detail::holders

auto lock_holders(Machine& machine, std::string const& path) -> std::vector<ProcessId>
{
    using namespace detail::holders;
    auto const file = status_of(machine, path);
    if (!file)
        return {};
    auto holders = machine.processes_with(path);
    auto const self = machine.self();
    std::erase_if(holders,
                  [&](ProcessId process) { return process == self || !holds_lock(machine, process.pid, file->inode); });
    return holders;
}

auto port_holders(Machine& machine, std::uint16_t port) -> std::vector<ProcessId>
{
    using namespace detail::holders;
    std::set<std::uint64_t> inodes;
    for (auto const* const table : {"/proc/net/tcp", "/proc/net/tcp6"})
        inodes.merge(listeners_in(text_of(machine, table), port));
    std::vector<ProcessId> holders;
    if (inodes.empty())
        return holders;
    for (auto const& name : names_in(machine, "/proc"))
        if (auto const pid = number_in<int>(name); pid && has_socket(machine, name, inodes))
            if (auto const id = find_process(*pid))
                holders.push_back(*id);
    return holders;
}

auto arguments_of(Machine& machine, ProcessId process) -> std::vector<std::string>
{
    std::istringstream text{detail::holders::text_of(machine, "/proc/" + std::to_string(process.pid) + "/cmdline")};
    std::vector<std::string> arguments;
    for (std::string argument; std::getline(text, argument, '\0');)
        arguments.push_back(argument);
    return arguments;
}

auto process_state(Machine& machine, ProcessId process) -> char
{
    auto const stat = detail::holders::text_of(machine, "/proc/" + std::to_string(process.pid) + "/stat");
    auto const name_end = stat.rfind(") ");
    return name_end == stat.npos || name_end + 2 >= stat.size() ? ' ' : stat[name_end + 2];
}

} // namespace vmwright::inline v0
