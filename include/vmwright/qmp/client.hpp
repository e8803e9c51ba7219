// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/log.hpp>
#include <vmwright/qmp/command.hpp>
#include <vmwright/qmp/greeting.hpp>
#include <vmwright/qmp/subscription.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vmwright::inline v0::qmp
{

struct ClientOptions
{
    std::string id_prefix{};                       ///< see SessionOptions; four random characters when empty
    std::size_t line_limit{std::size_t{64} << 20}; ///< bytes in one message of QEMU
    LogHook log{};                                 ///< hears every line in both directions
};

/// How one operation goes; a duration alone will do: `async_execute(query_status{}, 5s)`.
struct CallOptions
{
    CallOptions() = default;
    template <class Rep, class Period>
    CallOptions(std::chrono::duration<Rep, Period> limit, std::vector<int> fds_to_pass = {})
        : deadline{std::chrono::duration_cast<std::chrono::milliseconds>(limit)}
        , fds{std::move(fds_to_pass)}
    {
    }

    std::chrono::milliseconds deadline{std::chrono::seconds{30}}; ///< from the call on
    std::vector<int> fds{}; ///< go along with the command (SCM_RIGHTS), for getfd and add-fd; the caller keeps its own
};

namespace detail
{
class Connection;

/// Turns the JSON that arrives into the reply of C; in all else it is the handler it holds.
template <Command C, class Handler>
struct TypedHandler
{
    Handler handler;

    void operator()(std::exception_ptr error, boost::json::value answer)
    {
        typename C::Reply reply{};
        if (!error) {
            try {
                reply = CommandCodec<C>::reply(std::move(answer));
            } catch (...) {
                error = std::current_exception();
            }
        }
        std::move(handler)(std::move(error), std::move(reply));
    }
};
} // namespace detail

/// A QMP client on a connected stream socket.
///
/// *Threads.* It and its subscriptions are used from one thread at a time, the one that runs their executor: that of an
/// io_context with a single thread, or a strand. Handlers run on their own executor, never from within a call.
///
/// *Errors.* Operations complete with `(std::exception_ptr, Reply)`, so `co_await` throws. What they throw is an Error whose
/// `context().step` is the command: CommandError (Errc::command_failed) with QEMU's class and description; timed_out;
/// cancelled; monitor_failed when the connection ended or an answer is not what its type says; limit_exceeded;
/// invalid_argument.
///
/// *Cancellation* is per operation. A command that has not been written yet is withdrawn, by any kind of cancellation. One
/// that has been is abandoned by terminal and partial cancellation, and at its deadline: QEMU may still run it, its answer
/// is dropped, the connection stays good. Total cancellation cannot promise that nothing happened then, and does nothing.
///
/// *g++ 12* miscompiles a braced temporary with members inside a co_await expression: name a command that has arguments
/// first, `auto const get = qmp::qom_get{path, property}; co_await client.async_execute(get, 5s);`
///
/// Destroying the client closes the connection and ends all operations with Errc::cancelled.
class Client
{
public:
    /// Owns `fd` from here on, also when it throws; nothing is read before async_handshake.
    Client(boost::asio::any_io_executor executor, int fd, ClientOptions options = {});
    Client(Client&&) noexcept = default;
    auto operator=(Client&& other) noexcept -> Client&;
    ~Client();

    [[nodiscard]] auto get_executor() const -> boost::asio::any_io_executor;

    /// Reads the greeting and leaves capabilities negotiation: `void(std::exception_ptr, Greeting)`. Called first; commands
    /// executed before it completes are sent after it.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto async_handshake(CallOptions options = {}, Token&& token = Token{})
    {
        return boost::asio::async_initiate<Token, void(std::exception_ptr, Greeting)>(
            [](auto handler, std::shared_ptr<detail::Connection> const& connection, CallOptions call) {
                start_handshake(connection, std::move(call), std::move(handler));
            },
            token, connection_, std::move(options));
    }

    /// Executes a typed command: `void(std::exception_ptr, C::Reply)`.
    template <Command C, class Token = boost::asio::use_awaitable_t<>>
    auto async_execute(C const& command, CallOptions options = {}, Token&& token = Token{})
    {
        return boost::asio::async_initiate<Token, void(std::exception_ptr, typename C::Reply)>(
            [](auto handler, std::shared_ptr<detail::Connection> const& connection, boost::json::object arguments,
               CallOptions call) {
                start_execute(connection, C::name, std::move(arguments), std::move(call),
                              detail::TypedHandler<C, decltype(handler)>{std::move(handler)});
            },
            token, connection_, CommandCodec<C>::arguments(command), std::move(options));
    }

    /// Executes any command: `void(std::exception_ptr, boost::json::value)`.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto async_execute(std::string command, boost::json::object arguments, CallOptions options = {}, Token&& token = Token{})
    {
        return boost::asio::async_initiate<Token, void(std::exception_ptr, boost::json::value)>(
            [](auto handler, std::shared_ptr<detail::Connection> const& connection, std::string const& name,
               boost::json::object members, CallOptions call) {
                start_execute(connection, name, std::move(members), std::move(call), std::move(handler));
            },
            token, connection_, std::move(command), std::move(arguments), std::move(options));
    }

    /// A new queue of events, from now on: subscribe before the command whose events matter. It ends after `limit` events
    /// that nobody took, so that a forgotten one cannot fill the memory.
    [[nodiscard]] auto subscribe(std::size_t limit = 65536) -> Subscription;

    /// The connection has neither ended nor been closed.
    [[nodiscard]] auto is_open() const -> bool;
    /// Ends all operations with Errc::cancelled and all subscriptions after what they hold.
    void close();

private:
    static void start_handshake(std::shared_ptr<detail::Connection> const& connection, CallOptions options,
                                boost::asio::any_completion_handler<void(std::exception_ptr, Greeting)> handler);
    static void start_execute(std::shared_ptr<detail::Connection> const& connection, std::string_view command,
                              boost::json::object arguments, CallOptions options,
                              boost::asio::any_completion_handler<void(std::exception_ptr, boost::json::value)> handler);

    std::shared_ptr<detail::Connection> connection_;
};

} // namespace vmwright::inline v0::qmp

/// Executor, allocator and cancellation slot are those of the handler within.
template <template <class, class> class Associator, vmwright::qmp::Command C, class Handler, class Default>
struct boost::asio::associator<Associator, vmwright::qmp::detail::TypedHandler<C, Handler>, Default>
    : Associator<Handler, Default>
{
    static auto get(vmwright::qmp::detail::TypedHandler<C, Handler> const& typed) noexcept
    {
        return Associator<Handler, Default>::get(typed.handler);
    }
    static auto get(vmwright::qmp::detail::TypedHandler<C, Handler> const& typed, Default const& fallback) noexcept
    {
        return Associator<Handler, Default>::get(typed.handler, fallback);
    }
};
