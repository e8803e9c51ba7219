// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace vmwright::inline v0::detail
{

/// What more there is to find out about a line of the emulator's than stands in it.
enum class StartTopic
{
    plain,            ///< nothing
    file,             ///< why that file could not be opened, which the line says at its end
    unread_file,      ///< the same, which the line does not say
    lock,             ///< whose image; the next line names it
    port,             ///< which port
    listen,           ///< an address and a port
    address,          ///< an address that is not this host's
    connection,       ///< what could not be connected to, and why
    machine,          ///< which machine
    machine_property, ///< of that machine
    cpu,              ///< a CPU model
    cpu_feature,      ///< a switch of the CPU
    cpu_features,     ///< those that the lines before name
    device,           ///< a device model
    device_property,  ///< of that device
    object,           ///< a kind of object
    parameter,        ///< of that option
    driver,           ///< of a disk or of sound
    option,           ///< one that this emulator does not know
    memory,           ///< how much
};

/// A line that the emulator is known to write.
struct StartWords
{
    StartTopic topic{};
    Errc code{};
    std::vector<std::string> names{}; ///< what it names, in its order
    std::string message{};
    std::string hint{};
    bool is_weak{}; ///< any other line tells more
};

/// Of a line without its time, program and option; nothing for one that is not known. Warnings, without that word, are what
/// some libraries tell their errors as.
[[nodiscard]] auto recognize(std::string_view line, bool is_warning) -> std::optional<StartWords>;

/// The reason at the end of a line, in the kernel's words.
[[nodiscard]] auto reason_at_end(std::string_view line) -> std::optional<std::errc>;

} // namespace vmwright::inline v0::detail
