// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

namespace vmwright::inline v0
{

/// Whether somebody listens on the port, on any IPv4 or IPv6 address of this host; asked by bind(2), as the kernel's list of
/// all sockets takes milliseconds to read.
[[nodiscard]] auto tcp_port_is_taken(std::uint16_t port) -> bool;

} // namespace vmwright::inline v0
