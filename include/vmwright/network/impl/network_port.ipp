// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/detail/checking.hpp>
#include <vmwright/network/detail/checking.hpp>
#include <vmwright/network/network_port.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0
{

namespace detail::network_port
{
namespace
{

struct Plug
{
    Findings const& at;

    void need(bool is_said, std::string_view what, std::string_view hint) const
    {
        if (!is_said)
            at.error("/networkport/plug", Fault::missing, fmt::format("the plug has no {}", what), std::string{hint});
    }
    void operator()(NetworkPlug const& plug) const { need(!plug.bridge.empty(), "bridge", "add bridge='…'"); }
    void operator()(BridgePlug const& plug) const { need(!plug.bridge.empty(), "bridge", "add bridge='…'"); }
    void operator()(DirectPlug const& plug) const
    {
        need(!plug.dev.empty(), "device", "add dev='…'");
        need(plug.mode.has_value(), "mode", "add mode='bridge', vepa, private or passthrough");
    }
    void operator()(HostdevPlug const& plug) const { check_pci(plug.address, "/networkport/plug/address", at); }
};

} // namespace
} // namespace detail::network_port

auto check(NetworkPortConfig const& port) -> Diagnostics
{
    Diagnostics out;
    detail::Findings const at{out};
    if (!port.uuid)
        at.error("/networkport", Fault::missing, "the port has no uuid", "add <uuid>…</uuid>");
    detail::check_owner(port.owner, "/networkport/owner", at);
    if (!port.mac)
        at.error("/networkport", Fault::missing, "the port has no MAC address", "add <mac address='…'/>");
    else if (port.mac->is_multicast())
        at.error("/networkport/mac/@address", Fault::bad_text,
                 fmt::format("{} is a multicast address", to_string(*port.mac)), "its first byte must be even");
    if (port.virtual_port)
        detail::check_virtual_port(*port.virtual_port, true, "/networkport/virtualport", at);
    if (port.bandwidth)
        detail::check_bandwidth(*port.bandwidth, true, "/networkport/bandwidth", at);
    if (port.vlan)
        detail::check_vlan(*port.vlan, "/networkport/vlan", at);
    if (port.plug)
        std::visit(detail::network_port::Plug{at}, *port.plug);
    return out;
}

} // namespace vmwright::inline v0
