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

auto details_of(LifecycleKind kind) -> std::span<std::string_view const>
{
    switch (kind) {
    case LifecycleKind::defined: return defined_details;
    case LifecycleKind::undefined: return undefined_details;
    case LifecycleKind::started: return started_details;
    case LifecycleKind::suspended: return suspended_details;
    case LifecycleKind::resumed: return resumed_details;
    case LifecycleKind::stopped: return stopped_details;
    case LifecycleKind::shutdown: return shutdown_details;
    case LifecycleKind::pmsuspended: return pmsuspended_details;
    case LifecycleKind::crashed: return crashed_details;
    }
    return {};
}

auto words_of(EventData const& data) -> std::string
{
    struct Words
    {
        auto operator()(LifecycleEvent const& e) const -> std::string
        {
            return fmt::format("{} {}", to_string(e.kind), detail_name(e));
        }
        auto operator()(RtcChangeEvent const& e) const -> std::string { return fmt::format("{}", e.offset); }
        auto operator()(WatchdogEvent const& e) const -> std::string { return std::string{to_string(e.outcome)}; }
        auto operator()(IoErrorEvent const& e) const -> std::string
        {
            return fmt::format("{} ({}) {}", e.path, e.alias, to_string(e.outcome));
        }
        auto operator()(GraphicsEvent const& e) const -> std::string
        {
            return fmt::format("{} from {}", to_string(e.phase), e.remote.node);
        }
        auto operator()(BalloonChangeEvent const& e) const -> std::string { return fmt::format("{}KiB", e.actual.kib()); }
        auto operator()(TrayChangeEvent const& e) const -> std::string
        {
            return fmt::format("{} {}", e.alias, e.is_open ? "opened" : "closed");
        }
        auto operator()(DeviceRemovedEvent const& e) const -> std::string { return e.alias; }
        auto operator()(DeviceRemovalFailedEvent const& e) const -> std::string { return e.alias; }
        auto operator()(AgentLifecycleEvent const& e) const -> std::string
        {
            return e.is_connected ? "connected" : "disconnected";
        }
        auto operator()(MemoryFailureEvent const& e) const -> std::string
        {
            return fmt::format("{} {}", to_string(e.recipient), to_string(e.outcome));
        }
        auto operator()(BlockThresholdEvent const& e) const -> std::string
        {
            return fmt::format("{} {} {}", e.device, e.threshold, e.excess);
        }
        auto operator()(MemoryDeviceSizeChangeEvent const& e) const -> std::string
        {
            return fmt::format("{} {}", e.alias, e.size.bytes);
        }
        auto operator()(MetadataChangeEvent const& e) const -> std::string { return std::string{to_string(e.type)}; }
        auto operator()(MissedEvents const& e) const -> std::string { return fmt::format("{} to {}", e.first, e.last); }
        auto operator()(RebootEvent const&) const -> std::string { return {}; }
        auto operator()(PmSuspendEvent const&) const -> std::string { return {}; }
        auto operator()(PmSuspendDiskEvent const&) const -> std::string { return {}; }
        auto operator()(PmWakeupEvent const&) const -> std::string { return {}; }
    };
    return std::visit(Words{}, data);
}

auto next_of(std::shared_ptr<EventQueue> queue) -> boost::asio::awaitable<std::optional<Event>>
{
    co_await queue->arrival().wait();
    co_return queue->take();
}

} // namespace
} // namespace detail::event

auto event_name(Event const& event) noexcept -> std::string_view
{
    return event_names[event.data.index()];
}

auto detail_name(LifecycleEvent const& event) noexcept -> std::string_view
{
    auto const details = detail::event::details_of(event.kind);
    return event.detail < details.size() ? details[event.detail] : std::string_view{"unknown"};
}

auto to_string(Event const& event) -> std::string
{
    auto const words = detail::event::words_of(event.data);
    if (std::holds_alternative<LifecycleEvent>(event.data))
        return fmt::format("{}: {}", event.domain, words);
    return fmt::format("{}: {}{}{}", event.domain, event_name(event), words.empty() ? "" : " ", words);
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
    if (events_.size() < EventStream::most_kept) {
        events_.push_back(event);
    } else if (auto* const missed = std::get_if<MissedEvents>(&events_.back().data)) {
        missed->last = event.number;
        events_.back().number = event.number;
    } else {
        events_.push_back({.number = event.number, .time = event.time, .data = MissedEvents{event.number, event.number}});
    }
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

void EventHub::add(std::shared_ptr<Listener> const& listener)
{
    std::erase_if(listeners_, [](auto const& weak) { return weak.expired(); });
    listeners_.push_back(listener);
}

void EventHub::add(std::shared_ptr<EventQueue> const& queue)
{
    std::erase_if(queues_, [](auto const& weak) { return weak.expired(); });
    queues_.push_back(queue);
}

void EventHub::tell(Event const& event)
{
    for (auto const& weak : queues_)
        if (auto const queue = weak.lock())
            queue->push(event);
    for (auto const& weak : listeners_)
        if (auto const listener = weak.lock())
            tell(listener, event);
}

void EventHub::tell(std::shared_ptr<Listener> const& listener, Event const& event)
{
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
    for (auto const& weak : queues_)
        if (auto const queue = weak.lock())
            queue->close();
}

} // namespace detail

} // namespace vmwright::inline v0
