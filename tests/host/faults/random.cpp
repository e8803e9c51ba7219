// SPDX-License-Identifier: BSL-1.0
// Programs that are killed whenever it happens, while they do all that can be done.
#include "catch.hpp"
#include "fake_guest.hpp"
#include "trial.hpp"

#include <chrono>
#include <csignal>
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
auto guest() -> DomainConfig
{
    auto config = fake_guest("guest");
    config.vcpus = {.count = 2, .current = 1};
    return config;
}

/// Defines, changes, starts, stops, renames and removes 'guest' until it is killed.
[[noreturn]] void work(std::string const& root)
{
    for (;;)
        try {
            auto const host = Host::open(fake_options(root));
            auto const domain = host.define(guest());
            domain.set_autostart(true);
            domain.start();
            domain.set_memory(MiB(16), Affects::both);
            domain.set_vcpus(2);
            domain.set_title("it runs");
            domain.suspend();
            domain.resume();
            domain.destroy();
            domain.rename("renamed").rename("guest").undefine();
            host.create(fake_guest("guest")).destroy();
        } catch (Error const&) {
            // What the one before it left: a domain of one of its names.
            try {
                for (auto const& domain : Host::open(fake_options(root)).domains()) {
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

auto rounds() -> int
{
    auto const* const text = std::getenv("VMWRIGHT_KILL_ROUNDS");
    return text != nullptr ? std::atoi(text) : 500;
}

} // namespace

TEST_CASE("A program that is killed at any moment loses nothing and leaves nothing")
{
    Trial const trial{"anything",
                      [](Host const&) {},
                      {},
                      [](Host const& host) {
                          for (auto const& domain : host.domains())
                              if (domain.is_active())
                                  CHECK(domain.state().phase != RunPhase::shutoff);
                      }};
    Arena const arena{trial};
    std::mt19937 random{20261127};
    std::uniform_int_distribution<int> microseconds{0, 60'000};
    for (auto round = 0; round < rounds(); ++round) {
        auto const wait = std::chrono::microseconds{microseconds(random)};
        INFO("round " << round << ", killed after " << wait.count() << " us");
        auto const child = ::fork();
        if (child == 0)
            work(arena.root());
        std::this_thread::sleep_for(wait);
        ::kill(child, SIGKILL);
        REQUIRE(::waitpid(child, nullptr, 0) == child);
        arena.judge();
    }
    std::cout << rounds() << " programs killed at random\n";
}
