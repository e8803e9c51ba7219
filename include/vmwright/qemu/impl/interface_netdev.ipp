// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/helper.hpp>
#include <vmwright/qemu/detail/interface.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

namespace interface_netdev
{
namespace
{

auto is_v6(InterfaceIp const& ip) -> bool
{
    return ip.address.find(':') != std::string::npos;
}

auto text(SocketEnd const& end) -> std::string
{
    return fmt::format("{}:{}", end.address, end.port);
}

/// As many descriptors as queues: one, or several with colons between them.
void set_descriptors(Option& netdev, std::string_view one, std::string_view many, std::string slot, std::uint32_t count)
{
    std::string printed = "0";
    for (std::uint32_t i = 1; i < count; ++i)
        printed += ":0";
    netdev.set(count == 1 ? one : many, Slot{std::move(slot), std::move(printed)});
}

/// Adds the option of each kind of connection; the id is set last.
struct Netdev
{
    Interface const& nic;
    std::string const& node;
    Translating& at;

    auto begin(std::string_view type) const -> Option& { return at.add("netdev", node).set("type", type); }
    auto slot(std::string_view kind) const -> std::string { return fmt::format("{}:{}", kind, nic.info.alias.value_or("")); }

    auto operator()(UserNetwork const&) const -> Option*
    {
        if (uses_passt(nic)) {
            auto const path = fmt::format("{}/passt/{}-{}.socket", at.facts.directories.state, at.config.name.substr(0, 20),
                                          nic.info.alias.value_or(""));
            auto helper = passt(nic, node, at);
            auto const connection = helper.slot;
            at.add_helper(std::move(helper));
            return &begin("stream")
                        .set("addr", Map{{"type", "unix"}, {"path", Slot{connection, path}}})
                        .set("server", false);
        }
        auto& netdev = begin("user");
        for (auto const& ip : nic.ips)
            if (is_v6(ip)) {
                netdev.set("ipv6-prefix", ip.address);
                if (ip.prefix.value_or(0) != 0)
                    netdev.set("ipv6-prefixlen", ip.prefix);
            } else
                netdev.set("net", ip.prefix.value_or(0) != 0 ? fmt::format("{}/{}", ip.address, *ip.prefix) : ip.address);
        return &netdev;
    }
    auto operator()(EthernetNetwork const&) const -> Option* { return &tap(); }
    auto operator()(NetworkNetwork const&) const -> Option* { return &tap(); }
    auto operator()(BridgeNetwork const&) const -> Option* { return &tap(); }
    auto operator()(DirectNetwork const&) const -> Option* { return &tap(); }
    auto operator()(VhostUserNetwork const& source) const -> Option*
    {
        auto const chardev = fmt::format("char{}", nic.info.alias.value_or(""));
        auto& socket = at.add("chardev", node).set("", "socket").set("id", chardev).set("path", source.path);
        if (source.mode == VhostUserMode::server)
            socket.set("server", true); // QEMU waits for the switch
        else if (source.reconnect)
            socket.set("reconnect", source.reconnect->enabled ? source.reconnect->timeout.value_or(0) : 0U);
        auto& netdev = begin("vhost-user").set("chardev", chardev);
        if (queue_pairs(nic) > 1)
            netdev.set("queues", queue_pairs(nic));
        return &netdev;
    }
    auto operator()(ServerNetwork const& source) const -> Option*
    {
        return &begin("socket").set("listen", text(source.source));
    }
    auto operator()(ClientNetwork const& source) const -> Option*
    {
        return &begin("socket").set("connect", text(source.source));
    }
    auto operator()(McastNetwork const& source) const -> Option*
    {
        return &begin("socket").set("mcast", text(source.source));
    }
    auto operator()(UdpNetwork const& source) const -> Option*
    {
        return &begin("socket").set("udp", text(source.source)).set("localaddr", text(source.local));
    }
    auto operator()(InternalNetwork const&) const -> Option* { return &begin("user"); }
    auto operator()(VdpaNetwork const& source) const -> Option*
    {
        auto& netdev = begin("vhost-vdpa").set("vhostdev", source.dev);
        if (queue_pairs(nic) > 1)
            netdev.set("queues", queue_pairs(nic));
        return &netdev;
    }
    auto operator()(HostdevNetwork const&) const -> Option* { return nullptr; }
    auto operator()(NullNetwork const&) const -> Option* { return nullptr; }
    auto operator()(VdsNetwork const&) const -> Option* { return nullptr; }

private:
    auto tap() const -> Option&
    {
        auto const count = queue_pairs(nic);
        auto& netdev = begin("tap");
        set_descriptors(netdev, "fd", "fds", slot("tap"), count);
        if (uses_vhost()) {
            netdev.set("vhost", true);
            set_descriptors(netdev, "vhostfd", "vhostfds", slot("vhost"), count);
        }
        return netdev.set("sndbuf", nic.send_buffer);
    }

    /// The kernel moves the packets where it can, unless it is told not to.
    [[nodiscard]] auto uses_vhost() const -> bool
    {
        auto const asks_for = [this](InterfaceDriverName name) { return nic.driver && nic.driver->name == name; };
        if (!is_virtio_model(nic.model.value_or("")) || asks_for(InterfaceDriverName::qemu))
            return false;
        if (asks_for(InterfaceDriverName::vhost) && !at.facts.vhost_net)
            at.error(node + "/driver/@name", Fault::not_supported, "this host has no /dev/vhost-net that can be opened",
                     "use name='qemu', or leave it out");
        return at.facts.vhost_net && (at.config.type == DomainType::kvm || asks_for(InterfaceDriverName::vhost));
    }
};

} // namespace
} // namespace interface_netdev

auto queue_pairs(Interface const& nic) -> std::uint32_t
{
    auto const queues = nic.driver ? nic.driver->queues.value_or(1) : 1;
    return queues == 0 ? 1 : queues;
}

void add_netdev(Interface const& nic, std::string const& id, std::string const& node, Translating& at)
{
    if (auto* netdev = std::visit(interface_netdev::Netdev{nic, node, at}, nic.source))
        netdev->set("id", id);
}

} // namespace vmwright::inline v0::qemu::detail
