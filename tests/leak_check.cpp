// SPDX-License-Identifier: BSL-1.0
#include "leak_check.hpp"

#include "temporary_directory.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace fs = std::filesystem;

namespace
{

auto open_fds() -> std::set<std::string>
{
    std::set<std::string> fds;
    std::error_code ignored;
    for (auto const& entry : fs::directory_iterator{"/proc/self/fd"})
        // The iterator's own descriptor is gone again when it is looked at by its name.
        fds.insert(entry.path().filename().string());
    std::erase_if(fds, [&](auto const& fd) { return fs::read_symlink("/proc/self/fd/" + fd, ignored).empty(); });
    return fds;
}

/// A sanitizer may start a thread of its own beside the program's first, so there must have been a first one.
void start_first_thread()
{
    fs::path task;
    std::thread{[&] { task = "/proc/self/task/" + std::to_string(::gettid()); }}.join();
    while (fs::exists(task))
        std::this_thread::yield();
}

auto thread_count() -> std::size_t
{
    return static_cast<std::size_t>(std::distance(fs::directory_iterator{"/proc/self/task"}, {}));
}

auto children() -> std::vector<std::string>
{
    std::vector<std::string> list;
    for (auto const& entry : fs::directory_iterator{"/proc"}) {
        auto const pid = entry.path().filename().string();
        if (pid.find_first_not_of("0123456789") != pid.npos)
            continue;
        std::ifstream status{entry.path() / "status"};
        std::string name;
        for (std::string line; std::getline(status, line);) {
            if (line.starts_with("Name:\t"))
                name = line.substr(6);
            if (line == "PPid:\t" + std::to_string(::getpid()))
                list.push_back("process " + pid + " (" + name + ")");
        }
    }
    return list;
}

} // namespace

LeakCheck::LeakCheck()
{
    start_first_thread();
    fds_ = open_fds();
    threads_ = thread_count();
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

auto LeakCheck::leftovers() const -> std::vector<std::string>
{
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{1};
    auto found = look();
    while (!found.empty() && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
        found = look();
    }
    return found;
}

auto LeakCheck::look() const -> std::vector<std::string>
{
    std::vector<std::string> found = children();
    std::error_code ignored;
    for (auto const& fd : open_fds())
        if (!fds_.contains(fd))
            found.push_back("file descriptor " + fd + " -> " + fs::read_symlink("/proc/self/fd/" + fd, ignored).string());
    if (auto const threads = thread_count(); threads > threads_)
        found.push_back(std::to_string(threads - threads_) + " thread(s)");
    for (auto const& entry : fs::directory_iterator{fs::temp_directory_path()})
        if (entry.path().string().starts_with(TemporaryDirectory::prefix()))
            found.push_back("directory " + entry.path().string());
    return found;
}
