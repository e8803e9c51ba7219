// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/helper_start.hpp>
#include <vmwright/host/detail/signal.hpp>
#include <vmwright/machine/machine.hpp>

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <memory>
#include <utility>
#include <variant>

namespace vmwright::inline v0::detail
{

namespace helper_start
{

/// The state that was made for the first time goes again unless its making comes to an end.
class FreshState
{
public:
    FreshState(Store const& store, std::string path)
        : store_{store}
        , path_{std::move(path)}
    {
    }
    FreshState(FreshState const&) = delete;
    auto operator=(FreshState const&) -> FreshState& = delete;
    ~FreshState()
    {
        try {
            if (!path_.empty())
                store_.remove_tree(path_);
        } catch (std::exception const&) {
        }
    }
    void keep() { path_.clear(); }

private:
    Store const& store_;
    std::string path_;
};

namespace
{

/// The number that a helper finds its connection under.
constexpr auto connection_number = 3;

/// How long a new TPM's keys may take.
constexpr auto step_deadline = std::chrono::seconds{60};

/// How long a helper may take to see that its emulator has ended.
constexpr auto end_deadline = std::chrono::seconds{2};

auto log_path(Store const& store, std::string_view name, qemu::Helper const& helper) -> std::string
{
    return store.run_path(name, helper.name + ".log");
}

auto spec_of(std::string const& program, std::vector<qemu::Option> const& options, int log) -> ProcessSpec
{
    ProcessSpec spec{.executable = program, .arguments = qemu::helper_arguments(options), .new_session = true};
    spec.fds = {{.number = 1, .ours = log}, {.number = 2, .ours = log}};
    return spec;
}

auto has_ended(Runtime const& runtime, Process process, std::chrono::milliseconds deadline) -> boost::asio::awaitable<bool>
{
    auto const ended = std::make_shared<Signal>(runtime.executor());
    process.async_wait(runtime.executor(), [ended](std::exception_ptr, ExitStatus) { ended->raise(); });
    auto const in_time = co_await ended->wait(deadline_after(deadline));
    co_return in_time;
}

auto run_step(Store const& store, Runtime const& runtime, Nurse& nurse, OwnerPolicy owner, std::string name,
              qemu::Helper const& helper, qemu::HelperStep const& step, int log) -> boost::asio::awaitable<void>
{
    auto const process = nurse.spawn(spec_of(step.program, step.options, log), owner);
    auto const in_time = co_await has_ended(runtime, process, step_deadline);
    if (!in_time)
        process.kill();
    if (auto const status = process.wait(); status.success())
        co_return;
    auto const why = in_time ? "has failed" : "has not come to an end";
    throw Error{Errc::helper_failed, fmt::format("{} {}", step.program, why), {.detail = helper_log(store, name, helper)}};
}

/// Where the helper listens, it finds our connection waiting; the socket's name is gone by then.
auto connect(Machine& machine, std::string const& path, bool listens) -> std::pair<UniqueFd, UniqueFd>
{
    if (!listens)
        return machine.socket_pair();
    auto listener = machine.listen(path);
    auto connection = machine.connect(path);
    machine.remove(path);
    if (connection.outcome != ConnectOutcome::connected)
        throw Error{Errc::io_failed, fmt::format("cannot connect to '{}'", path)};
    return {std::move(listener), std::move(connection.fd)};
}

} // namespace
} // namespace helper_start

auto start_helper(Store const& store, Runtime const& runtime, Nurse& nurse, OwnerPolicy owner, std::string name,
                  qemu::Helper& helper) -> boost::asio::awaitable<StartedHelper>
{
    auto& machine = store.machine();
    auto const log = machine.open_file(helper_start::log_path(store, name, helper), {.append = true, .create = true});
    auto const is_fresh = !helper.state.empty() && !machine.status(helper.state);
    helper_start::FreshState fresh{store, is_fresh ? helper.state : std::string{}};
    if (is_fresh)
        machine.make_directories(helper.state);
    std::vector<qemu::HelperStep const*> steps;
    for (auto const& step : helper.steps)
        if (!step.once || is_fresh)
            steps.push_back(&step);
    if (!steps.empty())
        for (auto const& file : helper.files) {
            machine.make_directories(file.path.substr(0, file.path.rfind('/')));
            machine.write_file(file.path, file.text, {.durable = false});
        }
    for (auto const* const step : steps)
        co_await helper_start::run_step(store, runtime, nurse, owner, name, helper, *step, log.get());
    fresh.keep();

    auto ends = helper_start::connect(machine, store.run_path(name, "helper"), helper.listens);
    qemu::fill_slot(helper.options, helper.slot, helper_start::connection_number);
    auto spec = helper_start::spec_of(helper.program, helper.options, log.get());
    spec.fds.push_back({.number = helper_start::connection_number, .ours = ends.first.get()});
    StartedHelper started;
    started.process = nurse.spawn(std::move(spec), owner);
    started.connection = std::move(ends.second);
    co_return started;
}

auto helper_log(Store const& store, std::string_view name, qemu::Helper const& helper) -> std::string
{
    auto const path = helper_start::log_path(store, name, helper);
    return store.machine().status(path) ? store.machine().read_file(path, std::size_t{64} << 20) : std::string{};
}

auto end_helpers(Runtime const& runtime, std::vector<Process> helpers) -> boost::asio::awaitable<void>
{
    for (auto const& process : helpers) {
        if (!process.has_ended() && !co_await helper_start::has_ended(runtime, process, helper_start::end_deadline))
            process.kill();
        process.wait();
    }
}

auto tpms_to_forget(DomainConfig const& config, std::optional<bool> keep) -> std::vector<Uuid>
{
    std::vector<Uuid> uuids;
    for (auto const& tpm : config.devices.tpms)
        if (auto const* const emulator = std::get_if<EmulatedTpm>(&tpm.backend);
            emulator && config.uuid && !keep.value_or(emulator->persistent_state == true))
            uuids.push_back(*config.uuid);
    return uuids;
}

void forget_tpm(Store const& store, DomainConfig const& config)
{
    for (auto const& uuid : tpms_to_forget(config))
        store.remove_tpm_state(uuid);
}

void kill_helpers(std::vector<Process> const& helpers)
{
    for (auto const& process : helpers) {
        process.kill();
        process.wait();
    }
}

} // namespace vmwright::inline v0::detail
