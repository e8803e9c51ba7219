// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/subscription.hpp>

#include <vmwright/qmp/detail/event_queue.hpp>

#include <boost/asio/cancellation_type.hpp>

#include <string>

namespace vmwright::inline v0::qmp
{

namespace detail
{

EventQueue::EventQueue(boost::asio::any_io_executor executor, std::size_t limit)
    : executor_{std::move(executor)}
    , limit_{limit}
{
}

void EventQueue::push(Event event)
{
    if (ended_)
        return;
    if (waiting_) {
        waiting_->succeed(std::move(event));
        waiting_.reset();
        return;
    }
    if (events_.size() >= limit_)
        return end(Error{Errc::limit_exceeded, "a subscriber has not taken " + std::to_string(limit_) +
                                                   " events, its limit; later ones are lost to it"});
    events_.push_back(std::move(event));
}

void EventQueue::end(std::optional<Error> error)
{
    if (ended_)
        return;
    ended_ = true;
    error_ = std::move(error);
    if (!waiting_)
        return;
    if (error_)
        waiting_->fail(*error_);
    else
        waiting_->succeed(std::nullopt);
    waiting_.reset();
}

auto EventQueue::try_next() -> std::optional<Event>
{
    if (events_.empty())
        return std::nullopt;
    auto event = std::optional{std::move(events_.front())};
    events_.pop_front();
    return event;
}

void EventQueue::wait(Handler<std::optional<Event>> handler)
{
    if (waiting_)
        return refuse(executor_, std::move(handler),
                      Error{Errc::wrong_state, "somebody waits for the next event of this subscription already"});
    auto event = try_next();
    if (!event && error_)
        return refuse(executor_, std::move(handler), *error_);
    if (event || ended_)
        return answer(executor_, std::move(handler), nullptr, std::move(event));
    waiting_.emplace(executor_, std::move(handler));
    waiting_->on_cancel([queue = weak_from_this()](boost::asio::cancellation_type) {
        if (auto const self = queue.lock())
            self->cancel();
    });
}

void EventQueue::cancel()
{
    if (!waiting_)
        return;
    waiting_->fail(Error{Errc::cancelled, "the wait for an event was cancelled"});
    waiting_.reset();
}

} // namespace detail

Subscription::Subscription(std::shared_ptr<detail::EventQueue> queue)
    : queue_{std::move(queue)}
{
}

auto Subscription::operator=(Subscription&& other) noexcept -> Subscription&
{
    std::swap(queue_, other.queue_);
    return *this;
}

Subscription::~Subscription()
{
    if (queue_)
        queue_->cancel();
}

auto Subscription::try_next() -> std::optional<Event>
{
    return queue_->try_next();
}

void Subscription::start_next(std::shared_ptr<detail::EventQueue> const& queue,
                              boost::asio::any_completion_handler<void(std::exception_ptr, std::optional<Event>)> handler)
{
    queue->wait(std::move(handler));
}

} // namespace vmwright::inline v0::qmp
