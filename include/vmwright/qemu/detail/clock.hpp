// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/clock.hpp>
#include <vmwright/qemu/host_facts.hpp>

#include <string>

namespace vmwright::inline v0::qemu::detail
{

/// What the guest's clock shows when it starts, in the words of -rtc.
[[nodiscard]] auto clock_base(Clock const& clock, HostFacts const& facts) -> std::string;

} // namespace vmwright::inline v0::qemu::detail
