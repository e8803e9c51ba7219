// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "support.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <csignal>
#include <sys/wait.h>

using namespace vmwright;
namespace asio = boost::asio;

namespace
{

auto sleeper() -> Process
{
    return spawn({.executable = "/bin/sleep", .arguments = {"1000"}});
}

/// Waits until the process is a zombie that nobody has reaped.
void wait_for_zombie(int pid)
{
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
}

} // namespace

TEST_CASE("A parent learns the exit code, again and again")
{
    auto const process = spawn(shell("exit 42"));
    auto const copy = process;
    CHECK(process.wait() == ExitStatus{ExitStatus::Kind::exited, 42});
    CHECK(copy.wait() == ExitStatus{ExitStatus::Kind::exited, 42});
    CHECK(copy.exit_status() == ExitStatus{ExitStatus::Kind::exited, 42});
    CHECK(process.has_ended());
    CHECK_FALSE(process.kill());
}

TEST_CASE("A parent learns the signal")
{
    auto const process = sleeper();
    CHECK_FALSE(process.has_ended());
    CHECK_FALSE(process.exit_status());
    CHECK_FALSE(process.wait_for(std::chrono::milliseconds{10}));
    CHECK(process.terminate());
    CHECK(process.wait_for(std::chrono::seconds{10}) == ExitStatus{ExitStatus::Kind::signaled, SIGTERM});
    CHECK(process.wait() == ExitStatus{ExitStatus::Kind::signaled, SIGTERM});
}

TEST_CASE("Dropping the handle leaves the process running")
{
    auto const id = sleeper().id();
    auto const found = Process::open(id);
    REQUIRE(found);
    CHECK(found.kill());
    CHECK(found.wait() == ExitStatus{ExitStatus::Kind::signaled, SIGKILL});
}

TEST_CASE("A process is found by pid and start time, not by its pid alone")
{
    auto const process = sleeper();
    auto const id = process.id();
    CHECK(find_process(id.pid) == id);
    CHECK(Process::open(id));
    CHECK_FALSE(Process::open({id.pid, id.start_time + 1}));
    CHECK_FALSE(Process::open({0, 0}));
    CHECK_FALSE(Process::open({-1, 0}));
    process.kill();
    process.wait();
    CHECK_FALSE(Process::open(id));
    CHECK_FALSE(find_process(id.pid));
}

TEST_CASE("A zombie is not running")
{
    auto const process = spawn({.executable = "/bin/true"});
    wait_for_zombie(process.pid());
    CHECK(find_process(process.pid()) == process.id());
    CHECK_FALSE(Process::open(process.id()));
    CHECK(process.wait().success());
}

TEST_CASE("The end of a process that is no child is seen, its status is not")
{
    // The shell starts a process, tells its pid, and stays its parent until its input ends.
    Pipe input;
    Pipe output;
    auto spec = shell("sleep 1000 & echo $!; read line; wait");
    spec.fds = {{.number = 0, .ours = input.reading.get()}, {.number = 1, .ours = output.writing.get()}};
    auto const parent = spawn(spec);
    std::array<char, 16> text{};
    REQUIRE(::read(output.reading.get(), text.data(), text.size() - 1) > 1);
    auto const id = find_process(std::atoi(text.data()));
    REQUIRE(id);
    auto const process = Process::open(*id);
    REQUIRE(process);
    CHECK_FALSE(process.has_ended());

    CHECK(process.kill());
    CHECK(process.wait() == ExitStatus{});
    CHECK(process.exit_status() == ExitStatus{});
    input.reading.reset();
    input.writing.reset();
    parent.wait();
}

TEST_CASE("Somebody else may have reaped the child")
{
    auto const process = spawn({.executable = "/bin/true"});
    int status{};
    REQUIRE(::waitpid(process.pid(), &status, 0) == process.pid());
    CHECK(process.wait() == ExitStatus{});
}

TEST_CASE("An asynchronous wait ends with the process")
{
    asio::io_context context;
    auto const process = sleeper();
    std::optional<ExitStatus> first;
    std::optional<ExitStatus> second;
    process.async_wait(context.get_executor(), [&](std::exception_ptr, ExitStatus status) { first = status; });
    process.async_wait(context.get_executor(), [&](std::exception_ptr, ExitStatus status) { second = status; });
    context.poll();
    CHECK_FALSE(first);
    process.kill();
    context.run();
    CHECK(first == ExitStatus{ExitStatus::Kind::signaled, SIGKILL});
    CHECK(second == first);
}

TEST_CASE("A wait goes on when the handle is gone, on any executor")
{
    asio::thread_pool pool{2};
    auto ended = spawn(shell("exit 3")).async_wait(pool.get_executor(), asio::use_future);
    CHECK(ended.get() == ExitStatus{ExitStatus::Kind::exited, 3});
    pool.join();
}

TEST_CASE("Each kind of cancellation ends the wait and spares the process")
{
    auto const type =
        GENERATE(asio::cancellation_type::terminal, asio::cancellation_type::partial, asio::cancellation_type::total);
    asio::io_context context;
    asio::cancellation_signal signal;
    auto const process = sleeper();
    std::exception_ptr failure;
    process.async_wait(
        context.get_executor(),
        asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error, ExitStatus) { failure = error; }));
    asio::post(context, [&] { signal.emit(type); });
    context.run();
    auto const error = error_of([&] {
        if (failure)
            std::rethrow_exception(failure);
    });
    REQUIRE(error);
    CHECK(error->code() == Errc::cancelled);
    CHECK_FALSE(process.has_ended());
    process.kill();
    process.wait();
}
