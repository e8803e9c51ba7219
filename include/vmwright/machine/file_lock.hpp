// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/fd.hpp>

#include <string>
#include <string_view>

namespace vmwright::inline v0
{

/// Opens the file, makes it (mode 0600) if it is not there, and locks it for writing. Empty when somebody else has the lock.
/// The lock belongs to the open file: it ends when the last copy of the descriptor is closed, in whichever process that is.
/// What is locked is the file that has this name, also when another was put in its place meanwhile.
[[nodiscard]] auto try_lock_file(std::string const& path) -> UniqueFd;

/// Whether anybody has that lock, this process included. Touches nothing; a file that is not there is not locked.
[[nodiscard]] auto file_is_locked(std::string const& path) -> bool;

/// The same, waiting for whoever has it: for a lock that is never held for longer than a few system calls.
[[nodiscard]] auto wait_for_lock_file(std::string const& path) -> UniqueFd;

/// Puts a new file with this text, locked, in the place of one whose holder is dead, while a process that it forked keeps
/// a copy of the lock. The caller sees to it that nobody does the same or locks the old file meanwhile.
[[nodiscard]] auto replace_lock_file(std::string const& path, std::string_view text) -> UniqueFd;

} // namespace vmwright::inline v0
