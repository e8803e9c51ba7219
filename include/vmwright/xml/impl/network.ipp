// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/network.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/bandwidth.ipp>
#include <vmwright/xml/impl/network_dns.ipp>
#include <vmwright/xml/impl/network_forward.ipp>
#include <vmwright/xml/impl/network_ip.ipp>
#include <vmwright/xml/impl/virtual_port.ipp>
#include <vmwright/xml/impl/vlan.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<NetworkBridge> auto& v)
{
    at("@name", v.name);
    at("@zone", v.zone);
    at("@stp", v.stp, on_off);
    at("@delay", v.delay);
    at("@macTableManager", v.mac_table_manager);
}

void map(auto& at, Like<NetworkDomain> auto& v)
{
    at("@name", v.name);
    at("@localOnly", v.local_only);
}

void map(auto& at, Like<PortGroup> auto& v)
{
    at.with_end_tag();
    at("@name", v.name);
    at("@default", v.is_default);
    at("@trustGuestRxFilters", v.trust_guest_rx_filters);
    at("vlan", v.vlan);
    at("virtualport", v.virtual_port);
    at("bandwidth", v.bandwidth);
}

void map(auto& at, Like<DnsmasqOptions> auto& v)
{
    at("dnsmasq:options/dnsmasq:option/@value", v.lines);
}

void map(auto& at, Like<NetworkConfig> auto& v)
{
    at.name_space("dnsmasq", dnsmasq_namespace, v.dnsmasq);
    at("@connections", v.connections);
    at("@ipv6", v.ipv6);
    at("@trustGuestRxFilters", v.trust_guest_rx_filters);
    at("name", v.name);
    at("uuid", v.uuid);
    at.raw("metadata", v.metadata);
    at("forward", v.forward);
    at("bridge", v.bridge);
    at("mtu/@size", v.mtu);
    at("mac/@address", v.mac);
    at("domain", v.domain);
    at("dns", v.dns);
    at("vlan", v.vlan);
    at("bandwidth", v.bandwidth);
    at("port/@isolated", v.isolated);
    at("ip", v.ips);
    at("route", v.routes);
    at("virtualport", v.virtual_port);
    at("portgroup", v.port_groups);
    at(".", v.dnsmasq);
}

} // namespace vmwright::inline v0::xml::detail
