// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/fd.hpp>

#include <string>

namespace vmwright::inline v0
{

/// Opens the file, makes it (mode 0600) if it is not there, and locks it for writing. Empty when somebody else has the lock.
/// The lock belongs to the open file: it ends when the last copy of the descriptor is closed, in whichever process that is.
[[nodiscard]] auto try_lock_file(std::string const& path) -> UniqueFd;

/// Whether anybody has that lock, this process included. Touches nothing; a file that is not there is not locked.
[[nodiscard]] auto file_is_locked(std::string const& path) -> bool;

} // namespace vmwright::inline v0
