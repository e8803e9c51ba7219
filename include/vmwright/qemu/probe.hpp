// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/result.hpp>
#include <vmwright/qemu/capabilities.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qemu
{

/// One QMP command of a probe.
struct ProbeCommand
{
    std::string name{};
    std::string arguments{}; ///< a JSON object, or empty for none

    bool operator==(ProbeCommand const&) const = default;
};

/// A command and QEMU's whole answer to it: `{"return": …}` or `{"error": …}`.
struct ProbeReply
{
    ProbeCommand command{};
    std::string reply{};

    bool operator==(ProbeReply const&) const = default;
};

/// The options of a QEMU that is started only to be asked; the caller adds its monitor.
[[nodiscard]] auto probe_options() -> std::vector<std::string>;

/// What to ask first. Send them in this order, all at once if you like; an error is an answer, too.
[[nodiscard]] auto probe_commands() -> std::vector<ProbeCommand>;

/// What to ask then in the same QEMU: the property lists of the machines and devices that it has.
/// Ask for no others: QEMU 7.2 aborts on microvm and on a device whose module is not installed. Should a QEMU end at
/// one of these, too, the answers so far make a usable value.
[[nodiscard]] auto probe_details(std::span<ProbeReply const> replies) -> Result<std::vector<ProbeCommand>>;

/// The answers to both, made into a value without identity. Without an answer to a property list, it has none.
[[nodiscard]] auto capabilities_from(std::string_view binary, std::span<ProbeReply const> replies) -> Result<Capabilities>;

} // namespace vmwright::inline v0::qemu
