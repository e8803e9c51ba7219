// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/ip_address.hpp>
#include <vmwright/domain/address.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

/// How a network reaches the world outside.
enum class ForwardMode
{
    nat,
    route,
    open,        ///< routed, and no rules are set
    bridge,      ///< a bridge that is there, or a card shared by macvtap
    passthrough, ///< by macvtap, a card each
    private_,    ///< by macvtap, guests do not see each other
    vepa,        ///< by macvtap, the switch outside connects guests
    hostdev,     ///< each guest gets a card of the host
    none,
};
constexpr auto enum_names(ForwardMode)
{
    return name_list("nat", "route", "open", "bridge", "passthrough", "private", "vepa", "hostdev", "none");
}

/// What drives a card of the host that a guest has.
enum class HostDriver
{
    kvm,
    vfio,
};
constexpr auto enum_names(HostDriver)
{
    return name_list("kvm", "vfio");
}

/// From one address to another, both included.
struct IpRange
{
    IpAddress start{};
    IpAddress end{};

    bool operator==(IpRange const&) const = default;
};

/// From one port to another, both included.
struct PortRange
{
    std::uint16_t start{};
    std::uint16_t end{};

    bool operator==(PortRange const&) const = default;
};

struct ForwardNat
{
    std::optional<bool> ipv6{};
    std::optional<IpRange> addresses{}; ///< of the outside that guests seem to have; the host's own when absent
    std::optional<PortRange> ports{};   ///< 1024 to 65535 when absent

    bool operator==(ForwardNat const&) const = default;
};

/// A network card of the host, by name.
struct ForwardInterface
{
    std::string dev{};
    std::optional<std::uint32_t> connections{}; ///< known while the network runs

    bool operator==(ForwardInterface const&) const = default;
};

enum class ForwardAddressType
{
    pci,
};
constexpr auto enum_names(ForwardAddressType)
{
    return name_list("pci");
}

/// A network card of the host, by its place.
struct ForwardAddress
{
    ForwardAddressType type{};
    PciAddress address{};
    std::optional<std::uint32_t> connections{}; ///< known while the network runs

    bool operator==(ForwardAddress const&) const = default;
};

struct NetworkForward
{
    std::optional<ForwardMode> mode{}; ///< nat when absent
    std::string dev{};                 ///< the first of the interfaces
    std::optional<bool> managed{};     ///< hostdev: taken from the host's driver, and given back
    std::optional<HostDriver> driver{};
    ForwardNat nat{};
    std::string pf{}; ///< all virtual functions of this card
    std::vector<ForwardInterface> interfaces{};
    std::vector<ForwardAddress> addresses{};

    bool operator==(NetworkForward const&) const = default;
};

} // namespace vmwright::inline v0
