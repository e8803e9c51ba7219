// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>
#include <vmwright/core/log.hpp>
#include <vmwright/qmp/event.hpp>
#include <vmwright/qmp/greeting.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vmwright::inline v0::qmp
{

/// Which command of a session: counts from 1, never used twice.
using CommandId = std::uint64_t;

struct SessionOptions
{
    /// Makes this connection's ids unlike those of any other connection to the same monitor: four random letters or digits.
    /// Short because QEMU 7.2 needs some 6 µs for each byte it reads.
    std::string id_prefix{};
    std::size_t line_limit{std::size_t{64} << 20}; ///< bytes; a longer line ends the session
    std::size_t depth_limit{256};                  ///< nested arrays and objects in one line
    LogHook log{};                                 ///< hears every line in both directions, and why one was dropped
};

/// Capabilities are negotiated: commands are answered from now on.
struct Ready
{
    Greeting greeting{};
};

struct Answer
{
    CommandId id{};
    boost::json::value value{};
};

struct Refusal
{
    CommandId id{};
    std::string error_class{};
    std::string description{};
};

/// The session is over; every command without an answer has lost its chance. Comes once, as the last message.
struct Closed
{
    Error error;
    bool by_peer{}; ///< the other side closed the connection; otherwise it broke a rule or a limit
};

using Message = std::variant<Ready, Answer, Refusal, Event, Closed>;

/// The client's side of one QMP connection as a state machine: bytes in, messages and lines out. It knows no socket, no
/// clock and no thread, and trusts nothing it reads.
///
/// A monitor sends the answers of a client that died to whoever connects next, so answers without an id of this session are
/// dropped, from the first byte on; before the greeting also what is no JSON at all, the rest of a line that was cut.
class Session
{
public:
    /// Throws Errc::invalid_argument unless the prefix consists of 1 to 16 letters and digits.
    explicit Session(SessionOptions options);
    Session(Session&&) noexcept;
    auto operator=(Session&&) noexcept -> Session&;
    ~Session();

    /// Takes what was read, in pieces of any size; returns what it completed.
    [[nodiscard]] auto feed(std::string_view bytes) -> std::vector<Message>;
    /// The other side has closed the connection. Returns Closed, or nothing if that was said already.
    [[nodiscard]] auto end_of_input() -> std::vector<Message>;

    /// Queues a command; it may be called at any time and goes out once the greeting is there.
    /// Throws Errc::invalid_argument for text that is not UTF-8: QEMU's complaint about it would carry no id.
    auto execute(std::string_view command, boost::json::object arguments) -> CommandId;
    /// The command has not been handed out by next_line().
    [[nodiscard]] auto is_unsent(CommandId id) const noexcept -> bool;
    /// Nobody waits any more: an unsent command is withdrawn, the answer to a sent one will be dropped.
    void abandon(CommandId id);

    /// A line to send, with its line end; `id` is 0 for the session's own qmp_capabilities.
    struct Line
    {
        CommandId id{};
        std::string text{};
    };
    /// The next line to send; nothing when there is none now. Lines must be sent whole and in this order.
    [[nodiscard]] auto next_line() -> std::optional<Line>;

    [[nodiscard]] auto is_closed() const noexcept -> bool { return state_ == State::closed; }
    /// Set from Ready on.
    [[nodiscard]] auto greeting() const noexcept -> std::optional<Greeting> const& { return greeting_; }

private:
    enum class State
    {
        greeting,
        negotiating,
        ready,
        closed,
    };

    void take_line(std::string_view line, std::vector<Message>& out);
    void take_greeting(boost::json::value const& greeting, std::vector<Message>& out);
    void take_event(boost::json::object& object, std::vector<Message>& out);
    void take_answer(boost::json::object& object, std::vector<Message>& out);
    void close(Error error, std::vector<Message>& out, bool by_peer = false);
    void close_broken(std::string_view why, std::string_view line, std::vector<Message>& out);
    [[nodiscard]] auto own_id(boost::json::object const& object) const -> std::optional<CommandId>;
    [[nodiscard]] auto command_line(CommandId id, std::string_view command, boost::json::object arguments) const
        -> std::string;
    void log(std::string_view what, std::string_view line) const;

    SessionOptions options_;
    struct Parser;
    std::unique_ptr<Parser> parser_;
    State state_{State::greeting};
    std::optional<Greeting> greeting_;
    Greeting offered_;
    std::string partial_; ///< the beginning of a line whose end is not read yet
    std::deque<Line> unsent_;
    std::set<CommandId> awaited_; ///< sent or unsent, and not abandoned
    CommandId last_id_{};
};

} // namespace vmwright::inline v0::qmp
