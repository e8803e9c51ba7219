// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

namespace graphics
{
namespace
{

constexpr std::int32_t first_vnc_port = 5900;

void complete_vnc(VncGraphics& vnc, std::string const& node, Resolving const& at)
{
    if (vnc.listens.empty()) {
        if (vnc.socket)
            vnc.listens.emplace_back(SocketListen{vnc.socket});
        else
            vnc.listens.emplace_back(AddressListen{vnc.listen});
        at.origins.chose(node + "/listen", "listen where the host says");
    }
    if (auto const* address = std::get_if<AddressListen>(&vnc.listens.front()))
        vnc.listen = address->address;
    else
        vnc.listen.reset();
    if (auto const* socket = std::get_if<SocketListen>(&vnc.listens.front())) {
        vnc.socket = socket->socket;
        return;
    }
    if (std::holds_alternative<NoListen>(vnc.listens.front()))
        return;
    if (vnc.autoport == true || !vnc.port || *vnc.port == -1 || *vnc.port == 0) {
        vnc.port = -1;
        if (vnc.autoport != false)
            at.choose(vnc.autoport, true, node + "/@autoport", "a free port");
    } else
        at.choose(vnc.autoport, false, node + "/@autoport", "the port is given");
}

void translate_vnc(VncGraphics const& vnc, std::string const& node, Translating& at)
{
    auto& option = at.add("vnc", node);
    auto const* address = vnc.listens.empty() ? nullptr : std::get_if<AddressListen>(&vnc.listens.front());
    auto const* socket = vnc.listens.empty() ? nullptr : std::get_if<SocketListen>(&vnc.listens.front());
    if (socket)
        option.set("vnc", fmt::format("unix:{}", socket->socket.value_or("")));
    else if (!vnc.listens.empty() && std::holds_alternative<NoListen>(vnc.listens.front()))
        option.set("", "none");
    else {
        auto const host = address && address->address ? *address->address : at.facts.vnc_listen;
        auto const display = vnc.port.value_or(first_vnc_port) - first_vnc_port;
        option.set("", host.find(':') == std::string::npos ? fmt::format("{}:{}", host, display)
                                                           : fmt::format("[{}]:{}", host, display));
        option.set("websocket", vnc.websocket);
    }
    if (vnc.share_policy)
        option.set("share", to_string(*vnc.share_policy));
    option.set_if(vnc.password.has_value(), "password", true);
    option.set("power-control", vnc.power_control);
    if (!at.config.devices.audios.empty())
        option.set("audiodev", fmt::format("audio{}", at.config.devices.audios.front().id));
    if (vnc.keymap)
        at.add("k", node).set("", *vnc.keymap);
}

} // namespace
} // namespace graphics

void complete(Graphics& g, std::string const& node, Resolving const& at)
{
    std::visit([&](VncGraphics& vnc) { graphics::complete_vnc(vnc, node, at); }, g.type);
}

void translate(Graphics const& g, std::string const& node, Translating& at)
{
    std::visit([&](VncGraphics const& vnc) { graphics::translate_vnc(vnc, node, at); }, g.type);
}

} // namespace vmwright::inline v0::qemu::detail
