// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/detail/checking.hpp>
#include <vmwright/network/detail/checking.hpp>
#include <vmwright/network/network.hpp>

#include <vmwright/network/impl/dns_check.ipp>

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace vmwright::inline v0
{

namespace detail::network_check
{
namespace
{

using Mode = ForwardMode;

struct Rules
{
    NetworkConfig const& network;
    Mode mode; ///< none where the network is isolated
    Findings const& at;

    [[nodiscard]] auto is(std::initializer_list<Mode> modes) const { return std::ranges::find(modes, mode) != modes.end(); }
    [[nodiscard]] auto is_macvtap() const { return is({Mode::passthrough, Mode::private_, Mode::vepa}); }
    /// Something that only networks have which make a bridge.
    void for_own_bridge(bool is_said, std::string_view path, std::string_view what) const
    {
        if (is_said && !makes_bridge(network))
            at.error(fmt::format("/network/{}", path), Fault::not_supported,
                     fmt::format("a network of forward mode '{}' has no {}", to_string(mode), what),
                     "remove it; it is for nat, route, open and isolated networks");
    }

    void names() const;
    void own() const;
    void bridge() const;
    void forward(NetworkForward const& forward) const;
    void devices(NetworkForward const& forward) const;
    void nat(ForwardNat const& nat) const;
    void groups() const;
    void vlans() const;
};

void Rules::names() const
{
    if (network.name.empty())
        at.error("/network", Fault::missing, "the network has no name", "add <name>…</name>");
    if (network.name.find('/') != std::string::npos)
        at.error("/network/name", Fault::bad_text, fmt::format("'{}' is not the name of a network", network.name),
                 "use a name without a slash");
    if (network.mac && network.mac->is_multicast())
        at.error("/network/mac/@address", Fault::bad_text, fmt::format("{} is a multicast address", to_string(*network.mac)),
                 "its first byte must be even");
    if (network.domain.name.empty() && network.domain.local_only)
        at.warning("/network/domain", Fault::ignored, "the domain has no name; it is ignored", "add name='…'");
}

/// What a network can only have if it is libvirt that makes it.
void Rules::own() const
{
    for_own_bridge(network.mac.has_value(), "mac", "MAC address");
    for_own_bridge(!network.ips.empty(), "ip", "addresses of its own");
    for_own_bridge(network.dns != NetworkDns{}, "dns", "DNS of its own");
    for_own_bridge(!network.domain.name.empty(), "domain", "domain of its own");
    for_own_bridge(network.mtu.value_or(0) != 0, "mtu", "MTU to choose");
    if (network.mtu && *network.mtu != 0 && (*network.mtu < 68 || *network.mtu > 65535))
        at.warning("/network/mtu/@size", Fault::bad_number, fmt::format("{} is not an MTU", *network.mtu),
                   "give 68 to 65535");
    if (is({Mode::nat, Mode::route, Mode::open}) && network.ips.empty())
        at.error("/network", Fault::missing, fmt::format("a network of forward mode '{}' has an address", to_string(mode)),
                 "add <ip address='…' prefix='…'/>");
    if (network.bandwidth && (is_macvtap() || mode == Mode::hostdev))
        at.error("/network/bandwidth", Fault::not_supported,
                 fmt::format("a network of forward mode '{}' has no bandwidth of its own", to_string(mode)),
                 "move it to the interfaces, or to a <portgroup>");
    if (network.bandwidth)
        check_bandwidth(*network.bandwidth, false, "/network/bandwidth", at);
    if (network.virtual_port)
        check_virtual_port(*network.virtual_port, true, "/network/virtualport", at);
}

void Rules::bridge() const
{
    auto const& bridge = network.bridge;
    for_own_bridge(bridge.stp.has_value(), "bridge/@stp", "spanning tree to choose");
    for_own_bridge(bridge.delay.value_or(0) != 0, "bridge/@delay", "delay to choose");
    for_own_bridge(!bridge.zone.empty(), "bridge/@zone", "firewall zone to choose");
    if (makes_bridge(network))
        return;
    if (mode != Mode::bridge) {
        if (!bridge.name.empty())
            at.error("/network/bridge/@name", Fault::not_supported,
                     fmt::format("a network of forward mode '{}' has no bridge", to_string(mode)), "remove it");
        if (bridge.mac_table_manager)
            at.error("/network/bridge/@macTableManager", Fault::not_supported,
                     fmt::format("a network of forward mode '{}' has no bridge", to_string(mode)), "remove it");
        return;
    }
    auto const& forward = *network.forward;
    auto const has_device = !forward.dev.empty() || !forward.interfaces.empty();
    if (!bridge.name.empty() && has_device)
        at.error("/network/bridge/@name", Fault::conflict,
                 fmt::format("the network has the bridge '{}' and devices of its own", bridge.name), "remove one of them");
    if (bridge.name.empty() && !has_device)
        at.warning("/network/forward", Fault::missing, "the network names neither a bridge nor a device",
                   "add <bridge name='…'/>, or <interface dev='…'/> to <forward>");
}

void Rules::nat(ForwardNat const& nat) const
{
    constexpr auto node = "/network/forward/nat";
    if (nat != ForwardNat{} && mode != Mode::nat)
        return at.error(node, Fault::not_supported,
                        fmt::format("a network of forward mode '{}' translates no addresses", to_string(mode)),
                        "remove it, or use mode='nat'");
    if (nat.addresses) {
        auto const place = fmt::format("{}/address", node);
        auto const& [start, end] = *nat.addresses;
        for (auto const* bound : {&start, &end})
            if (!bound->is_ipv4())
                at.error(fmt::format("{}/@{}", place, bound == &start ? "start" : "end"), Fault::bad_text,
                         fmt::format("{} is not an address of IPv4", to_string(*bound)), "give one of IPv4");
        if (start.is_ipv4() && end.is_ipv4() && end < start)
            at.error(place, Fault::bad_number,
                     fmt::format("the range {} to {} ends before it starts", to_string(start), to_string(end)),
                     "swap start and end");
    }
    if (!nat.ports)
        return;
    if (nat.ports->end < nat.ports->start)
        at.error(fmt::format("{}/port", node), Fault::bad_number,
                 fmt::format("the range {} to {} ends before it starts", nat.ports->start, nat.ports->end),
                 "swap start and end");
    else if (nat.ports->start == 0)
        at.warning(fmt::format("{}/port/@start", node), Fault::bad_number, "0 is not a port", "give 1 to 65535");
}

void Rules::devices(NetworkForward const& forward) const
{
    constexpr auto node = "/network/forward";
    auto const place = [&](std::size_t i) { return fmt::format("{}/interface[{}]", node, i + 1); };
    auto const& interfaces = forward.interfaces;
    for (std::size_t i = 0; i < interfaces.size(); ++i) {
        if (interfaces[i].dev.empty())
            at.error(place(i), Fault::missing, "the interface has no name", "add dev='…'");
        for (std::size_t j = 0; j < i; ++j)
            if (interfaces[j].dev == interfaces[i].dev)
                at.error(place(i) + "/@dev", Fault::duplicate,
                         fmt::format("interface {} is '{}' too", j + 1, interfaces[i].dev), "remove one");
    }
    if (makes_bridge(network) && interfaces.size() > 1)
        at.error(place(1), Fault::not_supported,
                 fmt::format("a network of forward mode '{}' goes out by one interface, and there are {}", to_string(mode),
                             interfaces.size()),
                 "remove all but one");
    if (mode == Mode::open && (!forward.dev.empty() || !interfaces.empty()))
        at.error(forward.dev.empty() ? place(0) : fmt::format("{}/@dev", node), Fault::not_supported,
                 "a network of forward mode 'open' has no device", "remove it");
    if (!forward.dev.empty() && !interfaces.empty() && forward.dev != interfaces.front().dev)
        at.error(fmt::format("{}/@dev", node), Fault::conflict,
                 fmt::format("the device is '{}', and the first interface '{}'", forward.dev, interfaces.front().dev),
                 "remove one of them");
    for (std::size_t i = 0; i < forward.addresses.size(); ++i) {
        auto const here = fmt::format("{}/address[{}]", node, i + 1);
        check_pci(forward.addresses[i].address, here, at);
        for (std::size_t j = 0; j < i; ++j)
            if (forward.addresses[j].address == forward.addresses[i].address)
                at.error(here, Fault::duplicate, fmt::format("address {} is the same", j + 1), "remove one");
    }
}

void Rules::forward(NetworkForward const& forward) const
{
    constexpr auto node = "/network/forward";
    nat(forward.nat);
    devices(forward);
    if (mode == Mode::hostdev) {
        if (!forward.interfaces.empty())
            at.error("/network/forward/interface[1]", Fault::not_supported,
                     "a network of forward mode 'hostdev' names its cards by their addresses",
                     "use <address type='pci' …/>, or <pf dev='…'/>");
        else if (!forward.dev.empty() && (!forward.pf.empty() || !forward.addresses.empty()))
            at.error("/network/forward/@dev", Fault::conflict, "the network names its cards in two ways", "remove dev");
        else if (forward.dev.empty() && forward.pf.empty() && forward.addresses.empty())
            at.warning(node, Fault::missing, "the network has no card to give away", "add <pf dev='…'/>");
        if (!forward.pf.empty() && !forward.addresses.empty())
            at.warning("/network/forward/pf", Fault::ignored, "the cards are named by their addresses; it is ignored",
                       "remove one of them");
        return;
    }
    auto const has_interfaces = !forward.interfaces.empty() || !forward.dev.empty();
    if (!forward.addresses.empty() && !has_interfaces)
        at.error("/network/forward/address[1]", Fault::not_supported,
                 fmt::format("a network of forward mode '{}' names its cards, not their addresses", to_string(mode)),
                 "use <interface dev='…'/>");
    else if (!forward.addresses.empty())
        at.warning("/network/forward/address[1]", Fault::ignored, "the cards are named; their addresses are ignored",
                   "remove it");
    if (!forward.pf.empty() && (has_interfaces || !is_macvtap()))
        at.warning("/network/forward/pf", Fault::ignored,
                   fmt::format("a network of forward mode '{}'{} has no use for it", to_string(mode),
                               has_interfaces ? " with interfaces" : ""),
                   remove_it());
    if (is_macvtap() && !has_interfaces && forward.pf.empty())
        at.warning(node, Fault::missing, "the network has no device to share", "add <interface dev='…'/>");
    auto const ignored = [&](bool is_said, std::string_view path, std::string_view what) {
        if (is_said)
            at.warning(fmt::format("{}/{}", node, path), Fault::ignored,
                       fmt::format("a network of forward mode '{}' has no {}", to_string(mode), what),
                       "remove it; it is for hostdev");
    };
    ignored(forward.managed.has_value(), "@managed", "devices to take");
    ignored(forward.driver.has_value(), "driver", "driver to choose");
}

void Rules::groups() const
{
    std::map<std::string, std::size_t> names;
    std::optional<std::size_t> standard;
    for (std::size_t i = 0; i < network.port_groups.size(); ++i) {
        auto const& group = network.port_groups[i];
        auto const node = fmt::format("/network/portgroup[{}]", i + 1);
        if (group.name.empty())
            at.error(node, Fault::missing, "the group has no name", "add name='…'");
        else if (auto const [first, is_new] = names.emplace(group.name, i); !is_new)
            at.error(node + "/@name", Fault::duplicate, fmt::format("group {} is '{}' too", first->second + 1, group.name),
                     "give each its own");
        if (group.is_default == true && standard)
            at.error(node + "/@default", Fault::duplicate, fmt::format("group {} is the default already", *standard + 1),
                     "remove one");
        else if (group.is_default == true)
            standard = i;
        if (group.bandwidth)
            check_bandwidth(*group.bandwidth, false, node + "/bandwidth", at);
        if (group.virtual_port)
            check_virtual_port(*group.virtual_port, false, node + "/virtualport", at);
        if (group.vlan)
            check_vlan(*group.vlan, node + "/vlan", at);
    }
}

/// Only Open vSwitch and cards of the host can tag packets for a guest.
void Rules::vlans() const
{
    auto const is_openvswitch = [](std::optional<VirtualPort> const& port) {
        return port && port->type == VirtualPortType::openvswitch;
    };
    if (network.vlan)
        check_vlan(*network.vlan, "/network/vlan", at);
    auto const can_tag =
        is({Mode::hostdev, Mode::passthrough}) || (mode == Mode::bridge && is_openvswitch(network.virtual_port));
    constexpr auto message = "nothing in this network can tag the packets of a guest";
    constexpr auto hint = "use <forward mode='bridge'/> with <virtualport type='openvswitch'/>";
    auto has_default = false;
    for (std::size_t i = 0; i < network.port_groups.size(); ++i) {
        auto const& group = network.port_groups[i];
        has_default = has_default || group.is_default == true;
        auto const can_group = group.virtual_port ? mode == Mode::bridge && is_openvswitch(group.virtual_port) : can_tag;
        if ((group.vlan || network.vlan) && !can_group)
            at.error(fmt::format("/network/portgroup[{}]{}", i + 1, group.vlan ? "/vlan" : ""), Fault::not_supported,
                     message, hint);
    }
    if (network.vlan && !has_default && !can_tag)
        at.error("/network/vlan", Fault::not_supported, message, hint);
}

} // namespace
} // namespace detail::network_check

auto check(NetworkConfig const& network) -> Diagnostics
{
    Diagnostics out;
    detail::Findings const at{out};
    auto const mode = network.forward ? network.forward->mode.value_or(ForwardMode::nat) : ForwardMode::none;
    detail::network_check::Rules const rules{network, mode, at};
    rules.names();
    if (network.forward)
        rules.forward(*network.forward);
    rules.bridge();
    rules.own();
    detail::check_dns(network.dns, at);
    rules.vlans();
    detail::check_ips(network.ips, at);
    detail::check_routes(network.routes, network.ips, at);
    rules.groups();
    return out;
}

} // namespace vmwright::inline v0
