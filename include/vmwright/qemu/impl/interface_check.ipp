// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/interface.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>

namespace vmwright::inline v0::qemu::detail
{

namespace interface_check
{
namespace
{

auto type_name(Interface const& nic) -> std::string_view
{
    return interface_source_names[nic.source.index()];
}

/// What the rules about one interface share.
struct Rules
{
    Interface const& nic;
    std::string const& node;
    std::string_view model;
    Checking const& at;

    void error(std::string_view path, Fault fault, std::string message, std::string hint = {}) const
    {
        at.error(fmt::format("{}{}", node, path), fault, std::move(message), std::move(hint));
    }
    void warning(std::string_view path, Fault fault, std::string message, std::string hint = {}) const
    {
        at.warning(fmt::format("{}{}", node, path), fault, std::move(message), std::move(hint));
    }
    /// Something that this type of interface cannot have.
    void not_here(bool is_said, std::string_view path, std::string_view what, std::string_view where) const
    {
        if (is_said)
            error(path, Fault::not_supported, fmt::format("an interface of type '{}' has no {}", type_name(nic), what),
                  fmt::format("remove it; it is for {}", where));
    }
    void need(std::string const& text, std::string_view path, std::string_view what) const
    {
        if (text.empty())
            error(path, Fault::missing, fmt::format("an interface of type '{}' names its {}", type_name(nic), what));
    }

    void source() const;
    void card() const;
    void driver(InterfaceDriver const& driver) const;
    void backend() const;
    void addresses() const;
    void port() const;
    void ignored() const;
};

void Rules::source() const
{
    if (auto const* network = std::get_if<NetworkNetwork>(&nic.source))
        need(network->network, "/source/@network", "network");
    if (auto const* bridge = std::get_if<BridgeNetwork>(&nic.source); bridge && !bridge->bridge)
        need("", "/source/@bridge", "bridge");
    if (auto const* direct = std::get_if<DirectNetwork>(&nic.source))
        need(direct->dev, "/source/@dev", "device");
    if (auto const* vdpa = std::get_if<VdpaNetwork>(&nic.source))
        need(vdpa->dev, "/source/@dev", "device");
    if (auto const* internal = std::get_if<InternalNetwork>(&nic.source))
        need(internal->name, "/source/@name", "network");
    if (auto const* client = std::get_if<ClientNetwork>(&nic.source))
        need(client->source.address, "/source/@address", "address");
    if (auto const* mcast = std::get_if<McastNetwork>(&nic.source))
        need(mcast->source.address, "/source/@address", "address");
    if (auto const* udp = std::get_if<UdpNetwork>(&nic.source)) {
        need(udp->source.address, "/source/@address", "address");
        need(udp->local.address, "/source/local/@address", "own address");
    }
    if (auto const* vhost = std::get_if<VhostUserNetwork>(&nic.source)) {
        need(vhost->path, "/source/@path", "socket");
        if (!is_virtio_model(model))
            error("/model", Fault::conflict, "an interface of type 'vhostuser' needs a virtio card",
                  "use <model type='virtio'/>");
        if (vhost->mode == VhostUserMode::server && vhost->reconnect)
            error("/source/reconnect", Fault::conflict, "a server does not connect again",
                  "remove it, or use mode='client'");
    }
    if (auto const* hostdev = std::get_if<HostdevNetwork>(&nic.source);
        hostdev && std::holds_alternative<HostUsbAddress>(hostdev->address))
        error("/source/address/@type", Fault::not_supported, "QEMU has no network card of the host on USB",
              "use <hostdev type='usb'>");
    if (is<NullNetwork>(nic) || is<VdsNetwork>(nic))
        error("/@type", Fault::not_supported, fmt::format("QEMU has no interface of type '{}'", type_name(nic)));
}

void Rules::card() const
{
    constexpr auto models = name_list("virtio", "virtio-transitional", "virtio-non-transitional", "e1000", "e1000e",
                                      "e1000-82544gc", "e1000-82545em", "rtl8139", "vmxnet3", "ne2k_pci", "pcnet", "i82551",
                                      "i82557b", "i82559er", "usb-net", "tulip");
    if (nic.mac && nic.mac->is_multicast())
        error("/mac/@address", Fault::bad_text, fmt::format("{} is a multicast address", to_string(*nic.mac)),
              "its first byte must be even");
    if (!nic.model)
        return;
    constexpr std::string_view good = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    if (nic.model->find_first_not_of(good) != std::string::npos)
        error("/model/@type", Fault::bad_text, fmt::format("'{}' is not the name of a network card", *nic.model));
    else if (*nic.model != "virtio" && !nic.model->starts_with("virtio-") && !at.capabilities.has_device(*nic.model))
        warning("/model/@type", Fault::unknown_value,
                fmt::format("QEMU {} has no network card '{}'", to_string(at.capabilities.version), *nic.model),
                suggestion(*nic.model, models));
}

void Rules::driver(InterfaceDriver const& driver) const
{
    auto const is_of_host = driver.name == InterfaceDriverName::kvm || driver.name == InterfaceDriverName::vfio ||
                            driver.name == InterfaceDriverName::xen;
    if (is<HostdevNetwork>(nic)) {
        if (driver.name && driver.name != InterfaceDriverName::vfio)
            error("/driver/@name", Fault::not_supported,
                  fmt::format("QEMU has no driver '{}' for a device of the host", to_string(*driver.name)), "use vfio");
        return;
    }
    if (!is_virtio_model(model))
        return warning("/driver", Fault::ignored, fmt::format("the card '{}' has no driver to choose", model),
                       "use <model type='virtio'/>");
    if (is_of_host)
        error("/driver/@name", Fault::unknown_value,
              fmt::format("a virtio card has no driver '{}'", to_string(*driver.name)), "use qemu or vhost");
    auto const power_of_two = [&](std::optional<std::uint32_t> n, std::string_view name) {
        if (n && !std::has_single_bit(*n))
            error(fmt::format("/driver/@{}", name), Fault::bad_number, fmt::format("{} is not a power of two", *n));
    };
    power_of_two(driver.rx_queue_size, "rx_queue_size");
    power_of_two(driver.tx_queue_size, "tx_queue_size");
    auto const has_queues = is_tap(nic) || is<DirectNetwork>(nic) || is<VhostUserNetwork>(nic) || is<VdpaNetwork>(nic);
    not_here(driver.queues.value_or(0) > 0 && !has_queues, "/driver/@queues", "queues to choose",
             "tap devices, vhostuser and vdpa");
}

void Rules::backend() const
{
    auto const is_passt = nic.backend.type == InterfaceBackendType::passt;
    auto const* user = std::get_if<UserNetwork>(&nic.source);
    not_here(is_passt && !user, "/backend/@type", "backend 'passt'", "type='user'");
    auto const for_passt = [&](bool is_said, std::string_view path) {
        if (is_said && !(is_passt && user))
            error(path, Fault::conflict, "it is passt that does this", "add <backend type='passt'/> to type='user'");
    };
    for_passt(user && !user->dev.empty(), "/source/@dev");
    for_passt(!nic.port_forwards.empty(), "/portForward");
    for_passt(!nic.backend.log_file.empty(), "/backend/@logFile");
    not_here(!nic.backend.tap.empty() && !is_tap(nic), "/backend/@tap", "tap device", "bridge, network and ethernet");
    if (nic.teaming && nic.teaming->type == TeamingType::transient && !nic.teaming->persistent)
        error("/teaming/@persistent", Fault::missing, "the one that stays is not named", "add persistent='ua-…', its alias");
    if (nic.teaming && nic.teaming->type == TeamingType::persistent && nic.teaming->persistent)
        error("/teaming/@persistent", Fault::conflict, "the one that stays names no other", "remove it");
    auto const has_mtu = is_tap(nic) || is<VhostUserNetwork>(nic);
    not_here(nic.mtu.has_value() && !has_mtu, "/mtu", "MTU to choose", "bridge, network, ethernet and vhostuser");
    not_here(nic.coalesce_frames && !is<NetworkNetwork>(nic) && !is<BridgeNetwork>(nic), "/coalesce",
             "interrupts to coalesce", "bridge and network");
    not_here(nic.filter && !is_tap(nic), "/filterref", "filter", "bridge, network and ethernet");
    not_here(nic.target.managed == false && !is<EthernetNetwork>(nic), "/target/@managed", "device of somebody else's",
             "ethernet");
}

void Rules::addresses() const
{
    if (!is<UserNetwork>(nic)) {
        not_here(!nic.ips.empty(), "/ip", "address in the guest", "type='user'");
        not_here(!nic.routes.empty(), "/route", "route in the guest", "containers");
        return;
    }
    not_here(!nic.routes.empty(), "/route", "route in the guest", "containers");
    constexpr std::uint32_t least_v4 = 4, most_v4 = 27, most_v6 = 120;
    bool has_v4{}, has_v6{};
    for (std::size_t i = 0; i < nic.ips.size(); ++i) {
        auto const& ip = nic.ips[i];
        auto const path = fmt::format("/ip[{}]", i + 1);
        auto const is_v6 = ip.address.find(':') != std::string::npos;
        if (ip.family && (ip.family == "ipv6") != is_v6)
            error(path + "/@family", Fault::conflict, fmt::format("{} is no address of that family", ip.address),
                  fmt::format("use family='{}'", is_v6 ? "ipv6" : "ipv4"));
        if (ip.peer)
            error(path + "/@peer", Fault::not_supported, "QEMU's network has no peer to choose", "remove it");
        if (std::exchange(is_v6 ? has_v6 : has_v4, true))
            error(path, Fault::duplicate, fmt::format("the guest has one {} address", is_v6 ? "IPv6" : "IPv4"),
                  "remove one of them");
        auto const prefix = ip.prefix.value_or(0);
        if (!is_v6 && prefix != 0 && (prefix < least_v4 || prefix > most_v4))
            error(path + "/@prefix", Fault::bad_number, fmt::format("{} is no prefix for QEMU's network", prefix),
                  fmt::format("give {} to {}", least_v4, most_v4));
        if (is_v6 && prefix > most_v6)
            error(path + "/@prefix", Fault::bad_number, fmt::format("{} is no prefix for QEMU's network", prefix),
                  fmt::format("give at most {}", most_v6));
    }
}

/// What a switch is told.
void Rules::port() const
{
    auto const has_port =
        is<NetworkNetwork>(nic) || is<BridgeNetwork>(nic) || is<DirectNetwork>(nic) || is<HostdevNetwork>(nic);
    not_here(nic.virtual_port && !has_port, "/virtualport", "virtual port", "network, bridge, direct and hostdev");
    if (nic.virtual_port && has_port && !is<NetworkNetwork>(nic)) {
        auto const& type = nic.virtual_port->type;
        auto const& parameters = nic.virtual_port->parameters;
        auto const miss = [&](bool holds, std::string_view name) {
            if (holds)
                error("/virtualport/parameters", Fault::missing,
                      fmt::format("a virtual port '{}' has a {}", to_string(*type), name), fmt::format("add {}='…'", name));
        };
        if (!type)
            error("/virtualport", Fault::missing, "the virtual port has no type", "as type='openvswitch'");
        else if (*type == VirtualPortType::vepa) {
            miss(!parameters.manager_id, "managerid");
            miss(!parameters.type_id, "typeid");
            miss(!parameters.type_id_version, "typeidversion");
        } else if (*type == VirtualPortType::vnlink)
            miss(parameters.profile_id.empty(), "profileid");
        else if (*type == VirtualPortType::midonet)
            miss(!parameters.interface_id, "interfaceid");
    }
    constexpr std::uint32_t last_vlan = 4095;
    if (nic.vlan) {
        for (std::size_t i = 0; i < nic.vlan->tags.size(); ++i)
            if (nic.vlan->tags[i].id > last_vlan)
                error(fmt::format("/vlan/tag[{}]/@id", i + 1), Fault::bad_number,
                      fmt::format("{} is not the number of a VLAN", nic.vlan->tags[i].id), "give 0 to 4095");
        if (nic.vlan->tags.size() > 1 && nic.vlan->trunk == false)
            error("/vlan/@trunk", Fault::conflict, "an interface in several VLANs is a trunk", "use trunk='yes'");
    }
    if (!nic.bandwidth)
        return;
    auto const& [inbound, outbound] = *nic.bandwidth;
    if (inbound && !inbound->average && !inbound->floor)
        error("/bandwidth/inbound", Fault::missing, "there is neither an average nor a floor", "add average='…'");
    if (inbound && inbound->floor && !is<NetworkNetwork>(nic))
        error("/bandwidth/inbound/@floor", Fault::not_supported, "only a virtual network guarantees a floor", "remove it");
    if (outbound && outbound->floor)
        error("/bandwidth/outbound/@floor", Fault::not_supported, "what a guest sends has no floor", "remove it");
    else if (outbound && !outbound->average)
        error("/bandwidth/outbound", Fault::missing, "there is no average", "add average='…'");
    if (!is_tap(nic) && !is<DirectNetwork>(nic))
        warning("/bandwidth", Fault::ignored,
                fmt::format("the bandwidth of an interface of type '{}' has no limits", type_name(nic)));
}

void Rules::ignored() const
{
    if (nic.guest.dev)
        warning("/guest/@dev", Fault::ignored, "QEMU does not name the guest's end");
    if (!nic.backend_domain.empty())
        warning("/backenddomain", Fault::ignored, "QEMU has no domains that drive devices");
    if (!nic.script.empty() && !is<EthernetNetwork>(nic) && !is<BridgeNetwork>(nic))
        warning("/script", Fault::ignored, fmt::format("an interface of type '{}' runs no script", type_name(nic)));
    if (!nic.down_script.empty() && !is<EthernetNetwork>(nic))
        warning("/downscript", Fault::ignored, fmt::format("an interface of type '{}' runs no script", type_name(nic)));
    if (nic.send_buffer && !is_tap(nic) && !is<DirectNetwork>(nic))
        warning("/tune/sndbuf", Fault::ignored, "only a tap device has a send buffer to choose");
    if (nic.isolated == true && !is<NetworkNetwork>(nic) && !is<BridgeNetwork>(nic))
        error("/port/@isolated", Fault::not_supported, "only a port of a bridge can be isolated", "remove <port>");
}

} // namespace
} // namespace interface_check

void check(Interface const& nic, std::string const& node, Checking const& at)
{
    auto const machine = at.config.os.machine.value_or("");
    auto const usual = usual_network_card(at.capabilities, machine);
    interface_check::Rules const rules{nic, node, nic.model ? std::string_view{*nic.model} : usual, at};
    rules.source();
    rules.card();
    if (nic.driver && nic.driver != InterfaceDriver{})
        rules.driver(*nic.driver);
    rules.backend();
    rules.addresses();
    rules.port();
    rules.ignored();
}

void check_all(std::vector<Interface> const& interfaces, Checking const& at)
{
    std::map<Mac, std::size_t> macs;
    for (std::size_t i = 0; i < interfaces.size(); ++i)
        if (auto const& mac = interfaces[i].mac)
            if (auto const [first, is_new] = macs.emplace(*mac, i); !is_new)
                at.warning(device_node("interface", i) + "/mac/@address", Fault::duplicate,
                           fmt::format("interface {} has the address {} too", first->second + 1, to_string(*mac)),
                           "give each its own");
}

} // namespace vmwright::inline v0::qemu::detail
