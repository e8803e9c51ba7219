// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/detail/connection.hpp>

#include <vmwright/qmp/error.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <random>
#include <span>
#include <utility>

namespace vmwright::inline v0::qmp::detail
{

namespace connection
{
namespace
{

/// Most messages are short; a bulk reply takes the larger one for as long as it comes.
constexpr std::size_t small_input = std::size_t{4} << 10;
constexpr std::size_t large_input = std::size_t{64} << 10;
/// Linux' SCM_MAX_FD.
constexpr std::size_t most_fds = 253;

auto random_prefix() -> std::string
{
    constexpr std::string_view letters{"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"};
    std::random_device random;
    std::uniform_int_distribution<std::size_t> pick{0, letters.size() - 1};
    std::string prefix;
    for (int i = 0; i < 4; ++i)
        prefix += letters[pick(random)];
    return prefix;
}

auto session_options(ClientOptions options) -> SessionOptions
{
    return {.id_prefix = options.id_prefix.empty() ? random_prefix() : std::move(options.id_prefix),
            .line_limit = options.line_limit,
            .log = std::move(options.log)};
}

auto too_late(std::chrono::milliseconds deadline) -> Error
{
    return {Errc::timed_out, "no answer within " + std::to_string(deadline.count()) + " ms"};
}

auto duplicate(std::vector<int> const& fds, std::string_view command) -> std::vector<Descriptor>
{
    if (fds.size() > most_fds)
        throw Error{Errc::invalid_argument,
                    std::to_string(fds.size()) + " fds, more than 253, for one command",
                    {.step = std::string{command}}};
    std::vector<Descriptor> copies;
    for (auto const fd : fds) {
        copies.emplace_back(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
        if (copies.back().get() < 0)
            throw Error{std::error_code{errno, std::system_category()},
                        "cannot pass fd " + std::to_string(fd),
                        {.step = std::string{command}, .detail = std::strerror(errno)}};
    }
    return copies;
}

/// One sendmsg(2), the fds on its first byte.
auto send(int socket, std::string_view text, std::span<Descriptor const> fds) -> ssize_t
{
    ::iovec piece{const_cast<char*>(text.data()), text.size()};
    ::msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    alignas(::cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * most_fds)> control;
    if (!fds.empty()) {
        message.msg_control = control.data();
        message.msg_controllen = CMSG_SPACE(sizeof(int) * fds.size());
        auto* const header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * fds.size());
        auto* to = CMSG_DATA(header);
        for (auto const& fd : fds) {
            auto const number = fd.get();
            std::memcpy(to, &number, sizeof number);
            to += sizeof number;
        }
    }
    ssize_t sent{};
    do
        sent = ::sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent;
}

} // namespace
} // namespace connection

Connection::Connection(boost::asio::any_io_executor executor, Descriptor fd, ClientOptions options)
    : socket_{std::move(executor)}
    , session_{connection::session_options(std::move(options))}
{
    boost::system::error_code error;
    socket_.assign(boost::asio::generic::stream_protocol{AF_UNIX, 0}, fd.get(), error);
    if (!error) {
        static_cast<void>(fd.release());
        socket_.native_non_blocking(true, error);
    }
    if (error)
        throw Error{static_cast<std::error_code>(error), "cannot use the monitor's socket", {.detail = error.message()}};
}

void Connection::handshake(std::chrono::milliseconds deadline, Handler<Greeting> handler)
{
    if (end_)
        return refuse(get_executor(), std::move(handler), end_->with({.step = "handshake"}));
    if (session_.greeting())
        return answer(get_executor(), std::move(handler), nullptr, Greeting{*session_.greeting()});
    if (handshake_)
        return refuse(get_executor(), std::move(handler),
                      Error{Errc::wrong_state, "another handshake is waiting", {.step = "handshake"}});
    auto const expire = [weak = weak_from_this(), deadline] {
        if (auto const self = weak.lock())
            self->handshake_.reset();
        return std::make_exception_ptr(connection::too_late(deadline).with({.step = "handshake"}));
    };
    handshake_.emplace(get_executor(), std::move(handler), deadline, expire);
    handshake_->on_cancel([weak = weak_from_this()](boost::asio::cancellation_type) {
        if (auto const self = weak.lock())
            self->cancel_handshake();
    });
    if (!std::exchange(is_reading_, true))
        read();
}

void Connection::execute(std::string_view command, boost::json::object arguments, CallOptions const& options,
                         Handler<boost::json::value> handler)
{
    if (end_)
        return refuse(get_executor(), std::move(handler), end_->with({.step = std::string{command}}));
    CommandId id{};
    std::vector<Descriptor> fds;
    try {
        fds = connection::duplicate(options.fds, command);
        id = session_.execute(command, std::move(arguments));
    } catch (Error const& error) {
        return refuse(get_executor(), std::move(handler), error);
    }
    auto const expire = [weak = weak_from_this(), id, deadline = options.deadline, name = std::string{command}] {
        if (auto const self = weak.lock()) {
            self->session_.abandon(id);
            self->calls_.erase(id);
        }
        return std::make_exception_ptr(
            connection::too_late(deadline).with({.step = name, .hint = "QEMU may still run the command"}));
    };
    auto caller = Completion<boost::json::value>{get_executor(), std::move(handler), options.deadline, expire};
    auto& call = calls_.try_emplace(id, Call{std::string{command}, std::move(caller), std::move(fds)}).first->second;
    call.caller.on_cancel([weak = weak_from_this(), id](boost::asio::cancellation_type type) {
        if (auto const self = weak.lock())
            self->cancel(id, type);
    });
    write();
}

auto Connection::subscribe(std::size_t limit) -> Subscription
{
    std::erase_if(queues_, [](auto const& queue) { return queue.expired(); });
    auto queue = std::make_shared<EventQueue>(get_executor(), limit);
    if (end_)
        queue->end(std::nullopt);
    else
        queues_.push_back(queue);
    return Subscription{std::move(queue)};
}

void Connection::close()
{
    if (!end_)
        end(Error{Errc::cancelled, "the client was closed"}, false);
}

void Connection::read()
{
    if (input_.empty())
        input_.resize(connection::small_input);
    socket_.async_read_some(
        boost::asio::buffer(input_), [self = shared_from_this()](boost::system::error_code const& error, std::size_t size) {
            if (self->end_)
                return;
            if (error) {
                self->take(self->session_.end_of_input());
                return;
            }
            self->take(self->session_.feed({self->input_.data(), size}));
            if (self->end_)
                return;
            self->write();
            auto const is_full = size == self->input_.size();
            if (is_full != (self->input_.size() == connection::large_input))
                self->input_ = std::vector<char>(is_full ? connection::large_input : connection::small_input);
            self->read();
        });
}

void Connection::take(std::vector<Message> messages)
{
    for (auto& message : messages)
        std::visit([this](auto& content) { take(content); }, message);
}

void Connection::take(Ready& ready)
{
    if (!handshake_)
        return;
    handshake_->succeed(std::move(ready.greeting));
    handshake_.reset();
}

void Connection::take(Answer& answer)
{
    if (auto call = calls_.extract(answer.id))
        call.mapped().caller.succeed(std::move(answer.value));
}

void Connection::take(Refusal& refusal)
{
    if (auto call = calls_.extract(refusal.id))
        call.mapped().caller.fail(CommandError{call.mapped().command, refusal.error_class, refusal.description});
}

void Connection::take(Event& event)
{
    for (std::size_t i = 0; i < queues_.size(); ++i)
        if (auto const queue = queues_[i].lock())
            queue->push(i + 1 == queues_.size() ? std::move(event) : event);
}

void Connection::take(Closed& closed)
{
    end(std::move(closed.error), !closed.by_peer);
}

void Connection::write()
{
    while (!awaits_writable_ && !end_) {
        if (written_ == line_.text.size()) {
            auto next = session_.next_line();
            if (!next)
                return;
            line_ = std::move(*next);
            written_ = 0;
        }
        if (!write_some())
            return;
    }
}

auto Connection::write_some() -> bool
{
    auto const call = calls_.find(line_.id);
    auto const has_fds = written_ == 0 && call != calls_.end() && !call->second.fds.empty();
    auto const sent =
        connection::send(socket_.native_handle(), std::string_view{line_.text}.substr(written_),
                         has_fds ? std::span<Descriptor const>{call->second.fds} : std::span<Descriptor const>{});
    if (sent >= 0) {
        written_ += static_cast<std::size_t>(sent);
        if (has_fds)
            call->second.fds.clear();
        return true;
    }
    awaits_writable_ = true;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
        socket_.async_wait(socket_.wait_write, [self = shared_from_this()](boost::system::error_code const& error) {
            self->awaits_writable_ = false;
            if (!error)
                self->write();
        });
        return false;
    }
    // Nothing more can be sent, but answers may still be in the socket: the reader finds them, then the end.
    boost::system::error_code ignored;
    socket_.shutdown(socket_.shutdown_both, ignored);
    return false;
}

void Connection::end(Error error, bool is_failure)
{
    end_ = error;
    boost::system::error_code ignored;
    socket_.close(ignored);
    if (handshake_)
        handshake_->fail(error.with({.step = "handshake"}));
    handshake_.reset();
    for (auto& [id, call] : std::exchange(calls_, {}))
        call.caller.fail(error.with({.step = call.command, .hint = "whether QEMU ran the command is unknown"}));
    for (auto const& queue : queues_)
        if (auto const held = queue.lock())
            held->end(is_failure ? std::optional{error} : std::nullopt);
}

void Connection::cancel(CommandId id, boost::asio::cancellation_type type)
{
    using boost::asio::cancellation_type;
    auto const is_unsent = session_.is_unsent(id);
    if (!is_unsent && (type & (cancellation_type::terminal | cancellation_type::partial)) == cancellation_type::none)
        return;
    session_.abandon(id);
    auto call = calls_.extract(id);
    call.mapped().caller.fail(
        Error{Errc::cancelled,
              is_unsent ? "cancelled before it was sent" : "cancelled",
              {.step = call.mapped().command, .hint = is_unsent ? "" : "QEMU may still run the command"}});
}

void Connection::cancel_handshake()
{
    handshake_->fail(Error{Errc::cancelled, "cancelled", {.step = "handshake"}});
    handshake_.reset();
}

} // namespace vmwright::inline v0::qmp::detail
