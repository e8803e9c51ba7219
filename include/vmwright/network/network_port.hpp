// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/core/mac.hpp>
#include <vmwright/core/uuid.hpp>
#include <vmwright/domain/interface_source.hpp>
#include <vmwright/network/network.hpp>
#include <vmwright/network/port_owner.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace vmwright::inline v0
{

/// On the bridge that the network made.
struct NetworkPlug
{
    std::string bridge{};
    std::optional<MacTableManager> mac_table_manager{};

    bool operator==(NetworkPlug const&) const = default;
};

/// On a bridge that the network uses.
struct BridgePlug
{
    std::string bridge{};
    std::optional<MacTableManager> mac_table_manager{};

    bool operator==(BridgePlug const&) const = default;
};

/// On a card of the host, by macvtap.
struct DirectPlug
{
    std::string dev{};
    std::optional<MacvtapMode> mode{};

    bool operator==(DirectPlug const&) const = default;
};

/// A card of the host, for the guest alone.
struct HostdevPlug
{
    std::optional<bool> managed{};
    std::optional<HostDriver> driver{};
    PciAddress address{};

    bool operator==(HostdevPlug const&) const = default;
};

/// What a port is on the host. The alternatives stand in the order of `port_plug_names`.
using PortPlug = std::variant<NetworkPlug, BridgePlug, DirectPlug, HostdevPlug>;

inline constexpr auto port_plug_names = std::to_array<std::string_view>({"network", "bridge", "direct", "hostdev-pci"});

/// One interface's place in a network.
struct NetworkPortConfig
{
    std::optional<Uuid> uuid{};
    PortOwner owner{};
    std::string group{};
    std::optional<Mac> mac{};
    std::optional<bool> trust_guest_rx_filters{};
    std::optional<bool> isolated{};
    std::optional<VirtualPort> virtual_port{};
    std::optional<std::uint32_t> bandwidth_class{}; ///< of the host's traffic control
    std::optional<Bandwidth> bandwidth{};
    std::optional<Vlan> vlan{};
    std::optional<PortPlug> plug{}; ///< known once the port is there

    bool operator==(NetworkPortConfig const&) const = default;
};

/// What making this port would be refused for.
[[nodiscard]] auto check(NetworkPortConfig const& port) -> Diagnostics;

} // namespace vmwright::inline v0
