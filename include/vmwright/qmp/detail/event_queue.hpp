// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>
#include <vmwright/qmp/detail/completion.hpp>
#include <vmwright/qmp/event.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>

namespace vmwright::inline v0::qmp::detail
{

/// The events that one subscriber has not taken yet: the client puts in, the Subscription takes out.
class EventQueue : public std::enable_shared_from_this<EventQueue>
{
public:
    EventQueue(boost::asio::any_io_executor executor, std::size_t limit);

    void push(Event event);
    /// No more events: what is queued can still be taken, then the end follows, or the error.
    void end(std::optional<Error> error);

    [[nodiscard]] auto try_next() -> std::optional<Event>;
    void wait(Handler<std::optional<Event>> handler);
    /// Ends a wait with Errc::cancelled.
    void cancel();

private:
    boost::asio::any_io_executor executor_;
    std::size_t limit_;
    std::deque<Event> events_;
    std::optional<Completion<std::optional<Event>>> waiting_;
    bool ended_{};
    std::optional<Error> error_;
};

} // namespace vmwright::inline v0::qmp::detail
