// SPDX-License-Identifier: BSL-1.0
#include "monitor_talk.hpp"

#include "catch.hpp"

#include <vmwright/machine/unix_socket.hpp>

#include <poll.h>
#include <unistd.h>

using namespace vmwright;

namespace
{

/// Both commands were: qmp_capabilities and the one.
auto is_answered(std::string const& heard) -> bool
{
    auto const first = heard.find("\"return\"");
    return first != heard.npos && heard.find("\"return\"", first + 1) != heard.npos;
}

} // namespace

auto answer_of(std::string const& root, std::string const& domain, std::string const& command) -> std::string
{
    auto const socket = connect_unix(root + "/run/" + domain + "/qmp7");
    REQUIRE(socket.outcome == ConnectOutcome::connected);
    write_all(socket.fd.get(), "{\"execute\": \"qmp_capabilities\"}\n" + command + "\n");
    std::string heard;
    while (!is_answered(heard)) {
        pollfd readable{socket.fd.get(), POLLIN, 0};
        REQUIRE(::poll(&readable, 1, 5000) == 1);
        char buffer[4096];
        auto const count = ::read(socket.fd.get(), buffer, sizeof buffer);
        if (count <= 0)
            break;
        heard.append(buffer, static_cast<std::size_t>(count));
    }
    return heard;
}
