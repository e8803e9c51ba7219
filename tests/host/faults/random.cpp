// SPDX-License-Identifier: BSL-1.0
// Programs that are killed whenever it happens, while they do all that can be done.
#include "catch.hpp"
#include "fake_guest.hpp"
#include "trial.hpp"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace vmwright;

namespace
{

/// A guest to which vCPUs can be added.
auto guest(Emulator emulator) -> DomainConfig
{
    auto config = guest_for(emulator, "guest");
    config.vcpus = {.count = 2, .current = 1};
    return config;
}

/// Defines, changes, starts, stops, renames and removes 'guest' until it is killed.
[[noreturn]] void work(std::string const& root, Emulator emulator)
{
    for (;;)
        try {
            auto const host = Host::open(options_for(emulator, root));
            auto const domain = host.define(guest(emulator));
            domain.set_autostart(true);
            domain.start();
            domain.set_memory(MiB(16), Affects::both);
            domain.set_vcpus(2);
            domain.set_title("it runs");
            domain.suspend();
            domain.resume();
            domain.destroy();
            domain.rename("renamed").rename("guest").undefine();
            host.create(guest_for(emulator, "guest")).destroy();
        } catch (Error const&) {
            // What the one before it left: a domain of one of its names.
            try {
                for (auto const& domain : Host::open(options_for(emulator, root)).domains()) {
                    if (domain.name() == "bystander")
                        continue;
                    if (domain.is_active())
                        domain.destroy();
                    domain.undefine();
                }
            } catch (Error const&) {
            }
        }
}

auto rounds(char const* variable, int otherwise) -> int
{
    auto const* const text = std::getenv(variable);
    return text != nullptr ? std::atoi(text) : otherwise;
}

/// Each is killed at a moment within `longest` of its begin.
void kill_programs(Emulator emulator, int rounds, std::chrono::microseconds longest)
{
    constexpr auto seed = 20261127U;
    Trial const trial{.name = "anything",
                      .prepare = [](Host const&) {},
                      .judge =
                          [](Host const& host) {
                              for (auto const& domain : host.domains())
                                  if (domain.is_active())
                                      CHECK(domain.state().phase != RunPhase::shutoff);
                          },
                      .emulator = emulator};
    Arena const arena{trial};
    std::mt19937 random{seed};
    std::uniform_int_distribution<std::int64_t> microseconds{0, longest.count()};
    for (auto round = 0; round < rounds; ++round) {
        auto const wait = std::chrono::microseconds{microseconds(random)};
        INFO("seed " << seed << ", round " << round << ", killed after " << wait.count() << " us");
        auto const child = ::fork();
        if (child == 0)
            work(arena.root(), emulator);
        std::this_thread::sleep_for(wait);
        ::kill(child, SIGKILL);
        REQUIRE(::waitpid(child, nullptr, 0) == child);
        arena.judge();
    }
    std::cout << rounds << " programs killed at random (seed " << seed << ")\n";
}

} // namespace

TEST_CASE("A program that is killed at any moment loses nothing and leaves nothing")
{
    kill_programs(Emulator::fake, rounds("VMWRIGHT_KILL_ROUNDS", 500), std::chrono::milliseconds{60});
}

TEST_CASE("A program that is killed at any moment loses nothing and leaves nothing of real emulators")
{
    kill_programs(Emulator::real, rounds("VMWRIGHT_REAL_KILL_ROUNDS", 10), std::chrono::milliseconds{1500});
}
