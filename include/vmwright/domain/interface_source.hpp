// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/uuid.hpp>
#include <vmwright/domain/chardev.hpp>
#include <vmwright/domain/host_address.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vmwright::inline v0
{

/// An address of an interface, in the guest or on the host.
struct InterfaceIp
{
    std::string address{};
    std::optional<std::string> family{}; ///< ipv4 or ipv6; as the address is when absent
    std::optional<std::uint32_t> prefix{};
    std::optional<std::string> peer{};

    bool operator==(InterfaceIp const&) const = default;
};

struct InterfaceRoute
{
    std::optional<std::string> family{};
    std::string address{};
    std::optional<std::string> netmask{};
    std::optional<std::uint32_t> prefix{};
    std::string gateway{};
    std::optional<std::uint32_t> metric{};

    bool operator==(InterfaceRoute const&) const = default;
};

/// A network of QEMU itself (slirp), or of passt: nothing is needed of the host.
struct UserNetwork
{
    std::string dev{}; ///< passt: whose addresses the guest has

    bool operator==(UserNetwork const&) const = default;
};

/// A tap device of the host, by name or made for the guest.
struct EthernetNetwork
{
    std::vector<InterfaceIp> ips{}; ///< of the host's end
    std::vector<InterfaceRoute> routes{};

    bool operator==(EthernetNetwork const&) const = default;
};

/// A virtual network by name.
struct NetworkNetwork
{
    std::string network{};
    std::string portgroup{};
    std::optional<Uuid> port_id{};

    bool operator==(NetworkNetwork const&) const = default;
};

/// A bridge of the host.
struct BridgeNetwork
{
    std::optional<std::string> bridge{};

    bool operator==(BridgeNetwork const&) const = default;
};

enum class MacvtapMode
{
    vepa,
    private_,
    bridge,
    passthrough,
};
constexpr auto enum_names(MacvtapMode)
{
    return name_list("vepa", "private", "bridge", "passthrough");
}

/// A network card of the host, shared by macvtap.
struct DirectNetwork
{
    std::string dev{};
    std::optional<MacvtapMode> mode{}; ///< vepa when absent

    bool operator==(DirectNetwork const&) const = default;
};

enum class VhostUserMode
{
    client,
    server,
};
constexpr auto enum_names(VhostUserMode)
{
    return name_list("client", "server");
}

enum class UnixSocketType
{
    unix_,
};
constexpr auto enum_names(UnixSocketType)
{
    return name_list("unix");
}

/// A switch in a process of its own, which shares the guest's memory.
struct VhostUserNetwork
{
    UnixSocketType type{};
    std::string path{};
    VhostUserMode mode{};
    std::optional<Reconnect> reconnect{};

    bool operator==(VhostUserNetwork const&) const = default;
};

/// One end of a cable between QEMU processes.
struct SocketEnd
{
    std::string address{};
    std::uint16_t port{};

    bool operator==(SocketEnd const&) const = default;
};

struct ServerNetwork
{
    SocketEnd source{};

    bool operator==(ServerNetwork const&) const = default;
};

struct ClientNetwork
{
    SocketEnd source{};

    bool operator==(ClientNetwork const&) const = default;
};

struct McastNetwork
{
    SocketEnd source{};

    bool operator==(McastNetwork const&) const = default;
};

struct UdpNetwork
{
    SocketEnd source{};
    SocketEnd local{};

    bool operator==(UdpNetwork const&) const = default;
};

struct InternalNetwork
{
    std::string name{};

    bool operator==(InternalNetwork const&) const = default;
};

/// A device of the host's vDPA framework.
struct VdpaNetwork
{
    std::string dev{};

    bool operator==(VdpaNetwork const&) const = default;
};

/// A network card of the host that is handed to the guest.
struct HostdevNetwork
{
    std::optional<bool> managed{}; ///< taken from the host's driver, and given back
    HostAddress address{};

    bool operator==(HostdevNetwork const&) const = default;
};

struct NullNetwork
{
    bool operator==(NullNetwork const&) const = default;
};

/// A VMware distributed switch.
struct VdsNetwork
{
    std::string switch_id{};
    std::optional<std::int64_t> port_id{};
    std::string portgroup_id{};
    std::optional<std::int64_t> connection_id{};

    bool operator==(VdsNetwork const&) const = default;
};

/// What a NIC is plugged into. The alternatives stand in the order of `interface_source_names`.
using InterfaceSource = std::variant<UserNetwork, EthernetNetwork, NetworkNetwork, BridgeNetwork, DirectNetwork,
                                     VhostUserNetwork, ServerNetwork, ClientNetwork, McastNetwork, UdpNetwork,
                                     InternalNetwork, VdpaNetwork, HostdevNetwork, NullNetwork, VdsNetwork>;

inline constexpr auto interface_source_names =
    std::to_array<std::string_view>({"user", "ethernet", "network", "bridge", "direct", "vhostuser", "server", "client",
                                     "mcast", "udp", "internal", "vdpa", "hostdev", "null", "vds"});

} // namespace vmwright::inline v0
