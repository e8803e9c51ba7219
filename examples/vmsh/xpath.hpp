// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

/// Each node of the text that the expression selects, a line each; with `wrap` in an element `nodes`.
[[nodiscard]] auto select_nodes(std::string const& text, std::string const& expression, bool wrap) -> std::string;
