// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/forward.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<IpRange> auto& v)
{
    at.required("@start", "give the first address");
    at.required("@end", "give the last address");
    at("@start", v.start);
    at("@end", v.end);
}

void map(auto& at, Like<PortRange> auto& v)
{
    at.required("@start", "give the first port");
    at.required("@end", "give the last port");
    at("@start", v.start);
    at("@end", v.end);
}

void map(auto& at, Like<ForwardNat> auto& v)
{
    at("@ipv6", v.ipv6);
    at("address", v.addresses);
    at("port", v.ports);
}

void map(auto& at, Like<ForwardInterface> auto& v)
{
    at("@dev", v.dev);
    at("@connections", v.connections);
}

void map(auto& at, Like<ForwardAddress> auto& v)
{
    at.required("@type", "add type='pci'");
    at("@type", v.type);
    at(".", v.address);
    at("@connections", v.connections);
}

void map(auto& at, Like<NetworkForward> auto& v)
{
    at("@dev", v.dev);
    at("@mode", v.mode);
    at("@managed", v.managed);
    at("driver/@name", v.driver);
    at("nat", v.nat);
    at("pf/@dev", v.pf);
    at("interface", v.interfaces);
    at("address", v.addresses);
}

} // namespace vmwright::inline v0::xml::detail
