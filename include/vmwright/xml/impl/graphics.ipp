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
    at("audio/@id", v.audio_id);
}

void map(auto& at, Like<SpiceChannel> auto& v)
{
    at("@name", v.name);
    at("@mode", v.mode);
}

void map(auto& at, Like<GraphicsGl> auto& v)
{
    at("@enable", v.enable);
    at("@rendernode", v.rendernode);
}

void map(auto& at, Like<SpiceGraphics> auto& v)
{
    at("@port", v.port);
    at("@tlsPort", v.tls_port);
    at("@autoport", v.autoport);
    at("@listen", v.listen);
    at("@keymap", v.keymap);
    at("@defaultMode", v.default_mode);
    at("@passwd", v.password);
    at("@passwdValidTo", v.password_valid_to);
    at("@connected", v.connected);
    at("listen", v.listens);
    at("channel", v.channels);
    at("image/@compression", v.image);
    at("jpeg/@compression", v.jpeg);
    at("zlib/@compression", v.zlib);
    at("playback/@compression", v.playback_compression, on_off);
    at("streaming/@mode", v.streaming);
    at("mouse/@mode", v.mouse);
    at("clipboard/@copypaste", v.copy_paste);
    at("filetransfer/@enable", v.file_transfer);
    at("gl", v.gl);
}

void map(auto& at, Like<SdlGraphics> auto& v)
{
    at("@display", v.display);
    at("@xauth", v.xauth);
    at("@fullscreen", v.fullscreen);
    at("gl/@enable", v.gl);
}

void map(auto& at, Like<DbusGraphics> auto& v)
{
    at("@p2p", v.p2p);
    at("@address", v.address);
    at("gl", v.gl);
    at("audio/@id", v.audio_id);
}

void map(auto& at, Like<EglHeadlessGraphics> auto& v)
{
    at("gl/@rendernode", v.rendernode);
}

void map(auto& at, Like<RdpGraphics> auto& v)
{
    at("@port", v.port);
    at("@autoport", v.autoport);
    at("@replaceUser", v.replace_user);
    at("@multiUser", v.multi_user);
    at("@listen", v.listen);
    at("listen", v.listens);
}

void map(auto& at, Like<DesktopGraphics> auto& v)
{
    at("@display", v.display);
    at("@fullscreen", v.fullscreen);
}

void map(auto& at, Like<Graphics> auto& v)
{
    at.required("@type", "add type='vnc' or another display");
    at.choice("@type", v.type, graphics_type_names);
}

} // namespace vmwright::inline v0::xml::detail
