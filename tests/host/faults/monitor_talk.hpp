// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

/// What an emulator says to a command on its last monitor, as one would ask with a tool, without any Host; what it has said
/// so far where it ends before it answers.
[[nodiscard]] auto answer_of(std::string const& root, std::string const& domain, std::string const& command) -> std::string;
