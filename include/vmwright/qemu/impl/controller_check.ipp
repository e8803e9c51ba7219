// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/controller.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <set>
#include <utility>

namespace vmwright::inline v0::qemu::detail
{

namespace controller_check
{
namespace
{

/// Index 0 of PCI is the board's own bus, and nothing else is.
void check_root(Controller const& c, std::uint32_t index, std::string const& node, Checking const& at)
{
    auto const board = at.board();
    if (c.type != ControllerType::pci || !board.has_pci())
        return;
    std::string_view const root = board.has_pcie() ? "pcie-root" : "pci-root";
    if (index == 0 && c.model != root)
        at.error(c.model ? node + "/@model" : node, Fault::conflict,
                 fmt::format("PCI controller 0 of this machine is its {}", root),
                 fmt::format("use model='{}', or another index", root));
    if (auto const& target = c.target.index; target && *target > 30)
        at.error(node + "/target/@index", Fault::bad_number, fmt::format("{} is not the index of a target", *target),
                 "give 0 to 30");
    else if (target && (index == 0) != (*target == 0))
        at.error(node + "/target/@index", Fault::conflict, "the root bus has the target index 0, and nothing else has it",
                 "leave it out");
    else if (target && board.arch != "ppc64")
        at.error(node + "/target/@index", Fault::not_supported, "only the PCI buses of ppc64 have such an index",
                 "leave it out");
    if (index != 0 && is_pci_root(c))
        at.error(c.index ? node + "/@index" : node, Fault::conflict, fmt::format("a {} has the index 0", *c.model),
                 "use index='0'");
    if (index != 0 && !c.model)
        at.error(node, Fault::missing, "PCI controllers other than the root bus have a model",
                 fmt::format("add model='{}'", board.has_pcie() ? "pcie-root-port" : "pci-bridge"));
    if (auto const* address = address_as<PciAddress>(c.info); address && index != 0 && address->bus >= index)
        at.error(node + "/address/@bus", Fault::conflict,
                 fmt::format("PCI controller {} is to sit on bus {}, whose number must be smaller", index, address->bus),
                 "give it a larger index, or another bus");
}

/// Which PCI controllers have which of the settings, and what they may be.
void check_pci(Controller const& c, std::string const& node, Checking const& at)
{
    auto const model = c.model.value_or("");
    auto const is_root = is_pci_root(c) || model.empty();
    auto const what = is_root ? std::string{"root bus"} : model;
    auto const only_for = [&](bool is_said, std::string_view where, std::initializer_list<std::string_view> models) {
        if (is_said && std::ranges::find(models, model) == models.end())
            at.error(fmt::format("{}/{}", node, where), Fault::not_supported, fmt::format("a {} has no such setting", what),
                     fmt::format("only {} has", fmt::join(models, " or ")));
    };
    auto const in_range = [&](std::optional<std::uint32_t> const& number, std::string_view name, std::uint32_t first,
                              std::uint32_t last) {
        if (number && (*number < first || *number > last))
            at.error(fmt::format("{}/target/@{}", node, name), Fault::bad_number,
                     fmt::format("{} is not a {}", *number, name == "busNr" ? "bus number" : name),
                     fmt::format("give {} to {}", first, last));
    };
    auto const& target = c.target;
    only_for(target.chassis_nr.has_value(), "target/@chassisNr", {"pci-bridge"});
    only_for(target.chassis.has_value(), "target/@chassis", {"pcie-root-port", "pcie-switch-downstream-port"});
    only_for(target.port.has_value(), "target/@port", {"pcie-root-port", "pcie-switch-downstream-port"});
    only_for(target.hotplug.has_value(), "target/@hotplug", {"pcie-root-port", "pcie-switch-downstream-port"});
    only_for(target.bus_nr.has_value(), "target/@busNr", {"pci-expander-bus", "pcie-expander-bus"});
    only_for(target.node.has_value(), "target/node", {"pci-expander-bus", "pcie-expander-bus"});
    in_range(target.chassis_nr, "chassisNr", 1, 255);
    in_range(target.chassis, "chassis", 0, 255);
    in_range(target.port, "port", 0, 255);
    in_range(target.bus_nr, "busNr", 1, 254);
    auto const cells = at.config.cpu && at.config.cpu->numa ? at.config.cpu->numa->cells.size() : 0;
    if (target.node && *target.node >= cells)
        at.error(node + "/target/node", Fault::bad_number, fmt::format("the guest has no NUMA node {}", *target.node),
                 cells == 0 ? "add <numa> to <cpu>" : fmt::format("give 0 to {}", cells - 1));
    if (is_root && c.info.address)
        at.error(node + "/address", Fault::conflict, "a root bus has no address", "remove it");
    if (c.pci_hole64 && !is_root)
        at.warning(node + "/pcihole64", Fault::ignored, "it has no effect: only a root bus has the 64-bit hole",
                   "move it to the controller of index 0");
    if (!c.model_name)
        return;
    auto const devices = pci_controller_devices(model);
    if (std::ranges::find(devices, *c.model_name) == devices.end())
        at.error(node + "/model/@name", Fault::unknown_value,
                 fmt::format("'{}' is not a device that plays a {}", *c.model_name, what),
                 devices.empty() ? "remove it" : fmt::format("use {}", fmt::join(devices, " or ")));
}

/// The one that is named, or else the one that is chosen.
auto model_of(Controller const& c, Checking const& at) -> std::string
{
    return c.model && *c.model != "auto" ? *c.model : std::string{usual_model(c, at.board(), at.capabilities)};
}

void check_usb(Controller const& c, std::string const& node, Checking const& at)
{
    auto const model = model_of(c, at);
    auto const is_xhci = model == "qemu-xhci" || model == "nec-xhci";
    constexpr std::uint32_t most_ports = 15;
    if (c.ports && model == "none")
        at.warning(node + "/@ports", Fault::ignored, "it has no effect: the machine has no USB", remove_it());
    else if (c.ports && !is_xhci)
        at.error(node + "/@ports", Fault::not_supported, fmt::format("the ports of a {} cannot be chosen", model),
                 "remove it, or use model='qemu-xhci'");
    else if (c.ports && *c.ports > most_ports)
        at.error(node + "/@ports", Fault::bad_number, fmt::format("{} ports are too many", *c.ports),
                 fmt::format("at most {}", most_ports));
    auto const device = usb_controller_device(model);
    if (!c.model || model == "none")
        return;
    if (!device.empty() && !at.capabilities.has_device(device))
        at.error(node + "/@model", Fault::not_supported,
                 fmt::format("QEMU {} for {} has no USB controller '{}'", to_string(at.capabilities.version),
                             at.capabilities.arch, model),
                 "use qemu-xhci");
}

/// Only SCSI over virtio has these.
void check_driver(Controller const& c, std::string const& node, Checking const& at)
{
    auto const& driver = *c.driver;
    auto const is_virtio_scsi = c.type == ControllerType::scsi && model_of(c, at).starts_with("virtio-");
    auto const only_scsi = [&](bool is_said, std::string_view name) {
        if (is_said && !is_virtio_scsi)
            at.error(fmt::format("{}/driver/@{}", node, name), Fault::not_supported,
                     "only a SCSI controller of model virtio-scsi has it", "remove it");
    };
    only_scsi(driver.queues.has_value(), "queues");
    only_scsi(driver.cmd_per_lun.has_value(), "cmd_per_lun");
    only_scsi(driver.max_sectors.has_value(), "max_sectors");
    only_scsi(driver.ioeventfd.has_value(), "ioeventfd");
    only_scsi(driver.iothread.has_value(), "iothread");
    if (driver.iothread && is_virtio_scsi)
        check_iothread(*driver.iothread, c.info, "controller", node, at);
    if (driver.virtio != VirtioOptions{} && !is_virtio_scsi && c.type != ControllerType::virtio_serial)
        at.warning(node + "/driver", Fault::ignored, "it has no effect: the controller is not of virtio", remove_it());
}

void check_no_usb(std::vector<Controller> const& controllers, Checking const& at)
{
    auto const is_usb = [](Controller const& c) { return c.type == ControllerType::usb; };
    auto const first = std::ranges::find_if(controllers, is_usb);
    if (first == controllers.end())
        return;
    for (auto it = first + 1; it != controllers.end(); ++it)
        if (is_usb(*it) && (first->model == "none" || it->model == "none")) {
            auto const position = static_cast<std::size_t>(it - controllers.begin());
            return at.error(device_node("controller", position), Fault::conflict,
                            "one USB controller says that the domain has no USB, and another one is there",
                            "remove one of them");
        }
}

} // namespace
} // namespace controller_check

void check(Controller const& c, std::string const& node, Checking const& at)
{
    if (c.type == ControllerType::ide && at.machine_contains("q35"))
        at.error(node + "/@type", Fault::not_supported, "a q35 machine has no IDE controller", "use sata");
    auto const board = at.board();
    if (c.type == ControllerType::ide && board.has_ide() && c.index.value_or(0) != 0)
        at.error(node + "/@index", Fault::not_supported, "this machine has one IDE controller", "use index='0'");
    if (c.type == ControllerType::sata && board.family == BoardFamily::ccw)
        at.error(node + "/@type", Fault::not_supported, "an s390 machine has no SATA", "use scsi");
    constexpr auto pci =
        name_list("pci-root", "pcie-root", "pci-bridge", "dmi-to-pci-bridge", "pcie-to-pci-bridge", "pcie-root-port",
                  "pcie-switch-upstream-port", "pcie-switch-downstream-port", "pci-expander-bus", "pcie-expander-bus");
    constexpr auto usb =
        name_list("piix3-uhci", "piix4-uhci", "ehci", "ich9-ehci1", "ich9-uhci1", "ich9-uhci2", "ich9-uhci3",
                  "vt82c686b-uhci", "pci-ohci", "nec-xhci", "qusb1", "qusb2", "qemu-xhci", "none");
    constexpr auto scsi = name_list("auto", "lsilogic", "lsisas1068", "vmpvscsi", "ibmvscsi", "virtio-scsi", "lsisas1078",
                                    "virtio-transitional", "virtio-non-transitional", "dc390", "am53c974");
    constexpr auto virtio_serial = name_list("virtio", "virtio-transitional", "virtio-non-transitional");
    constexpr auto ide = name_list("piix3", "piix4", "ich6");
    auto const judge = [&](auto const& names) {
        if (c.model && std::ranges::find(names, *c.model) == names.end())
            at.error(node + "/@model", Fault::unknown_value,
                     fmt::format("'{}' is not a model of a {} controller", *c.model, to_string(c.type)),
                     suggestion(*c.model, names));
    };
    switch (c.type) {
    case ControllerType::pci: judge(pci); break;
    case ControllerType::usb: judge(usb); break;
    case ControllerType::scsi: judge(scsi); break;
    case ControllerType::virtio_serial: judge(virtio_serial); break;
    case ControllerType::ide: judge(ide); break;
    default:
        if (c.model)
            at.error(node + "/@model", Fault::unknown_value, fmt::format("a {} controller has no models", to_string(c.type)),
                     "remove it");
    }
    if (c.type == ControllerType::pci)
        controller_check::check_pci(c, node, at);
    if (c.type == ControllerType::usb)
        controller_check::check_usb(c, node, at);
    if (c.driver)
        controller_check::check_driver(c, node, at);
    auto const ignored = [&](bool is_said, std::string_view name, std::string_view who) {
        if (is_said)
            at.warning(fmt::format("{}/@{}", node, name), Fault::ignored,
                       fmt::format("it has no effect: only controllers of type {} have {}", who, name), remove_it());
    };
    ignored(c.ports && c.type != ControllerType::usb && c.type != ControllerType::virtio_serial, "ports",
            "usb and virtio-serial");
    ignored(c.vectors && c.type != ControllerType::virtio_serial, "vectors", "virtio-serial");
}

void check_all(std::vector<Controller> const& controllers, Checking const& at)
{
    controller_check::check_no_usb(controllers, at);
    auto const order = controller_order(controllers);
    std::vector<Controller> sorted;
    for (auto const position : order)
        sorted.push_back(controllers[position]);
    auto const indexes = controller_indexes(sorted);
    std::map<std::pair<ControllerType, std::uint32_t>, std::string> seen;
    std::set<std::uint32_t> usb;
    for (std::size_t i = 0; i < sorted.size(); ++i)
        if (sorted[i].type == ControllerType::usb && !is_companion(sorted[i]))
            usb.insert(indexes[i]);
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        auto const& c = sorted[i];
        auto const node = device_node("controller", order[i]);
        controller_check::check_root(c, indexes[i], node, at);
        if (c.type == ControllerType::usb && is_companion(c)) {
            if (!usb.contains(indexes[i]))
                at.error(node, Fault::missing,
                         fmt::format("there is no USB 2 controller of index {} for this companion", indexes[i]),
                         "add a controller ich9-ehci1 of that index");
            continue;
        }
        if (!seen.emplace(std::pair{c.type, indexes[i]}, node).second)
            at.error(node + "/@index", Fault::duplicate,
                     fmt::format("{} controller {} is there already", to_string(c.type), indexes[i]),
                     "give each its own index");
    }
}

} // namespace vmwright::inline v0::qemu::detail
