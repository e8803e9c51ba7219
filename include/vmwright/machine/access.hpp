// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

namespace vmwright::inline v0
{

class Machine;

/// Why this program's user may not open a file.
struct Denial
{
    std::string reason{}; ///< which directory or file refuses whom; empty where the permission bits do not tell
    std::string hint{};   ///< what would help: a group, a mode, an owner
    std::string group{};  ///< the group whose members may; empty for none

    bool operator==(Denial const&) const = default;
};

/// Reads the permission bits of the file and of the directories on the way to it.
[[nodiscard]] auto explain_denial(Machine& machine, std::string const& path, bool writes) -> Denial;

} // namespace vmwright::inline v0
