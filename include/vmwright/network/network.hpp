// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/mac.hpp>
#include <vmwright/core/uuid.hpp>
#include <vmwright/domain/bandwidth.hpp>
#include <vmwright/domain/virtual_port.hpp>
#include <vmwright/domain/vlan.hpp>
#include <vmwright/network/dns.hpp>
#include <vmwright/network/forward.hpp>
#include <vmwright/network/network_ip.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

/// Who tells a bridge which MAC address is behind which port.
enum class MacTableManager
{
    kernel,  ///< it learns from the packets
    libvirt, ///< whoever plugs a guest in
};
constexpr auto enum_names(MacTableManager)
{
    return name_list("kernel", "libvirt");
}

struct NetworkBridge
{
    std::string name{}; ///< chosen when empty
    std::string zone{}; ///< of firewalld
    std::optional<bool> stp{};
    std::optional<std::uint64_t> delay{}; ///< seconds before a new port forwards
    std::optional<MacTableManager> mac_table_manager{};

    bool operator==(NetworkBridge const&) const = default;
};

/// The domain of the guests' names.
struct NetworkDomain
{
    std::string name{};
    std::optional<bool> local_only{}; ///< questions about it are not forwarded

    bool operator==(NetworkDomain const&) const = default;
};

/// Settings that an interface can ask for by name.
struct PortGroup
{
    std::string name{};
    std::optional<bool> is_default{}; ///< for interfaces that name no group
    std::optional<bool> trust_guest_rx_filters{};
    std::optional<Vlan> vlan{};
    std::optional<Bandwidth> bandwidth{}; ///< of each interface
    std::optional<VirtualPort> virtual_port{};

    bool operator==(PortGroup const&) const = default;
};

inline constexpr auto dnsmasq_namespace = "http://libvirt.org/schemas/network/dnsmasq/1.0";

/// Lines for dnsmasq's configuration, in a namespace of their own.
struct DnsmasqOptions
{
    std::vector<std::string> lines{};

    bool operator==(DnsmasqOptions const&) const = default;
};

/// A network that guests are plugged into.
struct NetworkConfig
{
    std::optional<std::uint32_t> connections{}; ///< known while the network runs
    std::optional<bool> ipv6{};                 ///< guests may talk IPv6 where the network has no address of it
    std::optional<bool> trust_guest_rx_filters{};
    std::string name{};
    std::optional<Uuid> uuid{};              ///< chosen at define when absent
    std::optional<std::string> metadata{};   ///< markup of other programs, with the tags of <metadata>
    std::optional<NetworkForward> forward{}; ///< the network is isolated when absent
    NetworkBridge bridge{};
    std::optional<std::uint32_t> mtu{};
    std::optional<Mac> mac{}; ///< of the bridge; chosen at define when absent
    NetworkDomain domain{};
    NetworkDns dns{};
    std::optional<Vlan> vlan{};
    std::optional<Bandwidth> bandwidth{}; ///< of all interfaces together
    std::optional<bool> isolated{};       ///< guests do not see each other
    std::vector<NetworkIp> ips{};
    std::vector<NetworkRoute> routes{};
    std::optional<VirtualPort> virtual_port{};
    std::vector<PortGroup> port_groups{};
    DnsmasqOptions dnsmasq{};

    bool operator==(NetworkConfig const&) const = default;
};

/// Whether a network of that forward mode has a bridge of its own, which it makes and takes away.
[[nodiscard]] auto makes_bridge(NetworkConfig const& network) -> bool;

/// What a definition of this network would be refused for, what has no effect in it, and what cannot be meant.
[[nodiscard]] auto check(NetworkConfig const& network) -> Diagnostics;

/// The network as define keeps it: with its defaults, and without what says nothing. Uuid, MAC address and the name of
/// the bridge are not chosen.
[[nodiscard]] auto complete(NetworkConfig network) -> NetworkConfig;

} // namespace vmwright::inline v0
