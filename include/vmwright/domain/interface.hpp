// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/mac.hpp>
#include <vmwright/domain/device.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vmwright::inline v0
{

/// QEMU's own user-mode network (slirp): nothing is needed of the host.
struct UserNetwork
{
    bool operator==(UserNetwork const&) const = default;
};

/// A tap device of the host, by name or made for the guest.
struct EthernetNetwork
{
    bool operator==(EthernetNetwork const&) const = default;
};

/// A virtual network by name.
struct NetworkNetwork
{
    std::string network{};
    std::string portgroup{};
    std::optional<std::string> port_id{};

    bool operator==(NetworkNetwork const&) const = default;
};

/// A bridge of the host.
struct BridgeNetwork
{
    std::optional<std::string> bridge{};

    bool operator==(BridgeNetwork const&) const = default;
};

/// What a NIC is plugged into. The alternatives stand in the order of `interface_source_names`.
using InterfaceSource = std::variant<UserNetwork, EthernetNetwork, NetworkNetwork, BridgeNetwork>;

inline constexpr auto interface_source_names = std::to_array<std::string_view>({"user", "ethernet", "network", "bridge"});

enum class LinkState
{
    up,
    down,
};
constexpr auto enum_names(LinkState)
{
    return name_list("up", "down");
}

enum class VhostDriver
{
    qemu,
    vhost,
};
constexpr auto enum_names(VhostDriver)
{
    return name_list("qemu", "vhost");
}

enum class TxMode
{
    timer,
    iothread,
};
constexpr auto enum_names(TxMode)
{
    return name_list("timer", "iothread");
}

/// Offloads of one side of a virtio NIC; absent means QEMU's default.
struct Offloads
{
    std::optional<bool> csum{};
    std::optional<bool> gso{}; ///< host side only
    std::optional<bool> tso4{};
    std::optional<bool> tso6{};
    std::optional<bool> ecn{};
    std::optional<bool> ufo{};
    std::optional<bool> mrg_rxbuf{}; ///< host side only

    bool operator==(Offloads const&) const = default;
};

struct InterfaceDriver
{
    std::optional<VhostDriver> name{};
    std::optional<TxMode> txmode{};
    std::optional<bool> ioeventfd{};
    std::optional<bool> event_idx{};
    std::optional<std::uint32_t> queues{};
    std::optional<std::uint32_t> rx_queue_size{};
    std::optional<std::uint32_t> tx_queue_size{};
    std::optional<bool> rss{};
    std::optional<bool> rss_hash_report{};
    VirtioOptions virtio{};
    Offloads host{};
    Offloads guest{};

    bool operator==(InterfaceDriver const&) const = default;
};

/// The host's end of the cable.
struct InterfaceTarget
{
    std::optional<std::string> dev{};
    std::optional<bool> managed{};

    bool operator==(InterfaceTarget const&) const = default;
};

/// An address that QEMU's user-mode network gives the guest.
struct GuestIp
{
    std::string address{};
    std::optional<std::string> family{};
    std::optional<std::uint32_t> prefix{};
    std::optional<std::string> peer{};

    bool operator==(GuestIp const&) const = default;
};

/// A network card of the guest.
struct Interface
{
    InterfaceSource source{};
    std::optional<Mac> mac{};           ///< chosen at define when absent
    std::optional<std::string> model{}; ///< virtio, e1000, …; the architecture's default when absent
    std::optional<InterfaceDriver> driver{};
    InterfaceTarget target{};
    std::vector<GuestIp> ips{};
    std::optional<LinkState> link{};
    std::optional<std::uint32_t> mtu{};
    std::string script{};
    DeviceInfo info{};

    bool operator==(Interface const&) const = default;

    /// A virtio card on QEMU's user-mode network.
    [[nodiscard]] static auto user() -> Interface;
};

} // namespace vmwright::inline v0
