// SPDX-License-Identifier: BSL-1.0
// What HostCore does with what it finds when it is opened.
#pragma once

#include <vmwright/host/detail/helper_start.hpp>
#include <vmwright/host/detail/host_core.hpp>
#include <vmwright/machine/machine.hpp>

#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <utility>

namespace vmwright::inline v0::detail
{

namespace host_recovery
{
namespace
{

/// How long emulators may take to say who they are before the Host is open without having heard them.
constexpr auto open_deadline = std::chrono::seconds{1};

/// How long the kernel may take to end a process.
constexpr auto kill_deadline = std::chrono::seconds{10};

/// How long a process may take from its birth to its program, and how often we look.
constexpr auto birth_deadline = std::chrono::milliseconds{500};
constexpr auto birth_pause = std::chrono::milliseconds{2};

/// Whether the process has a file of the directory among its arguments. Where that cannot be told it has.
auto works_in(Machine& machine, ProcessId process, std::string const& directory) -> bool
{
    try {
        return machine.read_file(fmt::format("/proc/{}/cmdline", process.pid)).find(directory + "/") != std::string::npos;
    } catch (Error const&) {
        return true;
    }
}

} // namespace

/// Raised when as many have arrived as were expected.
struct Arrivals
{
    Signal all;
    std::size_t missing{1}; ///< the one who counts the others

    explicit Arrivals(boost::asio::any_io_executor executor)
        : all{std::move(executor)}
    {
    }
    void arrive()
    {
        if (--missing == 0)
            all.raise();
    }
};

} // namespace host_recovery

void HostCore::begin_recovery()
{
    if (!options_.executor) {
        Operation<void> whole{[self = shared_from_this()](auto handler) {
            self->runtime_->template launch<void>(
                self, [self] { return self->recover(); }, std::move(handler));
        }};
        wait_for(*runtime_, std::move(whole));
        return;
    }
    runtime_->launch_background(shared_from_this(), [self = shared_from_this()] { return self->recover(); });
}

auto HostCore::recover() -> Awaitable<void>
{
    auto const open_until = deadline_after(host_recovery::open_deadline);
    auto const judged = std::make_shared<host_recovery::Arrivals>(runtime_->executor());
    try {
        for (auto const& name : store_.run_names()) {
            ++judged->missing;
            runtime_->launch_background(shared_from_this(), [this, name, judged]() -> Awaitable<void> {
                try {
                    co_await recover_run(name);
                } catch (Error const& error) {
                    runtime_->log(LogLevel::warning, error.what());
                }
                judged->arrive();
            });
        }
    } catch (Error const& error) {
        runtime_->log(LogLevel::warning, error.what());
    }
    judged->arrive();
    co_await judged->all.wait(open_until);
    try {
        store_.sweep(options_.program);
    } catch (Error const& error) {
        // What cannot be swept does not stand in the way of what can be done.
        runtime_->log(LogLevel::warning, error.what());
    }
    recovered_.raise();
}

auto HostCore::recover_run(std::string name) -> Awaitable<void>
{
    auto& machine = store_.machine();
    auto const file = store_.try_lock(store_.lock_path(name), options_.program, "to look after its run");
    if (!file || runs_.contains(name)) // somebody is at work on it
        co_return;
    if (auto const status = store_.running(name); status && !status->killed) {
        machine.remove_unfinished(store_.run_path(name));
        if (auto const run = follow(name)) {
            co_await run->guest->take_over();
            co_await finish_plugging(run);
            co_await finish_locked(run);
        }
        co_return;
    }
    co_await clear_run(name);
}

auto HostCore::clear_run(std::string name) -> Awaitable<void>
{
    if (!store_.machine().status(store_.run_path(name)))
        co_return;
    co_await end_unfinished(name);
    co_await sweep(name);
    store_.hint(name);
}

auto HostCore::end_unfinished(std::string name) -> Awaitable<void>
{
    auto& machine = store_.machine();
    auto const until = std::chrono::steady_clock::now() + host_recovery::birth_deadline;
    while (machine.is_locked(store_.run_path(name, "alive")) && std::chrono::steady_clock::now() < until) {
        co_await end_emulators(name);
        // A child that its parent could not see through to its program has nothing yet that tells what it is to be. One
        // that stays so was forked by a program of somebody else's and only keeps a copy of our lock.
        Signal pause{runtime_->executor()};
        co_await pause.wait(deadline_after(host_recovery::birth_pause));
    }
}

auto HostCore::end_emulators(std::string name) -> Awaitable<void>
{
    auto& machine = store_.machine();
    for (auto const& id : machine.processes_with(store_.run_path(name, "alive"))) {
        auto const process = machine.open_process(id);
        if (!process || id == machine.self() || !host_recovery::works_in(machine, id, store_.run_path(name)))
            continue;
        runtime_->log(LogLevel::info,
                      fmt::format("{}: ending pid {}, whose start nobody finished", domain_object(name), id.pid));
        process.kill();
        auto const ended = std::make_shared<Signal>(runtime_->executor());
        process.async_wait(runtime_->executor(), [ended](std::exception_ptr, ExitStatus) { ended->raise(); });
        if (!co_await ended->wait(deadline_after(host_recovery::kill_deadline)))
            throw Error{Errc::unresponsive,
                        fmt::format("the emulator of pid {} cannot be ended", id.pid),
                        {.object = domain_object(name)}};
    }
}

} // namespace vmwright::inline v0::detail
