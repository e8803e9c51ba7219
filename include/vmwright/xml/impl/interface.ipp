// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/interface.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto&, Like<UserNetwork> auto&) {}

void map(auto&, Like<EthernetNetwork> auto&) {}

void map(auto& at, Like<NetworkNetwork> auto& v)
{
    at("source/@network", v.network);
    at("source/@portgroup", v.portgroup);
    at("source/@portid", v.port_id);
}

void map(auto& at, Like<BridgeNetwork> auto& v)
{
    at("source/@bridge", v.bridge);
}

void map(auto& at, Like<Offloads> auto& v)
{
    at("@csum", v.csum, on_off);
    at("@gso", v.gso, on_off);
    at("@tso4", v.tso4, on_off);
    at("@tso6", v.tso6, on_off);
    at("@ecn", v.ecn, on_off);
    at("@ufo", v.ufo, on_off);
    at("@mrg_rxbuf", v.mrg_rxbuf, on_off);
}

void map(auto& at, Like<InterfaceDriver> auto& v)
{
    at("@name", v.name);
    at("@txmode", v.txmode);
    at("@ioeventfd", v.ioeventfd, on_off);
    at("@event_idx", v.event_idx, on_off);
    at("@queues", v.queues);
    at("@rx_queue_size", v.rx_queue_size);
    at("@tx_queue_size", v.tx_queue_size);
    at("@rss", v.rss, on_off);
    at("@rss_hash_report", v.rss_hash_report, on_off);
    at(".", v.virtio);
    at("host", v.host);
    at("guest", v.guest);
}

void map(auto& at, Like<InterfaceTarget> auto& v)
{
    at("@dev", v.dev);
    at("@managed", v.managed);
}

void map(auto& at, Like<GuestIp> auto& v)
{
    at("@address", v.address);
    at("@family", v.family);
    at("@prefix", v.prefix);
    at("@peer", v.peer);
}

void map(auto& at, Like<Interface> auto& v)
{
    static constexpr auto later =
        name_list("vhostuser", "server", "client", "mcast", "internal", "direct", "hostdev", "udp", "vdpa", "null", "vds");
    static constexpr auto not_yet =
        name_list("backend", "backenddomain", "bandwidth", "coalesce", "downscript", "filterref", "guest", "port", "route",
                  "teaming", "trustGuestRxFilters", "tune", "virtualport", "vlan");
    at("mac/@address", v.mac);
    at.choice("@type", v.source, interface_source_names, later);
    at("ip", v.ips);
    at("script/@path", v.script);
    at("target", v.target);
    at("model/@type", v.model);
    at("driver", v.driver);
    at("link/@state", v.link);
    at("mtu/@size", v.mtu);
    at(".", v.info);
    at.not_yet(not_yet);
}

} // namespace vmwright::inline v0::xml::detail
