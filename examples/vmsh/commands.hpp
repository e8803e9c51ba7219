// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "command.hpp"

#include <span>
#include <string_view>
#include <vector>

/// A group of commands, with the names of all of them: virsh's, and one that only vmsh has.
struct Group
{
    std::string_view title{};
    std::string_view keyword{};
    std::vector<std::string_view> names{};
};
[[nodiscard]] auto groups() -> std::span<Group const>;

/// Null when there is no such command, or not yet.
[[nodiscard]] auto find_command(std::string_view name) -> Command const*;
/// virsh or vmsh has a command of that name.
[[nodiscard]] auto is_known_name(std::string_view name) -> bool;

// The commands of each file.
[[nodiscard]] auto autostart_commands() -> std::vector<Command>;
[[nodiscard]] auto capabilities_commands() -> std::vector<Command>;
[[nodiscard]] auto console_commands() -> std::vector<Command>;
[[nodiscard]] auto define_commands() -> std::vector<Command>;
[[nodiscard]] auto dumpxml_commands() -> std::vector<Command>;
[[nodiscard]] auto edit_commands() -> std::vector<Command>;
[[nodiscard]] auto event_commands() -> std::vector<Command>;
[[nodiscard]] auto help_commands() -> std::vector<Command>;
[[nodiscard]] auto host_commands() -> std::vector<Command>;
[[nodiscard]] auto info_commands() -> std::vector<Command>;
[[nodiscard]] auto lifecycle_commands() -> std::vector<Command>;
[[nodiscard]] auto list_commands() -> std::vector<Command>;
[[nodiscard]] auto monitor_commands() -> std::vector<Command>;
[[nodiscard]] auto native_commands() -> std::vector<Command>;
[[nodiscard]] auto notes_commands() -> std::vector<Command>;
[[nodiscard]] auto nudges_commands() -> std::vector<Command>;
[[nodiscard]] auto run_commands() -> std::vector<Command>;
[[nodiscard]] auto shell_commands() -> std::vector<Command>;
[[nodiscard]] auto tuning_commands() -> std::vector<Command>;
