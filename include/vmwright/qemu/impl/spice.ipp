// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/displays.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

namespace spice
{
namespace
{

auto is_automatic(SpiceGraphics const& s) -> bool
{
    return s.autoport == true || (s.port == -1 && s.tls_port == -1);
}

/// The last word on each channel, in libvirt's order; those that may be either are left out.
auto decided_channels(std::vector<SpiceChannel> const& channels) -> std::vector<SpiceChannel>
{
    std::vector<SpiceChannel> decided;
    for (std::size_t i = 0; i < names_of<SpiceChannelName>.size(); ++i) {
        auto const name = static_cast<SpiceChannelName>(i);
        auto const last = std::find_if(channels.rbegin(), channels.rend(), [&](auto const& c) { return c.name == name; });
        if (last != channels.rend() && last->mode != SpiceMode::any)
            decided.push_back(*last);
    }
    return decided;
}

void set_channels(Option& option, SpiceGraphics const& s)
{
    if (s.default_mode == SpiceMode::secure)
        option.set("tls-channel", "default");
    if (s.default_mode == SpiceMode::insecure)
        option.set("plaintext-channel", "default");
    for (auto const& channel : s.channels)
        option.set(channel.mode == SpiceMode::secure ? "tls-channel" : "plaintext-channel", to_string(channel.name));
}

template <class E>
void set_word(Option& option, std::string_view property, std::optional<E> const& word)
{
    if (word)
        option.set(property, to_string(*word));
}

} // namespace
} // namespace spice

auto automatic_ports(SpiceGraphics const& s, bool has_tls) -> SpicePorts
{
    SpicePorts ports{.plain = s.port == -1, .tls = s.tls_port == -1};
    if (!spice::is_automatic(s))
        return ports;
    ports = {};
    auto const need = [&](SpiceMode mode) {
        ports.plain |= mode != SpiceMode::secure;
        ports.tls |= mode == SpiceMode::secure || (mode == SpiceMode::any && has_tls);
    };
    auto const decided = spice::decided_channels(s.channels);
    for (auto const& channel : decided)
        need(channel.mode);
    if (decided.size() < names_of<SpiceChannelName>.size())
        need(s.default_mode.value_or(SpiceMode::any));
    return ports;
}

void complete(SpiceGraphics& s, std::string const& node, Resolving const& at)
{
    complete_listens(s.listens, s.listen, node, at);
    if (!s.password) {
        s.password_valid_to.reset();
        s.connected.reset();
    }
    if (s.default_mode == SpiceMode::any)
        s.default_mode.reset();
    s.channels = spice::decided_channels(s.channels);
    if (spice::is_automatic(s)) {
        s.autoport = true;
        s.port.reset();
        s.tls_port.reset();
    }
    if (s.port == 0)
        s.port.reset();
    if (s.tls_port == 0)
        s.tls_port.reset();
    auto const has_port = s.port || s.tls_port || s.autoport == true;
    if (std::holds_alternative<AddressListen>(s.listens.front()) && !has_port) {
        s.listens.front() = NoListen{};
        s.listen.reset();
        at.origins.chose(node + "/listen", "a display without a port listens nowhere");
    }
    if (is_on_network(s.listens))
        at.choose(s.autoport, false, node + "/@autoport", "the ports are given");
    else {
        s.port.reset();
        s.tls_port.reset();
        s.autoport.reset();
    }
}

void translate(SpiceGraphics const& s, std::string const& node, Translating& at)
{
    auto& option = at.add("spice", node);
    auto const& first = s.listens.front();
    if (auto const* socket = std::get_if<SocketListen>(&first)) {
        option.set("", "unix").set("addr", socket->socket.value_or(""));
        at.need_directory_of(socket->socket.value_or(""));
    } else if (std::holds_alternative<NoListen>(first))
        option.set("port", 0);
    else {
        auto const* address = std::get_if<AddressListen>(&first);
        option.set_if(s.port.value_or(0) > 0, "port", s.port.value_or(0));
        option.set_if(s.tls_port.value_or(0) > 0, "tls-port", s.tls_port.value_or(0));
        option.set("addr", address && address->address ? *address->address : at.facts.spice_listen);
    }
    if (s.mouse)
        option.set("agent-mouse", *s.mouse == MouseMode::client);
    option.set_if(!s.password, "disable-ticketing", true);
    option.set_if(s.tls_port.value_or(0) > 0, "x509-dir", at.facts.spice_tls_directory);
    spice::set_channels(option, s);
    spice::set_word(option, "image-compression", s.image);
    spice::set_word(option, "jpeg-wan-compression", s.jpeg);
    spice::set_word(option, "zlib-glz-wan-compression", s.zlib);
    option.set("playback-compression", s.playback_compression);
    spice::set_word(option, "streaming-video", s.streaming);
    option.set_if(s.copy_paste == false, "disable-copy-paste", true);
    option.set_if(s.file_transfer == false, "disable-agent-file-xfer", true);
    if (s.gl && s.gl->enable == true)
        option.set("gl", true).set("rendernode", s.gl->rendernode);
    option.set("seamless-migration", true);
    if (s.keymap)
        at.add("k", node).set("", *s.keymap);
}

namespace spice
{
namespace
{

void check_security(SpiceGraphics const& s, bool has_plain, bool has_tls, std::string const& node, Checking const& at)
{
    auto const judge = [&](SpiceMode mode, std::string const& where) {
        if (mode == SpiceMode::secure && !has_tls)
            at.error(where, Fault::conflict, "it shall be encrypted, but the display has no TLS port",
                     "give tlsPort, or use mode 'any'");
        if (mode == SpiceMode::insecure && !has_plain)
            at.error(where, Fault::conflict, "it shall not be encrypted, but the display has no port without TLS",
                     "give port, or use mode 'any'");
    };
    judge(s.default_mode.value_or(SpiceMode::any), node + "/@defaultMode");
    for (std::size_t i = 0; i < s.channels.size(); ++i)
        judge(s.channels[i].mode, fmt::format("{}/channel[{}]/@mode", node, i + 1));
}

} // namespace
} // namespace spice

void check(SpiceGraphics const& s, std::string const& node, Checking const& at)
{
    constexpr std::int32_t last_port = 65535;
    auto const judge_port = [&](std::optional<std::int32_t> const& port, std::string_view name) {
        if (port && (*port < -1 || *port > last_port))
            at.error(fmt::format("{}/@{}", node, name), Fault::bad_number, fmt::format("{} is not a port", *port),
                     "give 1 to 65535, or -1 for a free one");
    };
    judge_port(s.port, "port");
    judge_port(s.tls_port, "tlsPort");
    check_listens(s.listens, s.listen, node, at);
    check_password_validity(s.password_valid_to, node, at);

    auto const is_host_ready = !at.facts.spice_tls_directory.empty();
    auto const chosen = automatic_ports(s, is_host_ready);
    auto const is_automatic = spice::is_automatic(s);
    auto const on_network = is_on_network(s.listens);
    auto const has_tls_port = on_network && (chosen.tls || (!is_automatic && s.tls_port.value_or(0) > 0));
    auto const has_plain_port = on_network && (chosen.plain || (!is_automatic && s.port.value_or(0) > 0));
    if (has_tls_port && !is_host_ready)
        at.error(node + (!is_automatic ? "/@tlsPort" : ""), Fault::not_supported,
                 "the display needs a TLS port, but this host has no certificates for SPICE",
                 "leave tlsPort and secure modes out, or set the host's spice_tls_directory");
    else
        spice::check_security(s, has_plain_port || !has_tls_port, has_tls_port, node, at);
    if (s.gl && s.gl->enable == true && (has_plain_port || has_tls_port))
        at.warning(node + "/gl", Fault::conflict, "QEMU shows a GPU's screen on local SPICE displays only",
                   "use <listen type='none'/> or <listen type='socket'/>");
}

} // namespace vmwright::inline v0::qemu::detail
