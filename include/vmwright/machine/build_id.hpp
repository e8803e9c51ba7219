// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

namespace vmwright::inline v0
{

class Machine;

/// The build id that the linker gave an ELF program, in hex: the same build has the same one wherever it is installed.
/// Empty when the file has none, or is none.
[[nodiscard]] auto build_id(Machine& machine, std::string const& path) -> std::string;

} // namespace vmwright::inline v0
