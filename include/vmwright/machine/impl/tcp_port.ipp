// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/fd.hpp>
#include <vmwright/machine/tcp_port.hpp>

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>

namespace vmwright::inline v0
{

namespace detail::tcp_port
{
namespace
{

/// An address family that this host does not have is free.
template <class Address>
auto is_taken(Address const& address, int family) -> bool
{
    UniqueFd const socket{::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (!socket)
        return false;
    int const on = 1;
    // As an emulator does: connections that have ended lately hold no port.
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (family == AF_INET6)
        ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    return ::bind(socket.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address) < 0 && errno == EADDRINUSE;
}

} // namespace
} // namespace detail::tcp_port

auto tcp_port_is_taken(std::uint16_t port) -> bool
{
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    return detail::tcp_port::is_taken(v4, AF_INET) || detail::tcp_port::is_taken(v6, AF_INET6);
}

} // namespace vmwright::inline v0
