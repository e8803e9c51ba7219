// SPDX-License-Identifier: BSL-1.0
#include <vmwright/machine/spawn.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

// What a start costs a small process and one of 2 GB (or of argv[1] MiB), beside fork and exec of the same program.

namespace
{

auto milliseconds(auto const& start) -> double
{
    auto const begin = std::chrono::steady_clock::now();
    auto const wait = start();
    std::chrono::duration<double, std::milli> const taken = std::chrono::steady_clock::now() - begin;
    wait();
    return taken.count();
}

auto by_spawn() -> double
{
    return milliseconds([] {
        auto process = vmwright::spawn({.executable = "/bin/true"});
        return [process] { process.wait(); };
    });
}

auto by_fork() -> double
{
    return milliseconds([] {
        auto const pid = ::fork();
        if (pid == 0) {
            ::execl("/bin/true", "/bin/true", nullptr);
            ::_exit(127);
        }
        return [pid] { ::waitpid(pid, nullptr, 0); };
    });
}

struct Medians
{
    double spawn{};
    double fork{};
};

auto measure() -> Medians
{
    constexpr auto rounds = 51;
    std::vector<double> spawn;
    std::vector<double> fork;
    for (auto i = 0; i < rounds; ++i) {
        spawn.push_back(by_spawn());
        fork.push_back(by_fork());
    }
    std::ranges::nth_element(spawn, spawn.begin() + rounds / 2);
    std::ranges::nth_element(fork, fork.begin() + rounds / 2);
    return {spawn[rounds / 2], fork[rounds / 2]};
}

} // namespace

int main(int argc, char* argv[])
{
    auto const mebibytes = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 2048;
    auto const small = measure();
    std::vector<std::byte> const memory(mebibytes << 20, std::byte{1});
    auto const large = measure();
    std::printf("            small      %4lu MiB   ratio\n", mebibytes);
    std::printf("spawn   %7.2f ms   %7.2f ms   %5.2f\n", small.spawn, large.spawn, large.spawn / small.spawn);
    std::printf("fork    %7.2f ms   %7.2f ms   %5.2f\n", small.fork, large.fork, large.fork / small.fork);
    return memory.back() == std::byte{1} ? 0 : 1;
}
