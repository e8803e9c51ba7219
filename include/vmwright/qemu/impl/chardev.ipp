// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

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

    void begin(std::string_view backend) const { option.set("", backend).set("id", id); }

    void operator()(PtyChar const&) const { begin("pty"); }
    void operator()(NullChar const&) const { begin("null"); }
    void operator()(VcChar const&) const { begin("vc"); }
    void operator()(StdioChar const&) const { begin("stdio"); }
    void operator()(DevChar const& c) const
    {
        begin("serial");
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
        auto const is_telnet = c.protocol == TcpProtocol::telnet || c.protocol == TcpProtocol::telnets;
        option.set("host", c.host).set("port", c.service).set_if(is_telnet, "telnet", true);
        set_server(option, c.mode == SocketMode::server);
        set_reconnect(option, c.reconnect);
    }
    void operator()(UnixChar const& c) const
    {
        begin("socket");
        option.set("path", c.path.value_or(""));
        set_server(option, c.mode != SocketMode::client);
        set_reconnect(option, c.reconnect);
    }
};

} // namespace
} // namespace chardev

auto add_chardev(CharSource const& source, std::optional<CharLog> const& log, std::string_view alias, std::string_view node,
                 Translating& at) -> std::string
{
    auto const id = fmt::format("char{}", alias);
    auto& option = at.add("chardev", node);
    std::visit(chardev::Backend{option, id}, source);
    if (log)
        option.set("logfile", log->file).set("logappend", log->append);
    return id;
}

auto pci_needs(Serial const& s) -> unsigned
{
    return s.target_type == "pci-serial" ? pci_ordinary : pci_none;
}

void complete(Serial& s, std::string const& node, Resolving const& at)
{
    if (!s.port) {
        std::uint32_t next = 0;
        for (auto const& other : at.config.devices.serials)
            if (other.port)
                next = std::max(next, *other.port + 1);
        at.choose(s.port, next, node + "/target/@port", "the next serial port");
    }
    if (s.target_type == "serial") // libvirt's older word for the board's own kind
        s.target_type.reset();
    at.choose(s.target_type,
              at.board.is_x86()                     ? "isa-serial"
              : at.board.family == BoardFamily::ccw ? "sclp-serial"
                                                    : "system-serial",
              node + "/target/@type", "the board's kind of serial port");
    std::string_view model = *s.target_type;
    if (s.target_type == "system-serial")
        model = at.board.is_riscv() ? "16550a" : "pl011";
    else if (s.target_type == "sclp-serial")
        model = "sclpconsole";
    at.choose(s.target_model, std::string{model}, node + "/target/model/@name", "the usual device for the target");
}

void complete(Console& c, std::string const& node, Resolving const& at)
{
    at.choose(c.target_type, at.board.family == BoardFamily::ccw ? "virtio" : "serial", node + "/target/@type",
              "a console is a serial port");
    if (!c.port) {
        std::uint32_t next = 0;
        for (auto const& other : at.config.devices.consoles)
            if (&other != &c && other.port)
                next = std::max(next, *other.port + 1);
        at.choose(c.port, next, node + "/target/@port", "the next console");
    }
}

void complete(Channel& c, std::string const&, Resolving const&)
{
    c.state.reset();
}

void translate(Serial const& s, std::string const& node, Translating& at)
{
    auto const alias = s.info.alias.value_or("");
    auto const chardev = add_chardev(s.source, s.log, alias, node, at);
    if (s.target_type == "system-serial") {
        at.add("serial", node).set("", fmt::format("chardev:{}", chardev));
        return;
    }
    auto& device = at.device(s.target_model.value_or("isa-serial"), node).set("chardev", chardev).set("id", s.info.alias);
    if (s.target_type == "isa-serial" && s.target_model != "isa-debugcon")
        device.set("index", s.port);
    at.place(device, s.info);
}

void translate(Console const& c, std::string const& node, Translating& at)
{
    if (c.target_type == "serial")
        return; // the other name of a serial port
    auto const alias = c.info.alias.value_or("");
    auto const chardev = add_chardev(c.source, c.log, alias, node, at);
    if (c.target_type != "virtio")
        return at.error(node + "/target/@type", Fault::not_supported,
                        fmt::format("this machine has no console of type '{}'", c.target_type.value_or("")),
                        "use serial or virtio");
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
    device.set("chardev", chardev).set("id", c.info.alias).set("name", c.name);
}

namespace chardev_check
{
namespace
{

void source(CharSource const& source, std::string const& node, Checking const& at)
{
    auto const need = [&](std::string const& text, std::string_view where, std::string_view what) {
        if (text.empty())
            at.error(fmt::format("{}/source/@{}", node, where), Fault::missing,
                     fmt::format("the character device has no {}", what));
    };
    if (auto const* tcp = std::get_if<TcpChar>(&source)) {
        need(tcp->host, "host", "host");
        need(tcp->service, "service", "port");
    }
    if (auto const* file = std::get_if<FileChar>(&source))
        need(file->path, "path", "file");
    if (auto const* dev = std::get_if<DevChar>(&source))
        need(dev->path, "path", "device");
    if (auto const* pipe = std::get_if<PipeChar>(&source))
        need(pipe->path, "path", "pipe");
}

} // namespace
} // namespace chardev_check

void check(Serial const& serial, std::string const& node, Checking const& at)
{
    chardev_check::source(serial.source, node, at);
}

void check(Channel const& channel, std::string const& node, Checking const& at)
{
    chardev_check::source(channel.source, node, at);
    if (channel.target_type.empty())
        at.error(node + "/target/@type", Fault::missing, "the channel has no target",
                 "add <target type='virtio' name='…'/>");
    else if (channel.target_type != "virtio" && channel.target_type != "guestfwd")
        at.error(node + "/target/@type", Fault::unknown_value,
                 fmt::format("'{}' is not a channel target", channel.target_type), "use virtio or guestfwd");
    if (channel.target_type == "guestfwd" && !channel.port)
        at.error(node + "/target/@port", Fault::missing, "a guestfwd channel needs a port");
}

void check(Console const& console, std::string const& node, Checking const& at)
{
    chardev_check::source(console.source, node, at);
    constexpr auto targets = name_list("serial", "xen", "uml", "virtio", "lxc", "openvz", "sclp", "sclplm");
    if (auto const& type = console.target_type; type && std::ranges::find(targets, *type) == targets.end())
        at.error(node + "/target/@type", Fault::unknown_value, fmt::format("'{}' is not a console target", *type),
                 suggestion(*type, targets));
}

} // namespace vmwright::inline v0::qemu::detail
