// SPDX-License-Identifier: BSL-1.0

// The monitors of many domains on one thread: their handshakes beside the same dialogue of bare Asio, in turns, then one
// round of query-status, and what they cost in memory and threads. One process plays all the servers. Domains: argv[1], or
// 1000. Exit 1 past the goals.

#include <vmwright/qmp/client.hpp>
#include <vmwright/qmp/commands/run_state.hpp>

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
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <malloc.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace vmwright;
namespace asio = boost::asio;
using Socket = asio::local::stream_protocol::socket;
using Steady = std::chrono::steady_clock;

namespace
{

constexpr auto rounds = 9;

constexpr std::string_view greeting{
    R"({"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": ""}, "capabilities": ["oob"]}})"
    "\r\n"};

void say(int fd, std::string_view text)
{
    // Shorter than any socket's buffer.
    if (::send(fd, text.data(), text.size(), MSG_NOSIGNAL) < 0)
        ::close(fd);
}

/// Greets on each, and answers every line as query-status does, until all are closed.
void serve(std::vector<int> const& fds)
{
    auto const poller = ::epoll_create1(0);
    auto left = fds.size();
    for (auto const fd : fds) {
        epoll_event wanted{.events = EPOLLIN, .data = {.fd = fd}};
        ::epoll_ctl(poller, EPOLL_CTL_ADD, fd, &wanted);
        say(fd, greeting);
    }
    epoll_event ready[64];
    while (left > 0)
        for (auto i = ::epoll_wait(poller, ready, 64, -1) - 1; i >= 0; --i) {
            auto const fd = ready[i].data.fd;
            char buffer[4096];
            auto const size = ::recv(fd, buffer, sizeof buffer, 0);
            if (size <= 0) {
                ::close(fd);
                --left;
                continue;
            }
            auto const line = std::string_view{buffer, static_cast<std::size_t>(size)};
            auto const id = line.substr(line.find("\"id\":") + 5);
            say(fd, R"({"return": {"status": "running", "singlestep": false, "running": true}, "id": )" +
                        std::string{id.substr(0, id.find('}'))} + "}\r\n");
        }
}

/// The servers of one round, in a process of their own, and our ends of the connections to them.
class Servers
{
public:
    explicit Servers(int count)
    {
        std::vector<int> theirs;
        for (auto i = 0; i < count; ++i) {
            int ends[2];
            if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
                throw std::runtime_error{"no socketpair: too many open files?"};
            fds.push_back(ends[0]);
            theirs.push_back(ends[1]);
        }
        pid_ = ::fork();
        if (pid_ == 0) {
            for (auto const fd : fds)
                ::close(fd);
            serve(theirs);
            ::_exit(0);
        }
        for (auto const fd : theirs)
            ::close(fd);
    }
    Servers(Servers const&) = delete;
    auto operator=(Servers const&) -> Servers& = delete;
    ~Servers()
    {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }

    std::vector<int> fds{}; ///< whoever connects owns them

private:
    pid_t pid_{};
};

auto milliseconds_of(auto const& work) -> double
{
    auto const begin = Steady::now();
    work();
    return std::chrono::duration<double, std::milli>(Steady::now() - begin).count();
}

auto median(std::vector<double> list) -> double
{
    std::ranges::sort(list);
    return list[list.size() / 2];
}

auto bare_handshake(Socket& socket) -> asio::awaitable<void>
{
    std::string input;
    auto const size = co_await asio::async_read_until(socket, asio::dynamic_buffer(input), '\n', asio::use_awaitable);
    input.erase(0, size);
    std::string const request{"{\"execute\":\"qmp_capabilities\",\"id\":\"abcd1\"}\n"};
    co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
    co_await asio::async_read_until(socket, asio::dynamic_buffer(input), '\n', asio::use_awaitable);
}

/// Ends the process when it fails: the numbers would mean nothing.
void spawn(asio::io_context& context, asio::awaitable<void> work)
{
    asio::co_spawn(context, std::move(work), [](std::exception_ptr const& failure) {
        if (failure)
            std::rethrow_exception(failure);
    });
}

void finish(asio::io_context& context)
{
    context.restart();
    context.run();
}

struct Measured
{
    double handshakes{}; ///< milliseconds
    double status{};     ///< the same
    std::size_t bytes{}; ///< on the heap, of all connections
    std::ptrdiff_t threads{};
};

auto ours(int count) -> Measured
{
    Servers const servers{count};
    Measured measured;
    asio::io_context context{1};
    std::vector<std::unique_ptr<qmp::Client>> clients;
    auto const before = ::mallinfo2().uordblks;
    auto const ready = [](qmp::Client& client) -> asio::awaitable<void> {
        co_await client.async_handshake({}, asio::use_awaitable);
    };
    auto const ask = [](qmp::Client& client) -> asio::awaitable<void> {
        auto const reply = co_await client.async_execute(qmp::query_status{}, {}, asio::use_awaitable);
        if (!reply.running)
            throw std::runtime_error{"a wrong answer"};
    };
    auto left = count;
    auto const counted = [&](auto const& work, qmp::Client& client) -> asio::awaitable<void> {
        co_await work(client);
        --left;
    };
    // The clients read as long as they are there, so the context never runs out of work.
    auto const all = [&](auto const& work) {
        left = count;
        for (auto const& client : clients)
            spawn(context, counted(work, *client));
        context.restart();
        while (left > 0)
            context.run_one();
    };
    measured.handshakes = milliseconds_of([&] {
        for (auto const fd : servers.fds)
            clients.push_back(std::make_unique<qmp::Client>(context.get_executor(), fd));
        all(ready);
    });
    measured.bytes = ::mallinfo2().uordblks - before;
    measured.status = milliseconds_of([&] { all(ask); });
    measured.threads = std::distance(std::filesystem::directory_iterator{"/proc/self/task"}, {});
    clients.clear();
    finish(context);
    return measured;
}

auto bare(int count) -> double
{
    Servers const servers{count};
    asio::io_context context{1};
    std::vector<std::unique_ptr<Socket>> sockets;
    return milliseconds_of([&] {
        for (auto const fd : servers.fds) {
            sockets.push_back(std::make_unique<Socket>(context, asio::local::stream_protocol{}, fd));
            spawn(context, bare_handshake(*sockets.back()));
        }
        finish(context);
    });
}

} // namespace

int main(int argc, char** argv)
{
    auto const count = argc > 1 ? std::atoi(argv[1]) : 1000;
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);

    std::vector<double> with_client, with_asio, status, kilobytes;
    std::ptrdiff_t threads{};
    for (auto round = 0; round < rounds; ++round) {
        auto const measured = ours(count);
        with_client.push_back(measured.handshakes);
        with_asio.push_back(bare(count));
        status.push_back(measured.status);
        kilobytes.push_back(static_cast<double>(measured.bytes) / 1024 / count);
        threads = std::max(threads, measured.threads);
    }
    auto const ratio = median(with_client) / median(with_asio);
    auto const memory = median(kilobytes);
    std::printf("%d handshakes: %.1f ms, bare Asio %.1f ms, ratio %.2f (goal 2)\n", count, median(with_client),
                median(with_asio), ratio);
    std::printf("query-status of all: %.1f ms\n", median(status));
    std::printf("memory %.1f kB a domain (goal 16), %td thread(s) (goal 1)\n", memory, threads);
    return ratio <= 2 && memory <= 16 && threads == 1 ? 0 : 1;
}
