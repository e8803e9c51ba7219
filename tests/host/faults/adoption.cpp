// SPDX-License-Identifier: BSL-1.0
// What a Host makes of runs that others began.
#include "catch.hpp"
#include "fake_guest.hpp"
#include "faulty_machine.hpp"
#include "trial.hpp"

#include <chrono>
#include <csignal>
#include <deque>
#include <fstream>
#include <future>
#include <memory>
#include <set>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

using namespace vmwright;
using namespace std::chrono_literals;

TEST_CASE("An emulator that is stopped holds up nobody but those who ask for it")
{
    TemporaryDirectory const root;
    auto const first = Host::open(fake_options(root.path()));
    auto const stopped = first.define(fake_guest("stopped"));
    auto const other = first.define(fake_guest("other"));
    Ended const end_stopped{stopped};
    Ended const end_other{other};
    auto const pid = stopped.start().pid;
    other.start();
    REQUIRE(::kill(pid, SIGSTOP) == 0);
    {
        auto const before = std::chrono::steady_clock::now();
        auto const second = Host::open(fake_options(root.path()));
        CHECK(std::chrono::steady_clock::now() - before < 2s);
        CHECK(second.find_domain("other").state() == state_of(RunningReason::booted));
        CHECK(second.find_domain("stopped").is_active());
        CHECK(second.find_domain("stopped").pid() == pid);
    }
    REQUIRE(::kill(pid, SIGCONT) == 0);
    CHECK(Host::open(fake_options(root.path())).find_domain("stopped").state() == state_of(RunningReason::booted));
}

TEST_CASE("While one emulator is stopped all others do what they are told, and its own calls end by their deadline")
{
    TemporaryDirectory const root;
    auto const host = Host::open(fake_options(root.path()));
    auto const stopped = host.define(fake_guest("stopped"));
    Ended const end_stopped{stopped};
    std::deque<Ended> others;
    for (auto const* const name : {"first", "second", "third"}) {
        others.emplace_back(host.define(fake_guest(name)));
        others.back().domain.start();
    }
    auto const pid = stopped.start().pid;
    REQUIRE(::kill(pid, SIGSTOP) == 0);
    auto call = std::async(std::launch::async, [&] { return error_of([&] { return stopped.state(); }); });
    for (auto round = 0; round < 20; ++round)
        for (auto const& other : others) {
            CHECK(other.domain.state().phase == RunPhase::running);
            other.domain.suspend();
            CHECK(other.domain.info().state == state_of(PausedReason::user));
            other.domain.resume();
        }
    // Nothing of that has waited for the one that is stopped.
    CHECK(call.wait_for(0s) != std::future_status::ready);
    REQUIRE(call.wait_for(20s) == std::future_status::ready);
    auto const error = call.get();
    REQUIRE(error);
    CHECK(error->code() == Errc::unresponsive);
    CHECK(error->context().object.find("stopped") != std::string::npos);
    CHECK(stopped.pid() == pid);
    REQUIRE(::kill(pid, SIGCONT) == 0);
    CHECK(stopped.state() == state_of(RunningReason::booted));
}

TEST_CASE("An emulator that says that it is another domain is not taken for ours")
{
    TemporaryDirectory const root;
    auto const first = Host::open(fake_options(root.path()));
    auto const domain = first.define(fake_guest("guest"));
    Ended const ended{domain};
    domain.start();
    auto status = text_of(root / "run/guest/status");
    auto const uuid = to_string(domain.uuid());
    status.replace(status.find(uuid), uuid.size(), "11111111-2222-3333-4444-555555555555");
    std::ofstream{root / "run/guest/status"} << status;
    auto const second = Host::open(fake_options(root.path()));
    auto const error = error_of([&] { return second.find_domain("guest").state(); });
    REQUIRE(error);
    CHECK(error->code() == Errc::corrupt_state);
    CHECK(error->message().find(uuid) != std::string::npos);
}

TEST_CASE("A start that another program left at any step does not stand in the way of one's own")
{
    TemporaryDirectory const root;
    // Open all the time, so that nothing is put right by opening.
    auto host = std::make_unique<Host>(Host::open(fake_options(root.path())));
    host->define(fake_guest("guest"));
    auto is_through = false;
    for (auto step = 1; !is_through; ++step) {
        INFO("killed at step " << step);
        host.reset();
        auto const child = ::fork();
        if (child == 0) {
            auto const machine = std::make_shared<FaultyMachine>();
            machine->fault = [](std::string_view, std::string const&) { ::kill(::getpid(), SIGKILL); };
            auto options = fake_options(root.path());
            options.machine = machine;
            auto const theirs = Host::open(options);
            // Until the one that is to find what is left is open, too.
            ::raise(SIGSTOP);
            machine->arm(step);
            theirs.find_domain("guest").start();
            ::_exit(0);
        }
        int status{};
        REQUIRE(::waitpid(child, &status, WUNTRACED) == child);
        REQUIRE(WIFSTOPPED(status));
        host = std::make_unique<Host>(Host::open(fake_options(root.path())));
        ::kill(child, SIGCONT);
        REQUIRE(::waitpid(child, &status, 0) == child);
        is_through = WIFEXITED(status);

        auto const domain = host->find_domain("guest");
        Ended const ended{domain};
        // One that was complete runs.
        if (!domain.is_active())
            domain.start();
        if (domain.state().phase == RunPhase::paused)
            domain.resume(); // nobody has opened the root since it was left before its first step
        CHECK(domain.state().phase == RunPhase::running);
        auto const pid = *domain.pid();
        CHECK(emulators_in(root.path()) == std::set<int>{pid});
        domain.destroy();
        ::waitpid(pid, nullptr, 0);
        while (::waitpid(-1, nullptr, WNOHANG) > 0)
            ;
        REQUIRE(step < 200);
    }
}

TEST_CASE("A guest whose emulator is about to be gone when it is asked has ended")
{
    TemporaryDirectory const root;
    auto const host = Host::open(fake_options(root.path()));
    auto const domain = host.define(fake_guest("guest", "query-status cut; query-status slow 200; query-status crash"));
    Ended const ended{domain};
    domain.start();
    CHECK(domain.state() == state_of(ShutoffReason::crashed));
}
