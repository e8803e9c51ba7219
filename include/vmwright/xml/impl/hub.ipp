// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/hub.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<Hub> auto& v)
{
    at.required("@type", "add type='usb'");
    at("@type", v.type);
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
