// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <map>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

namespace interface
{
namespace
{

auto is_virtio(Interface const& nic) -> bool
{
    return nic.model == "virtio" || nic.model == "virtio-transitional" || nic.model == "virtio-non-transitional";
}

auto is_user(Interface const& nic) -> bool
{
    return std::holds_alternative<UserNetwork>(nic.source);
}

auto queues(Interface const& nic) -> std::uint32_t
{
    return nic.driver ? nic.driver->queues.value_or(1) : 1;
}

void set_driver(Option& device, InterfaceDriver const& driver, std::uint32_t queues)
{
    if (driver.txmode)
        device.set("tx", *driver.txmode == TxMode::iothread ? "bh" : "timer");
    device.set("ioeventfd", driver.ioeventfd).set("event_idx", driver.event_idx);
    device.set("csum", driver.host.csum).set("gso", driver.host.gso);
    device.set("host_tso4", driver.host.tso4).set("host_tso6", driver.host.tso6);
    device.set("host_ecn", driver.host.ecn).set("host_ufo", driver.host.ufo).set("mrg_rxbuf", driver.host.mrg_rxbuf);
    device.set("guest_csum", driver.guest.csum).set("guest_tso4", driver.guest.tso4).set("guest_tso6", driver.guest.tso6);
    device.set("guest_ecn", driver.guest.ecn).set("guest_ufo", driver.guest.ufo);
    if (queues > 1)
        device.set("mq", true).set("vectors", 2 * queues + 2);
    device.set("rx_queue_size", driver.rx_queue_size).set("tx_queue_size", driver.tx_queue_size);
    device.set("rss", driver.rss).set("hash", driver.rss_hash_report);
    set_virtio(device, driver.virtio);
}

void add_netdev(Interface const& nic, std::string const& id, std::string const& node, Translating& at)
{
    auto& netdev = at.add("netdev", node);
    if (is_user(nic)) {
        netdev.set("type", "user");
        for (auto const& ip : nic.ips) {
            auto const is_v6 = ip.family == "ipv6";
            if (ip.prefix)
                netdev.set(is_v6 ? "ipv6-prefix" : "net", is_v6 ? ip.address : fmt::format("{}/{}", ip.address, *ip.prefix));
            else
                netdev.set(is_v6 ? "ipv6-prefix" : "net", ip.address);
            if (is_v6)
                netdev.set("ipv6-prefixlen", ip.prefix);
        }
        netdev.set("id", id);
        return;
    }
    auto const slot = fmt::format("tap:{}", nic.info.alias.value_or(""));
    netdev.set("type", "tap");
    if (queues(nic) == 1)
        netdev.set("fd", Slot{slot, "0"});
    else {
        std::string fds = "0";
        for (std::uint32_t i = 1; i < queues(nic); ++i)
            fds += ":0";
        netdev.set("fds", Slot{slot, fds});
    }
    netdev.set("id", id);
}

} // namespace
} // namespace interface

auto pci_needs(Interface const& nic) -> unsigned
{
    constexpr std::string_view off_pci[] = {"usb-net", "ne2k_isa", "lan9118", "smc91c111", "spapr-vlan"};
    constexpr std::string_view conventional[] = {"rtl8139", "e1000",   "virtio-transitional", "vmxnet3", "vmxnet2", "vmxnet",
                                                 "vlance",  "netfront"};
    auto const model = nic.model ? std::string_view{*nic.model} : std::string_view{};
    if (std::ranges::find(off_pci, model) != std::end(off_pci))
        return pci_none;
    return std::ranges::find(conventional, model) != std::end(conventional) ? pci_ordinary : pcie_ordinary;
}

void complete(Interface& nic, std::string const& node, Resolving const& at)
{
    auto const is_pc = at.board.family == BoardFamily::q35 || at.board.family == BoardFamily::i440fx;
    auto const model = is_pc && at.capabilities.has_device("rtl8139") ? "rtl8139"
                       : is_pc && at.capabilities.has_device("e1000") ? "e1000"
                                                                      : "virtio";
    at.choose(nic.model, model, node + "/model/@type", "the architecture's network card");
    if (nic.target.dev && nic.target.dev->starts_with("vnet"))
        nic.target.dev.reset();
}

void translate(Interface const& nic, std::string const& node, Translating& at)
{
    auto const alias = nic.info.alias.value_or("");
    auto const netdev = fmt::format("host{}", alias);
    interface::add_netdev(nic, netdev, node, at);
    auto const is_virtio = interface::is_virtio(nic);
    auto& device = at.device(is_virtio ? virtio_driver("virtio-net", nic.info, nic.model == "virtio-transitional",
                                                       nic.model == "virtio-non-transitional")
                                       : *nic.model,
                             node);
    if (nic.driver && is_virtio)
        interface::set_driver(device, *nic.driver, interface::queues(nic));
    if (is_virtio)
        device.set("host_mtu", nic.mtu);
    device.set("netdev", netdev).set("id", nic.info.alias);
    if (nic.mac)
        device.set("mac", to_string(*nic.mac));
    device.set("bootindex", at.boot_index(nic.info, BootDevice::network, &nic));
    at.place(device, nic.info);
}

namespace interface_check
{
namespace
{

void driver(InterfaceDriver const& driver, std::string const& node, Checking const& at)
{
    auto const power_of_two = [&](std::optional<std::uint32_t> n, std::string_view name) {
        if (n && (*n == 0 || (*n & (*n - 1)) != 0))
            at.error(fmt::format("{}/driver/@{}", node, name), Fault::bad_number,
                     fmt::format("{} is not a power of two", *n));
    };
    power_of_two(driver.rx_queue_size, "rx_queue_size");
    power_of_two(driver.tx_queue_size, "tx_queue_size");
}

} // namespace
} // namespace interface_check

void check(Interface const& nic, std::string const& node, Checking const& at)
{
    constexpr auto models = name_list("virtio", "virtio-transitional", "virtio-non-transitional", "e1000", "e1000e",
                                      "e1000-82544gc", "e1000-82545em", "rtl8139", "vmxnet3", "ne2k_pci", "pcnet", "i82551",
                                      "i82557b", "i82559er", "usb-net", "tulip");
    if (nic.mac && nic.mac->is_multicast())
        at.error(node + "/mac/@address", Fault::bad_text, fmt::format("{} is a multicast address", to_string(*nic.mac)),
                 "its first byte must be even");
    if (auto const* bridge = std::get_if<BridgeNetwork>(&nic.source); bridge && !bridge->bridge)
        at.error(node + "/source/@bridge", Fault::missing, "an interface of type bridge names its bridge",
                 "add <source bridge='…'/>");
    if (auto const* network = std::get_if<NetworkNetwork>(&nic.source); network && network->network.empty())
        at.error(node + "/source/@network", Fault::missing, "an interface of type network names its network",
                 "add <source network='default'/>");
    if (nic.model) {
        constexpr std::string_view good = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
        if (nic.model->find_first_not_of(good) != std::string::npos)
            at.error(node + "/model/@type", Fault::bad_text,
                     fmt::format("'{}' is not the name of a network card", *nic.model));
        else if (std::ranges::find(models, *nic.model) == models.end() && !at.capabilities.has_device(*nic.model))
            at.warning(node + "/model/@type", Fault::unknown_value,
                       fmt::format("QEMU {} has no network card '{}'", to_string(at.capabilities.version), *nic.model),
                       suggestion(*nic.model, models));
    }
    if (nic.driver)
        interface_check::driver(*nic.driver, node, at);
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
