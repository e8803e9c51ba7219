// SPDX-License-Identifier: BSL-1.0
// Which processes have a file open.
#pragma once

#include <vmwright/machine/process.hpp>

#include <charconv>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>

namespace vmwright::inline v0
{

namespace detail::process_files
{
namespace
{

auto pid_of(std::filesystem::path const& entry) -> std::optional<int>
{
    auto const name = entry.filename().string();
    int pid{};
    auto const [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error != std::errc{} || end != name.data() + name.size())
        return std::nullopt;
    return pid;
}

auto has_open(std::filesystem::path const& process, struct stat const& wanted) -> bool
{
    // A process that ends meanwhile has nothing open.
    std::error_code ended;
    std::filesystem::directory_iterator fds{process / "fd", ended};
    for (; !ended && fds != std::filesystem::directory_iterator{}; fds.increment(ended)) {
        struct stat found
        {
        };
        if (::stat(fds->path().c_str(), &found) == 0 && found.st_ino == wanted.st_ino && found.st_dev == wanted.st_dev)
            return true;
    }
    return false;
}

} // namespace
} // namespace detail::process_files

auto find_processes_with(std::string const& path) -> std::vector<ProcessId>
{
    using namespace detail::process_files;
    std::vector<ProcessId> list;
    struct stat wanted
    {
    };
    if (::stat(path.c_str(), &wanted) < 0)
        return list;
    std::error_code failed;
    std::filesystem::directory_iterator entries{"/proc", failed};
    for (; !failed && entries != std::filesystem::directory_iterator{}; entries.increment(failed))
        if (auto const pid = pid_of(entries->path()); pid && has_open(entries->path(), wanted))
            if (auto const id = find_process(*pid))
                list.push_back(*id);
    return list;
}

} // namespace vmwright::inline v0
