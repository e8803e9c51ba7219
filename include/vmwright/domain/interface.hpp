// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/mac.hpp>
#include <vmwright/domain/bandwidth.hpp>
#include <vmwright/domain/device.hpp>
#include <vmwright/domain/filter_ref.hpp>
#include <vmwright/domain/interface_source.hpp>
#include <vmwright/domain/virtual_port.hpp>
#include <vmwright/domain/vlan.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

enum class LinkState
{
    up,
    down,
};
constexpr auto enum_names(LinkState)
{
    return name_list("up", "down");
}

/// Who moves the packets of a virtio card; or what drives a card of the host that the guest has.
enum class InterfaceDriverName
{
    qemu,
    vhost,
    kvm,
    vfio,
    xen,
};
constexpr auto enum_names(InterfaceDriverName)
{
    return name_list("qemu", "vhost", "kvm", "vfio", "xen");
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
    std::optional<InterfaceDriverName> name{};
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

enum class MacType
{
    generated,
    static_,
};
constexpr auto enum_names(MacType)
{
    return name_list("generated", "static");
}

/// What the guest's end is called in a container; QEMU has no use for it.
struct InterfaceGuest
{
    std::optional<std::string> dev{};
    std::optional<std::string> actual{}; ///< known while the domain runs

    bool operator==(InterfaceGuest const&) const = default;
};

enum class InterfaceBackendType
{
    passt,
};
constexpr auto enum_names(InterfaceBackendType)
{
    return name_list("passt");
}

/// What makes the connection on the host.
struct InterfaceBackend
{
    std::optional<InterfaceBackendType> type{}; ///< of a user network; QEMU's own when absent
    std::string tap{};                          ///< in place of /dev/net/tun
    std::string vhost{};                        ///< in place of /dev/vhost-net
    std::string log_file{};                     ///< passt

    bool operator==(InterfaceBackend const&) const = default;
};

enum class ForwardProtocol
{
    tcp,
    udp,
};
constexpr auto enum_names(ForwardProtocol)
{
    return name_list("tcp", "udp");
}

struct ForwardRange
{
    std::uint16_t start{};
    std::optional<std::uint16_t> end{}; ///< as the start when absent
    std::optional<std::uint16_t> to{};  ///< in the guest; as the start when absent
    std::optional<bool> exclude{};

    bool operator==(ForwardRange const&) const = default;
};

/// Ports of the host that passt carries to the guest.
struct PortForward
{
    ForwardProtocol protocol{};
    std::optional<std::string> address{};
    std::optional<std::string> dev{};
    std::vector<ForwardRange> ranges{}; ///< all ports when empty

    bool operator==(PortForward const&) const = default;
};

enum class TeamingType
{
    persistent,
    transient,
};
constexpr auto enum_names(TeamingType)
{
    return name_list("persistent", "transient");
}

/// One of a pair: a virtio card that stays, and a device that is taken away for a migration.
struct Teaming
{
    TeamingType type{};
    std::optional<std::string> persistent{}; ///< the alias of the one that stays

    bool operator==(Teaming const&) const = default;
};

/// A network card of the guest.
struct Interface
{
    InterfaceSource source{};
    std::optional<bool> trust_guest_rx_filters{};
    std::optional<Mac> mac{}; ///< chosen at define when absent
    std::optional<MacType> mac_type{};
    std::optional<bool> mac_check{};
    std::optional<Vlan> vlan{};
    std::optional<VirtualPort> virtual_port{};
    std::optional<Bandwidth> bandwidth{};
    std::optional<bool> isolated{};
    std::vector<InterfaceIp> ips{}; ///< of the guest
    std::vector<InterfaceRoute> routes{};
    std::vector<PortForward> port_forwards{};
    std::string script{};
    std::string down_script{};
    std::string backend_domain{};
    InterfaceTarget target{};
    InterfaceGuest guest{};
    std::optional<std::string> model{}; ///< virtio, e1000, …; the architecture's default when absent
    std::optional<InterfaceDriver> driver{};
    InterfaceBackend backend{};
    std::optional<FilterRef> filter{};
    std::optional<std::uint32_t> send_buffer{}; ///< bytes; 0 is unlimited
    std::optional<Teaming> teaming{};
    std::optional<LinkState> link{};
    std::optional<std::uint32_t> mtu{};
    std::optional<std::uint32_t> coalesce_frames{}; ///< received ones, at most, that make one interrupt
    DeviceInfo info{};

    bool operator==(Interface const&) const = default;

    /// A virtio card on QEMU's user-mode network.
    [[nodiscard]] static auto user() -> Interface;
};

} // namespace vmwright::inline v0
