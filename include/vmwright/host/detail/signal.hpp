// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <list>

namespace vmwright::inline v0::detail
{

/// Something that any number of coroutines wait for; stays raised until it is lowered. On the Host's executor.
class Signal
{
public:
    using Clock = std::chrono::steady_clock;

    explicit Signal(boost::asio::any_io_executor executor);

    void raise();
    void lower() { is_raised_ = false; }
    [[nodiscard]] auto is_raised() const -> bool { return is_raised_; }

    /// False when the deadline came first. This object must live until then.
    [[nodiscard]] auto wait(Clock::time_point deadline = Clock::time_point::max()) -> boost::asio::awaitable<bool>;

private:
    boost::asio::any_io_executor executor_;
    std::list<boost::asio::steady_timer> waiting_;
    bool is_raised_{};
};

/// So long from now, without overflow.
[[nodiscard]] auto deadline_after(std::chrono::milliseconds duration) -> Signal::Clock::time_point;

} // namespace vmwright::inline v0::detail
