// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/event.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace vmwright::inline v0::detail
{

/// Somebody has called for something, which events are going to follow from.
struct LoggedCall
{
    EventCause cause{};
    std::chrono::system_clock::time_point time{};
};

/// What the log says of a domain: what of it has been told.
struct LoggedDomain
{
    Uuid uuid{};
    std::string definition{}; ///< its stamp; empty when there is none
    int run{};                ///< the id of the last run
    std::uint64_t place{};    ///< how much of that run's journal
    bool is_over{true};       ///< its end, too
    std::vector<LoggedCall> calls{};
};

/// Whose call it was that led to an event, as far as one is known. `domain` forgets calls that have led to all they can.
[[nodiscard]] auto cause_of(Event const& event, LoggedDomain& domain) -> EventCause;
/// Forgets the calls that come to nothing more with that event, led to it or not.
void forget_calls(Event const& event, LoggedDomain& domain);

} // namespace vmwright::inline v0::detail
