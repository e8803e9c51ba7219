// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/audio.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<Audio> auto& v)
{
    static constexpr auto not_yet = name_list("input", "output");
    at("@id", v.id);
    at("@type", v.type);
    at("@timerPeriod", v.timer_period);
    at.not_yet(not_yet);
}

} // namespace vmwright::inline v0::xml::detail
