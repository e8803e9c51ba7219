// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/controller.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace vmwright::inline v0::qemu::detail
{

namespace controller
{
namespace
{

using Names = std::pair<std::string_view, std::string_view>;

/// libvirt's models and QEMU's devices.
constexpr Names usb_devices[] = {{"piix3-uhci", "piix3-usb-uhci"},
                                 {"piix4-uhci", "piix4-usb-uhci"},
                                 {"ehci", "usb-ehci"},
                                 {"ich9-ehci1", "ich9-usb-ehci1"},
                                 {"ich9-uhci1", "ich9-usb-uhci1"},
                                 {"ich9-uhci2", "ich9-usb-uhci2"},
                                 {"ich9-uhci3", "ich9-usb-uhci3"},
                                 {"vt82c686b-uhci", "vt82c686b-usb-uhci"},
                                 {"pci-ohci", "pci-ohci"},
                                 {"nec-xhci", "nec-usb-xhci"},
                                 {"qemu-xhci", "qemu-xhci"}};

constexpr Names scsi_devices[] = {{"lsilogic", "lsi"},    {"lsisas1068", "mptsas1068"}, {"lsisas1078", "megasas"},
                                  {"vmpvscsi", "pvscsi"}, {"ibmvscsi", "spapr-vscsi"},  {"am53c974", "am53c974"},
                                  {"dc390", "dc-390"}};

/// The first of a model is the usual one.
constexpr Names pci_devices[] = {{"pci-bridge", "pci-bridge"},
                                 {"dmi-to-pci-bridge", "i82801b11-bridge"},
                                 {"pcie-to-pci-bridge", "pcie-pci-bridge"},
                                 {"pcie-root-port", "pcie-root-port"},
                                 {"pcie-root-port", "ioh3420"},
                                 {"pcie-switch-upstream-port", "x3130-upstream"},
                                 {"pcie-switch-downstream-port", "xio3130-downstream"},
                                 {"pci-expander-bus", "pxb"},
                                 {"pcie-expander-bus", "pxb-pcie"}};

template <std::size_t N>
auto device_of(Names const (&names)[N], std::string_view model) -> std::string_view
{
    auto const found = std::ranges::find(names, model, &Names::first);
    return found == std::end(names) ? std::string_view{} : found->second;
}

auto is_virtio_scsi(std::string_view model) -> bool
{
    return model.starts_with("virtio-");
}

void translate_pci(Controller const& c, std::string const& node, Translating& at)
{
    if (c.model == "pci-root" || c.model == "pcie-root") {
        if (c.pci_hole64)
            at.add("global", node)
                .set(c.model == "pcie-root" ? "q35-pcihost.pci-hole64-size" : "i440FX-pcihost.pci-hole64-size",
                     fmt::format("{}K", c.pci_hole64->kib()));
        return;
    }
    auto& device = at.device(c.model_name.value_or(std::string{device_of(pci_devices, c.model.value_or(""))}), node);
    if (c.model == "pcie-root-port" || c.model == "pcie-switch-downstream-port")
        device.set("port", c.target.port).set("chassis", c.target.chassis);
    if (c.model == "pci-bridge")
        device.set("chassis_nr", c.target.chassis_nr);
    device.set("bus_nr", c.target.bus_nr);
    device.set("id", c.info.alias);
    device.set("numa_node", c.target.node);
    device.set("hotplug", c.target.hotplug);
    at.place(device, c.info);
}

void translate_usb(Controller const& c, std::string const& node, Translating& at)
{
    auto const model = c.model.value_or("");
    if (model == "none")
        return;
    if (model.empty()) {
        at.add("usb", node);
        return;
    }
    auto const driver = device_of(usb_devices, model);
    if (driver.empty())
        return at.error(node + "/@model", Fault::unknown_value, fmt::format("'{}' is not a USB controller model", model));
    auto& device = at.device(driver, node);
    if (model == "qemu-xhci" || model == "nec-xhci")
        device.set("p2", c.ports).set("p3", c.ports);
    if (c.master_startport)
        device.set("masterbus", at.controller_alias(ControllerType::usb, c.index.value_or(0)) + ".0")
            .set("firstport", *c.master_startport);
    else
        device.set("id", c.info.alias);
    at.place(device, c.info);
}

void translate_scsi(Controller const& c, std::string const& node, Translating& at)
{
    auto const model = c.model.value_or("");
    auto const driver = is_virtio_scsi(model) ? virtio_driver("virtio-scsi", c.info, model == "virtio-transitional",
                                                              model == "virtio-non-transitional")
                                              : std::string{device_of(scsi_devices, model)};
    auto& device = at.device(driver, node);
    if (c.driver && is_virtio_scsi(model)) {
        if (c.driver->iothread)
            device.set("iothread", fmt::format("iothread{}", *c.driver->iothread));
        device.set("ioeventfd", c.driver->ioeventfd);
        set_virtio(device, c.driver->virtio);
        device.set("num_queues", c.driver->queues)
            .set("cmd_per_lun", c.driver->cmd_per_lun)
            .set("max_sectors", c.driver->max_sectors);
    }
    device.set("id", c.info.alias);
    at.place(device, c.info);
}

/// Floppy drives sit on the controller, so it is what has their boot order.
void translate_fdc(Controller const& c, std::string const& node, Translating& at)
{
    auto const is_built_in = at.board.family == BoardFamily::i440fx;
    Option* device = nullptr; // of a controller that has drives
    for (auto const& disk : at.config.devices.disks) {
        auto const* address = address_as<DriveAddress>(disk.info);
        if (disk.target.bus != DiskBus::fdc || !address || address->controller != c.index)
            continue;
        if (!is_built_in && !device)
            device = &at.device("isa-fdc", node);
        auto const index = at.boot_index(disk.info, BootDevice::fd, &disk);
        if (!index)
            continue;
        auto const property = address->unit == 0 ? "bootindexA" : "bootindexB";
        if (device)
            device->set(property, *index);
        else
            at.add("global", node).set(fmt::format("isa-fdc.{}", property), *index);
    }
}

} // namespace
} // namespace controller

auto pci_needs(Controller const& c) -> unsigned
{
    auto const model = c.model.value_or("");
    switch (c.type) {
    case ControllerType::pci: return pci_controller_needs(model);
    case ControllerType::usb:
        if (model == "none")
            return pci_none;
        return model == "qemu-xhci" || model == "nec-xhci" ? pcie_ordinary : pci_ordinary;
    case ControllerType::scsi:
        if (model == "ibmvscsi")
            return pci_none;
        return controller::is_virtio_scsi(model) && model != "virtio-transitional" ? pcie_ordinary : pci_ordinary;
    case ControllerType::virtio_serial: return model == "virtio-transitional" ? pci_ordinary : pcie_ordinary;
    case ControllerType::sata:
    case ControllerType::ide: return pci_ordinary;
    default: return pci_none;
    }
}

auto is_pci_root(Controller const& c) -> bool
{
    return c.type == ControllerType::pci && (c.model == "pci-root" || c.model == "pcie-root");
}

auto pci_controller_devices(std::string_view model) -> std::vector<std::string_view>
{
    std::vector<std::string_view> devices;
    for (auto const& [name, device] : controller::pci_devices)
        if (name == model)
            devices.push_back(device);
    return devices;
}

auto usb_controller_device(std::string_view model) -> std::string_view
{
    return controller::device_of(controller::usb_devices, model);
}

auto usual_model(Controller const& c, Board const& board, Capabilities const& capabilities) -> std::string_view
{
    auto const is_ccw = board.family == BoardFamily::ccw;
    switch (c.type) {
    case ControllerType::usb:
        if (is_ccw && !c.info.address)
            return "none";
        if (board.arch != "aarch64" && capabilities.has_device("piix3-usb-uhci"))
            return "piix3-uhci";
        return capabilities.has_device("qemu-xhci") ? "qemu-xhci" : "";
    case ControllerType::scsi: return !is_ccw && capabilities.has_device("lsi53c895a") ? "lsilogic" : "virtio-scsi";
    case ControllerType::pci: return c.index != 0U ? "" : board.has_pcie() ? "pcie-root" : "pci-root";
    default: return "";
    }
}

void complete(Controller& c, std::string const& node, Resolving const& at)
{
    if (c.type == ControllerType::usb)
        if (auto const function = companion_function(c); function && *function < 3)
            at.choose(c.master_startport, 2 * *function, node + "/master/@startport", "the companion's usual ports");
    if (c.model == "auto")
        c.model.reset();
    if (auto const model = usual_model(c, at.board, at.capabilities); !model.empty())
        at.choose(c.model, std::string{model}, node + "/@model", "the usual controller of its type");
    if (c.type == ControllerType::pci)
        if (auto const devices = pci_controller_devices(c.model.value_or("")); !devices.empty())
            at.choose(c.model_name, std::string{devices.front()}, node + "/model/@name", "QEMU's device for the model");
    // check has told that these have no effect
    if (c.type != ControllerType::virtio_serial)
        c.vectors.reset();
    if (c.type != ControllerType::virtio_serial && c.type != ControllerType::usb)
        c.ports.reset();
    if (c.type == ControllerType::pci && !is_pci_root(c))
        c.pci_hole64.reset();
}

void translate(Controller const& c, std::string const& node, Translating& at)
{
    switch (c.type) {
    case ControllerType::pci: return controller::translate_pci(c, node, at);
    case ControllerType::usb: return controller::translate_usb(c, node, at);
    case ControllerType::scsi: return controller::translate_scsi(c, node, at);
    case ControllerType::fdc: return controller::translate_fdc(c, node, at);
    case ControllerType::virtio_serial: {
        auto& device = at.device(
            virtio_driver("virtio-serial", c.info, c.model == "virtio-transitional", c.model == "virtio-non-transitional"),
            node);
        device.set("id", c.info.alias).set("max_ports", c.ports).set("vectors", c.vectors);
        if (c.driver)
            set_virtio(device, c.driver->virtio);
        return at.place(device, c.info);
    }
    case ControllerType::sata: {
        if (c.index == 0U && at.board.has_sata())
            return;
        auto& device = at.device("ich9-ahci", node).set("id", c.info.alias);
        return at.place(device, c.info);
    }
    case ControllerType::ide:
        if (!at.board.has_ide())
            at.error(node, Fault::not_supported, "this machine has no IDE controller", "use sata, scsi or virtio");
        return;
    case ControllerType::ccid: {
        auto& device = at.device("usb-ccid", node).set("id", c.info.alias);
        return at.place(device, c.info);
    }
    default:
        at.error(node + "/@type", Fault::not_supported,
                 fmt::format("QEMU has no controller of type '{}'", to_string(c.type)));
    }
}

} // namespace vmwright::inline v0::qemu::detail
