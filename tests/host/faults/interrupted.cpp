// SPDX-License-Identifier: BSL-1.0
// Every operation, interrupted at every step that another process could see.
#include "catch.hpp"
#include "fake_guest.hpp"
#include "faulty_machine.hpp"
#include "trial.hpp"

#include <vmwright/machine/detail/system_failure.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <memory>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

using namespace vmwright;

namespace
{

/// What the operation ends with: an error, or none.
auto outcome_of(Trial const& trial, Host const& host, boost::asio::io_context& context,
                boost::asio::cancellation_slot slot = {}) -> std::exception_ptr
{
    std::exception_ptr failure;
    auto const note = [&](std::exception_ptr error) { failure = std::move(error); };
    boost::asio::co_spawn(context, trial.operation(host), boost::asio::bind_cancellation_slot(slot, note));
    context.run();
    return failure;
}

auto opened(Arena const& arena, std::shared_ptr<FaultyMachine> machine) -> Host
{
    auto options = arena.options();
    options.machine = std::move(machine);
    return Host::open(options);
}

void check_code(std::exception_ptr const& failure, Errc expected)
{
    if (!failure)
        return;
    auto const error = error_of([&]() -> int { std::rethrow_exception(failure); });
    REQUIRE(error);
    INFO(error->what());
    CHECK(error->code() == expected);
}

/// Runs the operation in a process of its own, which dies at that step; true when it came to its end before.
auto dies_at(Arena const& arena, Trial const& trial, int step) -> bool
{
    auto const child = ::fork();
    if (child == 0) {
        auto const machine = std::make_shared<FaultyMachine>();
        machine->fault = [](std::string_view, std::string const&) { ::kill(::getpid(), SIGKILL); };
        auto status = 1;
        try {
            auto const host = opened(arena, machine);
            boost::asio::io_context context;
            machine->arm(step);
            status = outcome_of(trial, host, context) ? 2 : 0;
            machine->disarm();
        } catch (std::exception const& error) {
            std::cerr << error.what() << '\n';
        }
        ::_exit(status);
    }
    int status{};
    REQUIRE(::waitpid(child, &status, 0) == child);
    if (WIFSIGNALED(status))
        return false;
    CHECK(WEXITSTATUS(status) == 0);
    return true;
}

/// Runs the operation with a disk that fails at that step; true when there was no such step.
auto fails_at(Arena const& arena, Trial const& trial, int step) -> bool
{
    auto const machine = std::make_shared<FaultyMachine>();
    machine->fault = [](std::string_view what, std::string const& object) {
        throw detail::system_failure(Errc::io_failed, "cannot " + std::string{what} + " '" + object + "'", EIO);
    };
    auto const host = opened(arena, machine);
    boost::asio::io_context context;
    machine->arm(step);
    check_code(outcome_of(trial, host, context), Errc::io_failed);
    auto const steps = machine->steps();
    machine->disarm();
    return steps < step;
}

/// Cancels the operation at that step; true when there was no such step.
auto is_cancelled_at(Arena const& arena, Trial const& trial, int step) -> bool
{
    auto const machine = std::make_shared<FaultyMachine>();
    boost::asio::cancellation_signal signal;
    boost::asio::io_context context;
    machine->fault = [&](std::string_view, std::string const&) {
        boost::asio::post(context, [&] { signal.emit(boost::asio::cancellation_type::total); });
    };
    auto const host = opened(arena, machine);
    machine->arm(step);
    check_code(outcome_of(trial, host, context, signal.slot()), Errc::cancelled);
    auto const steps = machine->steps();
    machine->disarm();
    return steps < step;
}

auto all_trials() -> std::vector<Trial>
{
    auto all = trials();
    std::ranges::move(setting_trials(), std::back_inserter(all));
    return all;
}

template <class Interrupt>
void at_every_step(std::string const& how, std::vector<Trial> const& all, Interrupt const& interrupt)
{
    auto runs = 0;
    for (auto const& trial : all)
        for (auto step = 1, end = 0; end == 0; ++step) {
            INFO(trial.name << " " << how << " at step " << step);
            Arena const arena{trial};
            end = interrupt(arena, trial, step) ? 1 : 0;
            arena.judge();
            ++runs;
            REQUIRE(step < 1000);
        }
    std::cout << runs << " operations " << how << '\n';
}

/// Each how many steps of an operation a program is killed that works with real emulators: their starts take long.
auto step_width() -> int
{
    auto const* const text = std::getenv("VMWRIGHT_REAL_STEP_WIDTH");
    return text != nullptr ? std::atoi(text) : 8;
}

} // namespace

TEST_CASE("A program that is killed at a step loses nothing and leaves nothing of real emulators")
{
    auto const all = trials(Emulator::real);
    auto runs = 0;
    for (std::size_t number = 0; number < all.size(); ++number) {
        auto const& trial = all[number];
        Arena const arena{trial};
        auto is_new = true;
        // Each begins at another step, so that not all are killed at the same.
        auto const first = 1 + static_cast<int>(number) % step_width();
        for (auto step = first, end = 0; end == 0; step += step_width()) {
            INFO(trial.name << " killed at step " << step);
            if (!std::exchange(is_new, false))
                arena.renew();
            end = dies_at(arena, trial, step) ? 1 : 0;
            arena.judge();
            ++runs;
            REQUIRE(step < 1000);
        }
    }
    std::cout << runs << " operations on real emulators killed\n";
}

TEST_CASE("A program that is killed at any step of an operation loses nothing and leaves nothing")
{
    at_every_step("killed", all_trials(), dies_at);
}

TEST_CASE("What a guest's end asks for is finished by whoever comes, wherever the one before was killed")
{
    at_every_step("killed in what a guest began", kept_trials(), dies_at);
}

TEST_CASE("An operation that is cancelled at any step is done or undone")
{
    at_every_step("cancelled", all_trials(), is_cancelled_at);
}

TEST_CASE("An operation that fails at any step says so, and the old state stands or the new one")
{
    at_every_step("failed", all_trials(), fails_at);
}
