// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "host/support.hpp"

#include <vmwright/machine/local_machine.hpp>
#include <vmwright/machine/process.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace fs = std::filesystem;
using namespace vmwright;
using namespace std::chrono_literals;

namespace
{

auto take(EventStream& stream, std::size_t count) -> std::vector<std::string>
{
    std::vector<std::string> list;
    while (list.size() < count)
        list.push_back(to_string(stream.next().value()));
    return list;
}

using Words = std::vector<std::string>;

} // namespace

TEST_CASE("A created domain is gone when it ends")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto const domain = host.create(small_guest("brief"), {.paused = true});
    Ended const ended{domain};
    CHECK(domain.state() == state_of(PausedReason::user));
    CHECK_FALSE(domain.is_persistent());
    CHECK(host.find_domain("brief") == domain);
    CHECK(host.find_domain(1) == domain);
    CHECK(error_of([&] { domain.undefine(); })->code() == Errc::wrong_state);
    CHECK(error_of([&] { return host.create(small_guest("brief")); })->code() == Errc::already_exists);
    domain.destroy();
    CHECK(host.domains().empty());
    CHECK(fs::is_empty(root / "run"));
    CHECK(fs::is_empty(root / "log"));
}

TEST_CASE("Every change is told as libvirt tells it, to the Host that makes it and to another one")
{
    TemporaryDirectory const root;
    auto const mine = Host::open(options_in(root.path()));
    auto const theirs = Host::open(options_in(root.path()));
    auto ours = mine.events();
    auto others = theirs.events();
    auto const domain = mine.define(small_guest("demo"));
    Ended const ended{domain};
    CHECK(take(ours, 1) == Words{"demo: Defined Added"});
    CHECK(take(others, 1) == Words{"demo: Defined Added"});
    domain.start({.paused = true});
    CHECK(take(others, 2) == Words{"demo: Started Booted", "demo: Suspended Paused"});
    domain.resume();
    CHECK(take(others, 1) == Words{"demo: Resumed Unpaused"});
    domain.suspend();
    domain.destroy();
    CHECK(take(others, 3) ==
          Words{"demo: Suspended Paused", "demo: Shutdown Finished after host request", "demo: Stopped Destroyed"});
    domain.start();
    domain.destroy();
    CHECK(take(others, 4) == Words{"demo: Resumed Unpaused", "demo: Started Booted",
                                   "demo: Shutdown Finished after host request", "demo: Stopped Destroyed"});
    domain.undefine();
    CHECK(take(others, 1) == Words{"demo: Undefined Removed"});
    CHECK(take(ours, 11) == Words{"demo: Started Booted", "demo: Suspended Paused", "demo: Resumed Unpaused",
                                  "demo: Suspended Paused", "demo: Shutdown Finished after host request",
                                  "demo: Stopped Destroyed", "demo: Resumed Unpaused", "demo: Started Booted",
                                  "demo: Shutdown Finished after host request", "demo: Stopped Destroyed",
                                  "demo: Undefined Removed"});
}

TEST_CASE("A second program sees and controls what the first started, also after its end")
{
    TemporaryDirectory const root;
    // A process of its own, which starts the domain and is gone; nothing of it is used here.
    auto const child = ::fork();
    if (child == 0) {
        auto status = 1;
        try {
            auto const host = Host::open(options_in(root.path()));
            host.define(small_guest("demo")).start();
            status = 0;
        } catch (std::exception const&) {
        }
        ::_exit(status);
    }
    int status{};
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(status == 0);

    auto const host = Host::open(options_in(root.path()));
    auto const domain = host.find_domain("demo");
    Ended const ended{domain};
    CHECK(domain.state() == state_of(RunningReason::booted));
    CHECK(host.find_domain(1) == domain);
    domain.suspend();
    CHECK(domain.state() == state_of(PausedReason::user));
    CHECK(error_of([&] { domain.start(); })->code() == Errc::already_running);
    auto const pid = *domain.pid();
    domain.destroy();
    CHECK(domain.state() == state_of(ShutoffReason::destroyed));
    // The emulator is nobody's child but ours by adoption (see leak_check.cpp).
    ::waitpid(pid, nullptr, 0);
}

TEST_CASE("A domain whose end nobody watched is found ended, with its reason, and swept")
{
    TemporaryDirectory const root;
    int pid{};
    {
        auto const host = Host::open(options_in(root.path()));
        pid = host.define(small_guest("demo")).start({.paused = true}).pid;
    }
    REQUIRE(::kill(pid, SIGTERM) == 0);
    REQUIRE(::waitpid(pid, nullptr, 0) == pid);
    REQUIRE(fs::exists(root / "run/demo"));
    auto const host = Host::open(options_in(root.path()));
    CHECK_FALSE(fs::exists(root / "run/demo"));
    CHECK(host.find_domain("demo").state() == state_of(ShutoffReason::destroyed));
    CHECK(host.find_domain("demo").last_end()->cause == "host-signal");
    auto const again = host.find_domain("demo");
    Ended const ended{again};
    CHECK(again.start({.paused = true}).id == 2);
}

TEST_CASE("An emulator that is killed has crashed, and one that does not end is killed")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto const domain = host.define(small_guest("demo"));
    Ended const ended{domain};
    auto stream = host.events();
    auto pid = domain.start({.paused = true}).pid;
    CHECK(take(stream, 2).size() == 2);
    ::kill(pid, SIGKILL);
    CHECK(domain.wait_until_off(10s));
    CHECK(take(stream, 1) == Words{"demo: Stopped Failed"});
    CHECK(domain.state() == state_of(ShutoffReason::crashed));

    pid = domain.start({.paused = true}).pid;
    ::kill(pid, SIGSTOP);
    domain.destroy(50ms);
    CHECK_FALSE(find_process(pid));
    CHECK(domain.state() == state_of(ShutoffReason::destroyed));
}

TEST_CASE("A guest without an operating system ignores its power button")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto const domain = host.define(small_guest("demo"));
    Ended const ended{domain};
    domain.start();
    CHECK(domain.shutdown(0ms) == ShutdownOutcome::ignored);
    domain.reboot();
    CHECK(domain.shutdown(10ms) == ShutdownOutcome::ignored);
    CHECK_FALSE(domain.wait_until_off(1ms));
    CHECK(domain.is_active());
}

TEST_CASE("A reset by the host runs on where the guest's own reboot ends the domain")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto config = small_guest("demo");
    config.on_reboot = LifecycleAction::destroy;
    auto const domain = host.define(config);
    Ended const ended{domain};
    domain.start();
    domain.reset();
    CHECK_FALSE(domain.wait_until_off(200ms));
    CHECK(domain.is_active());
}

TEST_CASE("Many domains live on one thread of coroutines, and cancelling a start leaves nothing")
{
    TemporaryDirectory const root;
    boost::asio::io_context context;
    auto options = options_in(root.path());
    options.executor = context.get_executor();
    auto host = std::make_optional(Host::open(options));
    auto done = 0;
    for (auto i = 0; i < 3; ++i)
        boost::asio::co_spawn(
            context,
            [&host, &done, name = "demo" + std::to_string(i)]() -> boost::asio::awaitable<void> {
                auto const domain = co_await host->async_define(small_guest(name), boost::asio::use_awaitable);
                co_await domain.async_start(boost::asio::use_awaitable);
                auto const state = co_await domain.async_state(boost::asio::use_awaitable);
                CHECK(state == state_of(RunningReason::booted));
                co_await domain.async_destroy(boost::asio::use_awaitable);
                ++done;
            },
            boost::asio::detached);
    boost::asio::cancellation_signal signal;
    std::exception_ptr failure;
    auto const late = [&]() -> boost::asio::awaitable<void> {
        auto const domain = co_await host->async_define(small_guest("late"), boost::asio::use_awaitable);
        domain.async_start(boost::asio::bind_cancellation_slot(
            signal.slot(), [&](std::exception_ptr error, StartReport const&) { failure = error; }));
        boost::asio::steady_timer soon{context, 20ms};
        co_await soon.async_wait(boost::asio::use_awaitable);
        signal.emit(boost::asio::cancellation_type::total);
    };
    boost::asio::co_spawn(context, late, boost::asio::detached);
    while (done < 3 || !failure)
        context.run_one();
    // The Host listens for what becomes of its domains until it is closed.
    host.reset();
    context.run();
    CHECK(error_of([&] { std::rethrow_exception(failure); })->code() == Errc::cancelled);
    CHECK(fs::is_empty(root / "run"));
}
