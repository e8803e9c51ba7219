// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/chardev.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>
#include <vmwright/xml/impl/source_seclabel.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto&, Like<NullChar> auto&) {}

void map(auto&, Like<VcChar> auto&) {}

void map(auto& at, Like<PtyChar> auto& v)
{
    at("source/@path", v.path);
}

void map(auto& at, Like<DevChar> auto& v)
{
    at("source/@path", v.path);
    at("source/seclabel", v.seclabels);
}

void map(auto& at, Like<FileChar> auto& v)
{
    at("source/@path", v.path);
    at("source/@append", v.append, on_off);
    at("source/seclabel", v.seclabels);
}

void map(auto& at, Like<PipeChar> auto& v)
{
    at("source/@path", v.path);
    at("source/seclabel", v.seclabels);
}

void map(auto&, Like<StdioChar> auto&) {}

void map(auto& at, Like<UdpEnd> auto& v)
{
    at("@mode", v.mode);
    at("@host", v.host);
    at("@service", v.service);
}

void map(auto& at, Like<UdpChar> auto& v)
{
    at("source", v.ends);
}

void map(auto& at, Like<Reconnect> auto& v)
{
    at("@enabled", v.enabled);
    at("@timeout", v.timeout);
}

void map(auto& at, Like<TcpChar> auto& v)
{
    at("source/@mode", v.mode);
    at("source/@host", v.host);
    at("source/@service", v.service);
    at("source/@tls", v.tls);
    at("source/reconnect", v.reconnect);
    at("protocol/@type", v.protocol);
}

void map(auto& at, Like<UnixChar> auto& v)
{
    at("source/@mode", v.mode);
    at("source/@path", v.path);
    at("source/reconnect", v.reconnect);
    at("source/seclabel", v.seclabels);
}

void map(auto&, Like<SpicevmcChar> auto&) {}

void map(auto& at, Like<SpiceportChar> auto& v)
{
    at("source/@channel", v.channel);
}

void map(auto& at, Like<NmdmChar> auto& v)
{
    at("source/@master", v.master);
    at("source/@slave", v.slave);
}

void map(auto& at, Like<VdagentChar> auto& v)
{
    at("source/clipboard/@copypaste", v.copy_paste);
    at("source/mouse/@mode", v.mouse);
}

void map(auto& at, Like<DbusChar> auto& v)
{
    at("source/@channel", v.channel);
}

void map(auto& at, Like<CharSource> auto& v)
{
    at.choice("@type", v, char_source_names);
}

void map(auto& at, Like<CharLog> auto& v)
{
    at("@file", v.file);
    at("@append", v.append, on_off);
}

void map(auto& at, Like<Serial> auto& v)
{
    at(".", v.source);
    at("log", v.log);
    at("target/@type", v.target_type);
    at("target/@port", v.port);
    at("target/model/@name", v.target_model);
    at(".", v.info);
}

void map(auto& at, Like<Parallel> auto& v)
{
    at(".", v.source);
    at("log", v.log);
    at("target/@port", v.port);
    at(".", v.info);
}

void map(auto& at, Like<Console> auto& v)
{
    at(".", v.source);
    at("@tty", v.tty);
    at("log", v.log);
    at("target/@type", v.target_type);
    at("target/@port", v.port);
    at(".", v.info);
}

void map(auto& at, Like<Channel> auto& v)
{
    at(".", v.source);
    at("log", v.log);
    at("target/@type", v.target_type);
    at("target/@name", v.name);
    at("target/@state", v.state);
    at("target/@address", v.address);
    at("target/@port", v.port);
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
