// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/nurse.hpp>
#include <vmwright/host/detail/runtime.hpp>
#include <vmwright/machine/machine.hpp>
#include <vmwright/machine/quiet_thread.hpp>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <exception>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace vmwright::inline v0::detail
{

namespace nurse
{
namespace
{

/// How long the kernel may take to end a process.
constexpr auto end_deadline = std::chrono::seconds{2};

} // namespace
} // namespace nurse

struct Nurse::Thread
{
    std::mutex mutex{};
    std::condition_variable changed{};
    std::optional<std::packaged_task<Process()>> task{};
    std::thread thread{};
    bool has_ended{};
    std::map<std::string, int> ids{}; ///< of runs, by the domain
    std::vector<Process> killed_with_us{};

    void run()
    {
        std::unique_lock lock{mutex};
        for (;;) {
            changed.wait(lock, [this] { return task || has_ended; });
            if (!task)
                return;
            auto work = std::exchange(task, std::nullopt);
            (*work)();
            changed.notify_all();
        }
    }
};

Nurse::Nurse(Store const& store)
    : store_{store}
    , thread_{std::make_unique<Thread>()}
{
}

Nurse::~Nurse()
{
    end();
}

auto Nurse::spawn(ProcessSpec spec, OwnerPolicy policy) -> Process
{
    if (policy == OwnerPolicy::detached)
        return store_.machine().spawn(spec);
    spec.death_signal = policy == OwnerPolicy::bound ? SIGKILL : SIGTERM;
    std::unique_lock lock{thread_->mutex};
    thread_->changed.wait(lock, [this] { return !thread_->task; });
    if (thread_->has_ended)
        std::rethrow_exception(cancelled());
    if (!thread_->thread.joinable())
        thread_->thread = quiet_thread([thread = thread_.get()] { thread->run(); });
    std::packaged_task<Process()> task{[this, &spec] { return store_.machine().spawn(spec); }};
    auto made = task.get_future();
    thread_->task = std::move(task);
    thread_->changed.notify_all();
    lock.unlock();
    auto process = made.get();
    if (policy == OwnerPolicy::bound) {
        lock.lock();
        std::erase_if(thread_->killed_with_us, [](Process const& old) { return old.has_ended(); });
        thread_->killed_with_us.push_back(process);
    }
    return process;
}

void Nurse::took(std::string const& name, int id)
{
    std::lock_guard const lock{thread_->mutex};
    thread_->ids[name] = id;
}

void Nurse::end()
{
    std::map<std::string, int> ids;
    {
        std::lock_guard const lock{thread_->mutex};
        if (std::exchange(thread_->has_ended, true))
            return;
        ids = thread_->ids;
    }
    thread_->changed.notify_all();
    if (!thread_->thread.joinable())
        return;
    for (auto const& [name, id] : ids)
        try {
            // As destroy() does, so that whoever comes knows that it did not end by itself.
            auto status = store_.running(name);
            if (!status || status->id != id)
                continue;
            status->killed = true;
            store_.write_run_status(name, *status);
        } catch (std::exception const&) {
            // It ends all the same; the owner's end tells it as well.
        }
    thread_->thread.join();
    std::vector<Process> killed;
    {
        std::lock_guard const lock{thread_->mutex};
        killed.swap(thread_->killed_with_us);
    }
    for (auto const& process : killed)
        process.wait_for(nurse::end_deadline);
}

} // namespace vmwright::inline v0::detail
