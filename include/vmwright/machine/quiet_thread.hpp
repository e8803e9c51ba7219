// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <functional>
#include <thread>

namespace vmwright::inline v0
{

/// A thread on which no signal is handled: those of the program are for the program's own threads.
[[nodiscard]] auto quiet_thread(std::function<void()> body) -> std::thread;

} // namespace vmwright::inline v0
