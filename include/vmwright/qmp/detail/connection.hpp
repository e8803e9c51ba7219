// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/client.hpp>
#include <vmwright/qmp/detail/completion.hpp>
#include <vmwright/qmp/detail/descriptor.hpp>
#include <vmwright/qmp/detail/event_queue.hpp>
#include <vmwright/qmp/session.hpp>

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qmp::detail
{

/// What a Client owns: it carries out what the Session says, on a socket and a timer, and knows who waits for which answer.
class Connection : public std::enable_shared_from_this<Connection>
{
public:
    Connection(boost::asio::any_io_executor executor, Descriptor fd, ClientOptions options);

    void handshake(std::chrono::milliseconds deadline, Handler<Greeting> handler);
    void execute(std::string_view command, boost::json::object arguments, CallOptions const& options,
                 Handler<boost::json::value> handler);
    [[nodiscard]] auto subscribe(std::size_t limit) -> Subscription;
    [[nodiscard]] auto is_open() const -> bool { return !end_; }
    void close();
    [[nodiscard]] auto get_executor() -> boost::asio::any_io_executor { return socket_.get_executor(); }

private:
    struct Call
    {
        std::string command{};
        Completion<boost::json::value> caller;
        std::vector<Descriptor> fds{}; ///< until they are sent
    };

    void read();
    void take(std::vector<Message> messages);
    void take(Ready& ready);
    void take(Answer& answer);
    void take(Refusal& refusal);
    void take(Event& event);
    void take(Closed& closed);
    /// Writes what the session has to say, as far as the socket takes it; goes on by itself when it takes more.
    void write();
    /// Writes as much of the current line as possible; false when the socket takes nothing now or never again.
    [[nodiscard]] auto write_some() -> bool;
    /// The subscribers hear of a failure, or just that there is nothing more.
    void end(Error error, bool is_failure);
    void cancel(CommandId id, boost::asio::cancellation_type type);
    void cancel_handshake();

    boost::asio::generic::stream_protocol::socket socket_;
    Session session_;
    std::vector<char> input_;
    bool is_reading_{};
    Session::Line line_; ///< the line that is being written
    std::size_t written_{};
    bool awaits_writable_{};
    std::optional<Completion<Greeting>> handshake_;
    std::map<CommandId, Call> calls_;
    std::vector<std::weak_ptr<EventQueue>> queues_;
    std::optional<Error> end_; ///< why the connection is over
};

} // namespace vmwright::inline v0::qmp::detail
