// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/network_port.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/bandwidth.ipp>
#include <vmwright/xml/impl/device.ipp>
#include <vmwright/xml/impl/virtual_port.ipp>
#include <vmwright/xml/impl/vlan.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<PortOwner> auto& v)
{
    at("name", v.name);
    at("uuid", v.uuid);
}

void map(auto& at, Like<NetworkPlug> auto& v)
{
    at("plug/@bridge", v.bridge);
    at("plug/@macTableManager", v.mac_table_manager);
}

void map(auto& at, Like<BridgePlug> auto& v)
{
    at("plug/@bridge", v.bridge);
    at("plug/@macTableManager", v.mac_table_manager);
}

void map(auto& at, Like<DirectPlug> auto& v)
{
    at("plug/@dev", v.dev);
    at("plug/@mode", v.mode);
}

void map(auto& at, Like<HostdevPlug> auto& v)
{
    at("plug/@managed", v.managed);
    at("plug/driver/@name", v.driver);
    at.required("plug/address", "add <address domain='…' bus='…' slot='…' function='…'/>");
    at("plug/address", v.address);
}

void map(auto& at, Like<NetworkPortConfig> auto& v)
{
    at("uuid", v.uuid);
    at("owner", v.owner);
    at("group", v.group);
    at("mac/@address", v.mac);
    at("virtualport", v.virtual_port);
    at("bandwidth/@classID", v.bandwidth_class);
    at("bandwidth", v.bandwidth);
    at("vlan", v.vlan);
    at("port/@isolated", v.isolated);
    at("rxfilters/@trustGuest", v.trust_guest_rx_filters);
    at.choice("plug/@type", v.plug, port_plug_names);
}

} // namespace vmwright::inline v0::xml::detail
