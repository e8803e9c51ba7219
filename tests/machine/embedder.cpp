// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "support.hpp"

#include <vmwright/machine/local_machine.hpp>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <functional>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>

using namespace vmwright;
using namespace std::chrono_literals;

namespace
{

/// The library must serve a process in any condition; each is tried in a process of its own, which ends well if it is
/// served.
auto holds_in_a_process(std::function<bool()> const& attempt) -> bool
{
    auto const pid = ::fork();
    if (pid == 0) {
        auto good = false;
        try {
            good = attempt();
        } catch (...) {
        }
        ::_exit(good ? 0 : 1);
    }
    int status{};
    return ::waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// Makes setsid fail with EPERM from now on.
void forbid_setsid()
{
    std::array<sock_filter, 4> program{
        sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_setsid, 0, 1),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    sock_fprog const filter{program.size(), program.data()};
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}

auto disposition(int signal) -> void (*)(int)
{
    struct sigaction now
    {
    };
    ::sigaction(signal, nullptr, &now);
    return now.sa_handler;
}

} // namespace

TEST_CASE("A session that cannot be made names setsid")
{
    CHECK(holds_in_a_process([] {
        forbid_setsid();
        ProcessSpec spec{.executable = "/bin/true"};
        spec.new_session = true;
        auto const error = error_of([&] { static_cast<void>(spawn(spec)); });
        return error && error->context().step == "spawn: setsid" &&
               error->context().cause == std::errc::operation_not_permitted;
    }));
}

TEST_CASE("An embedder that ignores SIGCHLD sees its processes end, their status unknown")
{
    CHECK(holds_in_a_process([] {
        std::signal(SIGCHLD, SIG_IGN);
        LocalMachine machine;
        auto const process = machine.spawn(shell("exit 3"));
        auto const result = machine.run({.executable = "/bin/echo", .arguments = {"word"}, .timeout = 10s});
        auto const failed = error_of([&] { static_cast<void>(machine.spawn({.executable = "/nowhere"})); });
        return process.wait() == ExitStatus{} && result == RunResult{{}, "word\n", ""} && failed &&
               disposition(SIGCHLD) == SIG_IGN;
    }));
}

TEST_CASE("An embedder that reaps every child sees its processes end")
{
    CHECK(holds_in_a_process([] {
        std::signal(SIGCHLD, [](int) {
            while (::waitpid(-1, nullptr, WNOHANG) > 0) {
            }
        });
        LocalMachine machine;
        auto const handler = disposition(SIGCHLD);
        for (auto i = 0; i < 20; ++i)
            static_cast<void>(machine.run({.executable = "/bin/true", .timeout = 10s}));
        return disposition(SIGCHLD) == handler;
    }));
}

TEST_CASE("Nothing breaks a pipe, and the embedder's SIGPIPE stays as it is")
{
    CHECK(holds_in_a_process([] {
        std::signal(SIGPIPE, SIG_DFL);
        LocalMachine machine;
        auto const before = disposition(SIGPIPE);
        static_cast<void>(machine.run({.executable = "/bin/true", .input = std::string(1'000'000, 'x')}));
        return disposition(SIGPIPE) == before;
    }));
    CHECK(holds_in_a_process([] {
        // A program that relies on SIGPIPE gets it, also below an embedder that ignores it.
        std::signal(SIGPIPE, SIG_IGN);
        LocalMachine machine;
        auto const result = machine.run({.executable = "/bin/sh", .arguments = {"-c", "kill -PIPE $$; echo alive"}});
        return result.status == ExitStatus{ExitStatus::Kind::signaled, SIGPIPE} && disposition(SIGPIPE) == SIG_IGN;
    }));
}

TEST_CASE("An embedder without standard files can spawn")
{
    CHECK(holds_in_a_process([] {
        for (auto const fd : {0, 1, 2})
            ::close(fd);
        return output_of(shell("readlink /proc/self/fd/0; echo >&2")) == "/dev/null\n";
    }));
}

TEST_CASE("A deadline is kept under a storm of the embedder's signals")
{
    CHECK(holds_in_a_process([] {
        static volatile std::sig_atomic_t ticks;
        std::signal(SIGALRM, [](int) { ticks = ticks + 1; });
        itimerval const often{{0, 500}, {0, 500}};
        ::setitimer(ITIMER_REAL, &often, nullptr);
        LocalMachine machine;
        for (auto i = 0; i < 20; ++i)
            if (machine.run({.executable = "/bin/cat", .input = "word"}).output != "word")
                return false;
        auto const error = error_of(
            [&] { static_cast<void>(machine.run({.executable = "/bin/sleep", .arguments = {"1000"}, .timeout = 30ms})); });
        return ticks > 0 && error && error->code() == Errc::timed_out;
    }));
}
