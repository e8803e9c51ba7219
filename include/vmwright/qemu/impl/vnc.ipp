// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/displays.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

namespace vnc
{
namespace
{

constexpr std::int32_t first_port = 5900;
constexpr std::int32_t last_port = 65535;

} // namespace
} // namespace vnc

void complete(VncGraphics& vnc, std::string const& node, Resolving const& at)
{
    if (vnc.listens.empty() && vnc.socket)
        vnc.listens.emplace_back(SocketListen{vnc.socket});
    complete_listens(vnc.listens, vnc.listen, node, at);
    if (!vnc.password) {
        vnc.password_valid_to.reset();
        vnc.connected.reset();
    }
    if (!is_on_network(vnc.listens)) {
        auto* socket = std::get_if<SocketListen>(&vnc.listens.front());
        if (socket && !socket->socket)
            socket->socket = vnc.socket;
        vnc.socket = socket ? socket->socket : std::nullopt;
        vnc.port.reset();
        vnc.autoport.reset();
        vnc.websocket.reset();
        return;
    }
    vnc.socket.reset();
    if (vnc.websocket == 0)
        vnc.websocket.reset();
    if (!vnc.autoport || *vnc.autoport) {
        auto const is_given = !vnc.autoport && vnc.port && *vnc.port != -1;
        at.choose(vnc.autoport, !is_given, node + "/@autoport", is_given ? "the port is given" : "a free port");
        if (!is_given)
            vnc.port = -1;
    }
}

void translate(VncGraphics const& vnc, std::string const& node, Translating& at)
{
    auto const audio = audiodev(vnc.audio_id, node, at);
    if (!audio)
        return;
    auto& option = at.add("vnc", node);
    auto const* address = vnc.listens.empty() ? nullptr : std::get_if<AddressListen>(&vnc.listens.front());
    auto const* socket = vnc.listens.empty() ? nullptr : std::get_if<SocketListen>(&vnc.listens.front());
    if (socket) {
        option.set("vnc", fmt::format("unix:{}", socket->socket.value_or("")));
        at.need_directory_of(socket->socket.value_or(""));
    } else if (!vnc.listens.empty() && std::holds_alternative<NoListen>(vnc.listens.front()))
        option.set("", "none");
    else {
        auto const host = address && address->address ? *address->address : at.facts.vnc_listen;
        auto const display = vnc.port.value_or(vnc::first_port) - vnc::first_port;
        option.set("", host.find(':') == std::string::npos ? fmt::format("{}:{}", host, display)
                                                           : fmt::format("[{}]:{}", host, display));
        option.set("websocket", vnc.websocket);
    }
    if (vnc.share_policy)
        option.set("share", to_string(*vnc.share_policy));
    option.set_if(vnc.password.has_value(), "password", true);
    option.set("power-control", vnc.power_control);
    option.set("audiodev", *audio);
    if (vnc.keymap)
        at.add("k", node).set("", *vnc.keymap);
}

void check(VncGraphics const& vnc, std::string const& node, Checking const& at)
{
    auto const is_automatic = vnc.autoport == true || (!vnc.autoport && (!vnc.port || *vnc.port == -1));
    auto const port = vnc.port.value_or(0);
    auto const listens = is_on_network(vnc.listens) && !vnc.socket;
    if (listens && !is_automatic && (port < vnc::first_port || port > vnc::last_port))
        at.error(node + (vnc.port ? "/@port" : "/@autoport"), Fault::bad_number,
                 vnc.port ? fmt::format("{} is not a VNC port", port) : "the port is neither given nor automatic",
                 "give port='5900' to '65535', or autoport='yes'");
    if (vnc.websocket && (*vnc.websocket < -1 || *vnc.websocket > vnc::last_port))
        at.error(node + "/@websocket", Fault::bad_number, fmt::format("{} is not a port", *vnc.websocket),
                 "give 1 to 65535, or -1 for a free one");
    auto const* socket = vnc.listens.empty() ? nullptr : std::get_if<SocketListen>(&vnc.listens.front());
    if (socket && socket->socket && vnc.socket && *socket->socket != *vnc.socket)
        at.error(node + "/@socket", Fault::conflict,
                 fmt::format("socket '{}' is not the socket '{}' of the first <listen>", *vnc.socket, *socket->socket),
                 "make them equal, or leave the attribute out");
    if (vnc.connected && *vnc.connected != PasswordConnected::keep)
        at.error(node + "/@connected", Fault::not_supported,
                 fmt::format("VNC cannot '{}' a viewer at a new password", to_string(*vnc.connected)), "use keep");
    check_listens(vnc.listens, vnc.listen, node, at);
    check_password_validity(vnc.password_valid_to, node, at);
    check_audio_id(vnc.audio_id, node, at);
}

} // namespace vmwright::inline v0::qemu::detail
