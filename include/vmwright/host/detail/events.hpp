// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/signal.hpp>
#include <vmwright/host/event.hpp>

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace vmwright::inline v0::detail
{

class Runtime;

/// A callback of Host::on_event.
struct Listener
{
    std::function<void(Event const&)> callback{};
    std::atomic<bool> is_ended{};
};

/// The events that one EventStream has not taken yet.
class EventQueue
{
public:
    explicit EventQueue(std::shared_ptr<Runtime> runtime);

    [[nodiscard]] auto runtime() const -> std::shared_ptr<Runtime> const& { return runtime_; }
    /// On the Host's executor, as all that follow.
    void push(Event const& event);
    void close();
    /// Raised while there is something to take, or never will be.
    [[nodiscard]] auto arrival() -> Signal& { return arrival_; }
    [[nodiscard]] auto take() -> std::optional<Event>;

private:
    std::shared_ptr<Runtime> runtime_;
    std::deque<Event> events_;
    Signal arrival_;
    bool is_closed_{};
};

/// Who hears of events. Delivers in the order of `tell`. On the Host's executor.
class EventHub
{
public:
    explicit EventHub(std::shared_ptr<Runtime> runtime);

    void add(std::shared_ptr<Listener> const& listener);
    void add(std::shared_ptr<EventQueue> const& queue);
    void tell(Event const& event);
    void tell(std::shared_ptr<Listener> const& listener, Event const& event);
    void close();

private:
    std::shared_ptr<Runtime> runtime_;
    std::vector<std::weak_ptr<Listener>> listeners_;
    std::vector<std::weak_ptr<EventQueue>> queues_;
};

} // namespace vmwright::inline v0::detail
