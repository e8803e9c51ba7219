// SPDX-License-Identifier: BSL-1.0
#include "partner.hpp"

#include <vmwright/qmp/commands/run_state.hpp>
#include <vmwright/qmp/events.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace vmwright;
using namespace qmp_tests;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace
{

using Next = Outcome<std::optional<qmp::Event>>;

auto drain(qmp::Subscription& subscription) -> std::vector<std::string>
{
    std::vector<std::string> names;
    while (auto const event = subscription.try_next())
        names.push_back(event->name);
    return names;
}

} // namespace

TEST_CASE("every subscriber gets every event, and one who never reads delays nobody")
{
    Partner partner;
    partner.greet();
    auto idle = partner.client->subscribe();
    auto reader = partner.client->subscribe();
    for (int i = 0; i < 1000; ++i) {
        Next next;
        reader.async_next(next.token());
        partner.say(event("E" + std::to_string(i)));
        REQUIRE(next.succeeded());
        REQUIRE(next.value->name == "E" + std::to_string(i));
    }
    CHECK(drain(idle).size() == 1000);
    CHECK(drain(reader).empty());
}

TEST_CASE("a subscription made before the command sees the event that comes before the answer")
{
    Partner partner;
    partner.greet();
    partner.say(event("RESUME"));
    auto events = partner.client->subscribe();
    Outcome<qmp::Nothing> done;
    partner.client->async_execute(qmp::stop{}, 1s, done.token());
    partner.say(event("STOP") + answer("t1", "{}"));
    CHECK(done.succeeded());
    CHECK(drain(events) == std::vector<std::string>{"STOP"});
}

TEST_CASE("events carry data and time")
{
    Partner partner;
    auto events = partner.client->subscribe();
    Next next;
    events.async_next(next.token());
    partner.client->async_handshake(1s, [](std::exception_ptr, qmp::Greeting) {});
    partner.say(event("RESET", R"({"guest": true, "reason": "guest-reset"})") + greeting);
    REQUIRE(next.succeeded());
    CHECK(next.value->timestamp.time_since_epoch() == 1'700'000'000'000'042us);
    auto const reset = qmp::as<qmp::events::reset>(*next.value);
    REQUIRE(reset);
    CHECK(reset->guest);
    CHECK(reset->reason == qmp::ShutdownCause::guest_reset);
    CHECK(!qmp::as<qmp::events::shutdown>(*next.value));
}

TEST_CASE("any cancellation ends a wait and loses no event")
{
    Partner partner;
    partner.greet();
    auto events = partner.client->subscribe();
    for (auto const type :
         {asio::cancellation_type::terminal, asio::cancellation_type::partial, asio::cancellation_type::total}) {
        asio::cancellation_signal signal;
        Next next;
        events.async_next(asio::bind_cancellation_slot(signal.slot(), next.token()));
        partner.settle();
        signal.emit(type);
        partner.say(event("STOP"));
        CHECK(next.failure().code() == Errc::cancelled);
        CHECK(drain(events) == std::vector<std::string>{"STOP"});
    }
}

TEST_CASE("only one may wait for the next event")
{
    Partner partner;
    partner.greet();
    auto events = partner.client->subscribe();
    Next first;
    Next second;
    events.async_next(first.token());
    events.async_next(second.token());
    partner.settle();
    CHECK(second.failure().code() == Errc::wrong_state);
    partner.say(event("STOP"));
    CHECK(first.succeeded());
}

TEST_CASE("a full queue ends with an error that names the limit, after what it held")
{
    Partner partner;
    partner.greet();
    auto events = partner.client->subscribe(2);
    auto other = partner.client->subscribe();
    partner.say(event("A") + event("B") + event("C") + event("D"));
    CHECK(drain(events) == std::vector<std::string>{"A", "B"});
    Next next;
    events.async_next(next.token());
    partner.settle();
    CHECK(next.failure().code() == Errc::limit_exceeded);
    CHECK(next.failure().message().find("not taken 2 events") != std::string::npos);
    CHECK(drain(other).size() == 4);
}

TEST_CASE("a subscription outlives its client and ends after what it holds")
{
    qmp::Subscription events;
    Partner partner;
    partner.greet();
    events = partner.client->subscribe();
    partner.say(event("SHUTDOWN"));
    partner.client->close();
    auto late = partner.client->subscribe();
    for (auto* const subscription : {&events, &late}) {
        if (subscription == &events) {
            Next next;
            subscription->async_next(next.token());
            partner.settle();
            REQUIRE(next.succeeded());
            CHECK(next.value->name == "SHUTDOWN");
        }
        Next end;
        subscription->async_next(end.token());
        partner.settle();
        REQUIRE(end.succeeded());
        CHECK(!end.value);
    }
}

TEST_CASE("a subscription that goes ends its wait")
{
    Partner partner;
    partner.greet();
    Next next;
    {
        auto events = partner.client->subscribe();
        events.async_next(next.token());
    }
    partner.say(event("STOP"));
    CHECK(next.failure().code() == Errc::cancelled);
}

TEST_CASE("the client keeps order, whatever comes between commands and answers")
{
    // 1 and 2: answers in either order, x, y, z: events
    std::string order = "12xyz";
    do {
        if (order.find('x') > order.find('y') || order.find('y') > order.find('z'))
            continue;
        INFO(order);
        Partner partner;
        partner.greet();
        auto events = partner.client->subscribe();
        std::string seen;
        auto const note = [&](char c) {
            return [&seen, c](std::exception_ptr error, boost::json::value const& value) {
                REQUIRE(!error);
                REQUIRE(value == c - '0');
                seen += c;
            };
        };
        std::function<void(std::exception_ptr, std::optional<qmp::Event>)> listen =
            [&](std::exception_ptr error, std::optional<qmp::Event> const& event) {
                if (error || !event)
                    return;
                seen += event->name;
                events.async_next(listen);
            };
        partner.client->async_execute("one", {}, 1h, note('1'));
        partner.client->async_execute("two", {}, 1h, note('2'));
        events.async_next(listen);
        for (auto const c : order)
            partner.say(c == '1' || c == '2' ? answer(std::string{"t"} + c, std::string{c}) : event(std::string{c}));
        REQUIRE(seen == order);
        partner.hang_up();
    } while (std::ranges::next_permutation(order).found);
}
