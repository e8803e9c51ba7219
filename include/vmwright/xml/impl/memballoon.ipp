// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/memballoon.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<Memballoon> auto& v)
{
    at.required("@model", "give virtio, or none for no balloon");
    at("@model", v.model);
    at("@autodeflate", v.autodeflate, on_off);
    at("@freePageReporting", v.free_page_reporting, on_off);
    at("stats/@period", v.stats_period);
    at(".", v.info);
    at("driver", v.virtio);
}

} // namespace vmwright::inline v0::xml::detail
