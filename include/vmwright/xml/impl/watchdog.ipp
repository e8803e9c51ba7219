// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/watchdog.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<Watchdog> auto& v)
{
    at.required("@model", "name one, as model='i6300esb'");
    at("@model", v.model);
    at("@action", v.action);
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
