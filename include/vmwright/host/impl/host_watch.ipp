// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/helper_start.hpp>
#include <vmwright/host/detail/host_core.hpp>
#include <vmwright/machine/machine.hpp>

#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace vmwright::inline v0::detail
{

namespace host_watch
{
namespace
{

/// Numbers of libvirt's details; names in event.ipp.
constexpr unsigned added = 0, updated = 1, removed = 0;

/// How long we may take to be done with an emulator that has ended.
constexpr auto end_deadline = std::chrono::seconds{10};

} // namespace
} // namespace host_watch

auto HostCore::follow(std::string const& name, bool fresh) -> RunPtr
{
    auto const status = store_.running(name);
    auto const known = runs_.find(name);
    if (known != runs_.end() && (!status || known->second->status.id == status->id)) {
        // Between the emulator's end and the end of our look at it, it does not run any more.
        if (status)
            return known->second;
        return nullptr;
    }
    if (!status)
        return nullptr;
    auto process = store_.machine().open_process(status->process);
    return process ? adopt(name, *status, std::move(process), store_.helpers(name), fresh) : nullptr;
}

auto HostCore::adopt(std::string const& name, RunStatus const& status, Process process, std::vector<Process> helpers,
                     bool fresh) -> RunPtr
{
    auto run = std::make_shared<Run>(runtime_->executor());
    run->name = name;
    run->status = status;
    run->process = std::move(process);
    run->helpers = std::move(helpers);
    run->guest = drivers_.front()->open(name, status);
    runs_[name] = run;
    told_[name].run = status.id;
    runtime_->launch_background(shared_from_this(), [this, run, fresh] { return watch_run(run, fresh); });
    runtime_->launch_background(shared_from_this(), [this, run]() -> Awaitable<void> {
        co_await run->process.async_wait(runtime_->executor(), boost::asio::use_awaitable);
        run->has_exited = true;
        run->changed.raise();
    });
    // One that ends before its emulator is reaped then; the guest is left without what it did.
    for (auto const& helper : run->helpers)
        runtime_->launch_background(shared_from_this(), [this, helper, name]() -> Awaitable<void> {
            co_await helper.async_wait(runtime_->executor(), boost::asio::use_awaitable);
            runtime_->log(LogLevel::debug,
                          fmt::format("{}: its helper of pid {} has ended", domain_object(name), helper.pid()));
        });
    return run;
}

auto HostCore::await_end(std::string name) -> Awaitable<void>
{
    auto const known = runs_.find(name);
    if (known == runs_.end() || store_.running(name))
        co_return;
    auto const run = known->second;
    co_await run->ended.wait(deadline_after(host_watch::end_deadline));
}

auto HostCore::settle(std::string name) -> Awaitable<void>
{
    co_await await_end(name);
    if (!store_.machine().status(store_.run_path(name)) || store_.running(name))
        co_return;
    // Whoever has the lock is at work on it, and will see to that.
    auto const file = store_.try_lock(store_.lock_path(name), options_.program, "to sweep its last run");
    if (file && !store_.running(name))
        co_await clear_run(name);
}

auto HostCore::watch_run(RunPtr run, bool fresh) -> Awaitable<void>
{
    if (!files_)
        files_.emplace(runtime_->executor());
    auto const watch = files_->add(run->guest->journal_path(), [changed = std::weak_ptr{run}] {
        if (auto const self = changed.lock())
            self->changed.raise();
    });
    for (;;) {
        run->changed.lower();
        auto const exited = run->has_exited;
        for (auto const& change : run->guest->changes(fresh))
            tell(run->name, run->status.uuid, change.kind, change.detail, change.time);
        if (exited)
            break;
        if (run->guest->is_kept())
            co_await finish(run);
        co_await run->changed.wait();
    }
    if (files_)
        files_->remove(watch);
    co_await end_run(run);
}

auto HostCore::finish(RunPtr run) -> Awaitable<void>
{
    try {
        auto const locked =
            co_await lock(store_.lock_path(run->name), domain_object(run->name), "to finish what its guest began");
        co_await finish_locked(run);
    } catch (Error const& error) {
        if (error.code() == Errc::cancelled)
            throw;
        runtime_->log(LogLevel::warning, error.what());
    }
}

auto HostCore::finish_locked(RunPtr run) -> Awaitable<void>
{
    auto const name = run->name;
    auto status = store_.running(name);
    if (!status || status->id != run->status.id)
        co_return;
    auto const left = co_await run->guest->finish(status->reboot_pending, status->booting);
    if (left == Finish::dump_and_boot || left == Finish::dump_and_quit)
        co_await run->guest->dump_core(store_.path("dump"));
    if (left == Finish::quit || left == Finish::dump_and_quit)
        co_await run->guest->quit();
    if (left == Finish::boot || left == Finish::dump_and_boot) {
        // Written first: between the reset and the start it looks like a guest that somebody paused.
        status->reboot_pending = false;
        status->booting = true;
        store_.write_run_status(name, *status);
        co_await run->guest->boot_again();
    }
    if (std::exchange(status->booting, false))
        store_.write_run_status(name, *status);
    run->status = *status;
}

auto HostCore::end_run(RunPtr run) -> Awaitable<void>
{
    co_await end_helpers(*runtime_, run->helpers);
    auto const exit = run->process.exit_status();
    if (auto const last_words = store_.run_status(run->name); last_words && last_words->id == run->status.id)
        run->status = *last_words;
    auto const end = run->guest->end(run->status.killed);
    DomainEnd last{.reason = end.reason, .cause = end.cause, .time = std::chrono::system_clock::now(), .id = run->status.id};
    if (exit && exit->kind == ExitStatus::Kind::exited)
        last.exit_code = exit->code;
    try {
        auto const locked = co_await lock(store_.lock_path(run->name), domain_object(run->name), "to sweep its run");
        // Whatever has ended our look at it: what a living emulator holds is never swept.
        if (auto const status = store_.run_status(run->name);
            status && status->id == run->status.id && !store_.running(run->name)) {
            if (store_.is_defined(run->name))
                store_.write_last_end(run->name, last);
            else
                forget_tpm(store_, live_config(run->name));
            store_.sweep_run(run->name);
            store_.hint(run->name);
        }
    } catch (Error const& error) {
        if (error.code() == Errc::cancelled)
            throw;
        runtime_->log(LogLevel::warning, error.what());
    }
    tell(run->name, run->status.uuid, EventKind::stopped, end.stopped_detail, last.time);
    if (auto const known = runs_.find(run->name); known != runs_.end() && known->second == run)
        runs_.erase(known);
    run->ended.raise();
}

void HostCore::sweep(std::string const& name) const
{
    try {
        auto const status = store_.run_status(name);
        if (status && status->is_complete && store_.is_defined(name)) {
            auto const guest = drivers_.front()->open(name, *status);
            [[maybe_unused]] auto const unheard = guest->changes(false);
            auto const end = guest->end(status->killed);
            store_.write_last_end(
                name,
                {.reason = end.reason, .cause = end.cause, .time = std::chrono::system_clock::now(), .id = status->id});
        }
    } catch (Error const& error) {
        // Remains that tell nothing must not stand in the way of the next start.
        runtime_->log(LogLevel::warning, error.what());
    }
    kill_helpers(store_.helpers(name));
    if (!store_.is_defined(name))
        forget_tpm(store_, live_config(name));
    store_.sweep_run(name);
}

auto HostCore::live_config(std::string const& name) const -> DomainConfig
{
    auto const file = store_.run_path(name, "live.xml");
    return store_.machine().status(file) ? xml::read_domain(store_.machine().read_file(file)).result : DomainConfig{};
}

void HostCore::tell(std::string const& name, Uuid const& uuid, EventKind kind, unsigned detail,
                    std::chrono::system_clock::time_point time)
{
    hub_.tell({.kind = kind, .detail = detail, .domain = name, .uuid = uuid, .time = time});
}

auto HostCore::listen(std::function<void(Event const&)> callback) -> std::shared_ptr<Listener>
{
    auto listener = hub_.listen(std::move(callback));
    boost::asio::post(runtime_->executor(), [self = shared_from_this()] { self->begin_watching(); });
    return listener;
}

auto HostCore::stream() -> std::shared_ptr<EventQueue>
{
    auto queue = hub_.stream();
    boost::asio::post(runtime_->executor(), [self = shared_from_this()] { self->begin_watching(); });
    return queue;
}

void HostCore::begin_watching()
{
    if (is_closed_ || std::exchange(is_watching_, true))
        return;
    if (!files_)
        files_.emplace(runtime_->executor());
    [[maybe_unused]] auto const watch = files_->add(store_.path("hints"), [changed = root_changed_] { changed->raise(); });
    for (auto const& [name, uuid] : list()) {
        told_[name].uuid = uuid;
        told_[name].definition = store_.definition_stamp(name);
        [[maybe_unused]] auto const run = follow(name, false);
    }
    runtime_->launch_background(shared_from_this(), [this] { return watch_root(); });
}

auto HostCore::watch_root() -> Awaitable<void>
{
    for (;;) {
        co_await root_changed_->wait();
        root_changed_->lower();
        observe_all();
    }
}

void HostCore::observe_all()
{
    std::set<std::string> names;
    std::ranges::copy(store_.defined_names(), std::inserter(names, names.end()));
    std::ranges::copy(store_.run_names(), std::inserter(names, names.end()));
    for (auto const& [name, told] : told_)
        names.insert(name);
    for (auto const& name : names)
        observe(name);
}

void HostCore::observe(std::string const& name)
{
    if (!is_watching_)
        return;
    try {
        auto& told = told_[name];
        auto const now = std::chrono::system_clock::now();
        auto const stamp = store_.definition_stamp(name);
        if (stamp != told.definition) {
            if (!stamp.empty())
                told.uuid = definition(name).uuid.value_or(Uuid{});
            auto const kind = stamp.empty() ? EventKind::undefined : EventKind::defined;
            auto const detail = stamp.empty()             ? host_watch::removed
                                : told.definition.empty() ? host_watch::added
                                                          : host_watch::updated;
            told.definition = stamp;
            tell(name, told.uuid, kind, detail, now);
        }
        auto const status = store_.running(name);
        if (status && status->id != told.run) [[maybe_unused]]
            auto const run = follow(name, true);
        if (stamp.empty() && !status)
            told_.erase(name);
    } catch (Error const& error) {
        runtime_->log(LogLevel::warning, error.what());
    }
}

} // namespace vmwright::inline v0::detail
