// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/fd.hpp>

#include <string>
#include <utility>

namespace vmwright::inline v0
{

enum class ConnectOutcome
{
    connected,
    busy,    ///< the listener's queue is full: somebody is connected and others wait
    refused, ///< a socket file that nobody listens on
    absent,  ///< no such file
};

struct Connection
{
    ConnectOutcome outcome{ConnectOutcome::absent};
    UniqueFd fd{}; ///< non-blocking; empty unless connected
};

/// A listening stream socket of mode 0600, also where the path is too long for an address: only its last part is limited
/// to 80 bytes. Connections queue from now on, before anybody accepts. Fails when the file exists.
[[nodiscard]] auto listen_unix(std::string const& path, int backlog = 1) -> UniqueFd;

/// Two ends of one connection, for processes that inherit them; it has no name.
[[nodiscard]] auto unix_pair() -> std::pair<UniqueFd, UniqueFd>;

/// One connect(2) that never waits; the path as with listen_unix.
[[nodiscard]] auto connect_unix(std::string const& path) -> Connection;

} // namespace vmwright::inline v0
