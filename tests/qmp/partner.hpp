// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "catch.hpp"

#include <vmwright/core/error.hpp>
#include <vmwright/qmp/client.hpp>

#include <boost/asio/io_context.hpp>

#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace qmp_tests
{

inline std::string const greeting =
    R"({"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian"}, "capabilities": ["oob"]}})"
    "\r\n";

inline auto answer(std::string const& id, std::string const& value) -> std::string
{
    return R"({"return": )" + value + R"(, "id": ")" + id + "\"}\r\n";
}

inline auto refusal(std::string const& id, std::string const& error_class, std::string const& description) -> std::string
{
    return R"({"error": {"class": ")" + error_class + R"(", "desc": ")" + description + R"("}, "id": ")" + id + "\"}\r\n";
}

inline auto event(std::string const& name, std::string const& data = {}) -> std::string
{
    return R"({"timestamp": {"seconds": 1700000000, "microseconds": 42}, "event": ")" + name + "\"" +
           (data.empty() ? "" : R"(, "data": )" + data) + "}\r\n";
}

/// How an operation came out: nothing yet, an error, or a value.
template <class T>
class Outcome
{
public:
    bool is_done{};
    int calls{};
    std::exception_ptr error{};
    T value{};

    auto token()
    {
        return [this, here = std::weak_ptr<int>{here_}](std::exception_ptr e, T v) {
            if (here.expired())
                return;
            is_done = true;
            ++calls;
            error = std::move(e);
            value = std::move(v);
        };
    }
    /// The error; fails the test when there is none.
    [[nodiscard]] auto failure() const -> vmwright::Error
    {
        REQUIRE(is_done);
        REQUIRE(error);
        try {
            std::rethrow_exception(error);
        } catch (vmwright::Error const& e) {
            return e;
        }
    }
    [[nodiscard]] auto succeeded() const -> bool { return is_done && !error; }

private:
    std::shared_ptr<int> here_{std::make_shared<int>()}; ///< a failed test unwinds before its operations end
};

/// A client and, on the other end of its socket, the test in QEMU's place.
struct Partner
{
    explicit Partner(vmwright::qmp::ClientOptions options = {.id_prefix = "t"})
    {
        int fds[2];
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
        end = fds[0];
        client.emplace(io.get_executor(), fds[1], std::move(options));
    }
    Partner(Partner const&) = delete;
    auto operator=(Partner const&) -> Partner& = delete;
    ~Partner()
    {
        client.reset();
        settle();
        hang_up();
    }

    /// Runs everything that can run now.
    void settle()
    {
        do
            io.restart();
        while (io.poll() != 0);
    }
    /// Runs until the condition holds; fails after five seconds.
    void run_until(std::function<bool()> const& condition)
    {
        auto const end_of_patience = std::chrono::steady_clock::now() + std::chrono::seconds{5};
        while (!condition()) {
            io.restart();
            io.run_one_until(end_of_patience);
            REQUIRE(std::chrono::steady_clock::now() < end_of_patience);
        }
    }
    void say(std::string_view text)
    {
        // A client that gave up on us has closed its end; that is its right.
        auto const sent = ::send(end, text.data(), text.size(), MSG_NOSIGNAL);
        REQUIRE((sent == static_cast<ssize_t>(text.size()) || (sent < 0 && errno == EPIPE)));
        settle();
    }
    /// All that the client has written since the last call.
    auto heard() -> std::string
    {
        settle();
        std::string text(65536, '\0');
        auto const size = ::recv(end, text.data(), text.size(), MSG_DONTWAIT);
        text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        return text;
    }
    void hang_up()
    {
        if (end >= 0)
            ::close(std::exchange(end, -1));
        settle();
    }
    /// The handshake, to its end.
    void greet()
    {
        Outcome<vmwright::qmp::Greeting> ready;
        client->async_handshake({}, ready.token());
        say(greeting);
        REQUIRE(heard().starts_with("{\"execute\":\"qmp_capabilities\",\"id\":\"t0\"}\n"));
        say(answer("t0", "{}"));
        REQUIRE(ready.succeeded());
    }

    boost::asio::io_context io{1};
    int end{-1};
    std::optional<vmwright::qmp::Client> client;
};

} // namespace qmp_tests
