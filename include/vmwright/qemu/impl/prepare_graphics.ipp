// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/displays.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

namespace prepare_graphics_parts
{
namespace
{

class Preparing
{
public:
    Preparing(DomainConfig const& config, Origins& origins, HostFacts const& facts, std::string const& directory, int id,
              Diagnostics& out)
        : config_{config}
        , origins_{origins}
        , facts_{facts}
        , directory_{directory}
        , id_{id}
        , out_{out}
        , taken_{facts.ports_taken}
    {
    }

    void operator()(VncGraphics& vnc, std::string const& node)
    {
        choose_socket(vnc.listens, "vnc.sock", node);
        if (!is_on_network(vnc.listens))
            return;
        if (vnc.autoport == true || vnc.port == -1)
            choose_port(vnc.port, node + "/@port");
        if (vnc.websocket == -1 && id_ >= 0)
            if (auto const port = next(first_websocket_port))
                vnc.websocket = *port;
        choose_address(vnc.listens, vnc.listen, facts_.vnc_listen);
    }

    void operator()(SpiceGraphics& spice, std::string const& node)
    {
        choose_socket(spice.listens, "spice.sock", node);
        choose_render_node(spice.gl, node);
        if (!is_on_network(spice.listens))
            return;
        auto const ports = automatic_ports(spice, !facts_.spice_tls_directory.empty());
        if (ports.plain)
            choose_port(spice.port, node + "/@port");
        if (ports.tls)
            choose_port(spice.tls_port, node + "/@tlsPort");
        choose_address(spice.listens, spice.listen, facts_.spice_listen);
    }

    void operator()(DbusGraphics& dbus, std::string const& node)
    {
        choose_render_node(dbus.gl, node);
        if (dbus.p2p == true || dbus.address)
            return;
        constexpr std::size_t longest_short_name = 20;
        dbus.address = fmt::format("unix:path={}/dbus/{}-{}-dbus.sock", facts_.directories.state, id_,
                                   config_.name.substr(0, longest_short_name));
        origins_.chose(node + "/@address", "a bus of the domain's own");
    }

    void operator()(EglHeadlessGraphics& egl, std::string const& node) { choose_node(egl.rendernode, node); }

    void operator()(auto&, std::string const&) {}

private:
    auto next(std::uint16_t first) -> std::optional<std::uint16_t>
    {
        for (std::uint32_t port = first; port <= facts_.last_port; ++port)
            if (std::ranges::find(taken_, port) == taken_.end()) {
                taken_.push_back(static_cast<std::uint16_t>(port));
                return static_cast<std::uint16_t>(port);
            }
        return std::nullopt;
    }

    void choose_port(std::optional<std::int32_t>& field, std::string const& node)
    {
        auto const port = next(facts_.first_port);
        if (!port) {
            out_.add(
                {.fault = Fault::conflict,
                 .node = node,
                 .message = fmt::format("all display ports from {} to {} are taken", facts_.first_port, facts_.last_port)});
            return;
        }
        field = *port;
        origins_.chose(node, "the first free display port");
    }

    static void choose_address(std::vector<GraphicsListen>& listens, std::optional<std::string>& listen,
                               std::string const& usual)
    {
        auto* address = listens.empty() ? nullptr : std::get_if<AddressListen>(&listens.front());
        if (!address || address->address)
            return;
        address->address = usual;
        listen = usual;
    }

    void choose_socket(std::vector<GraphicsListen>& listens, std::string_view leaf, std::string const& node)
    {
        auto* socket = listens.empty() ? nullptr : std::get_if<SocketListen>(&listens.front());
        if (!socket || socket->socket)
            return;
        socket->socket = fmt::format("{}/{}", directory_, leaf);
        origins_.chose(node + "/listen/@socket", "a socket of the domain's own");
    }

    void choose_render_node(std::optional<GraphicsGl>& gl, std::string const& node)
    {
        if (gl && gl->enable == true)
            choose_node(gl->rendernode, node);
    }

    void choose_node(std::optional<std::string>& rendernode, std::string const& node)
    {
        if (rendernode)
            return;
        if (facts_.render_nodes.empty()) {
            out_.add({.fault = Fault::not_supported,
                      .node = node,
                      .message = "this host has no GPU to draw with (there is no /dev/dri/renderD128)",
                      .hint = "name a node in <gl rendernode='…'/>, or leave <gl> out"});
            return;
        }
        rendernode = facts_.render_nodes.front();
        origins_.chose(node + "/gl/@rendernode", "the host's first render node");
    }

    DomainConfig const& config_;
    Origins& origins_;
    HostFacts const& facts_;
    std::string const& directory_;
    int id_;
    Diagnostics& out_;
    std::vector<std::uint16_t> taken_;
};

} // namespace
} // namespace prepare_graphics_parts

void prepare_graphics(DomainConfig& config, Origins& origins, HostFacts const& facts, std::string const& directory, int id,
                      Diagnostics& out)
{
    prepare_graphics_parts::Preparing preparing{config, origins, facts, directory, id, out};
    for (std::size_t i = 0; i < config.devices.graphics.size(); ++i)
        std::visit([&](auto& type) { preparing(type, device_node("graphics", i)); }, config.devices.graphics[i].type);
}

} // namespace vmwright::inline v0::qemu::detail
