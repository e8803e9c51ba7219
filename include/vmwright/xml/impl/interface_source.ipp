// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/interface_source.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/chardev.ipp>
#include <vmwright/xml/impl/host_address.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<InterfaceIp> auto& v)
{
    at.required("@address", "give an address");
    at("@address", v.address);
    at("@family", v.family);
    at("@prefix", v.prefix);
    at("@peer", v.peer);
}

void map(auto& at, Like<InterfaceRoute> auto& v)
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

void map(auto& at, Like<UserNetwork> auto& v)
{
    at("source/@dev", v.dev);
}

void map(auto& at, Like<EthernetNetwork> auto& v)
{
    at("source/ip", v.ips);
    at("source/route", v.routes);
}

void map(auto& at, Like<NetworkNetwork> auto& v)
{
    at("source/@network", v.network);
    at("source/@portid", v.port_id);
    at("source/@portgroup", v.portgroup);
}

void map(auto& at, Like<BridgeNetwork> auto& v)
{
    at("source/@bridge", v.bridge);
}

void map(auto& at, Like<DirectNetwork> auto& v)
{
    at("source/@dev", v.dev);
    at("source/@mode", v.mode);
}

void map(auto& at, Like<VhostUserNetwork> auto& v)
{
    at.required("source/@type", "add <source type='unix' path='…' mode='client'/>");
    at.required("source/@mode", "use mode='client', or mode='server'");
    at("source/@type", v.type);
    at("source/@path", v.path);
    at("source/@mode", v.mode);
    at("source/reconnect", v.reconnect);
}

void map(auto& at, Like<SocketEnd> auto& v)
{
    at.required("@port", "give 1 to 65535");
    at("@address", v.address);
    at("@port", v.port);
}

void map(auto& at, Like<ServerNetwork> auto& v)
{
    at.required("source", "add <source port='…'/>");
    at("source", v.source);
}

void map(auto& at, Like<ClientNetwork> auto& v)
{
    at.required("source", "add <source address='…' port='…'/>");
    at("source", v.source);
}

void map(auto& at, Like<McastNetwork> auto& v)
{
    at.required("source", "add <source address='…' port='…'/>");
    at("source", v.source);
}

void map(auto& at, Like<UdpNetwork> auto& v)
{
    at.required("source", "add <source address='…' port='…'> with <local address='…' port='…'/>");
    at("source", v.source);
    at.required("source/local", "add <local address='…' port='…'/>");
    at("source/local", v.local);
}

void map(auto& at, Like<InternalNetwork> auto& v)
{
    at("source/@name", v.name);
}

void map(auto& at, Like<VdpaNetwork> auto& v)
{
    at("source/@dev", v.dev);
}

void map(auto& at, Like<HostdevNetwork> auto& v)
{
    at("@managed", v.managed);
    at.required("source/address", "add <source><address type='pci' domain='…' bus='…' slot='…' function='…'/></source>");
    at("source/address", v.address);
}

void map(auto&, Like<NullNetwork> auto&) {}

void map(auto& at, Like<VdsNetwork> auto& v)
{
    at("source/@switchid", v.switch_id);
    at("source/@portid", v.port_id);
    at("source/@portgroupid", v.portgroup_id);
    at("source/@connectionid", v.connection_id);
}

} // namespace vmwright::inline v0::xml::detail
