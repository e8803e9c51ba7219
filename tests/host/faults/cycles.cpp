// SPDX-License-Identifier: BSL-1.0
// A Host that starts and ends a domain over and over.
#include "catch.hpp"
#include "fake_guest.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace fs = std::filesystem;
using namespace vmwright;

namespace
{

/// What this process uses.
struct Usage
{
    std::ptrdiff_t fds{};
    std::ptrdiff_t threads{};
    long kilobytes{}; ///< resident
};

auto entries(char const* directory) -> std::ptrdiff_t
{
    return std::distance(fs::directory_iterator{directory}, {});
}

auto usage() -> Usage
{
    Usage now{.fds = entries("/proc/self/fd"), .threads = entries("/proc/self/task")};
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:"))
            now.kilobytes = std::stol(line.substr(line.find_first_of("0123456789")));
    return now;
}

auto cycles() -> int
{
    auto const* const text = std::getenv("VMWRIGHT_CYCLES");
    return text != nullptr ? std::atoi(text) : 200;
}

} // namespace

TEST_CASE("Starting and ending a domain over and over leaves no descriptor, thread or memory behind")
{
    // What the allocator and the event log, which is turned over, come to is reached by then.
    constexpr auto warm_up = 50;
    constexpr auto margin_kilobytes = 2048;
    TemporaryDirectory const root;
    auto const host = Host::open(fake_options(root.path()));
    auto const domain = host.define(fake_guest("guest"));
    Ended const ended{domain};
    auto const cycle = [&] {
        domain.start();
        domain.destroy();
    };
    for (auto i = 0; i < warm_up; ++i)
        cycle();
    auto const before = usage();
    for (auto i = 0; i < cycles(); ++i)
        cycle();
    auto const after = usage();
    CHECK(after.fds == before.fds);
    CHECK(after.threads == before.threads);
    CHECK(after.kilobytes <= before.kilobytes + margin_kilobytes);
    CHECK(fs::is_empty(root / "run"));
    std::cout << cycles() << " starts and ends: " << after.kilobytes - before.kilobytes << " KiB more, of "
              << after.kilobytes << " KiB\n";
}
