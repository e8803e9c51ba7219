// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fake_qemu
{

/// What a fake QEMU does otherwise than a sound one.
///
/// Text of the form `WHEN ACTION [ARGUMENT]`, several of them separated by `;`. WHEN is `start`, before it looks at its
/// sockets; `greeting`, before a client is greeted; `sigterm`; the name of a QMP command, before it is carried out; or that
/// with a `+`, after it was answered.
///
///     exit CODE [TEXT]   ends with that code, having written the text to its standard error
///     crash              is killed by SIGKILL
///     hang               reads and writes nothing any more; only SIGKILL ends it
///     slow MS            does nothing for so long, then goes on
///     garbage            writes what is no JSON, then goes on
///     cut                closes the client's connection
///     refuse TEXT        answers the command with an error
///     ignore             answers the command and does not carry it out
///     guest DEED         the guest does poweroff, reboot, panic, sleep or an I/O error
struct Rule
{
    std::string when{};
    std::string action{};
    std::string argument{};

    bool operator==(Rule const&) const = default;
};

/// Throws std::invalid_argument for a rule without an action or with one that does not exist.
[[nodiscard]] auto parse_script(std::string_view text) -> std::vector<Rule>;

} // namespace fake_qemu
