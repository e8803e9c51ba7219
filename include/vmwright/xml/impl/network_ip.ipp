// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/network_ip.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/network_forward.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<DhcpLease> auto& v)
{
    at.required("@expiry", "give a time, or 0 for ever");
    at("@expiry", v.expiry);
    at("@unit", v.unit);
}

void map(auto& at, Like<DhcpRange> auto& v)
{
    at(".", v.addresses);
    at("lease", v.lease);
}

void map(auto& at, Like<DhcpHost> auto& v)
{
    at("@mac", v.mac);
    at("@id", v.id);
    at("@name", v.name);
    at("@ip", v.ip);
    at("lease", v.lease);
}

void map(auto& at, Like<NetworkDhcp> auto& v)
{
    at("range", v.ranges);
    at("host", v.hosts);
    at("bootp/@file", v.bootp.file);
    at("bootp/@server", v.bootp.server);
}

void map(auto& at, Like<NetworkIp> auto& v)
{
    at.required("@address", "give the host's address in the network");
    at.with_end_tag();
    at("@family", v.family);
    at("@address", v.address);
    at("@netmask", v.netmask);
    at("@prefix", v.prefix);
    at("@localPtr", v.local_ptr);
    at("tftp/@root", v.tftp_root);
    at("dhcp", v.dhcp);
}

void map(auto& at, Like<NetworkRoute> auto& v)
{
    at.required("@address", "give the network's address");
    at.required("@gateway", "give the router's address");
    at("@family", v.family);
    at("@address", v.address);
    at("@netmask", v.netmask);
    at("@prefix", v.prefix);
    at("@gateway", v.gateway);
    at("@metric", v.metric);
}

} // namespace vmwright::inline v0::xml::detail
