// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "command.hpp"

#include <string>
#include <string_view>
#include <vector>

/// One call of a command.
struct Call
{
    Command const* command{};
    Arguments arguments{};
};

/// Reads `COMMAND WORD…; COMMAND…` with quotes, escapes and comments. Throws Refusal at the first fault, so that nothing
/// is run of a text that has one.
[[nodiscard]] auto parse_text(std::string_view text) -> std::vector<Call>;

/// Reads one command, each word as it is.
[[nodiscard]] auto parse_words(std::vector<std::string> const& words) -> Call;
