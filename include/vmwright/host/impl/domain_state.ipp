// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/domain_state.hpp>

namespace vmwright::inline v0
{

auto reason_name(DomainState const& state) noexcept -> std::string_view
{
    switch (state.phase) {
    case RunPhase::running: return to_string(static_cast<RunningReason>(state.reason));
    case RunPhase::paused: return to_string(static_cast<PausedReason>(state.reason));
    case RunPhase::shutdown: return to_string(static_cast<ShutdownReason>(state.reason));
    case RunPhase::shutoff: return to_string(static_cast<ShutoffReason>(state.reason));
    case RunPhase::crashed: return to_string(static_cast<CrashedReason>(state.reason));
    case RunPhase::no_state:
    case RunPhase::blocked:
    case RunPhase::pmsuspended: break;
    }
    return "unknown";
}

} // namespace vmwright::inline v0
