// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/runtime.hpp>
#include <vmwright/host/detail/signal.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>

namespace vmwright::inline v0::detail
{

namespace signal
{

/// One that waits. Not of an unnamed namespace, as it lives in a coroutine's frame.
struct Place
{
    std::list<boost::asio::steady_timer>& list;
    std::list<boost::asio::steady_timer>::iterator at;

    Place(std::list<boost::asio::steady_timer>& timers, boost::asio::any_io_executor const& executor,
          Signal::Clock::time_point deadline)
        : list{timers}
        , at{timers.emplace(timers.end(), executor, deadline)}
    {
    }
    Place(Place const&) = delete;
    auto operator=(Place const&) -> Place& = delete;
    ~Place() { list.erase(at); }
};

} // namespace signal

Signal::Signal(boost::asio::any_io_executor executor)
    : executor_{std::move(executor)}
{
}

void Signal::raise()
{
    is_raised_ = true;
    for (auto& timer : waiting_)
        timer.cancel();
}

auto Signal::wait(Clock::time_point deadline) -> boost::asio::awaitable<bool>
{
    while (!is_raised_) {
        if (Clock::now() >= deadline)
            co_return false;
        signal::Place const place{waiting_, executor_, deadline};
        co_await place.at->async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        auto const state = co_await boost::asio::this_coro::cancellation_state;
        if (state.cancelled() != boost::asio::cancellation_type::none)
            std::rethrow_exception(cancelled());
    }
    co_return true;
}

auto deadline_after(std::chrono::milliseconds duration) -> Signal::Clock::time_point
{
    auto const now = Signal::Clock::now();
    auto const most = std::chrono::floor<std::chrono::milliseconds>(Signal::Clock::time_point::max() - now);
    return now + std::clamp(duration, std::chrono::milliseconds{0}, most);
}

} // namespace vmwright::inline v0::detail
