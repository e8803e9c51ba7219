// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/helper_start.hpp>
#include <vmwright/host/detail/host_core.hpp>
#include <vmwright/machine/machine.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

namespace vmwright::inline v0::detail
{

namespace host_watch
{

/// Raises its signal when the process ends, until it goes.
class EndOf
{
public:
    EndOf(Process const& process, boost::asio::any_io_executor const& executor)
        : ended_{std::make_shared<Signal>(executor)}
        , stop_{std::make_shared<boost::asio::cancellation_signal>()}
    {
        process.async_wait(executor,
                           boost::asio::bind_cancellation_slot(
                               stop_->slot(), [ended = ended_, stop = stop_](std::exception_ptr failure, ExitStatus) {
                                   if (!failure)
                                       ended->raise();
                               }));
    }
    EndOf(EndOf const&) = delete;
    auto operator=(EndOf const&) -> EndOf& = delete;
    ~EndOf() { stop_->emit(boost::asio::cancellation_type::terminal); }
    [[nodiscard]] auto signal() const -> Signal& { return *ended_; }

private:
    std::shared_ptr<Signal> ended_;
    std::shared_ptr<boost::asio::cancellation_signal> stop_;
};

namespace
{

/// How long we may take to be done with an emulator that has ended.
constexpr auto end_deadline = std::chrono::seconds{10};

/// How much later than a bound emulator its owner may end, where both end by the same signal.
constexpr auto owner_deadline = std::chrono::milliseconds{500};

} // namespace
} // namespace host_watch

auto HostCore::follow(std::string const& name) -> RunPtr
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
    return process ? adopt(name, *status, std::move(process), store_.helpers(name)) : nullptr;
}

auto HostCore::adopt(std::string const& name, RunStatus const& status, Process process, std::vector<Process> helpers)
    -> RunPtr
{
    auto run = std::make_shared<Run>(runtime_->executor());
    run->name = name;
    run->status = status;
    run->process = std::move(process);
    run->helpers = std::move(helpers);
    run->guest = drivers_.front()->open(name, status);
    runs_[name] = run;
    runtime_->launch_background(shared_from_this(), [this, run] { return watch_run(run); });
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

auto HostCore::watch_run(RunPtr run) -> Awaitable<void>
{
    auto const watch = files().add(run->guest->journal_path(), [changed = std::weak_ptr{run}] {
        if (auto const self = changed.lock())
            self->changed.raise();
    });
    for (;;) {
        run->changed.lower();
        auto const exited = run->has_exited;
        note_run(*run);
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
    auto const killed = co_await was_killed(run->status);
    auto const end = run->guest->end(killed);
    DomainEnd last{.reason = end.reason, .cause = end.cause, .time = std::chrono::system_clock::now(), .id = run->status.id};
    if (exit && exit->kind == ExitStatus::Kind::exited)
        last.exit_code = exit->code;
    try {
        auto const locked = co_await lock(store_.lock_path(run->name), domain_object(run->name), "to sweep its run");
        // Whatever has ended our look at it: what a living emulator holds is never swept.
        if (auto const status = store_.run_status(run->name);
            status && status->id == run->status.id && !store_.running(run->name)) {
            note_run(*run, &last, end.stopped_detail);
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
    publish();
    if (auto const known = runs_.find(run->name); known != runs_.end() && known->second == run)
        runs_.erase(known);
    run->ended.raise();
}

auto HostCore::was_killed(RunStatus status) -> Awaitable<bool>
{
    auto& machine = store_.machine();
    if (status.killed || !status.owner || status.owner->process == machine.self())
        co_return status.killed;
    auto const owner = machine.open_process(status.owner->process);
    if (!owner)
        co_return true;
    host_watch::EndOf const end{owner, runtime_->executor()};
    auto const is_gone = co_await end.signal().wait(deadline_after(host_watch::owner_deadline));
    co_return is_gone;
}

auto HostCore::sweep(std::string name) -> Awaitable<void>
{
    try {
        if (auto const status = store_.run_status(name); status && status->is_complete) {
            Run run{runtime_->executor()};
            run.name = name;
            run.status = *status;
            run.guest = drivers_.front()->open(name, *status);
            run.untold = run.guest->changes();
            auto const killed = co_await was_killed(*status);
            auto const end = run.guest->end(killed);
            DomainEnd const last{
                .reason = end.reason, .cause = end.cause, .time = std::chrono::system_clock::now(), .id = status->id};
            note_run(run, &last, end.stopped_detail);
            if (store_.is_defined(name))
                store_.write_last_end(name, last);
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

void HostCore::note_run(Run& run, DomainEnd const* end, unsigned detail)
{
    std::ranges::move(run.guest->changes(), std::back_inserter(run.untold));
    if (run.untold.empty() && end == nullptr)
        return;
    RunNews news{.domain = run.name, .uuid = run.status.uuid, .id = run.status.id, .changes = run.untold};
    news.ended = std::chrono::system_clock::now();
    if (end != nullptr) {
        news.end = LifecycleEvent{LifecycleKind::stopped, detail};
        news.ended = end->time;
    }
    if (write_log([&] { log_.note_run(news); }))
        run.untold.clear();
}

void HostCore::note_call(std::string const& name, std::string_view call)
{
    write_log([&] { log_.note_call(name, call); });
}

void HostCore::note_definition(std::string const& name)
{
    write_log([&] { log_.note_definition(name); });
}

void HostCore::note_failure(StartOrder const& order, std::string const& reason)
{
    write_log([&] { log_.note_failed_start(order.name, order.config.uuid.value_or(Uuid{}), order.id, reason); });
}

auto HostCore::write_log(std::function<void()> const& write) -> bool
{
    auto is_written = true;
    try {
        write();
    } catch (Error const& error) {
        if (error.code() == Errc::cancelled)
            throw;
        // What cannot be told is done all the same, and told by whoever can.
        runtime_->log(LogLevel::warning, error.what());
        is_written = false;
    }
    publish();
    return is_written;
}

void HostCore::publish()
{
    try {
        for (auto const& event : log_.read())
            if (is_watching_)
                hub_.tell(event);
    } catch (Error const& error) {
        runtime_->log(LogLevel::warning, error.what());
    }
}

auto HostCore::listen(std::function<void(Event const&)> callback, std::optional<std::uint64_t> since)
    -> std::shared_ptr<Listener>
{
    auto listener = std::make_shared<Listener>();
    listener->callback = std::move(callback);
    begin_listening(since, [this, listener](std::vector<Event> const& before) {
        for (auto const& event : before)
            hub_.tell(listener, event);
        hub_.add(listener);
    });
    return listener;
}

auto HostCore::stream(std::optional<std::uint64_t> since) -> std::shared_ptr<EventQueue>
{
    auto queue = std::make_shared<EventQueue>(runtime_);
    begin_listening(since, [this, queue](std::vector<Event> const& before) {
        for (auto const& event : before)
            queue->push(event);
        hub_.add(queue);
    });
    return queue;
}

void HostCore::begin_listening(std::optional<std::uint64_t> since, std::function<void(std::vector<Event> const&)> begin)
{
    auto const now = EventLog::end(store_);
    boost::asio::post(runtime_->executor(), [self = shared_from_this(), since, now, begin = std::move(begin)] {
        if (self->is_closed_)
            return;
        self->begin_watching();
        self->publish();
        auto const last = self->log_.last_number();
        std::vector<Event> before;
        try {
            before = since ? EventLog::history(self->store_, *since, last) : EventLog::history(self->store_, now, last);
        } catch (Error const& error) {
            self->runtime_->log(LogLevel::warning, error.what());
        }
        begin(before);
    });
}

void HostCore::begin_watching()
{
    if (is_closed_ || is_watching_)
        return;
    publish();
    is_watching_ = true;
    for (auto const* const directory : {"hints", "events"})
        [[maybe_unused]] auto const watch =
            files().add(store_.path(directory), [changed = root_changed_] { changed->raise(); });
    observe_all();
    runtime_->launch_background(shared_from_this(), [this] { return watch_root(); });
}

auto HostCore::watch_root() -> Awaitable<void>
{
    for (;;) {
        co_await root_changed_->wait();
        root_changed_->lower();
        publish();
        observe_all();
    }
}

void HostCore::observe_all()
{
    std::set<std::string> names;
    std::ranges::copy(store_.defined_names(), std::inserter(names, names.end()));
    std::ranges::copy(store_.run_names(), std::inserter(names, names.end()));
    std::ranges::copy(log_.domains(), std::inserter(names, names.end()));
    for (auto const& name : names)
        try {
            if (log_.is_redefined(name))
                note_definition(name);
            [[maybe_unused]] auto const run = follow(name);
        } catch (Error const& error) {
            runtime_->log(LogLevel::warning, error.what());
        }
}

} // namespace vmwright::inline v0::detail
