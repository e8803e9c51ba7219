// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>
#include <vmwright/core/log.hpp>
#include <vmwright/host/detail/operation.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <functional>
#include <future>
#include <list>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace vmwright::inline v0::detail
{

/// Where the operations of a Host run: one after the other on a thread of its own, or on a strand of the embedder's
/// executor. Everything that is not said to be for any thread belongs to that executor.
class Runtime : public std::enable_shared_from_this<Runtime>
{
public:
    [[nodiscard]] static auto make(boost::asio::any_io_executor theirs, LogHook log) -> std::shared_ptr<Runtime>;
    ~Runtime();

    /// Any thread.
    [[nodiscard]] auto executor() const -> boost::asio::any_io_executor { return executor_; }
    /// Any thread: whether a wait here for an operation would be one for ourselves.
    [[nodiscard]] auto is_on_own_thread() const -> bool;
    /// Any thread.
    void log(LogLevel level, std::string_view text) const;

    /// Any thread. Runs the body as an operation that close() cancels; `owner` lives until it has ended.
    template <class T>
    void launch(std::shared_ptr<void> owner, std::function<boost::asio::awaitable<T>()> body,
                typename Operation<T>::Handler handler);
    /// The same for nobody: its error goes to the log.
    void launch_background(std::shared_ptr<void> owner, std::function<boost::asio::awaitable<void>()> body);

    /// Any thread. Cancels all operations and lets no other begin, after a call of `first` in the same step; waits for them
    /// when the thread is our own and this is another one.
    void close(std::function<void()> first);

private:
    Runtime(boost::asio::any_io_executor theirs, LogHook log);

    struct Active
    {
        boost::asio::cancellation_signal signal{};
        bool is_cancelled{}; ///< perhaps before it could hear of that

        void cancel(boost::asio::cancellation_type type)
        {
            is_cancelled = true;
            signal.emit(type);
        }
    };

    template <class T>
    static auto cancellable(std::shared_ptr<Active> active, std::function<boost::asio::awaitable<T>()> body)
        -> boost::asio::awaitable<T>;

    struct Thread;
    std::unique_ptr<Thread> thread_; ///< null on an embedder's executor
    boost::asio::any_io_executor theirs_;
    boost::asio::any_io_executor executor_;
    LogHook log_;
    std::list<std::shared_ptr<Active>> active_;
    bool is_closed_{};
};

/// What callers are told: an Error, also where Asio only says that it was aborted.
[[nodiscard]] auto as_error(std::exception_ptr failure) -> std::exception_ptr;
[[nodiscard]] auto cancelled() -> std::exception_ptr;

template <class T>
auto Runtime::cancellable(std::shared_ptr<Active> active, std::function<boost::asio::awaitable<T>()> body)
    -> boost::asio::awaitable<T>
{
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_total_cancellation());
    if (active->is_cancelled)
        std::rethrow_exception(cancelled());
    co_return co_await body();
}

template <class T>
void Runtime::launch(std::shared_ptr<void> owner, std::function<boost::asio::awaitable<T>()> body,
                     typename Operation<T>::Handler handler)
{
    namespace asio = boost::asio;
    auto const active = std::make_shared<Active>();
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected())
        slot.assign([self = shared_from_this(), active](asio::cancellation_type type) {
            asio::post(self->executor_, [active, type] { active->cancel(type); });
        });
    auto target = asio::prefer(asio::any_completion_executor{asio::get_associated_executor(handler, executor_)},
                               asio::execution::outstanding_work.tracked);
    auto finish = [slot, target = std::move(target), handler = std::move(handler)](std::exception_ptr failure,
                                                                                   auto... value) mutable {
        asio::dispatch(target, [slot, handler = std::move(handler), failure = as_error(std::move(failure)),
                                ... value = std::move(value)]() mutable {
            if (slot.is_connected())
                slot.clear();
            std::move(handler)(std::move(failure), std::move(value)...);
        });
    };
    asio::post(executor_, [self = shared_from_this(), owner = std::move(owner), body = std::move(body), active,
                           finish = std::move(finish)]() mutable {
        if (self->is_closed_ || active->is_cancelled) {
            if constexpr (std::is_void_v<T>)
                finish(cancelled());
            else
                finish(cancelled(), T{});
            return;
        }
        auto const place = self->active_.insert(self->active_.end(), active);
        asio::co_spawn(
            self->executor_, cancellable<T>(active, std::move(body)),
            asio::bind_cancellation_slot(active->signal.slot(),
                                         [self, owner = std::move(owner), active, place,
                                          finish = std::move(finish)](std::exception_ptr failure, auto... value) mutable {
                                             self->active_.erase(place);
                                             finish(std::move(failure), std::move(value)...);
                                         }));
    });
}

/// Waits for the operation; throws its Error, or Errc::deadlock where that would be a wait for ourselves.
template <class T>
auto wait_for(Runtime const& runtime, Operation<T> operation) -> T
{
    if (runtime.is_on_own_thread())
        throw Error{Errc::deadlock,
                    "a blocking call on a thread of the host's own executor would wait for itself",
                    {.hint = "call its async_ form"}};
    std::promise<T> promise;
    auto future = promise.get_future();
    std::move(operation).begin([&](std::exception_ptr failure, auto... value) {
        if (failure)
            promise.set_exception(std::move(failure));
        else
            promise.set_value(std::move(value)...);
    });
    return future.get();
}

} // namespace vmwright::inline v0::detail
