// SPDX-License-Identifier: BSL-1.0
#include "partner.hpp"

#include <vmwright/qmp/commands/cpu.hpp>
#include <vmwright/qmp/commands/monitor.hpp>
#include <vmwright/qmp/commands/run_state.hpp>
#include <vmwright/qmp/error.hpp>
#include <vmwright/qmp/events.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <vector>

using namespace vmwright;
using namespace qmp_tests;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace
{

using Status = qmp::query_status::Reply;
auto const running = std::string{R"({"status": "running", "singlestep": false, "running": true})"};

} // namespace

TEST_CASE("a handshake gives the greeting")
{
    Partner partner;
    Outcome<qmp::Greeting> ready;
    partner.client->async_handshake(1s, ready.token());
    partner.settle();
    CHECK(!ready.is_done);
    partner.say(greeting);
    CHECK(partner.heard() == "{\"execute\":\"qmp_capabilities\",\"id\":\"t0\"}\n");
    partner.say(answer("t0", "{}"));
    REQUIRE(ready.succeeded());
    CHECK(ready.value.version == qmp::VersionInfo{{7, 2, 22}, "Debian"});
    CHECK(ready.value.capabilities == std::vector<std::string>{"oob"});

    Outcome<qmp::Greeting> again;
    partner.client->async_handshake(1s, again.token());
    CHECK(!again.is_done);
    partner.settle();
    CHECK(again.value == ready.value);
}

TEST_CASE("a typed command sends its arguments and returns its reply")
{
    Partner partner;
    partner.greet();
    Outcome<Status> status;
    partner.client->async_execute(qmp::query_status{}, 1s, status.token());
    CHECK(partner.heard() == "{\"execute\":\"query-status\",\"id\":\"t1\"}\n");
    partner.say(answer("t1", running));
    REQUIRE(status.succeeded());
    CHECK(status.value.running);
    CHECK(status.value.status == qmp::RunState::running);

    Outcome<qmp::Nothing> done;
    partner.client->async_execute(qmp::set_action{.panic = qmp::PanicAction::exit_failure}, 1s, done.token());
    CHECK(partner.heard() == "{\"execute\":\"set-action\",\"arguments\":{\"panic\":\"exit-failure\"},\"id\":\"t2\"}\n");
    partner.say(answer("t2", "{}"));
    CHECK(done.succeeded());
}

TEST_CASE("an untyped command takes and returns JSON")
{
    Partner partner;
    partner.greet();
    Outcome<boost::json::value> reply;
    partner.client->async_execute("qom-get", {{"path", "/"}, {"property", "x"}}, 1s, reply.token());
    CHECK(partner.heard() == "{\"execute\":\"qom-get\",\"arguments\":{\"path\":\"/\",\"property\":\"x\"},\"id\":\"t1\"}\n");
    partner.say(answer("t1", "[1, null]"));
    CHECK(reply.value == boost::json::value{1, nullptr});
}

TEST_CASE("commands executed before the handshake go out after it, and answers find their commands")
{
    Partner partner;
    std::array<Outcome<boost::json::value>, 3> outcomes;
    for (std::size_t i = 0; i < 3; ++i)
        partner.client->async_execute("c" + std::to_string(i + 1), {}, 1s, outcomes[i].token());
    CHECK(partner.heard().empty());
    partner.greet();
    partner.say(answer("t3", "3") + answer("t1", "1") + answer("t2", "2"));
    for (std::size_t i = 0; i < 3; ++i) {
        REQUIRE(outcomes[i].succeeded());
        CHECK(outcomes[i].value == static_cast<int>(i + 1));
    }
}

TEST_CASE("QEMU's refusal comes with its class and its words")
{
    Partner partner;
    partner.greet();
    Outcome<Status> status;
    partner.client->async_execute(qmp::query_status{}, 1s, status.token());
    partner.say(refusal("t1", "DeviceNotActive", "No device"));
    auto const error = status.failure();
    CHECK(error.code() == Errc::command_failed);
    CHECK(error.context().step == "query-status");
    CHECK(error.context().detail == "DeviceNotActive: No device");
    try {
        std::rethrow_exception(status.error);
    } catch (qmp::CommandError const& e) {
        CHECK(e.error_class() == "DeviceNotActive");
        CHECK(e.description() == "No device");
        CHECK(std::string{e.what()} == "query-status: QEMU refused the command\nDeviceNotActive: No device");
    }
    CHECK(partner.client->is_open());
}

TEST_CASE("an answer that is not what its type says fails that command alone")
{
    Partner partner;
    partner.greet();
    auto fails_with = [&, id = 1](std::string const& reply) mutable {
        Outcome<Status> status;
        partner.client->async_execute(qmp::query_status{}, 1s, status.token());
        partner.say(answer("t" + std::to_string(id++), reply));
        CHECK(status.failure().code() == Errc::monitor_failed);
        return std::string{status.failure().what()};
    };
    CHECK(fails_with("7") == "query-status: what QEMU sent is int64, not object");
    CHECK(fails_with("{}") == "query-status: the member 'running' is missing");
    CHECK(fails_with(R"({"running": "yes", "status": "paused"})") ==
          "query-status: the member 'running' is string, not bool");
    CHECK(fails_with(R"({"running": true, "status": 3})") == "query-status: the member 'status' is int64, not string");
    CHECK(partner.client->is_open());
}

TEST_CASE("a deadline ends one command, whose late answer is dropped")
{
    Partner partner;
    partner.greet();
    Outcome<Status> early;
    Outcome<Status> late;
    partner.client->async_execute(qmp::query_status{}, 20ms, early.token());
    partner.client->async_execute(qmp::query_status{}, 1h, late.token());
    partner.run_until([&] { return early.is_done; });
    CHECK(early.failure().code() == Errc::timed_out);
    CHECK(std::string{early.failure().what()} == "query-status: no answer within 20 ms; QEMU may still run the command");
    CHECK(!late.is_done);
    partner.say(answer("t1", running) + answer("t2", running));
    CHECK(late.succeeded());
    CHECK(early.calls == 1);
}

TEST_CASE("a handshake has a deadline")
{
    Partner partner;
    Outcome<qmp::Greeting> ready;
    partner.client->async_handshake(10ms, ready.token());
    partner.say(greeting);
    partner.run_until([&] { return ready.is_done; });
    CHECK(ready.failure().code() == Errc::timed_out);
    Outcome<qmp::Greeting> second;
    partner.client->async_handshake(1s, second.token());
    partner.say(answer("t0", "{}"));
    CHECK(second.succeeded());
}

TEST_CASE("the longest deadline is none")
{
    Partner partner;
    partner.greet();
    Outcome<Status> status;
    partner.client->async_execute(qmp::query_status{}, std::chrono::milliseconds::max(), status.token());
    partner.settle();
    CHECK(!status.is_done);
    partner.say(answer("t1", running));
    CHECK(status.succeeded());
}

TEST_CASE("terminal and partial cancellation abandon a command that was sent, total does not")
{
    for (auto const type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total, asio::cancellation_type::all}) {
        Partner partner;
        partner.greet();
        asio::cancellation_signal signal;
        Outcome<Status> cancelled;
        Outcome<Status> other;
        partner.client->async_execute(qmp::query_status{}, 1s,
                                      asio::bind_cancellation_slot(signal.slot(), cancelled.token()));
        partner.client->async_execute(qmp::query_status{}, 1s, other.token());
        partner.settle();
        signal.emit(type);
        CHECK(!cancelled.is_done);
        partner.settle();
        if (type == asio::cancellation_type::total) {
            CHECK(!cancelled.is_done);
        } else {
            CHECK(cancelled.failure().code() == Errc::cancelled);
            CHECK(cancelled.failure().code() == std::errc::operation_canceled);
        }
        partner.say(answer("t1", running) + answer("t2", running));
        CHECK(cancelled.succeeded() == (type == asio::cancellation_type::total));
        CHECK(cancelled.calls == 1);
        CHECK(other.succeeded());
        signal.emit(asio::cancellation_type::all);
        partner.settle();
    }
}

TEST_CASE("any cancellation withdraws a command that was not sent")
{
    for (auto const type :
         {asio::cancellation_type::terminal, asio::cancellation_type::partial, asio::cancellation_type::total}) {
        Partner partner;
        asio::cancellation_signal signal;
        Outcome<qmp::Nothing> cancelled;
        Outcome<Status> other;
        partner.client->async_execute(qmp::quit{}, 1s, asio::bind_cancellation_slot(signal.slot(), cancelled.token()));
        partner.client->async_execute(qmp::query_status{}, 1s, other.token());
        signal.emit(type);
        partner.settle();
        CHECK(cancelled.failure().code() == Errc::cancelled);
        CHECK(std::string{cancelled.failure().what()} == "quit: cancelled before it was sent");
        Outcome<qmp::Greeting> ready;
        partner.client->async_handshake(1s, ready.token());
        partner.say(greeting);
        CHECK(partner.heard() ==
              "{\"execute\":\"qmp_capabilities\",\"id\":\"t0\"}\n{\"execute\":\"query-status\",\"id\":\"t2\"}\n");
    }
}

TEST_CASE("a handshake can be cancelled")
{
    Partner partner;
    asio::cancellation_signal signal;
    Outcome<qmp::Greeting> ready;
    partner.client->async_handshake(1s, asio::bind_cancellation_slot(signal.slot(), ready.token()));
    partner.settle();
    signal.emit(asio::cancellation_type::total);
    partner.settle();
    CHECK(ready.failure().code() == Errc::cancelled);
}

TEST_CASE("destroying the client cancels what is in flight")
{
    Partner partner;
    partner.greet();
    auto events = partner.client->subscribe();
    Outcome<Status> status;
    Outcome<std::optional<qmp::Event>> next;
    Outcome<qmp::Greeting> other_greeting;
    partner.client->async_execute(qmp::query_status{}, 1s, status.token());
    events.async_next(next.token());
    partner.settle();
    partner.client.reset();
    CHECK(!status.is_done);
    partner.settle();
    CHECK(status.failure().code() == Errc::cancelled);
    REQUIRE(next.succeeded());
    CHECK(!next.value);
    char byte{};
    CHECK(::recv(partner.end, &byte, 1, MSG_DONTWAIT) > 0);
}

TEST_CASE("an operation on a closed client fails, and does not hang")
{
    Partner partner;
    partner.greet();
    auto waiting = partner.client->async_execute(qmp::query_status{}, 1s, asio::deferred);
    partner.client->close();
    CHECK(!partner.client->is_open());
    Outcome<Status> status;
    Outcome<qmp::Greeting> ready;
    Outcome<Status> deferred;
    std::move(waiting)(deferred.token());
    partner.client->async_execute(qmp::query_status{}, 1s, status.token());
    partner.client->async_handshake(1s, ready.token());
    partner.settle();
    CHECK(status.failure().code() == Errc::cancelled);
    CHECK(deferred.failure().code() == Errc::cancelled);
    CHECK(ready.failure().code() == Errc::cancelled);
    partner.client->close();
}

TEST_CASE("the end of the connection at any byte ends every operation")
{
    auto const conversation = greeting + event("STOP") + answer("t0", "{}") + event("RESUME") + answer("t1", running) +
                              answer("old7", "{}") + answer("t2", "5");
    for (std::size_t cut = 0; cut <= conversation.size(); ++cut) {
        INFO(cut);
        Partner partner;
        Outcome<qmp::Greeting> ready;
        Outcome<Status> status;
        Outcome<boost::json::value> other;
        Outcome<std::optional<qmp::Event>> first;
        auto events = partner.client->subscribe();
        partner.client->async_handshake(1h, ready.token());
        partner.client->async_execute(qmp::query_status{}, 1h, status.token());
        partner.client->async_execute("x", {}, 1h, other.token());
        events.async_next(first.token());
        auto const said = std::min(cut, greeting.size());
        partner.say(conversation.substr(0, said));
        if (cut > said)
            partner.say(conversation.substr(said, cut - said));
        partner.hang_up();
        REQUIRE((ready.is_done && status.is_done && other.is_done && first.is_done));
        CHECK(!partner.client->is_open());
        auto const whole = cut == conversation.size();
        CHECK(other.succeeded() == whole);
        if (!whole) {
            CHECK(other.failure().code() == Errc::monitor_failed);
            CHECK(other.failure().context().step == "x");
        }
        if (status.error)
            CHECK(status.failure().code() == Errc::monitor_failed);
        if (ready.error)
            CHECK(ready.failure().code() == Errc::monitor_failed);
        std::vector<std::string> names;
        if (first.value)
            names.push_back(first.value->name);
        for (;;) {
            Outcome<std::optional<qmp::Event>> next;
            events.async_next(next.token());
            partner.settle();
            REQUIRE(next.succeeded());
            if (!next.value)
                break;
            names.push_back(next.value->name);
        }
        CHECK(names.size() <= 2);
        CHECK((!status.succeeded() || names == std::vector<std::string>{"STOP", "RESUME"}));
    }
}

TEST_CASE("a broken connection tells operations and subscribers what was broken")
{
    Partner partner{{.id_prefix = "t", .line_limit = 300}};
    partner.greet();
    auto events = partner.client->subscribe();
    Outcome<Status> status;
    partner.client->async_execute(qmp::query_status{}, 1s, status.token());
    partner.say(event("STOP"));

    SECTION("broken JSON")
    {
        partner.say("{\"return\": nonsense}\r\n");
        CHECK(status.failure().code() == Errc::monitor_failed);
        CHECK(status.failure().context().detail == "{\"return\": nonsense}");
    }
    SECTION("a line above the limit")
    {
        partner.say(std::string(301, 'x'));
        CHECK(status.failure().code() == Errc::limit_exceeded);
        CHECK(status.failure().message() == "a line of the monitor is longer than the limit of 300 bytes");
    }
    Outcome<std::optional<qmp::Event>> stop;
    events.async_next(stop.token());
    partner.settle();
    REQUIRE(stop.succeeded());
    CHECK(stop.value->name == "STOP");
    Outcome<std::optional<qmp::Event>> after;
    events.async_next(after.token());
    partner.settle();
    CHECK(after.failure().code() == status.failure().code());
}

TEST_CASE("a large command goes out piece by piece while answers come in")
{
    Partner partner;
    partner.greet();
    Outcome<boost::json::value> large;
    Outcome<Status> status;
    auto const text = std::string(3'000'000, 'x');
    partner.client->async_execute("large", {{"text", text}}, 1h, large.token());
    partner.client->async_execute(qmp::query_status{}, 1h, status.token());
    partner.say(event("STOP"));
    std::string heard;
    while (heard.find("query-status") == std::string::npos) {
        auto const more = partner.heard();
        REQUIRE(!more.empty());
        heard += more;
    }
    CHECK(heard == "{\"execute\":\"large\",\"arguments\":{\"text\":\"" + text +
                       "\"},\"id\":\"t1\"}\n{\"execute\":\"query-status\",\"id\":\"t2\"}\n");
    partner.say(answer("t1", "\"" + std::string(100'000, 'y') + "\"") + answer("t2", running));
    CHECK(large.value.as_string().size() == 100'000);
    CHECK(status.succeeded());
}

TEST_CASE("a partner that stops reading and leaves ends a half-written command")
{
    Partner partner;
    partner.greet();
    Outcome<boost::json::value> large;
    partner.client->async_execute("large", {{"text", std::string(3'000'000, 'x')}}, 1h, large.token());
    partner.settle();
    CHECK(!large.is_done);
    partner.hang_up();
    CHECK(large.failure().code() == Errc::monitor_failed);
}

TEST_CASE("fds go along with their command, and the caller keeps its own")
{
    Partner partner;
    partner.greet();
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    Outcome<qmp::Nothing> before;
    Outcome<qmp::add_fd::Reply> added;
    partner.client->async_execute(qmp::stop{}, 1s, before.token());
    CHECK(partner.heard() == "{\"execute\":\"stop\",\"id\":\"t1\"}\n");
    partner.client->async_execute(qmp::add_fd{.opaque = "me"}, {1s, {ends[0], ends[1]}}, added.token());
    partner.settle();

    std::array<char, 200> text{};
    alignas(::cmsghdr) std::array<char, CMSG_SPACE(2 * sizeof(int))> control{};
    ::iovec piece{text.data(), text.size()};
    ::msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    auto const size = ::recvmsg(partner.end, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    REQUIRE(size > 0);
    CHECK(std::string(text.data(), static_cast<std::size_t>(size)) ==
          "{\"execute\":\"add-fd\",\"arguments\":{\"opaque\":\"me\"},\"id\":\"t2\"}\n");
    REQUIRE(CMSG_FIRSTHDR(&message) != nullptr);
    std::array<int, 2> received{};
    std::memcpy(received.data(), CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof received);
    for (std::size_t i = 0; i < 2; ++i) {
        struct ::stat mine
        {
        };
        struct ::stat theirs
        {
        };
        CHECK(::fstat(ends[i], &mine) == 0);
        CHECK(::fstat(received[i], &theirs) == 0);
        CHECK(mine.st_ino == theirs.st_ino);
        ::close(received[i]);
        ::close(ends[i]);
    }
    partner.say(answer("t2", R"({"fdset-id": 3, "fd": 12})"));
    CHECK(added.value.fdset_id == 3);

    Outcome<qmp::Nothing> bad;
    partner.client->async_execute(qmp::getfd{"x"}, {1s, {-1}}, bad.token());
    partner.settle();
    CHECK(bad.failure().code() == std::errc::bad_file_descriptor);
}

TEST_CASE("a socket that is none is refused, and closed")
{
    asio::io_context io;
    CHECK_THROWS_AS(qmp::Client(io.get_executor(), -1), Error);
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    {
        qmp::Client client{io.get_executor(), ends[0]};
    }
    CHECK(::fcntl(ends[0], F_GETFD) == -1);
    ::close(ends[1]);
}

TEST_CASE("coroutines await replies and catch errors")
{
    Partner partner;
    partner.greet();
    std::string said;
    auto talk = [&]() -> asio::awaitable<void> {
        auto const status = co_await partner.client->async_execute(qmp::query_status{}, 1s);
        said = to_string(status.status);
        try {
            co_await partner.client->async_execute(qmp::cont{}, 1s, asio::use_awaitable);
        } catch (qmp::CommandError const& error) {
            said += " " + error.error_class();
        }
        auto [error, value] = co_await partner.client->async_execute("x", {}, 1s, asio::as_tuple(asio::use_awaitable));
        said += error ? " error" : " " + std::to_string(value.as_int64());
    };
    asio::co_spawn(partner.io, talk(), asio::detached);
    partner.settle();
    partner.say(answer("t1", running));
    partner.say(refusal("t2", "GenericError", "no"));
    partner.say(answer("t3", "9"));
    CHECK(said == "running GenericError 9");
}

TEST_CASE("in a parallel group the slower command is cancelled")
{
    Partner partner;
    partner.greet();
    Outcome<Status> unused;
    std::array<std::size_t, 2> order{};
    std::exception_ptr first_error;
    std::exception_ptr second_error;
    asio::experimental::make_parallel_group(partner.client->async_execute(qmp::query_status{}, 1h, asio::deferred),
                                            partner.client->async_execute(qmp::query_version{}, 1h, asio::deferred))
        .async_wait(asio::experimental::wait_for_one(),
                    [&](auto completed, std::exception_ptr e1, Status, std::exception_ptr e2, qmp::VersionInfo) {
                        order = completed;
                        first_error = e1;
                        second_error = e2;
                    });
    partner.settle();
    partner.say(answer("t2", R"({"qemu": {"major": 7, "minor": 2, "micro": 0}, "package": ""})"));
    CHECK(order[0] == 1);
    CHECK(!second_error);
    REQUIRE(first_error);
    CHECK_THROWS_WITH(std::rethrow_exception(first_error), "query-status: cancelled; QEMU may still run the command");
}

TEST_CASE("handlers run on their own executor")
{
    Partner partner;
    partner.greet();
    asio::io_context other;
    Outcome<Status> status;
    partner.client->async_execute(qmp::query_status{}, 1s, asio::bind_executor(other.get_executor(), status.token()));
    partner.say(answer("t1", running));
    CHECK(!status.is_done);
    CHECK(other.run_one() > 0);
    while (other.poll() != 0)
        ;
    CHECK(status.succeeded());
}

TEST_CASE("an io_context destroyed with operations in flight leaves nothing behind")
{
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    auto alive = std::make_shared<int>();
    std::weak_ptr<int> watch = alive;
    {
        asio::io_context io{1};
        auto talk = [](int fd, std::shared_ptr<int> held) -> asio::awaitable<void> {
            auto const executor = co_await asio::this_coro::executor;
            qmp::Client client{executor, fd, {.id_prefix = "t"}};
            auto events = client.subscribe();
            auto wait = [](qmp::Subscription subscription, std::shared_ptr<int>) -> asio::awaitable<void> {
                co_await subscription.async_next();
            };
            asio::co_spawn(executor, wait(std::move(events), held), asio::detached);
            co_await client.async_execute(qmp::query_status{}, 1h);
        };
        asio::co_spawn(io, talk(ends[1], std::move(alive)), asio::detached);
        io.poll();
        CHECK(!watch.expired());
    }
    CHECK(watch.expired());
    CHECK(::fcntl(ends[1], F_GETFD) == -1);
    ::close(ends[0]);
}
