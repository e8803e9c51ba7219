// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/interface.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

namespace interface
{
namespace
{

void set_offloads(Option& device, InterfaceDriver const& driver)
{
    device.set("csum", driver.host.csum).set("gso", driver.host.gso);
    device.set("host_tso4", driver.host.tso4).set("host_tso6", driver.host.tso6);
    device.set("host_ecn", driver.host.ecn).set("host_ufo", driver.host.ufo).set("mrg_rxbuf", driver.host.mrg_rxbuf);
    device.set("guest_csum", driver.guest.csum).set("guest_tso4", driver.guest.tso4).set("guest_tso6", driver.guest.tso6);
    device.set("guest_ecn", driver.guest.ecn).set("guest_ufo", driver.guest.ufo);
}

void set_driver(Option& device, InterfaceDriver const& driver, Interface const& nic)
{
    if (driver.txmode)
        device.set("tx", *driver.txmode == TxMode::iothread ? "bh" : "timer");
    device.set("ioeventfd", driver.ioeventfd).set("event_idx", driver.event_idx);
    set_offloads(device, driver);
    if (auto const pairs = queue_pairs(nic); pairs > 1) {
        device.set("mq", true);
        if (!address_as<CcwAddress>(nic.info)) // there each queue has an interrupt of its own
            device.set("vectors", 2 * pairs + 2);
    }
    device.set("rx_queue_size", driver.rx_queue_size).set("tx_queue_size", driver.tx_queue_size);
    device.set("rss", driver.rss).set("hash", driver.rss_hash_report);
    set_virtio(device, driver.virtio);
}

/// The names under which the host makes tap devices of its own.
auto is_made_name(std::string_view dev) -> bool
{
    return dev.starts_with("vnet") || dev.starts_with("macvtap") || dev.starts_with("macvlan");
}

void complete_addresses(std::vector<InterfaceIp>& ips)
{
    for (auto& ip : ips)
        if (!ip.family)
            ip.family = ip.address.find(':') == std::string::npos ? "ipv4" : "ipv6";
}

/// What libvirt does not keep, because it says nothing to QEMU.
void drop_empty(Interface& nic)
{
    auto const is_hostdev = is<HostdevNetwork>(nic);
    if (nic.driver && (*nic.driver == InterfaceDriver{} || (!is_hostdev && !is_virtio_model(nic.model.value_or("")))))
        nic.driver.reset();
    nic.guest.actual.reset();
    if (nic.vlan && nic.vlan->tags.size() > 1)
        nic.vlan->trunk = true;
    else if (nic.vlan && nic.vlan->trunk == false)
        nic.vlan->trunk.reset();
    if (auto* hostdev = std::get_if<HostdevNetwork>(&nic.source); hostdev && hostdev->managed == false)
        hostdev->managed.reset();
    if (nic.isolated == false)
        nic.isolated.reset();
}

} // namespace
} // namespace interface

auto is_tap(Interface const& nic) -> bool
{
    return is<EthernetNetwork>(nic) || is<NetworkNetwork>(nic) || is<BridgeNetwork>(nic);
}

auto is_virtio_model(std::string_view model) -> bool
{
    return model == "virtio" || model == "virtio-transitional" || model == "virtio-non-transitional";
}

auto usual_network_card(Capabilities const& capabilities, std::string_view machine) -> std::string_view
{
    auto const is_arm = capabilities.arch == "aarch64" || capabilities.arch == "arm";
    if (is_arm && !machine.starts_with("virt"))
        return machine == "versatilepb" ? "smc91c111" : "lan9118";
    if (capabilities.arch != "x86_64" && capabilities.arch != "i386")
        return "virtio";
    return capabilities.has_device("rtl8139") ? "rtl8139" : capabilities.has_device("e1000") ? "e1000" : "virtio";
}

auto pci_needs(Interface const& nic) -> unsigned
{
    constexpr std::string_view off_pci[] = {"usb-net", "ne2k_isa", "lan9118", "smc91c111", "spapr-vlan"};
    constexpr std::string_view conventional[] = {"rtl8139", "e1000",   "virtio-transitional", "vmxnet3", "vmxnet2", "vmxnet",
                                                 "vlance",  "netfront"};
    if (auto const* hostdev = std::get_if<HostdevNetwork>(&nic.source))
        return std::holds_alternative<PciAddress>(hostdev->address) ? pcie_ordinary : unsigned{pci_none};
    auto const model = nic.model ? std::string_view{*nic.model} : std::string_view{};
    if (std::ranges::find(off_pci, model) != std::end(off_pci))
        return pci_none;
    return std::ranges::find(conventional, model) != std::end(conventional) ? pci_ordinary : pcie_ordinary;
}

void complete(Interface& nic, std::string const& node, Resolving const& at)
{
    if (!is<HostdevNetwork>(nic))
        at.choose(nic.model, usual_network_card(at.capabilities, at.config.os.machine.value_or("")), node + "/model/@type",
                  "the architecture's network card");
    if (nic.target.dev && nic.target.managed != false && interface::is_made_name(*nic.target.dev))
        nic.target.dev.reset();
    if (auto* direct = std::get_if<DirectNetwork>(&nic.source))
        at.choose(direct->mode, MacvtapMode::vepa, node + "/source/@mode", "macvtap by way of the switch");
    if (auto* ethernet = std::get_if<EthernetNetwork>(&nic.source))
        interface::complete_addresses(ethernet->ips);
    interface::complete_addresses(nic.ips);
    interface::drop_empty(nic);
}

void translate(Interface const& nic, std::string const& node, Translating& at)
{
    auto const alias = nic.info.alias.value_or("");
    if (auto const* hostdev = std::get_if<HostdevNetwork>(&nic.source))
        return translate_host_device(hostdev->address, nic.teaming, nic.info,
                                     at.boot_index(nic.info, BootDevice::network, &nic), node, at);
    auto const netdev = fmt::format("host{}", alias);
    add_netdev(nic, netdev, node, at);
    auto const is_virtio = is_virtio_model(*nic.model);
    // a board without buses has its cards soldered on
    if (at.board.is_arm() && !address_as<PciAddress>(nic.info) && !address_as<VirtioMmioAddress>(nic.info)) {
        auto& net = at.add("net", node).set("", "nic");
        if (nic.mac)
            net.set("macaddr", to_string(*nic.mac));
        net.set("netdev", netdev).set("model", *nic.model).set("id", nic.info.alias);
        return;
    }
    auto& device = at.device(is_virtio ? virtio_driver("virtio-net", nic.info, nic.model == "virtio-transitional",
                                                       nic.model == "virtio-non-transitional")
                                       : *nic.model,
                             node);
    if (nic.driver && is_virtio)
        interface::set_driver(device, *nic.driver, nic);
    if (is_virtio)
        device.set("host_mtu", nic.mtu);
    device.set_if(nic.teaming && nic.teaming->type == TeamingType::persistent, "failover", true);
    device.set("netdev", netdev).set("id", nic.info.alias);
    if (nic.mac)
        device.set("mac", to_string(*nic.mac));
    device.set("bootindex", at.boot_index(nic.info, BootDevice::network, &nic));
    at.place(device, nic.info);
}

} // namespace vmwright::inline v0::qemu::detail
