// SPDX-License-Identifier: BSL-1.0

// A typed round trip beside one of bare Asio, and typed events per second, against a server in another thread.

#include <vmwright/qmp/client.hpp>
#include <vmwright/qmp/commands/run_state.hpp>
#include <vmwright/qmp/events.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sched.h>
#include <sys/socket.h>
#include <thread>
#include <time.h>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace vmwright;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using WallClock = std::chrono::steady_clock;

namespace
{

constexpr int rounds = 15;
constexpr int trips_per_round = 2000;
constexpr int events_at_once = 200'000;

constexpr std::string_view greeting{
    R"({"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": ""}, "capabilities": ["oob"]}})"
    "\r\n"};

void write_all(int fd, std::string_view text)
{
    while (!text.empty()) {
        auto const size = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
        if (size < 0)
            return;
        text.remove_prefix(static_cast<std::size_t>(size));
    }
}

auto events_text() -> std::string
{
    std::string text;
    for (int i = 0; i < events_at_once; ++i)
        text += R"({"timestamp": {"seconds": 1700000000, "microseconds": 123456}, "event": "RESET", )"
                R"("data": {"guest": true, "reason": "guest-reset"}})"
                "\r\n";
    return text;
}

/// Answers every line as query-status does; "x-flood" with many events before the answer.
void serve(int fd, bool greets)
{
    if (greets)
        write_all(fd, greeting);
    auto const events = events_text();
    std::string pending;
    char buffer[4096];
    for (;;) {
        auto const size = ::recv(fd, buffer, sizeof buffer, 0);
        if (size <= 0)
            break;
        pending.append(buffer, static_cast<std::size_t>(size));
        for (std::size_t end{}; (end = pending.find('\n')) != std::string::npos; pending.erase(0, end + 1)) {
            auto const line = std::string_view{pending}.substr(0, end);
            auto const id = line.substr(line.find("\"id\":") + 5);
            if (line.find("x-flood") != std::string_view::npos)
                write_all(fd, events);
            write_all(fd, R"({"return": {"status": "running", "singlestep": false, "running": true}, "id": )" +
                              std::string{id} + "\r\n");
        }
    }
    ::close(fd);
}

struct Server
{
    explicit Server(bool greets)
    {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
            throw std::runtime_error{"no socketpair"};
        fd = ends[0];
        thread = std::jthread{serve, ends[1], greets};
    }
    int fd{};
    std::jthread thread{};
};

auto bare_trips(asio::local::stream_protocol::socket& socket) -> asio::awaitable<void>
{
    std::string const request{"{\"execute\":\"query-status\",\"id\":\"abcd1\"}\n"};
    std::string input;
    for (int i = 0; i < trips_per_round; ++i) {
        co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
        auto const size = co_await asio::async_read_until(socket, asio::dynamic_buffer(input), '\n', asio::use_awaitable);
        input.erase(0, size);
    }
}

auto typed_trips(qmp::Client& client) -> asio::awaitable<void>
{
    for (int i = 0; i < trips_per_round; ++i) {
        auto const status = co_await client.async_execute(qmp::query_status{}, 5s);
        if (status.status != qmp::RunState::running)
            throw std::runtime_error{"not running"};
    }
}

auto typed_events(qmp::Subscription& events) -> asio::awaitable<void>
{
    int resets = 0;
    while (resets < events_at_once) {
        auto const event = co_await events.async_next();
        auto const reset = qmp::as<qmp::events::reset>(event.value());
        resets += reset && reset->guest;
    }
}

auto drained_events(qmp::Subscription& events) -> asio::awaitable<void>
{
    int resets = 0;
    while (resets < events_at_once) {
        auto event = co_await events.async_next();
        for (; event; event = events.try_next()) {
            auto const reset = qmp::as<qmp::events::reset>(*event);
            resets += reset && reset->guest;
        }
    }
}

/// What this thread has used of a core, so that a busy machine does not blur the rate of events.
struct ThreadClock
{
    static auto now() -> std::chrono::nanoseconds
    {
        ::timespec time{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
    }
};

/// Microseconds until the work is done.
template <class Clock>
auto run(asio::io_context& io, asio::awaitable<void> work) -> double
{
    bool is_done = false;
    auto const start = Clock::now();
    asio::co_spawn(io, std::move(work), [&](std::exception_ptr error) {
        if (error)
            std::rethrow_exception(error);
        is_done = true;
    });
    while (!is_done)
        io.run_one();
    return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

auto median(std::vector<double> values) -> double
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

} // namespace

int main()
{
    // Both ends on one core: otherwise it is the scheduler's choice of cores that is measured.
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(static_cast<unsigned>(::sched_getcpu()), &cpus);
    ::sched_setaffinity(0, sizeof cpus, &cpus);
    asio::io_context io{1};
    Server bare_server{false};
    Server typed_server{true};
    asio::local::stream_protocol::socket socket{io, asio::local::stream_protocol{}, bare_server.fd};
    qmp::Client client{io.get_executor(), typed_server.fd};
    run<WallClock>(io, [&]() -> asio::awaitable<void> { co_await client.async_handshake(5s); }());

    std::vector<double> bare;
    std::vector<double> typed;
    for (int round = 0; round < rounds; ++round) {
        bare.push_back(run<WallClock>(io, bare_trips(socket)) / trips_per_round);
        typed.push_back(run<WallClock>(io, typed_trips(client)) / trips_per_round);
    }
    std::printf("round trip, fake server: bare Asio %.1f us, typed %.1f us, ratio %.2f (goal: typed <= 21 us)\n",
                median(bare), median(typed), median(typed) / median(bare));

    auto const flood = [&](auto const& consume) {
        std::vector<double> rates;
        for (int round = 0; round < 5; ++round) {
            auto events = client.subscribe(events_at_once);
            client.async_execute("x-flood", {}, 60s, [](std::exception_ptr, boost::json::value const&) {});
            rates.push_back(events_at_once / run<ThreadClock>(io, consume(events)));
        }
        return median(rates);
    };
    std::printf("typed events per second of one core: %.2f M by async_next, %.2f M with try_next (goal: >= 0.5 M)\n",
                flood(typed_events), flood(drained_events));
    client.close();
    socket.close();
}
