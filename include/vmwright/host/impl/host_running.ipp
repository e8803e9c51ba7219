// SPDX-License-Identifier: BSL-1.0
// What HostCore does with domains that run.
#pragma once

#include <vmwright/host/detail/host_core.hpp>
#include <vmwright/machine/machine.hpp>
#include <vmwright/xml/domain.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <sstream>

namespace vmwright::inline v0::detail
{

namespace host_running
{
namespace
{

/// How long an emulator whose monitor is gone may take to be gone itself.
constexpr auto exit_deadline = std::chrono::seconds{2};

/// What the emulator's threads have used of the CPUs. The kernel counts in hundredths of a second here, whatever its own
/// tick.
auto cpu_time(Machine& machine, ProcessId process) -> std::optional<std::chrono::nanoseconds>
{
    auto const file = fmt::format("/proc/{}/stat", process.pid);
    if (!machine.status(file))
        return std::nullopt;
    auto const text = machine.read_file(file);
    // The program's name stands in parentheses and may contain anything; user and system time are words 12 and 13 after it.
    std::istringstream words{text.substr(std::min(text.rfind(')') + 1, text.size()))};
    std::string word;
    for (auto i = 0; i < 11; ++i)
        words >> word;
    std::uint64_t user{}, system{};
    if (!(words >> user >> system))
        return std::nullopt;
    return std::chrono::milliseconds{10 * (user + system)};
}

} // namespace
} // namespace host_running

auto HostCore::shutdown(std::string name, std::chrono::milliseconds deadline) -> Awaitable<ShutdownOutcome>
{
    auto const run = running(name);
    note_call(name, "shutdown");
    auto const until = deadline_after(deadline);
    if (std::exchange(run->status.reboot_pending, false))
        store_.write_run_status(name, run->status);
    co_await run->guest->power_down(false);
    if (co_await run->ended.wait(until))
        co_return ShutdownOutcome::off;
    co_return ShutdownOutcome::ignored;
}

auto HostCore::reboot(std::string name) -> Awaitable<void>
{
    auto const run = running(name);
    note_call(name, "reboot");
    // Written first, so that whoever comes when we are gone knows what the guest that ended was asked for.
    run->status.reboot_pending = true;
    store_.write_run_status(name, run->status);
    co_await run->guest->power_down(true);
}

auto HostCore::reset(std::string name) -> Awaitable<void>
{
    auto const run = running(name);
    note_call(name, "reset");
    if (std::exchange(run->status.reboot_pending, false))
        store_.write_run_status(name, run->status);
    co_await run->guest->reset();
}

auto HostCore::destroy(std::string name, std::chrono::milliseconds grace) -> Awaitable<void>
{
    auto const run = running(name);
    note_call(name, "destroy");
    run->process.terminate();
    if (co_await run->ended.wait(deadline_after(grace)))
        co_return;
    run->status.killed = true;
    store_.write_run_status(name, run->status);
    run->process.kill();
    co_await run->ended.wait();
}

auto HostCore::suspend(std::string name) -> Awaitable<void>
{
    auto const run = running(name);
    note_call(name, "suspend");
    co_await run->guest->suspend();
}

auto HostCore::resume(std::string name) -> Awaitable<void>
{
    auto const run = running(name);
    note_call(name, "resume");
    co_await run->guest->resume();
}

auto HostCore::wake_up(std::string name) -> Awaitable<void>
{
    auto const run = running(name);
    co_await run->guest->wake_up();
}

auto HostCore::inject_nmi(std::string name) -> Awaitable<void>
{
    auto const run = running(name);
    co_await run->guest->inject_nmi();
}

auto HostCore::send_keys(std::string name, std::vector<std::uint32_t> keys, std::chrono::milliseconds hold)
    -> Awaitable<void>
{
    auto const run = running(name);
    co_await run->guest->send_keys(std::move(keys), hold);
}

auto HostCore::screenshot(std::string name, std::string file, unsigned screen) -> Awaitable<void>
{
    auto const run = running(name);
    co_await run->guest->screenshot(std::move(file), screen);
}

auto HostCore::dump(std::string name, std::string file, DumpOptions options) -> Awaitable<void>
{
    auto const run = running(name);
    {
        auto& machine = store_.machine();
        auto const is_new = !machine.status(file);
        // QEMU would make one that it cannot open a second time.
        [[maybe_unused]] auto const made = machine.open_file(file, {.write = true, .create = true, .truncate = true});
        std::exception_ptr failed;
        try {
            co_await run->guest->dump(file, options.format);
        } catch (Error const& error) {
            if (error.code() == Errc::cancelled)
                throw;
            failed = std::current_exception();
        }
        if (failed && is_new)
            machine.remove(file);
        if (failed)
            std::rethrow_exception(failed);
    }
    if (options.after == AfterDump::reset)
        co_await reset(name);
    else if (options.after == AfterDump::destroy)
        co_await destroy(name, std::chrono::seconds{10});
}

auto HostCore::state(std::string name) -> Awaitable<DomainState>
{
    if (auto const run = follow(name)) {
        std::exception_ptr failure;
        auto is_lost = false;
        try {
            auto state = co_await run->guest->state();
            co_return state;
        } catch (Error const& error) {
            failure = std::current_exception();
            is_lost = error.code() == Errc::monitor_failed;
        }
        // It may end between our look and our question, and its monitor a little before itself.
        if (is_lost)
            co_await run->ended.wait(deadline_after(host_running::exit_deadline));
        if (store_.running(name))
            std::rethrow_exception(failure);
    }
    co_await settle(name);
    if (auto const end = store_.last_end(name))
        co_return state_of(end->reason);
    co_return state_of(ShutoffReason::unknown);
}

auto HostCore::info(std::string name) -> Awaitable<DomainInfo>
{
    auto const run = follow(name);
    auto const config =
        run ? xml::read_domain(store_.machine().read_file(store_.run_path(name, "live.xml"))).result : definition(name);
    DomainInfo info{.max_memory = config.memory,
                    .memory = config.current_memory.value_or(config.memory),
                    .vcpus = config.vcpus.current.value_or(config.vcpus.count)};
    info.state = co_await state(name);
    if (!run)
        co_return info;
    if (auto const& owner = run->status.owner)
        info.owner = DomainOwner{.program = owner->program, .pid = owner->process.pid};
    if (auto const memory = co_await run->guest->memory())
        info.memory = *memory;
    info.cpu_time = host_running::cpu_time(store_.machine(), run->status.process);
    co_return info;
}

auto HostCore::wait_until_off(std::string name, std::chrono::milliseconds deadline) -> Awaitable<bool>
{
    auto const run = follow(name);
    if (!run)
        co_return true;
    auto const off = co_await run->ended.wait(deadline_after(deadline));
    co_return off;
}

auto HostCore::qmp_command(std::string name, std::string json) -> Awaitable<std::string>
{
    auto const run = running(name);
    auto answer = co_await run->guest->qmp_command(std::move(json));
    co_return answer;
}

auto HostCore::hmp_command(std::string name, std::string line) -> Awaitable<std::string>
{
    auto const run = running(name);
    auto answer = co_await run->guest->hmp_command(std::move(line));
    co_return answer;
}

} // namespace vmwright::inline v0::detail
