// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/clock.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<Catchup> auto& v)
{
    at("@threshold", v.threshold);
    at("@slew", v.slew);
    at("@limit", v.limit);
}

void map(auto& at, Like<Timer> auto& v)
{
    at.required("@name", "name the timer");
    at("@name", v.name);
    at("@present", v.present);
    at("@tickpolicy", v.tick_policy);
    at("@track", v.track);
    at("@frequency", v.frequency);
    at("@mode", v.mode);
    at("catchup", v.catchup);
}

void map(auto& at, Like<Clock> auto& v)
{
    at.expected("@offset", "add offset='utc'");
    at("@offset", v.offset);
    at("@adjustment", v.adjustment);
    at("@basis", v.basis);
    at("@timezone", v.timezone);
    at("@start", v.start);
    at("timer", v.timers);
}

} // namespace vmwright::inline v0::xml::detail
