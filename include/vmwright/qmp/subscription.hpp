// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/event.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace vmwright::inline v0::qmp
{

namespace detail
{
class EventQueue;
}

/// One listener's own queue of a client's events, in QEMU's order, from the moment of Client::subscribe. A slow reader
/// delays nobody. It may outlive the client, and is used on the client's executor only, like the client.
class Subscription
{
public:
    Subscription() = default;
    explicit Subscription(std::shared_ptr<detail::EventQueue> queue);
    Subscription(Subscription&&) noexcept = default;
    auto operator=(Subscription&& other) noexcept -> Subscription&;
    /// A waiting async_next ends with Errc::cancelled.
    ~Subscription();

    /// Waits for the next event: `void(std::exception_ptr, std::optional<Event>)`. Without an event the stream has ended:
    /// the connection is closed and all that came before was taken. Errors: Errc::monitor_failed or limit_exceeded when the
    /// connection broke, limit_exceeded when this queue overflowed, cancelled; all kinds of cancellation work, and lose no
    /// event. One wait at a time; a second one ends with Errc::wrong_state.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto async_next(Token&& token = Token{})
    {
        return boost::asio::async_initiate<Token, void(std::exception_ptr, std::optional<Event>)>(
            [](auto handler, std::shared_ptr<detail::EventQueue> const& queue) { start_next(queue, std::move(handler)); },
            token, queue_);
    }

    /// An event that is already there.
    [[nodiscard]] auto try_next() -> std::optional<Event>;

private:
    static void start_next(std::shared_ptr<detail::EventQueue> const& queue,
                           boost::asio::any_completion_handler<void(std::exception_ptr, std::optional<Event>)> handler);

    std::shared_ptr<detail::EventQueue> queue_;
};

} // namespace vmwright::inline v0::qmp
