// SPDX-License-Identifier: BSL-1.0
// Domains that end with the program that started them.
#include "catch.hpp"
#include "fake_guest.hpp"
#include "temporary_directory.hpp"
#include "trial.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <variant>
#include <vector>

using namespace vmwright;
using namespace std::chrono_literals;

namespace
{

/// libvirt's number of an end that was somebody's wish.
constexpr unsigned stopped_destroyed = 1;

/// How long the kernel may take until what is bound is gone.
constexpr auto gone_deadline = 1s;

/// Nobody may reap them, but they run no more.
auto are_gone(std::set<int> const& pids) -> bool
{
    auto const until = std::chrono::steady_clock::now() + gone_deadline;
    auto const has_ended = [](int pid) {
        auto const id = find_process(pid);
        return !id || !Process::open(*id);
    };
    while (!std::ranges::all_of(pids, has_ended)) {
        if (std::chrono::steady_clock::now() > until)
            return false;
        std::this_thread::sleep_for(1ms);
    }
    return true;
}

/// A program that does `body`, says so and waits for its end.
class Program
{
public:
    explicit Program(std::function<void()> const& body)
    {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        pid_ = ::fork();
        REQUIRE(pid_ >= 0);
        if (pid_ == 0) {
            ::close(ends[0]);
            try {
                body();
            } catch (std::exception const& error) {
                std::fputs(error.what(), stderr);
                ::_exit(1);
            }
            if (::write(ends[1], "x", 1) != 1)
                ::_exit(2);
            for (;;)
                ::pause();
        }
        ::close(ends[1]);
        char byte{};
        auto const said = ::read(ends[0], &byte, 1);
        ::close(ends[0]);
        REQUIRE(said == 1);
    }
    Program(Program const&) = delete;
    auto operator=(Program const&) -> Program& = delete;
    ~Program() { end(); }

    [[nodiscard]] auto pid() const -> int { return pid_; }
    void end()
    {
        if (pid_ <= 0)
            return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }

private:
    int pid_{-1};
};

/// They are ours when their program has ended.
void reap(std::set<int> const& pids)
{
    for (auto const pid : pids)
        ::waitpid(pid, nullptr, 0);
}

/// What a program keeps until it ends.
std::optional<Host> kept;

void start_guest(std::string const& root, OwnerPolicy owner)
{
    kept = Host::open(fake_options(root));
    kept->find_domain("guest").start({.owner = owner});
}

auto reason_after(std::string const& root) -> DomainState
{
    return Host::open(fake_options(root)).find_domain("guest").state();
}

} // namespace

TEST_CASE("A bound domain ends with its program")
{
    auto const owner = GENERATE(OwnerPolicy::bound, OwnerPolicy::bound_flushing);
    INFO(to_string(owner));
    TemporaryDirectory const root;
    Host::open(fake_options(root.path())).define(fake_guest("guest"));
    for (auto round = 0; round < 25; ++round) {
        Program program{[&] { start_guest(root.path(), owner); }};
        auto const emulators = emulators_in(root.path());
        REQUIRE(emulators.size() == 1);
        program.end();
        CHECK(are_gone(emulators));
        reap(emulators);
        CHECK(reason_after(root.path()) == state_of(ShutoffReason::destroyed));
        auto const last = Host::open(fake_options(root.path())).events_since(0).back();
        auto const* const told = std::get_if<LifecycleEvent>(&last.data);
        REQUIRE(told != nullptr);
        CHECK(*told == LifecycleEvent{LifecycleKind::stopped, stopped_destroyed});
    }
}

TEST_CASE("A bound domain ends with a program that is large, and one that hangs with it")
{
    constexpr std::size_t size = std::size_t{400} << 20;
    TemporaryDirectory const root;
    Host::open(fake_options(root.path())).define(fake_guest("guest"));
    Program program{[&] {
        auto* const memory =
            ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        if (memory == MAP_FAILED)
            throw std::runtime_error{"no memory"};
        start_guest(root.path(), OwnerPolicy::bound);
    }};
    auto const emulators = emulators_in(root.path());
    REQUIRE(emulators.size() == 1);
    ::kill(*emulators.begin(), SIGSTOP);
    program.end();
    CHECK(are_gone(emulators));
    reap(emulators);
    CHECK(reason_after(root.path()) == state_of(ShutoffReason::destroyed));
}

TEST_CASE("A bound domain lives on when the thread ends that started it")
{
    TemporaryDirectory const root;
    Host::open(fake_options(root.path())).define(fake_guest("guest"));
    // On the Host's own thread nobody else's end could be seen.
    boost::asio::io_context context;
    auto options = fake_options(root.path());
    options.executor = context.get_executor();
    std::optional host{Host::open(options)};
    std::exception_ptr failure;
    std::thread{[&] {
        host->find_domain("guest").async_start({.owner = OwnerPolicy::bound},
                                               [&](std::exception_ptr const& failed, StartReport const&) {
                                                   failure = failed;
                                                   context.stop();
                                               });
        context.run();
    }}.join();
    CHECK_FALSE(failure);
    std::this_thread::sleep_for(50ms);
    CHECK(emulators_in(root.path()).size() == 1);
    context.restart();
    std::thread others{[&] { context.run(); }};
    try {
        auto const info = host->find_domain("guest").info();
        CHECK(info.state.phase == RunPhase::running);
        CHECK(info.owner == DomainOwner{options.program, ::getpid()});
    } catch (Error const& error) {
        FAIL_CHECK(error.what());
    }
    host.reset();
    others.join();
    CHECK(emulators_in(root.path()).empty());
}

TEST_CASE("A bound domain ends when its Host is closed, and a detached one does not")
{
    TemporaryDirectory const root;
    std::optional host{Host::open(fake_options(root.path()))};
    host->define(fake_guest("guest"));
    host->define(fake_guest("detached"));
    host->find_domain("detached").start();
    auto const detached = emulators_in(root.path());
    host->find_domain("guest").start({.owner = OwnerPolicy::bound});
    REQUIRE(emulators_in(root.path()).size() == 2);
    host.reset();
    CHECK(emulators_in(root.path()) == detached);
    auto const again = Host::open(fake_options(root.path()));
    CHECK(again.find_domain("guest").state() == state_of(ShutoffReason::destroyed));
    CHECK(again.find_domain("detached").state().phase == RunPhase::running);
    again.find_domain("detached").destroy();
}

TEST_CASE("A bound domain is anybody's to work with while its program lives")
{
    TemporaryDirectory const root;
    Host::open(fake_options(root.path())).define(fake_guest("guest"));
    Program program{[&] { start_guest(root.path(), OwnerPolicy::bound); }};
    auto const emulators = emulators_in(root.path());
    auto const host = Host::open(fake_options(root.path()));
    auto const guest = host.find_domain("guest");
    auto const info = guest.info();
    REQUIRE(info.owner);
    CHECK(info.owner->pid == program.pid());
    guest.suspend();
    CHECK(guest.state() == state_of(PausedReason::user));
    guest.destroy();
    CHECK(emulators_in(root.path()).empty());
    CHECK(::kill(program.pid(), 0) == 0);
    program.end();
    for (auto const pid : emulators) // whose program may have reaped them
        ::waitpid(pid, nullptr, WNOHANG);
}

TEST_CASE("A bound domain whose emulator crashes is not said to have been ended by its program")
{
    TemporaryDirectory const root;
    auto const host = Host::open(fake_options(root.path()));
    host.define(fake_guest("guest"));
    host.find_domain("guest").start({.owner = OwnerPolicy::bound});
    auto const emulators = emulators_in(root.path());
    REQUIRE(emulators.size() == 1);
    ::kill(*emulators.begin(), SIGKILL);
    CHECK(host.find_domain("guest").wait_until_off(5s));
    CHECK(host.find_domain("guest").state() == state_of(ShutoffReason::crashed));
}

TEST_CASE("A program that becomes another one ends what is bound to it")
{
    TemporaryDirectory const root;
    Host::open(fake_options(root.path())).define(fake_guest("guest"));
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    auto const pid = ::fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
        char byte{};
        try {
            start_guest(root.path(), OwnerPolicy::bound);
        } catch (std::exception const&) {
            ::_exit(1);
        }
        ::close(ends[1]);
        if (::read(ends[0], &byte, 1) != 0) // until the test has seen it run
            ::_exit(2);
        ::execl("/bin/sleep", "sleep", "60", nullptr);
        ::_exit(3);
    }
    ::close(ends[0]);
    std::set<int> emulators;
    for (auto const until = std::chrono::steady_clock::now() + 5s;
         (emulators = emulators_in(root.path())).empty() && std::chrono::steady_clock::now() < until;)
        std::this_thread::sleep_for(5ms);
    REQUIRE(emulators.size() == 1);
    auto const host = Host::open(fake_options(root.path()));
    CHECK(host.find_domain("guest").wait_until_off(100ms) == false);
    ::close(ends[1]);
    CHECK(are_gone(emulators));
    CHECK(::kill(pid, 0) == 0);
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    reap(emulators);
}
