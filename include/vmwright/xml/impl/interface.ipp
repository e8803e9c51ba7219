// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/interface.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/bandwidth.ipp>
#include <vmwright/xml/impl/device.ipp>
#include <vmwright/xml/impl/filter_ref.ipp>
#include <vmwright/xml/impl/interface_source.ipp>
#include <vmwright/xml/impl/virtual_port.ipp>
#include <vmwright/xml/impl/vlan.ipp>

namespace vmwright::inline v0::xml::detail
{

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

void map(auto& at, Like<InterfaceGuest> auto& v)
{
    at("@dev", v.dev);
    at("@actual", v.actual);
}

void map(auto& at, Like<InterfaceBackend> auto& v)
{
    at("@type", v.type);
    at("@tap", v.tap);
    at("@vhost", v.vhost);
    at("@logFile", v.log_file);
}

void map(auto& at, Like<ForwardRange> auto& v)
{
    at.required("@start", "give 1 to 65535");
    at("@start", v.start);
    at("@end", v.end);
    at("@to", v.to);
    at("@exclude", v.exclude);
}

void map(auto& at, Like<PortForward> auto& v)
{
    at.required("@proto", "use proto='tcp' or proto='udp'");
    at("@proto", v.protocol);
    at("@address", v.address);
    at("@dev", v.dev);
    at("range", v.ranges);
}

void map(auto& at, Like<Teaming> auto& v)
{
    at.required("@type", "use type='persistent' or type='transient'");
    at("@type", v.type);
    at("@persistent", v.persistent);
}

void map(auto& at, Like<Interface> auto& v)
{
    at.required("@type", "name one, as type='user'");
    at.pick("@type", v.source, interface_source_names);
    at("@trustGuestRxFilters", v.trust_guest_rx_filters);
    at.expected("mac/@address", "give one, or leave out <mac>");
    at("mac/@address", v.mac);
    at("mac/@type", v.mac_type);
    at("mac/@check", v.mac_check);
    at.picked(v.source);
    at("vlan", v.vlan);
    at("virtualport", v.virtual_port);
    at("bandwidth", v.bandwidth);
    at("port/@isolated", v.isolated);
    at("ip", v.ips);
    at("route", v.routes);
    at("portForward", v.port_forwards);
    at("script/@path", v.script);
    at("downscript/@path", v.down_script);
    at("backenddomain/@name", v.backend_domain);
    at("target", v.target);
    at("guest", v.guest);
    at.expected("model/@type", "add type='virtio' or another card, or leave out <model>");
    at("model/@type", v.model);
    at("driver", v.driver);
    at("backend", v.backend);
    at("filterref", v.filter);
    at("tune/sndbuf", v.send_buffer);
    at("teaming", v.teaming);
    at("link/@state", v.link);
    at("mtu/@size", v.mtu);
    at("coalesce/rx/frames/@max", v.coalesce_frames);
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
