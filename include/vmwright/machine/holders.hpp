// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/process.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

class Machine;

/// The running processes that hold a lock on a part of the file, as emulators do with their images; not those that merely
/// have it open. Those that we may not look into are left out, this process too.
[[nodiscard]] auto lock_holders(Machine& machine, std::string const& path) -> std::vector<ProcessId>;

/// The running processes that listen on the TCP port, on any address, as far as we may look.
[[nodiscard]] auto port_holders(Machine& machine, std::uint16_t port) -> std::vector<ProcessId>;

/// What the process was started with, the program first; empty when it has ended or we may not look.
[[nodiscard]] auto arguments_of(Machine& machine, ProcessId process) -> std::vector<std::string>;

/// The first letter of the process's state as ps shows it: R, S, D, T, Z; a blank when it has ended.
[[nodiscard]] auto process_state(Machine& machine, ProcessId process) -> char;

} // namespace vmwright::inline v0
