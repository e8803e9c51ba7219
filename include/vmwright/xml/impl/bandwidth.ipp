// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/bandwidth.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<BandwidthRate> auto& v)
{
    at("@average", v.average);
    at("@peak", v.peak);
    at("@floor", v.floor);
    at("@burst", v.burst);
}

void map(auto& at, Like<Bandwidth> auto& v)
{
    at("inbound", v.inbound);
    at("outbound", v.outbound);
}

} // namespace vmwright::inline v0::xml::detail
