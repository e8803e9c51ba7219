// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <utility>

namespace vmwright::inline v0::qmp::detail
{

template <class T>
using Handler = boost::asio::any_completion_handler<void(std::exception_ptr, T)>;

/// Answers at once one who need not wait; through the queue of their own executor all the same.
template <class T>
void answer(boost::asio::any_io_executor const& executor, Handler<T> handler, std::exception_ptr error, T value)
{
    auto target = boost::asio::any_completion_executor{boost::asio::get_associated_executor(handler, executor)};
    boost::asio::post(executor, [target = std::move(target), handler = std::move(handler), error = std::move(error),
                                 value = std::move(value)]() mutable {
        boost::asio::dispatch(target,
                              [handler = std::move(handler), error = std::move(error), value = std::move(value)]() mutable {
                                  std::move(handler)(std::move(error), std::move(value));
                              });
    });
}

template <class T>
void refuse(boost::asio::any_io_executor const& executor, Handler<T> handler, Error const& error)
{
    answer(executor, std::move(handler), std::make_exception_ptr(error), T{});
}

/// Somebody who waits for a T or an error, until a deadline. They are told once, on their own executor, and never from
/// within the call that tells them.
///
/// The handler lives in the wait of a timer: an execution context that is destroyed takes it along, even when the handler's
/// coroutine owns the client whose answer it waits for.
template <class T>
class Completion
{
public:
    /// `expire` is called at the deadline, on `executor`; it forgets this object and returns the error to tell.
    Completion(boost::asio::any_io_executor const& executor, Handler<T> handler,
               std::chrono::milliseconds deadline = std::chrono::milliseconds::max(),
               std::function<std::exception_ptr()> expire = {})
        : timer_{executor, expiry(deadline)}
        , slot_{boost::asio::get_associated_cancellation_slot(handler)}
        , outcome_{std::make_shared<Outcome>()}
    {
        auto target = boost::asio::prefer(
            boost::asio::any_completion_executor{boost::asio::get_associated_executor(handler, executor)},
            boost::asio::execution::outstanding_work.tracked);
        timer_.async_wait([outcome = outcome_, slot = slot_, target = std::move(target), handler = std::move(handler),
                           expire = std::move(expire)](boost::system::error_code const&) mutable {
            if (!std::exchange(outcome->is_told, true)) {
                if (slot.is_connected())
                    slot.clear();
                outcome->error = expire();
            }
            boost::asio::dispatch(target, [outcome = std::move(outcome), handler = std::move(handler)]() mutable {
                std::move(handler)(std::move(outcome->error), std::move(outcome->value));
            });
        });
    }

    Completion(Completion&&) noexcept = default;
    auto operator=(Completion&&) noexcept -> Completion& = default;
    ~Completion() = default;

    /// `cancel(type)` is called when the waiting one cancels; never after they were told.
    template <class Cancel>
    void on_cancel(Cancel cancel)
    {
        if (slot_.is_connected())
            slot_.assign(std::move(cancel));
    }

    void succeed(T value)
    {
        outcome_->value = std::move(value);
        tell();
    }

    template <class E>
    void fail(E const& error)
    {
        outcome_->error = std::make_exception_ptr(error);
        tell();
    }

private:
    struct Outcome
    {
        bool is_told{};
        std::exception_ptr error{};
        T value{};
    };

    static auto expiry(std::chrono::milliseconds deadline) -> std::chrono::steady_clock::time_point
    {
        using Clock = std::chrono::steady_clock;
        auto const now = Clock::now();
        return now + std::min(deadline, std::chrono::floor<std::chrono::milliseconds>(Clock::time_point::max() - now));
    }

    void tell()
    {
        outcome_->is_told = true;
        if (slot_.is_connected())
            slot_.clear();
        timer_.cancel();
    }

    boost::asio::steady_timer timer_;
    boost::asio::cancellation_slot slot_;
    std::shared_ptr<Outcome> outcome_;
};

} // namespace vmwright::inline v0::qmp::detail
