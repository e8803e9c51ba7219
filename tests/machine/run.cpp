// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "support.hpp"
#include "temporary_directory.hpp"

#include <vmwright/machine/local_machine.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <cerrno>
#include <csignal>
#include <sys/wait.h>

using namespace vmwright;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace
{

auto script(std::string const& text) -> RunSpec
{
    return {.executable = "/bin/sh", .arguments = {"-c", text}};
}

} // namespace

TEST_CASE("A run gives the exit code and both outputs")
{
    LocalMachine machine;
    CHECK(machine.run(script("echo out; echo err >&2; exit 5")) ==
          RunResult{{ExitStatus::Kind::exited, 5}, "out\n", "err\n"});
    CHECK(machine.run(script("kill -USR1 $$")).status == ExitStatus{ExitStatus::Kind::signaled, SIGUSR1});
}

TEST_CASE("Input and output may be larger than a pipe")
{
    LocalMachine machine;
    std::string const text(600'000, 'x');
    CHECK(machine.run({.executable = "/bin/cat", .input = text}).output == text);
    CHECK(machine.run({.executable = "/bin/true", .input = text}) == RunResult{{ExitStatus::Kind::exited, 0}, "", ""});
}

TEST_CASE("A run takes directory and environment")
{
    LocalMachine machine;
    auto spec = script("pwd; echo $WORD");
    spec.directory = "/";
    spec.environment = {"WORD=value"};
    CHECK(machine.run(spec).output == "/\nvalue\n");
}

TEST_CASE("A program that cannot start fails the run with its step")
{
    LocalMachine machine;
    auto const error = error_of([&] { static_cast<void>(machine.run({.executable = "/nowhere"})); });
    REQUIRE(error);
    CHECK(error->code() == Errc::spawn_failed);
    CHECK(error->context().step == "spawn: exec");
}

TEST_CASE("Output up to the limit is taken, a byte more ends the program")
{
    LocalMachine machine;
    auto spec = script("printf 12345678");
    spec.output_limit = 8;
    CHECK(machine.run(spec).output == "12345678");
    spec.output_limit = 7;
    auto const error = error_of([&] { static_cast<void>(machine.run(spec)); });
    REQUIRE(error);
    CHECK(error->code() == Errc::limit_exceeded);

    auto endless = script("exec yes >&2");
    endless.output_limit = 100'000;
    auto const killed = error_of([&] { static_cast<void>(machine.run(endless)); });
    REQUIRE(killed);
    CHECK(killed->message() == "'/bin/sh' wrote more than 100000 bytes of standard error");
}

TEST_CASE("The deadline kills and reaps")
{
    LocalMachine machine;
    RunSpec spec{.executable = "/bin/sleep", .arguments = {"1000"}, .timeout = 30ms};
    auto const error = error_of([&] { static_cast<void>(machine.run(spec)); });
    REQUIRE(error);
    CHECK(error->code() == Errc::timed_out);
    CHECK(error->code() == std::errc::timed_out);
    siginfo_t info{};
    CHECK((::waitid(P_ALL, 0, &info, WEXITED | WNOHANG) == -1 && errno == ECHILD));
}

TEST_CASE("A run is over when its program is, whoever keeps the output open")
{
    LocalMachine machine;
    auto const result = machine.run(script("sleep 1000 & echo $!"));
    auto const id = find_process(std::stoi(result.output));
    REQUIRE(id);
    auto const orphan = Process::open(*id);
    REQUIRE(orphan);
    orphan.kill();
    orphan.wait();
}

TEST_CASE("A run can be awaited and works on a pool of threads")
{
    LocalMachine machine;
    asio::thread_pool pool{4};
    auto const echo = [&](int number) -> asio::awaitable<std::string> {
        auto executor = co_await asio::this_coro::executor;
        auto spec = script("echo " + std::to_string(number) + "; head -c 100000 /dev/zero");
        auto const result = co_await machine.async_run(spec, executor, asio::use_awaitable);
        co_return result.output;
    };
    std::vector<std::future<std::string>> runs;
    for (auto i = 0; i < 20; ++i)
        runs.push_back(asio::co_spawn(pool, echo(i), asio::use_future));
    for (auto i = 0; i < 20; ++i)
        CHECK(runs[static_cast<std::size_t>(i)].get() == std::to_string(i) + "\n" + std::string(100'000, '\0'));
    pool.join();
}

TEST_CASE("A cancelled run leaves no process")
{
    LocalMachine machine;
    asio::io_context context;
    asio::cancellation_signal signal;
    auto const early = GENERATE(true, false);
    std::exception_ptr failure;
    machine.async_run(
        {.executable = "/bin/sleep", .arguments = {"1000"}}, context.get_executor(),
        asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error, RunResult) { failure = error; }));
    if (!early)
        context.poll();
    signal.emit(asio::cancellation_type::total);
    context.run();
    auto const error = error_of([&] {
        if (failure)
            std::rethrow_exception(failure);
    });
    REQUIRE(error);
    CHECK(error->code() == Errc::cancelled);
}

TEST_CASE("A context that is destroyed in the middle of a run takes the process along")
{
    LocalMachine machine;
    auto called = false;
    auto const program = GENERATE("exec sleep 1000", "exit 3");
    {
        asio::io_context context;
        machine.async_run(script(program), context.get_executor(), [&](std::exception_ptr, RunResult) { called = true; });
        context.poll_one();
        context.poll_one();
    }
    CHECK_FALSE(called);
    siginfo_t info{};
    CHECK((::waitid(P_ALL, 0, &info, WEXITED | WNOHANG) == -1 && errno == ECHILD));
}
