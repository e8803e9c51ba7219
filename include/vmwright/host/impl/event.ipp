// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/events.hpp>
#include <vmwright/host/detail/runtime.hpp>
#include <vmwright/host/event.hpp>

#include <fmt/format.h>

#include <array>
#include <span>

namespace vmwright::inline v0
{

namespace detail::event
{
namespace
{

constexpr auto defined_details = std::to_array<std::string_view>({"Added", "Updated", "Renamed", "Snapshot"});
constexpr auto undefined_details = std::to_array<std::string_view>({"Removed", "Renamed"});
constexpr auto started_details =
    std::to_array<std::string_view>({"Booted", "Migrated", "Restored", "Snapshot", "Event wakeup"});
constexpr auto suspended_details = std::to_array<std::string_view>(
    {"Paused", "Migrated", "I/O Error", "Watchdog", "Restored", "Snapshot", "API error", "Post-copy", "Post-copy Error"});
constexpr auto resumed_details = std::to_array<std::string_view>({"Unpaused", "Migrated", "Snapshot", "Post-copy"});
constexpr auto stopped_details =
    std::to_array<std::string_view>({"Shutdown", "Destroyed", "Crashed", "Migrated", "Saved", "Failed", "Snapshot"});
constexpr auto shutdown_details =
    std::to_array<std::string_view>({"Finished", "Finished after guest request", "Finished after host request"});
constexpr auto pmsuspended_details = std::to_array<std::string_view>({"Memory", "Disk"});
constexpr auto crashed_details = std::to_array<std::string_view>({"Panicked", "Crashloaded"});

auto details_of(EventKind kind) -> std::span<std::string_view const>
{
    switch (kind) {
    case EventKind::defined: return defined_details;
    case EventKind::undefined: return undefined_details;
    case EventKind::started: return started_details;
    case EventKind::suspended: return suspended_details;
    case EventKind::resumed: return resumed_details;
    case EventKind::stopped: return stopped_details;
    case EventKind::shutdown: return shutdown_details;
    case EventKind::pmsuspended: return pmsuspended_details;
    case EventKind::crashed: return crashed_details;
    }
    return {};
}

auto next_of(std::shared_ptr<EventQueue> queue) -> boost::asio::awaitable<std::optional<Event>>
{
    co_await queue->arrival().wait();
    co_return queue->take();
}

} // namespace
} // namespace detail::event

auto detail_name(Event const& event) noexcept -> std::string_view
{
    auto const details = detail::event::details_of(event.kind);
    return event.detail < details.size() ? details[event.detail] : std::string_view{"unknown"};
}

auto to_string(Event const& event) -> std::string
{
    return fmt::format("{}: {} {}", event.domain, to_string(event.kind), detail_name(event));
}

EventSubscription::EventSubscription(std::shared_ptr<detail::Listener> listener)
    : listener_{std::move(listener)}
{
}

auto EventSubscription::operator=(EventSubscription&& other) noexcept -> EventSubscription&
{
    end();
    listener_ = std::move(other.listener_);
    return *this;
}

EventSubscription::~EventSubscription()
{
    end();
}

void EventSubscription::end() noexcept
{
    if (listener_)
        listener_->is_ended = true;
    listener_.reset();
}

EventStream::EventStream(std::shared_ptr<detail::EventQueue> queue)
    : queue_{std::move(queue)}
{
}

auto EventStream::operator=(EventStream&& other) noexcept -> EventStream&
{
    std::swap(queue_, other.queue_);
    return *this;
}

EventStream::~EventStream()
{
    if (queue_)
        boost::asio::post(queue_->runtime()->executor(), [queue = queue_] { queue->close(); });
}

auto EventStream::next() -> std::optional<Event>
{
    return detail::wait_for(*queue_->runtime(), begin_next());
}

auto EventStream::begin_next() -> detail::Operation<std::optional<Event>>
{
    return detail::Operation<std::optional<Event>>{[queue = queue_](auto handler) {
        queue->runtime()->template launch<std::optional<Event>>(
            queue, [queue] { return detail::event::next_of(queue); }, std::move(handler));
    }};
}

namespace detail
{

EventQueue::EventQueue(std::shared_ptr<Runtime> runtime)
    : runtime_{std::move(runtime)}
    , arrival_{runtime_->executor()}
{
}

void EventQueue::push(Event const& event)
{
    events_.push_back(event);
    arrival_.raise();
}

void EventQueue::close()
{
    is_closed_ = true;
    arrival_.raise();
}

auto EventQueue::take() -> std::optional<Event>
{
    if (events_.empty())
        return std::nullopt;
    auto event = std::move(events_.front());
    events_.pop_front();
    if (events_.empty() && !is_closed_)
        arrival_.lower();
    return event;
}

EventHub::EventHub(std::shared_ptr<Runtime> runtime)
    : runtime_{std::move(runtime)}
{
}

auto EventHub::listen(std::function<void(Event const&)> callback) -> std::shared_ptr<Listener>
{
    auto listener = std::make_shared<Listener>();
    listener->callback = std::move(callback);
    std::lock_guard const lock{mutex_};
    listeners_.push_back(listener);
    return listener;
}

auto EventHub::stream() -> std::shared_ptr<EventQueue>
{
    auto queue = std::make_shared<EventQueue>(runtime_);
    std::lock_guard const lock{mutex_};
    queues_.push_back(queue);
    return queue;
}

auto EventHub::has_listeners() -> bool
{
    std::lock_guard const lock{mutex_};
    std::erase_if(listeners_, [](auto const& weak) { return weak.expired(); });
    std::erase_if(queues_, [](auto const& weak) { return weak.expired(); });
    return !listeners_.empty() || !queues_.empty();
}

void EventHub::tell(Event const& event)
{
    std::vector<std::shared_ptr<EventQueue>> queues;
    std::vector<std::shared_ptr<Listener>> listeners;
    {
        std::lock_guard const lock{mutex_};
        for (auto const& weak : queues_)
            if (auto queue = weak.lock())
                queues.push_back(std::move(queue));
        for (auto const& weak : listeners_)
            if (auto listener = weak.lock())
                listeners.push_back(std::move(listener));
    }
    for (auto const& queue : queues)
        queue->push(event);
    for (auto const& listener : listeners)
        boost::asio::post(runtime_->executor(), [runtime = runtime_, listener, event] {
            if (listener->is_ended)
                return;
            try {
                listener->callback(event);
            } catch (std::exception const& failure) {
                runtime->log(LogLevel::warning, fmt::format("a listener of events threw: {}", failure.what()));
            }
        });
}

void EventHub::close()
{
    std::lock_guard const lock{mutex_};
    for (auto const& weak : queues_)
        if (auto const queue = weak.lock())
            queue->close();
}

} // namespace detail

} // namespace vmwright::inline v0
