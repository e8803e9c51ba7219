// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
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

void check(Graphics const& graphics, std::string const& node, Checking const& at)
{
    auto const& vnc = std::get<VncGraphics>(graphics.type);
    if (vnc.autoport != true && vnc.port && *vnc.port > 0 && (*vnc.port < 5900 || *vnc.port > 65535))
        at.error(node + "/@port", Fault::bad_number, fmt::format("{} is not a VNC port", *vnc.port), "give 5900 to 65535");
    auto const* first = vnc.listens.empty() ? nullptr : std::get_if<AddressListen>(&vnc.listens.front());
    if (first && first->address && vnc.listen && *first->address != *vnc.listen)
        at.error(node + "/@listen", Fault::conflict,
                 fmt::format("listen '{}' is not the address '{}' of the first <listen>", *vnc.listen, *first->address),
                 "make them equal, or leave the attribute out");
}

void check_all(std::vector<Graphics> const& graphics, Checking const& at)
{
    if (graphics.size() > 1)
        at.error(device_node("graphics", 1), Fault::duplicate, "there is one VNC display already", "remove one of them");
}

} // namespace vmwright::inline v0::qemu::detail
