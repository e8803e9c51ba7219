// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

/// All commands with what they do, in their groups.
[[nodiscard]] auto help_of_groups() -> std::string;
