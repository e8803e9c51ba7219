// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/host_address.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<HostUsbAddress> auto& v)
{
    at("@bus", v.bus);
    at("@device", v.device);
}

void map(auto& at, Like<HostAddress> auto& v)
{
    at.choice("@type", v, host_address_names);
}

} // namespace vmwright::inline v0::xml::detail
