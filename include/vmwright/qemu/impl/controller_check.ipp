// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/controller.hpp>

#include <fmt/format.h>

#include <algorithm>
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
    auto const is_root = c.model == "pci-root" || c.model == "pcie-root";
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
    else if (target && at.board().arch != "ppc64")
        at.error(node + "/target/@index", Fault::not_supported, "only the PCI buses of ppc64 have such an index",
                 "leave it out");
    if (index != 0 && is_root)
        at.error(c.index ? node + "/@index" : node, Fault::conflict, fmt::format("a {} has the index 0", *c.model),
                 "use index='0'");
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
    constexpr auto pci =
        name_list("pci-root", "pcie-root", "pci-bridge", "dmi-to-pci-bridge", "pcie-to-pci-bridge", "pcie-root-port",
                  "pcie-switch-upstream-port", "pcie-switch-downstream-port", "pci-expander-bus", "pcie-expander-bus");
    constexpr auto usb =
        name_list("piix3-uhci", "piix4-uhci", "ehci", "ich9-ehci1", "ich9-uhci1", "ich9-uhci2", "ich9-uhci3",
                  "vt82c686b-uhci", "pci-ohci", "nec-xhci", "qusb1", "qusb2", "qemu-xhci", "none", "default");
    constexpr auto scsi =
        name_list("auto", "buslogic", "lsilogic", "lsisas1068", "vmpvscsi", "ibmvscsi", "virtio-scsi", "lsisas1078",
                  "virtio-transitional", "virtio-non-transitional", "ncr53c90", "dc390", "am53c974");
    auto const judge = [&](auto const& names) {
        if (c.model && std::ranges::find(names, *c.model) == names.end())
            at.error(node + "/@model", Fault::unknown_value,
                     fmt::format("'{}' is not a model of a {} controller", *c.model, to_string(c.type)),
                     suggestion(*c.model, names));
    };
    if (c.type == ControllerType::pci)
        judge(pci);
    if (c.type == ControllerType::usb)
        judge(usb);
    if (c.type == ControllerType::scsi)
        judge(scsi);
    auto const is_xhci = !c.model || c.model == "qemu-xhci" || c.model == "nec-xhci";
    if (c.type == ControllerType::usb && c.ports && is_xhci && *c.ports > 15)
        at.error(node + "/@ports", Fault::bad_number, fmt::format("{} ports are too many", *c.ports), "at most 15");
    if (c.target.bus_nr && (*c.target.bus_nr < 1 || *c.target.bus_nr > 254))
        at.error(node + "/target/@busNr", Fault::bad_number, fmt::format("{} is not a bus number", *c.target.bus_nr),
                 "give 1 to 254");
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
