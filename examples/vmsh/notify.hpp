// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>

/// Tells the program that has started this one, systemd or one like it, how far it is: sd_notify's protocol, a datagram to
/// the socket that $NOTIFY_SOCKET names. Without that variable nobody is told.
class Supervisor
{
public:
    /// Takes the variable out of the environment, so that no process that is started speaks for this one. To be made before
    /// there is another thread.
    Supervisor();

    /// Words as `READY=1` or `STATUS=…`, one a line. Throws Refusal when there is a socket that does not take them.
    void tell(std::string_view words) const;

private:
    std::string socket_{};
};
