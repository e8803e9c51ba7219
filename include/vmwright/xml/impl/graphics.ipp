// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/graphics.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<AddressListen> auto& v)
{
    at("@address", v.address);
}

void map(auto& at, Like<NetworkListen> auto& v)
{
    at("@network", v.network);
    at("@address", v.address);
}

void map(auto& at, Like<SocketListen> auto& v)
{
    at("@socket", v.socket);
}

void map(auto&, Like<NoListen> auto&) {}

void map(auto& at, Like<GraphicsListen> auto& v)
{
    at.choice("@type", v, listen_type_names);
}

void map(auto& at, Like<VncGraphics> auto& v)
{
    at("@port", v.port);
    at("@autoport", v.autoport);
    at("@websocket", v.websocket);
    at("@socket", v.socket);
    at("@listen", v.listen);
    at("@keymap", v.keymap);
    at("@sharePolicy", v.share_policy);
    at("@powerControl", v.power_control);
    at("@passwd", v.password);
    at("@passwdValidTo", v.password_valid_to);
    at("@connected", v.connected);
    at("listen", v.listens);
}

void map(auto& at, Like<Graphics> auto& v)
{
    static constexpr auto later = name_list("spice", "sdl", "rdp", "desktop", "egl-headless", "dbus");
    at.choice("@type", v.type, graphics_type_names, later);
}

} // namespace vmwright::inline v0::xml::detail
