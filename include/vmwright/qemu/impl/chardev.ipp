// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace vmwright::inline v0::qemu::detail
{

namespace chardev
{
namespace
{

void set_reconnect(Option& option, std::optional<Reconnect> const& reconnect)
{
    if (reconnect)
        option.set("reconnect", reconnect->enabled ? reconnect->timeout.value_or(0) : 0U);
}

void set_server(Option& option, bool is_server)
{
    if (is_server)
        option.set("server", true).set("wait", false);
}

/// Fills the back end and its properties; the id is the second property.
struct Backend
{
    Option& option;
    std::string const& id;
    std::string_view spice_name; ///< what a spicevmc channel carries
    bool is_parallel{};
    std::optional<std::string> tls{}; ///< the id of the certificates

    void begin(std::string_view backend) const { option.set("", backend).set("id", id); }

    void operator()(PtyChar const&) const { begin("pty"); }
    void operator()(NullChar const&) const { begin("null"); }
    void operator()(VcChar const&) const { begin("vc"); }
    void operator()(StdioChar const&) const { begin("stdio"); }
    void operator()(DevChar const& c) const
    {
        begin(is_parallel ? "parallel" : "serial");
        option.set("path", c.path);
    }
    void operator()(FileChar const& c) const
    {
        begin("file");
        option.set("path", c.path).set("append", c.append);
    }
    void operator()(PipeChar const& c) const
    {
        begin("pipe");
        option.set("path", c.path);
    }
    void operator()(UdpChar const& c) const
    {
        begin("udp");
        for (auto const& end : c.ends)
            if (end.mode == SocketMode::client)
                option.set("host", end.host).set("port", end.service);
        std::string local_host, local_port = "0";
        for (auto const& end : c.ends)
            if (end.mode == SocketMode::server) {
                local_host = end.host;
                local_port = end.service;
            }
        option.set("localaddr", local_host).set("localport", local_port);
    }
    void operator()(TcpChar const& c) const
    {
        begin("socket");
        auto const is_telnet = c.protocol == TcpProtocol::telnet;
        option.set("host", c.host).set("port", c.service).set_if(is_telnet, "telnet", true);
        set_server(option, c.mode == SocketMode::server);
        set_reconnect(option, c.reconnect);
        option.set("tls-creds", tls);
    }
    void operator()(UnixChar const& c) const
    {
        begin("socket");
        option.set("path", c.path.value_or(""));
        set_server(option, c.mode != SocketMode::client);
        set_reconnect(option, c.reconnect);
    }
    void operator()(SpicevmcChar const&) const
    {
        begin("spicevmc");
        option.set("name", spice_name);
    }
    void operator()(SpiceportChar const& c) const
    {
        begin("spiceport");
        option.set("name", c.channel);
    }
    void operator()(NmdmChar const&) const {} // refused before
    void operator()(VdagentChar const& c) const
    {
        begin("qemu-vdagent");
        option.set("name", "vdagent").set("clipboard", c.copy_paste);
        if (c.mouse)
            option.set("mouse", *c.mouse == MouseMode::client);
    }
    void operator()(DbusChar const& c) const
    {
        begin("dbus");
        option.set("name", c.channel);
    }
};

/// The certificates of a TCP connection with TLS.
auto add_tls(CharSource const& source, std::string const& id, std::string_view node, Translating& at)
    -> std::optional<std::string>
{
    auto const* tcp = std::get_if<TcpChar>(&source);
    if (!tcp || tcp->tls != true)
        return std::nullopt;
    auto credentials = fmt::format("obj{}_tls0", id);
    at.object("tls-creds-x509", credentials, std::string{node} + "/source/@tls")
        .set("dir", at.facts.tls_directory)
        .set("endpoint", tcp->mode == SocketMode::server ? "server" : "client")
        .set("verify-peer", true);
    return credentials;
}

void complete_source(UdpChar& c, std::string const&, Resolving const&)
{
    std::erase_if(c.ends, [](UdpEnd const& end) { return end.host.empty() && end.service.empty(); });
    std::ranges::stable_sort(c.ends, std::greater{}, &UdpEnd::mode); // the receiving end first
}

void complete_source(TcpChar& c, std::string const& node, Resolving const& at)
{
    at.choose(c.protocol, TcpProtocol::raw, node + "/protocol/@type", "bytes as they are");
}

void complete_source(UnixChar& c, std::string const& node, Resolving const& at)
{
    if (c.path)
        at.choose(c.mode, SocketMode::client, node + "/source/@mode", "a socket is connected to unless it says bind");
    else
        c.mode.reset();
}

void complete_source(PtyChar& c, std::string const&, Resolving const&)
{
    c.path.reset();
}

template <class Char>
void complete_source(Char&, std::string const&, Resolving const&)
{
}

/// A path that an earlier start chose is no part of the definition.
void forget_chosen_path(Channel& c, HostFacts const& facts)
{
    auto* socket = std::get_if<UnixChar>(&c.source);
    auto const prefix = facts.directories.lib + "/channel/target/";
    if (!socket || !socket->path || !c.name || !socket->path->starts_with(prefix))
        return;
    auto const rest = std::string_view{*socket->path}.substr(prefix.size());
    auto const is_in_own_directory = rest.starts_with("domain-") && rest.ends_with("/" + *c.name);
    auto const has_domain_before_dot = rest.ends_with("." + *c.name) && rest.find('/') == rest.npos;
    if (is_in_own_directory || has_domain_before_dot)
        socket->path.reset();
}

} // namespace
} // namespace chardev

auto add_chardev(CharSource const& source, std::optional<CharLog> const& log, std::string_view alias, std::string_view node,
                 Translating& at, std::string_view spice_name) -> std::string
{
    auto const id = fmt::format("char{}", alias);
    auto const tls = chardev::add_tls(source, id, node, at);
    auto& option = at.add("chardev", node);
    std::visit(
        chardev::Backend{
            .option = option, .id = id, .spice_name = spice_name, .is_parallel = alias.starts_with("parallel"), .tls = tls},
        source);
    if (log)
        option.set("logfile", log->file).set("logappend", log->append);
    return id;
}

void complete(CharSource& source, std::string const& node, Resolving const& at)
{
    std::visit([&](auto& kind) { chardev::complete_source(kind, node, at); }, source);
}

auto pci_needs(Serial const& s) -> unsigned
{
    return s.target_type == "pci-serial" ? pci_ordinary : pci_none;
}

namespace chardev
{
namespace
{

auto usual_serial_target(Board const& board) -> std::string_view
{
    if (board.is_x86())
        return "isa-serial";
    if (board.family == BoardFamily::ccw)
        return "sclp-serial";
    return board.family == BoardFamily::virt ? "system-serial" : std::string_view{};
}

auto usual_serial_model(std::string_view target, Board const& board) -> std::string_view
{
    if (target == "system-serial")
        return board.is_riscv() ? "16550a" : "pl011";
    if (target == "sclp-serial")
        return "sclpconsole";
    if (target == "isa-debug")
        return "isa-debugcon";
    return target == "spapr-vio-serial" ? "spapr-vty" : target;
}

/// The number after the highest one that is given.
template <class T>
auto next_port(std::vector<T> const& list) -> std::uint32_t
{
    std::uint32_t next = 0;
    for (auto const& device : list)
        if (device.port)
            next = std::max(next, *device.port + 1);
    return next;
}

} // namespace
} // namespace chardev

void complete(Serial& s, std::string const& node, Resolving const& at)
{
    complete(s.source, node, at);
    at.choose(s.port, chardev::next_port(at.config.devices.serials), node + "/target/@port", "the next serial port");
    if (auto const usual = chardev::usual_serial_target(at.board); !usual.empty())
        at.choose(s.target_type, std::string{usual}, node + "/target/@type", "the board's kind of serial port");
    if (s.target_type)
        at.choose(s.target_model, std::string{chardev::usual_serial_model(*s.target_type, at.board)},
                  node + "/target/model/@name", "the usual device for the target");
}

void complete(Parallel& p, std::string const& node, Resolving const& at)
{
    complete(p.source, node, at);
    at.choose(p.port, chardev::next_port(at.config.devices.parallels), node + "/target/@port", "the next parallel port");
}

void complete(Console& c, std::string const& node, Resolving const& at)
{
    complete(c.source, node, at);
    c.tty.reset();
    at.choose(c.target_type, "serial", node + "/target/@type", "a console is a serial port");
    at.choose(c.port, chardev::next_port(at.config.devices.consoles), node + "/target/@port", "the next console");
}

void complete(Channel& c, std::string const& node, Resolving const& at)
{
    chardev::forget_chosen_path(c, at.facts);
    complete(c.source, node, at);
    c.state.reset();
}

void translate(Serial const& s, std::string const& node, Translating& at)
{
    auto const alias = s.info.alias.value_or("");
    auto const chardev = add_chardev(s.source, s.log, alias, node, at);
    if (!s.target_type || s.target_type == "system-serial") { // the board has it
        at.add("serial", node).set("", fmt::format("chardev:{}", chardev));
        return;
    }
    auto& device = at.device(s.target_model.value_or("isa-serial"), node).set("chardev", chardev).set("id", s.info.alias);
    if (s.target_type == "isa-serial")
        device.set("index", s.port);
    at.place(device, s.info);
}

void translate(Parallel const& p, std::string const& node, Translating& at)
{
    auto const chardev = add_chardev(p.source, p.log, p.info.alias.value_or(""), node, at);
    auto& device = at.device("isa-parallel", node).set("chardev", chardev).set("id", p.info.alias);
    at.place(device, p.info);
}

void translate(Console const& c, std::string const& node, Translating& at)
{
    if (c.target_type == "serial")
        return; // the other name of a serial port
    auto const chardev = add_chardev(c.source, c.log, c.info.alias.value_or(""), node, at);
    if (c.target_type == "sclp" || c.target_type == "sclplm") {
        at.device(fmt::format("{}console", *c.target_type), node).set("chardev", chardev).set("id", c.info.alias);
        return;
    }
    auto& device = at.device("virtconsole", node);
    if (auto const* address = address_as<VirtioSerialAddress>(c.info))
        device.set("bus", fmt::format("{}.0", at.controller_alias(ControllerType::virtio_serial, address->controller)))
            .set("nr", address->port);
    device.set("chardev", chardev).set("id", c.info.alias);
}

void translate(Channel const& c, std::string const& node, Translating& at)
{
    auto const alias = c.info.alias.value_or("");
    if (auto const* socket = std::get_if<UnixChar>(&c.source); socket && socket->path && socket->mode != SocketMode::client)
        at.need_directory_of(*socket->path);
    auto const chardev = add_chardev(c.source, c.log, alias, node, at);
    if (c.target_type == "guestfwd") {
        at.add("netdev", node)
            .set("type", "user")
            .set("guestfwd", List{Value{Map{{"str", fmt::format("tcp:{}:{}-chardev:{}", c.address.value_or(""),
                                                                c.port.value_or(0), chardev)}}}})
            .set("id", c.info.alias);
        return;
    }
    auto& device = at.device("virtserialport", node);
    if (auto const* address = address_as<VirtioSerialAddress>(c.info))
        device
            .set("bus",
                 fmt::format("{}.{}", at.controller_alias(ControllerType::virtio_serial, address->controller), address->bus))
            .set("nr", address->port);
    device.set("chardev", chardev).set("id", c.info.alias);
    if (std::holds_alternative<SpicevmcChar>(c.source) || std::holds_alternative<VdagentChar>(c.source))
        device.set("name", c.name.value_or(std::string{spice_agent_channel}));
    else
        device.set("name", c.name);
}

} // namespace vmwright::inline v0::qemu::detail
