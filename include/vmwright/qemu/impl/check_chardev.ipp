// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

namespace check_chardev
{
namespace
{

/// The rules of each kind of source.
struct Rules
{
    std::string const& node;
    CharOwner owner;
    Checking const& at;

    void need(std::string_view text, std::string_view where, std::string_view what) const
    {
        if (text.empty())
            at.error(fmt::format("{}/source/@{}", node, where), Fault::missing,
                     fmt::format("the character device has no {}", what));
    }

    void check_reconnect(std::optional<Reconnect> const& reconnect, bool is_client) const
    {
        if (!reconnect || !reconnect->enabled)
            return;
        if (!is_client)
            at.error(node + "/source/reconnect", Fault::conflict, "only a client can connect again",
                     "use mode='connect', or remove <reconnect>");
        if (!reconnect->timeout)
            at.error(node + "/source/reconnect/@timeout", Fault::missing, "it is not said after how many seconds",
                     "add timeout='10'");
    }

    void check_channel_name(std::string const& name) const
    {
        need(name, "channel", "channel");
        auto const is_plain = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                   c == '/';
        };
        if (!std::ranges::all_of(name, is_plain))
            at.error(node + "/source/@channel", Fault::bad_text, fmt::format("'{}' is not a channel's name", name),
                     "use letters, digits, '.', '-' and '/'");
    }

    void need_spice(std::string_view type) const
    {
        if (!has_graphics<SpiceGraphics>(at.config))
            at.error(node + "/@type", Fault::conflict,
                     fmt::format("a character device '{}' needs a SPICE display, and the domain has none", type),
                     "add <graphics type='spice'>");
    }

    void operator()(NullChar const&) const {}
    void operator()(VcChar const&) const {}
    void operator()(PtyChar const&) const {}
    void operator()(StdioChar const&) const {}
    void operator()(DevChar const& c) const { need(c.path, "path", "device"); }
    void operator()(FileChar const& c) const { need(c.path, "path", "file"); }
    void operator()(PipeChar const& c) const { need(c.path, "path", "pipe"); }
    void operator()(UdpChar const& c) const
    {
        auto const sends = [](UdpEnd const& end) { return end.mode == SocketMode::client && !end.service.empty(); };
        if (std::ranges::none_of(c.ends, sends))
            at.error(node + "/source/@service", Fault::missing, "the character device has no port to send to",
                     "add <source mode='connect' host='…' service='…'/>");
    }
    void operator()(TcpChar const& c) const
    {
        need(c.host, "host", "host");
        need(c.service, "service", "port");
        check_reconnect(c.reconnect, c.mode == SocketMode::client);
        if (c.protocol == TcpProtocol::telnets || c.protocol == TcpProtocol::tls)
            at.warning(node + "/protocol/@type", Fault::ignored, "QEMU takes the bytes as they are, without TLS",
                       "say tls='yes' in <source>");
    }
    void operator()(UnixChar const& c) const
    {
        if (!c.path && owner != CharOwner::virtio_channel)
            need("", "path", "socket");
        check_reconnect(c.reconnect, c.path && c.mode != SocketMode::server);
    }
    void operator()(SpicevmcChar const&) const
    {
        need_spice("spicevmc");
        if (owner == CharOwner::other)
            at.error(node + "/@type", Fault::not_supported,
                     "a spicevmc character device is for virtio channels, redirected devices and smart cards only",
                     "use spiceport");
    }
    void operator()(SpiceportChar const& c) const
    {
        need_spice("spiceport");
        check_channel_name(c.channel);
    }
    void operator()(NmdmChar const&) const
    {
        at.error(node + "/@type", Fault::not_supported, "QEMU has no character device 'nmdm'", "use pty or unix");
    }
    void operator()(VdagentChar const&) const {}
    void operator()(DbusChar const& c) const
    {
        check_channel_name(c.channel);
        if (!has_graphics<DbusGraphics>(at.config))
            at.warning(node + "/@type", Fault::conflict, "nobody finds the channel without a D-Bus display",
                       "add <graphics type='dbus'/>");
    }
};

/// What a serial port's target goes with.
struct Target
{
    std::string_view type{};
    std::string_view address{};
    std::vector<std::string_view> models{};
};

auto find_target(std::string_view type) -> Target const*
{
    static std::vector<Target> const targets{
        {"isa-serial", "isa", {"isa-serial"}},      {"usb-serial", "usb", {"usb-serial"}},
        {"pci-serial", "pci", {"pci-serial"}},      {"spapr-vio-serial", "spapr-vio", {"spapr-vty"}},
        {"system-serial", "", {"pl011", "16550a"}}, {"sclp-serial", "", {"sclpconsole", "sclplmconsole"}},
        {"isa-debug", "isa", {"isa-debugcon"}}};
    auto const found = std::ranges::find(targets, type, &Target::type);
    return found == targets.end() ? nullptr : &*found;
}

auto fits_board(std::string_view target, Board const& board) -> bool
{
    if (target.starts_with("isa"))
        return board.is_x86();
    if (target == "system-serial")
        return board.family == BoardFamily::virt;
    if (target == "sclp-serial")
        return board.arch == "s390x";
    return target != "spapr-vio-serial" || board.arch == "ppc64";
}

/// Target and model belong together, and to the machine.
void check_target(Serial const& serial, std::string const& node, Checking const& at)
{
    constexpr auto types =
        name_list("isa-serial", "usb-serial", "pci-serial", "spapr-vio-serial", "system-serial", "sclp-serial", "isa-debug");
    if (!serial.target_type)
        return;
    auto const* target = find_target(*serial.target_type);
    if (!target)
        return at.error(node + "/target/@type", Fault::unknown_value,
                        fmt::format("'{}' is not a serial port's target", *serial.target_type),
                        suggestion(*serial.target_type, types));
    if (at.config.os.machine && !fits_board(target->type, board_of(at.config)))
        at.error(node + "/target/@type", Fault::not_supported,
                 fmt::format("this machine has no serial port of type '{}'", target->type),
                 "leave the target's type out for the machine's own kind");
    if (serial.target_model && std::ranges::find(target->models, *serial.target_model) == target->models.end())
        at.error(node + "/target/model/@name", Fault::conflict,
                 fmt::format("a serial port '{}' cannot be a '{}'", target->type, *serial.target_model),
                 fmt::format("use {}", target->models.front()));
    auto const& address = serial.info.address;
    if (address && !target->address.empty() && address_type_names[address->index()] != target->address)
        at.error(node + "/address/@type", Fault::conflict,
                 fmt::format("a serial port '{}' has no address of type '{}'", target->type,
                             address_type_names[address->index()]),
                 fmt::format("use type='{}', or leave the address out", target->address));
}

} // namespace
} // namespace check_chardev

void check_char_source(CharSource const& source, CharOwner owner, std::string const& node, Checking const& at)
{
    std::visit(check_chardev::Rules{node, owner, at}, source);
    std::visit(
        [&](auto const& kind) {
            if constexpr (requires { kind.seclabels; })
                if (!kind.seclabels.empty())
                    at.warning(node + "/source/seclabel", Fault::ignored, "no security driver labels files", remove_it());
        },
        source);
}

void check(Serial const& serial, std::string const& node, Checking const& at)
{
    check_char_source(serial.source, CharOwner::other, node, at);
    check_chardev::check_target(serial, node, at);
    for (auto const& other : at.config.devices.serials) {
        if (&other == &serial)
            break;
        if (serial.port && other.port == serial.port)
            at.warning(node + "/target/@port", Fault::duplicate,
                       fmt::format("another serial port has the number {} already", *serial.port), "give each its own");
    }
}

void check(Parallel const& parallel, std::string const& node, Checking const& at)
{
    check_char_source(parallel.source, CharOwner::other, node, at);
}

void check(Channel const& channel, std::string const& node, Checking const& at)
{
    auto const is_virtio = channel.target_type == "virtio";
    check_char_source(channel.source, is_virtio ? CharOwner::virtio_channel : CharOwner::other, node, at);
    if (channel.target_type.empty())
        at.error(node + "/target/@type", Fault::missing, "the channel has no target",
                 "add <target type='virtio' name='…'/>");
    else if (!is_virtio && channel.target_type != "guestfwd")
        at.error(node + "/target/@type", Fault::unknown_value,
                 fmt::format("QEMU has no channel target '{}'", channel.target_type), "use virtio or guestfwd");
    if (channel.target_type == "guestfwd") {
        if (!channel.port)
            at.error(node + "/target/@port", Fault::missing, "a guestfwd channel needs a port");
        if (!channel.address)
            at.error(node + "/target/@address", Fault::missing, "a guestfwd channel needs an address of the guest's network",
                     "add address='10.0.2.100'");
        else if (channel.address->find(':') != std::string::npos)
            at.error(node + "/target/@address", Fault::not_supported, "a guestfwd channel has an IPv4 address");
    }
    if (is_virtio && std::holds_alternative<SpicevmcChar>(channel.source) && channel.name &&
        *channel.name != spice_agent_channel)
        at.error(node + "/target/@name", Fault::not_supported,
                 fmt::format("a spicevmc channel cannot be named '{}'", *channel.name),
                 fmt::format("use '{}'", spice_agent_channel));
}

void check(Console const& console, std::string const& node, Checking const& at)
{
    check_char_source(console.source, CharOwner::other, node, at);
    constexpr auto targets = name_list("serial", "xen", "uml", "virtio", "lxc", "openvz", "sclp", "sclplm");
    constexpr auto ours = name_list("serial", "virtio", "sclp", "sclplm");
    if (is_serial(console) && &console != &at.config.devices.consoles.front())
        at.error(console.target_type ? node + "/target/@type" : node, Fault::conflict,
                 "only the first console can be a serial port", "use <target type='virtio'/>");
    if (!console.target_type)
        return;
    auto const& type = *console.target_type;
    if (std::ranges::find(targets, type) == targets.end())
        at.error(node + "/target/@type", Fault::unknown_value, fmt::format("'{}' is not a console target", type),
                 suggestion(type, ours));
    else if (std::ranges::find(ours, type) == ours.end() ||
             (type.starts_with("sclp") && board_of(at.config).arch != "s390x"))
        at.error(node + "/target/@type", Fault::not_supported, fmt::format("this machine has no console of type '{}'", type),
                 "use serial or virtio");
}

} // namespace vmwright::inline v0::qemu::detail
