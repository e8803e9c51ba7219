// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/detail/system_failure.hpp>
#include <vmwright/machine/unix_socket.hpp>

#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <string_view>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace vmwright::inline v0
{

namespace detail::unix_socket
{
namespace
{

constexpr std::size_t longest_leaf{80};

/// The address of a socket file as a leaf of its directory, which stays open as long as the address is used.
struct Address
{
    UniqueFd directory{};
    sockaddr_un value{};

    [[nodiscard]] auto generic() const -> sockaddr const* { return reinterpret_cast<sockaddr const*>(&value); }
};

/// Without /proc the path itself must do.
auto address_text(std::string const& path, std::string_view leaf, int directory) -> std::string
{
    auto const link = "/proc/self/fd/" + std::to_string(directory);
    if (::access(link.c_str(), F_OK) == 0)
        return link + "/" + std::string{leaf};
    if (path.size() >= sizeof(sockaddr_un{}.sun_path))
        throw Error{
            Errc::io_failed, "'" + path + "' is too long for a socket", {.hint = "mount /proc, or use a shorter directory"}};
    return path;
}

/// An empty directory says that there is none.
auto resolve(std::string const& path) -> Address
{
    auto const slash = path.rfind('/');
    auto const leaf = std::string_view{path}.substr(slash + 1);
    if (slash == path.npos || leaf.empty() || leaf.size() > longest_leaf)
        throw Error{Errc::invalid_argument,
                    "'" + path + "' is not usable for a socket",
                    {.hint = "it needs a directory and a name of 1 to 80 bytes"}};
    auto const parent = slash == 0 ? std::string{"/"} : path.substr(0, slash);
    Address address{.directory = UniqueFd{::open(parent.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)}};
    if (!address.directory && errno == ENOENT)
        return address;
    if (!address.directory)
        throw_file_failure("open", parent);
    address.value.sun_family = AF_UNIX;
    auto const text = address_text(path, leaf, address.directory.get());
    text.copy(address.value.sun_path, sizeof address.value.sun_path - 1);
    return address;
}

auto open_socket(std::string const& path, int flags) -> UniqueFd
{
    UniqueFd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0)};
    if (!socket)
        throw_file_failure("make a socket for", path);
    return socket;
}

} // namespace
} // namespace detail::unix_socket

auto listen_unix(std::string const& path, int backlog) -> UniqueFd
{
    using namespace detail::unix_socket;
    auto const address = resolve(path);
    if (!address.directory) {
        errno = ENOENT;
        detail::throw_file_failure("listen at", path);
    }
    auto socket = open_socket(path, 0);
    // Linux gives the file the mode of its socket: there is no moment in which others could connect.
    ::fchmod(socket.get(), 0600);
    if (::bind(socket.get(), address.generic(), sizeof address.value) < 0 || ::listen(socket.get(), backlog) < 0)
        detail::throw_file_failure("listen at", path);
    return socket;
}

auto unix_pair() -> std::pair<UniqueFd, UniqueFd>
{
    int ends[2]{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        throw detail::system_failure(Errc::io_failed, "cannot make a pair of sockets", errno, "socketpair");
    return {UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

auto connect_unix(std::string const& path) -> Connection
{
    using namespace detail::unix_socket;
    auto const address = resolve(path);
    if (!address.directory)
        return {.outcome = ConnectOutcome::absent};
    auto socket = open_socket(path, SOCK_NONBLOCK);
    if (::connect(socket.get(), address.generic(), sizeof address.value) == 0)
        return {ConnectOutcome::connected, std::move(socket)};
    switch (errno) {
    case EAGAIN: return {.outcome = ConnectOutcome::busy};
    case ECONNREFUSED: return {.outcome = ConnectOutcome::refused};
    case ENOENT: return {.outcome = ConnectOutcome::absent};
    default: detail::throw_file_failure("connect to", path);
    }
}

} // namespace vmwright::inline v0
