// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>
#include <vmwright/machine/access.hpp>
#include <vmwright/machine/machine.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>

namespace vmwright::inline v0
{

namespace detail::access
{
namespace
{

/// Who a process is to the kernel.
struct Credentials
{
    std::uint32_t user{};
    std::set<std::uint32_t> groups{};
};

constexpr std::uint32_t may_read = 4;
constexpr std::uint32_t may_write = 2;
constexpr std::uint32_t may_enter = 1;

auto text_of(Machine& machine, std::string const& path) -> std::string
{
    try {
        return machine.read_file(path);
    } catch (Error const&) {
        return {};
    }
}

/// The effective ones are the second of four numbers.
auto own_credentials(Machine& machine) -> std::optional<Credentials>
{
    std::optional<Credentials> found;
    std::istringstream lines{text_of(machine, "/proc/thread-self/status")};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        std::string name;
        words >> name;
        std::uint32_t real{}, effective{};
        if (name == "Uid:" && words >> real >> effective)
            found = Credentials{.user = effective};
        else if (found && name == "Gid:" && words >> real >> effective)
            found->groups.insert(effective);
        else if (found && name == "Groups:")
            for (std::uint32_t group{}; words >> group;)
                found->groups.insert(group);
    }
    return found;
}

/// The name that stands with the number in a file like /etc/passwd; the number where it has none there.
auto name_of(Machine& machine, std::string const& list, std::uint32_t number) -> std::string
{
    auto const digits = std::to_string(number);
    std::istringstream lines{text_of(machine, list)};
    for (std::string line; std::getline(lines, line);) {
        auto const name_end = line.find(':');
        auto const number_at = line.find(':', name_end + 1) + 1;
        if (name_end != line.npos && number_at != 0 && line.compare(number_at, digits.size() + 1, digits + ":") == 0)
            return line.substr(0, name_end);
    }
    return digits;
}

auto bits_for(Credentials const& who, FileStatus const& file) -> std::uint32_t
{
    if (who.user == file.owner)
        return file.mode >> 6 & 7U;
    return who.groups.contains(file.group) ? file.mode >> 3 & 7U : file.mode & 7U;
}

auto judge(Machine& machine, Credentials const& who, std::string const& path, FileStatus const& file, std::uint32_t wanted)
    -> Denial
{
    auto const user = name_of(machine, "/etc/passwd", who.user);
    auto const owner = name_of(machine, "/etc/passwd", file.owner);
    auto const group = name_of(machine, "/etc/group", file.group);
    auto const is_directory = file.type == FileType::directory;
    Denial denial{.reason = fmt::format("user '{}' may not {} {}'{}', which is {}:{}'s with mode {:04o}", user,
                                        wanted == may_enter                 ? "enter"
                                        : (wanted & may_write) == may_write ? "write to"
                                                                            : "read",
                                        is_directory ? "the directory " : "", path, owner, group, file.mode)};
    // The root group is not what one joins to open a file.
    if ((file.mode >> 3 & wanted) == wanted && !who.groups.contains(file.group) && file.group != 0) {
        denial.group = group;
        denial.hint = fmt::format("become a member of the group '{}'", group);
    } else
        denial.hint = fmt::format("let its owner '{}' allow it: `setfacl -m u:{}:{} '{}'`", owner, user,
                                  wanted == may_enter                 ? "x"
                                  : (wanted & may_write) == may_write ? "rw"
                                                                      : "r",
                                  path);
    return denial;
}

} // namespace
} // namespace detail::access

auto explain_denial(Machine& machine, std::string const& path, bool writes) -> Denial
{
    using namespace detail::access;
    auto const who = own_credentials(machine);
    if (!who)
        return {};
    if (who->user == 0)
        return {.hint = "the permission bits do not stop root: look at the mount (root_squash), an ACL or security module"};
    auto const look = [&](std::string const& at) -> std::optional<FileStatus> {
        try {
            return machine.status(at);
        } catch (Error const&) {
            return std::nullopt;
        }
    };
    for (auto slash = path.find('/', 1); slash != path.npos; slash = path.find('/', slash + 1)) {
        auto const directory = path.substr(0, slash);
        auto const found = look(directory);
        if (!found)
            return {};
        if ((bits_for(*who, *found) & may_enter) == 0)
            return judge(machine, *who, directory, *found, may_enter);
    }
    auto const found = look(path);
    auto const wanted = writes ? may_read | may_write : may_read;
    if (!found || (bits_for(*who, *found) & wanted) == wanted)
        return {};
    return judge(machine, *who, path, *found, wanted);
}

} // namespace vmwright::inline v0
