// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/event.hpp>

#include <boost/json/object.hpp>

namespace vmwright::inline v0::detail
{

/// An event as the log has it.
[[nodiscard]] auto encode_event(Event const& event) -> boost::json::object;
/// Throws for an object that encode_event did not make.
[[nodiscard]] auto decode_event(boost::json::object const& object) -> Event;

} // namespace vmwright::inline v0::detail
