// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/json/value.hpp>

#include <chrono>
#include <string>

namespace vmwright::inline v0::qmp
{

/// One event as QEMU sent it. `as<events::shutdown>(event)` of events.hpp gives the typed form.
struct Event
{
    std::string name{};         ///< QAPI's, in capitals
    boost::json::object data{}; ///< empty when the event has none
    std::chrono::sys_time<std::chrono::microseconds> timestamp{};

    bool operator==(Event const&) const = default;
};

} // namespace vmwright::inline v0::qmp
