// SPDX-License-Identifier: BSL-1.0
#include "partner.hpp"

#include <vmwright/qmp/session.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace vmwright;
using namespace qmp_tests;

namespace
{

auto show(qmp::Message const& message) -> std::string
{
    struct Show
    {
        auto operator()(qmp::Ready const& r) const { return "ready " + r.greeting.version.package; }
        auto operator()(qmp::Answer const& a) const
        {
            return "answer " + std::to_string(a.id) + " " + boost::json::serialize(a.value);
        }
        auto operator()(qmp::Refusal const& r) const
        {
            return "refusal " + std::to_string(r.id) + " " + r.error_class + " " + r.description;
        }
        auto operator()(qmp::Event const& e) const { return "event " + e.name + " " + boost::json::serialize(e.data); }
        auto operator()(qmp::Closed const& c) const { return "closed " + c.error.message(); }
    };
    return std::visit(Show{}, message);
}

/// A conversation: in each step the session has sent what it has, then the other side says the step's text.
struct Script
{
    std::vector<std::string> commands{};
    std::vector<std::string> steps{};
};

struct Replay
{
    std::vector<std::string> messages{};
    std::string sent{};
    bool is_closed{};
};

/// Plays the script; `pieces` says how a step's text, which begins at byte `from` of the whole, is fed.
template <class Feed>
auto play(Script const& script, Feed const& feed) -> Replay
{
    qmp::Session session{{.id_prefix = "ab1Z"}};
    Replay replay;
    auto const send = [&] {
        while (auto const line = session.next_line())
            replay.sent += line->text;
    };
    for (auto const& command : script.commands)
        session.execute(command, {});
    std::size_t from = 0;
    for (auto const& step : script.steps) {
        send();
        feed(step, from, [&](std::string_view piece) {
            for (auto const& message : session.feed(piece))
                replay.messages.push_back(show(message));
        });
        from += step.size();
    }
    send();
    for (auto const& message : session.end_of_input())
        replay.messages.push_back(show(message));
    replay.is_closed = session.is_closed();
    return replay;
}

auto play_whole(Script const& script)
{
    return play(script, [](std::string const& text, std::size_t, auto const& feed) { feed(text); });
}

auto const capabilities = answer("ab1Z0", "{}");

auto scripts() -> std::vector<Script>
{
    auto const reset = event("RESET", R"({"guest": true, "reason": "guest-reset"})");
    return {
        {{}, {greeting, capabilities}},
        {{"query-status"}, {greeting, capabilities + answer("ab1Z1", R"({"status": "running", "running": true})")}},
        {{"a", "b"},
         {event("STOP") + greeting, reset + capabilities + reset,
          reset + answer("ab1Z2", "[1, \"\\u00fc\"]") + reset + answer("ab1Z1", "{}")}},
        {{"a"},
         {answer("zzzz0", "{}") + greeting, answer("zzzz1", "[]") + capabilities + answer("1", "3"),
          refusal("ab1Z1", "GenericError", "no")}},
        {{"a"},
         {"]}], \"id\": \"dead\"}\r\n" + greeting, R"({"return": {}, "id": 1})"
                                                   "\n" +
                                                       capabilities +
                                                       R"({"error": {"class": "c", "desc": "d"}})"
                                                       "\n" +
                                                       answer("ab1Z1", "1")}},
        {{"a"},
         {greeting,
          capabilities + "\r\n\r\n" + answer("ab1Z1", "null") + answer("ab1Z1", "null") + answer("ab1Z99", "null")}},
        {{"a"}, {greeting, refusal("ab1Z0", "GenericError", "no capabilities")}},
        {{"a"}, {greeting, capabilities + "{\"return\": tru}\r\n" + answer("ab1Z1", "1")}},
        {{"a"}, {greeting, capabilities + "[]\r\n"}},
    };
}

} // namespace

TEST_CASE("a session greets, negotiates and matches answers to commands")
{
    auto const replay = play_whole({{"query-status", "query-name"},
                                    {greeting, event("RESUME") + capabilities,
                                     answer("ab1Z2", R"({"name": "vm"})") + refusal("ab1Z1", "GenericError", "busy")}});
    CHECK(replay.sent == "{\"execute\":\"qmp_capabilities\",\"id\":\"ab1Z0\"}\n"
                         "{\"execute\":\"query-status\",\"id\":\"ab1Z1\"}\n"
                         "{\"execute\":\"query-name\",\"id\":\"ab1Z2\"}\n");
    CHECK(replay.messages == std::vector<std::string>{"event RESUME {}", "ready Debian", "answer 2 {\"name\":\"vm\"}",
                                                      "refusal 1 GenericError busy",
                                                      "closed the monitor closed the connection"});
}

TEST_CASE("answers to the ids of others are dropped, from the first byte on")
{
    auto const others = answer("zzzz0", "{}") + answer("zzzz1", "\"theirs\"") + refusal("zzzz1", "GenericError", "theirs") +
                        answer("0", "{}") + answer("ab1Z2", "{}") + answer("ab1Z", "{}") + answer("ab1Z1x", "{}") +
                        R"({"return": {}, "id": {"ab1Z0": 1}})"
                        "\n"
                        R"({"error": {"class": "c", "desc": "d"}})"
                        "\n";
    auto const replay =
        play_whole({{"a"}, {others + greeting, others + capabilities + others, answer("ab1Z1", "1") + others}});
    CHECK(replay.messages ==
          std::vector<std::string>{"ready Debian", "answer 1 1", "closed the monitor closed the connection"});
}

TEST_CASE("it does not matter how the bytes are cut")
{
    for (auto const& script : scripts()) {
        auto const whole = play_whole(script);
        INFO(whole.messages.size() << " messages, last: " << whole.messages.back());
        auto const bytewise = play(script, [](std::string const& text, std::size_t, auto const& feed) {
            for (auto const& byte : text)
                feed({&byte, 1});
        });
        CHECK(bytewise.messages == whole.messages);
        CHECK(bytewise.sent == whole.sent);
        for (auto const& step : script.steps)
            for (std::size_t cut = 0; cut <= step.size(); ++cut) {
                auto const replay = play(script, [&](std::string const& text, std::size_t, auto const& feed) {
                    auto const at = &text == &step ? cut : 0;
                    feed(std::string_view{text}.substr(0, at));
                    feed(std::string_view{text}.substr(at));
                });
                REQUIRE(replay.messages == whole.messages);
            }
    }
}

TEST_CASE("the end of the connection at any byte closes the session once, after what was whole")
{
    for (auto const& script : scripts()) {
        auto const whole = play_whole(script);
        std::size_t size = 0;
        for (auto const& step : script.steps)
            size += step.size();
        for (std::size_t cut = 0; cut < size; ++cut) {
            auto const replay = play(script, [&](std::string const& text, std::size_t from, auto const& feed) {
                feed(std::string_view{text}.substr(0, cut > from ? cut - from : 0));
            });
            REQUIRE(replay.is_closed);
            REQUIRE(replay.messages.size() <= whole.messages.size());
            REQUIRE(replay.messages.back().starts_with("closed "));
            REQUIRE(std::equal(replay.messages.begin(), replay.messages.end() - 1, whole.messages.begin()));
        }
    }
}

TEST_CASE("events and answers may come in any order")
{
    // g: greeting, c: its capabilities' answer, 1 and 2: answers, x, y, z: events
    std::string const names = "12cgxyz";
    int orders = 0;
    for (unsigned answers = 0; answers <= 2; ++answers)
        for (unsigned events = 0; events <= 3; ++events) {
            auto order = names;
            std::erase_if(order, [&](char c) {
                return (c == '1' && answers < 1) || (c == '2' && answers < 2) || (c == 'x' && events < 1) ||
                       (c == 'y' && events < 2) || (c == 'z' && events < 3);
            });
            do {
                auto const at = [&](char c) { return order.find(c); };
                auto const before = [&](char a, char b) { return at(b) == std::string::npos || at(a) < at(b); };
                if (!before('g', 'c') || !before('c', '1') || !before('c', '2') || !before('x', 'y') || !before('y', 'z'))
                    continue;
                ++orders;
                Script script;
                if (answers > 0)
                    script.commands.push_back("one");
                if (answers > 1)
                    script.commands.push_back("two");
                std::vector<std::string> expected;
                for (auto const c : order) {
                    switch (c) {
                    case 'g': script.steps.push_back(greeting); break;
                    case 'c': script.steps.push_back(capabilities); break;
                    case '1':
                    case '2': script.steps.push_back(answer(std::string{"ab1Z"} + c, "true")); break;
                    default: script.steps.push_back(event(std::string{c}));
                    }
                    if (c == 'c')
                        expected.push_back("ready Debian");
                    else if (c == '1' || c == '2')
                        expected.push_back(std::string{"answer "} + c + " true");
                    else if (c != 'g')
                        expected.push_back(std::string{"event "} + c + " {}");
                }
                expected.push_back("closed the monitor closed the connection");
                INFO(order);
                REQUIRE(play_whole(script).messages == expected);
            } while (std::ranges::next_permutation(order).found);
        }
    CHECK(orders == 1 + 3 + 6 + 10 + 1 + 4 + 10 + 20 + 2 + 10 + 30 + 70);
}

TEST_CASE("a line that breaks the protocol ends the session and says how")
{
    auto const after = [](std::string const& line) {
        auto const replay = play_whole({{"a"}, {greeting, capabilities + line + "\n"}});
        return replay.messages.back();
    };
    CHECK(after("{").find("the monitor broke the protocol") != std::string::npos);
    CHECK(after("7").find("not a JSON object") != std::string::npos);
    CHECK(after("{}").find("neither an answer nor an event") != std::string::npos);
    CHECK(after(greeting).find("neither an answer nor an event") != std::string::npos);
    CHECK(after(R"({"event": 3})").find("not an event") != std::string::npos);
    CHECK(
        after(R"({"event": "X", "timestamp": {"seconds": 9223372036854775807, "microseconds": 0}})").find("not an event") !=
        std::string::npos);
    CHECK(after(R"({"event": "X", "data": [], "timestamp": {"seconds": 1, "microseconds": 0}})").find("not an event") !=
          std::string::npos);
    CHECK(after(R"({"error": {}, "id": "ab1Z1"})").find("an error without class and desc") != std::string::npos);
    CHECK(after(std::string(300, '[')).find("the monitor broke the protocol") != std::string::npos);
    CHECK(play_whole({{},
                      {R"({"QMP": {"version": 7}})"
                       "\n"}})
              .messages.back() == "closed the member 'version' is int64, not object");
}

TEST_CASE("a line longer than the limit ends the session and names the limit")
{
    for (bool const in_pieces : {false, true}) {
        qmp::Session session{{.id_prefix = "a", .line_limit = 200}};
        CHECK(session.feed(greeting).empty());
        auto const text = std::string(201, ' ');
        std::vector<qmp::Message> messages;
        for (std::size_t i = 0; i < text.size(); i += in_pieces ? 1 : text.size()) {
            CHECK(messages.empty());
            messages = session.feed(std::string_view{text}.substr(i, in_pieces ? 1 : text.size()));
        }
        REQUIRE(messages.size() == 1);
        auto const& closed = std::get<qmp::Closed>(messages[0]);
        CHECK(closed.error.code() == Errc::limit_exceeded);
        CHECK(closed.error.message() == "a line of the monitor is longer than the limit of 200 bytes");
        CHECK(session.feed(greeting).empty());
        CHECK(session.end_of_input().empty());
    }
}

TEST_CASE("nothing goes out before the greeting, and an abandoned command not at all")
{
    qmp::Session session{{.id_prefix = "a"}};
    auto const first = session.execute("first", {{"x", nullptr}});
    auto const second = session.execute("second", {});
    CHECK(!session.next_line());
    CHECK(session.is_unsent(first));
    session.abandon(first);
    static_cast<void>(session.feed(greeting));
    CHECK(session.next_line()->text == "{\"execute\":\"qmp_capabilities\",\"id\":\"a0\"}\n");
    CHECK(session.next_line()->id == second);
    CHECK(!session.next_line());
    session.abandon(second);
    CHECK(session.feed(answer("a0", "{}") + answer("a2", "1")).size() == 1);
    static_cast<void>(session.execute("third", {}));
    CHECK(session.feed(answer("a3", "1")).empty());
}

TEST_CASE("commands are compact JSON in UTF-8")
{
    qmp::Session session{{.id_prefix = "a"}};
    static_cast<void>(session.feed(greeting));
    static_cast<void>(session.next_line());
    session.execute("blockdev-add", {{"filename", "ü,\n\""}, {"list", {1, true}}});
    CHECK(session.next_line()->text ==
          "{\"execute\":\"blockdev-add\",\"arguments\":{\"filename\":\"ü,\\n\\\"\",\"list\":[1,true]},\"id\":\"a1\"}\n");
    for (auto const* text : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xe2\x82", "\xf4\x90\x80\x80", "a\x80"})
        CHECK_THROWS_WITH(session.execute("x", {{"path", text}}), "x: the command's text is not UTF-8");
    CHECK_NOTHROW(session.execute("x", {{"path", "\xf0\x9f\x98\x80 \xed\x9f\xbf \xe0\xa0\x80"}}));
}

TEST_CASE("an id prefix is short and plain")
{
    CHECK_THROWS_AS((qmp::Session{{.id_prefix = ""}}), Error);
    CHECK_THROWS_AS((qmp::Session{{.id_prefix = "a\""}}), Error);
    CHECK_THROWS_AS((qmp::Session{{.id_prefix = std::string(17, 'a')}}), Error);
}

TEST_CASE("the log hears every line and every dropped one")
{
    std::vector<std::string> lines;
    qmp::Session session{
        {.id_prefix = "a", .log = [&](LogLevel, std::string_view, std::string_view text) { lines.emplace_back(text); }}};
    static_cast<void>(session.feed("junk\r\n" + greeting + answer("zz", "1")));
    static_cast<void>(session.next_line());
    CHECK(lines.size() == 6);
    CHECK(lines[0] == "< junk");
    CHECK(lines[1] == "dropped, before the greeting: junk");
    CHECK(lines[5] == "> {\"execute\":\"qmp_capabilities\",\"id\":\"a0\"}");
}
