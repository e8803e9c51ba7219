// SPDX-License-Identifier: BSL-1.0
#include "notify.hpp"

#include "command.hpp"

#include <vmwright/machine/fd.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <system_error>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

Supervisor::Supervisor()
{
    if (auto const* const socket = std::getenv("NOTIFY_SOCKET"); socket != nullptr)
        socket_ = socket;
    unsetenv("NOTIFY_SOCKET");
}

void Supervisor::tell(std::string_view words) const
{
    if (socket_.empty())
        return;
    auto const refuse = [this](int error) {
        throw Refusal{fmt::format("cannot send to NOTIFY_SOCKET '{}': {}", socket_, std::generic_category().message(error))};
    };
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if ((socket_.front() != '/' && socket_.front() != '@') || socket_.size() >= sizeof address.sun_path)
        refuse(EAFNOSUPPORT);
    socket_.copy(address.sun_path, socket_.size());
    // A socket without a file: its name begins with a zero byte, and ends where the address does.
    if (socket_.front() == '@')
        address.sun_path[0] = '\0';
    auto const size = offsetof(sockaddr_un, sun_path) + socket_.size() + (socket_.front() == '/' ? 1 : 0);
    vmwright::UniqueFd const sender{socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    // One that does not read shall not keep us from what we have to do.
    timeval const patience{.tv_sec = 5, .tv_usec = 0};
    if (!sender || setsockopt(sender.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) < 0 ||
        sendto(sender.get(), words.data(), words.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr const*>(&address),
               static_cast<socklen_t>(size)) < 0)
        refuse(errno);
}
