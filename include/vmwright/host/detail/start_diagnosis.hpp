// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>
#include <vmwright/host/detail/driver.hpp>
#include <vmwright/host/detail/start_failure.hpp>
#include <vmwright/host/detail/store.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace vmwright::inline v0::detail
{

/// The error of that failure, with what this host can tell of its cause, and the place in the definition. `words` are
/// those of the emulator and its helpers.
[[nodiscard]] auto start_error(Store const& store, StartOrder const& order, StartFailure failure, std::string words = {})
    -> Error;

/// `NODE, line 18 column 5 of the definition`.
[[nodiscard]] auto place_of(StartOrder const& order, std::string const& node) -> std::string;

/// An error of a start's own steps: told of the domain and, where it has one, the device; the system's reason becomes a code
/// and a hint.
[[nodiscard]] auto step_error(Store const& store, StartOrder const& order, Error const& error, std::string_view device = {})
    -> Error;

/// An emulator that runs and does not answer. `doing` is what was asked of it.
[[nodiscard]] auto timeout_error(Store const& store, StartOrder const& order, ProcessId emulator, std::string_view doing,
                                 std::string words) -> Error;

} // namespace vmwright::inline v0::detail
