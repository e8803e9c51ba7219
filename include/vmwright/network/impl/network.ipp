// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/detail/checking.hpp>
#include <vmwright/network/network.hpp>

namespace vmwright::inline v0
{

namespace detail::network
{
namespace
{

void complete_forward(std::optional<NetworkForward>& forward)
{
    if (!forward)
        return;
    auto const mode = forward->mode.value_or(ForwardMode::nat);
    if (mode == ForwardMode::none)
        return forward.reset();
    forward->mode = mode;
    if (mode == ForwardMode::hostdev)
        forward->managed = forward->managed.value_or(false);
    else
        forward->managed.reset();
    if (forward->interfaces.empty() && !forward->dev.empty())
        forward->interfaces.push_back({.dev = forward->dev});
    else if (!forward->interfaces.empty())
        forward->dev = forward->interfaces.front().dev;
}

void complete_lease(std::optional<DhcpLease>& lease)
{
    if (!lease)
        return;
    if (lease->expiry == 0)
        lease->unit.reset();
    else
        lease->unit = lease->unit.value_or(LeaseUnit::minutes);
}

void complete_ip(NetworkIp& ip)
{
    if (ip.prefix == 0U)
        ip.prefix.reset();
    if (ip.dhcp.bootp.file.empty() || !ip.address.is_ipv4())
        ip.dhcp.bootp = {};
    for (auto& range : ip.dhcp.ranges)
        complete_lease(range.lease);
    for (auto& host : ip.dhcp.hosts)
        complete_lease(host.lease);
}

void forget_empty(std::optional<Bandwidth>& bandwidth)
{
    if (bandwidth == Bandwidth{})
        bandwidth.reset();
}

void forget_zero(std::optional<std::uint16_t>& number)
{
    if (number == std::uint16_t{})
        number.reset();
}

} // namespace
} // namespace detail::network

auto makes_bridge(NetworkConfig const& network) -> bool
{
    if (!network.forward)
        return true;
    auto const mode = network.forward->mode.value_or(ForwardMode::nat);
    return mode == ForwardMode::nat || mode == ForwardMode::route || mode == ForwardMode::open || mode == ForwardMode::none;
}

auto complete(NetworkConfig network) -> NetworkConfig
{
    namespace of = detail::network;
    auto& bridge = network.bridge;
    if (makes_bridge(network)) {
        bridge.stp = bridge.stp.value_or(true);
        bridge.delay = bridge.delay.value_or(0);
    } else if (bridge.delay == 0U)
        bridge.delay.reset();
    of::complete_forward(network.forward);
    if (network.mtu == 0U)
        network.mtu.reset();
    if (network.domain.name.empty())
        network.domain = {};
    for (auto& service : network.dns.services) {
        of::forget_zero(service.priority);
        of::forget_zero(service.weight);
    }
    if (network.vlan)
        detail::complete(*network.vlan);
    of::forget_empty(network.bandwidth);
    for (auto& ip : network.ips)
        of::complete_ip(ip);
    for (auto& group : network.port_groups) {
        if (group.is_default == false)
            group.is_default.reset();
        if (group.vlan)
            detail::complete(*group.vlan);
        of::forget_empty(group.bandwidth);
    }
    return network;
}

} // namespace vmwright::inline v0
