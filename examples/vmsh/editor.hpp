// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

/// Lets the user edit the file, with $VISUAL, else $EDITOR, else vi, and waits for the end of that. Refuses when the editor
/// could not be run or failed.
void run_editor(std::string const& file);
