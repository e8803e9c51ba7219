// SPDX-License-Identifier: BSL-1.0
// A Host that is closed while something is under way.
#include "catch.hpp"
#include "fake_guest.hpp"
#include "trial.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <future>
#include <iostream>
#include <optional>
#include <sys/wait.h>

using namespace vmwright;
using namespace std::chrono_literals;

TEST_CASE("A Host that is closed while it begins to follow a guest waits for nothing more")
{
    TemporaryDirectory const root;
    Host::open(fake_options(root.path())).define(fake_guest("guest"));
    for (auto round = 0; round < 200; ++round) {
        INFO("closed in round " << round);
        // What is to be done after the start waits meanwhile in a queue of the Host's own thread, which the closing passes.
        auto const pause = std::chrono::microseconds{round};
        auto host = std::make_optional(Host::open(fake_options(root.path())));
        std::promise<void> started;
        host->find_domain("guest").async_start([&](std::exception_ptr const& failure, StartReport const&) {
            CHECK_FALSE(failure);
            started.set_value();
            for (auto const until = std::chrono::steady_clock::now() + pause; std::chrono::steady_clock::now() < until;)
                ;
        });
        started.get_future().wait();
        auto closed = std::async(std::launch::async, [&] { host.reset(); });
        if (closed.wait_for(10s) != std::future_status::ready) {
            std::cerr << "closing hangs in round " << round << "\n";
            std::abort(); // nothing else ends that thread
        }
        for (auto const pid : emulators_in(root.path())) {
            ::kill(pid, SIGKILL);
            ::waitpid(pid, nullptr, 0);
        }
    }
}
