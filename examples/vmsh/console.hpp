// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "shell.hpp"

/// What start and create are asked for. With --console the guest waits until its terminal is attached.
[[nodiscard]] auto start_options(Arguments const& arguments) -> vw::StartOptions;

/// The end of `start --console`: attaches to the console of a domain that waits paused, and lets it run unless it shall
/// stay paused. So nothing that the guest says is lost.
[[nodiscard]] auto run_console_of_start(Shell& shell, vw::Domain const& domain, bool stays_paused) -> bool;
