// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

auto pci_needs(Iommu const& i) -> unsigned
{
    return i.model == IommuModel::virtio ? pcie_device | pci_integrated : unsigned{pci_none};
}

void translate(Iommu const& i, std::string const& node, Translating& at)
{
    auto const on_off = [](std::optional<bool> value) {
        return value ? std::optional<std::string_view>{*value ? "on" : "off"} : std::nullopt;
    };
    if (i.model == IommuModel::smmuv3) // a property of the machine
        return;
    if (i.model == IommuModel::virtio) {
        auto& device = at.device("virtio-iommu", node).set("id", i.info.alias);
        return at.place(device, i.info);
    }
    auto& device = at.device("intel-iommu", node).set("id", i.info.alias);
    if (i.driver)
        device.set("intremap", on_off(i.driver->intremap))
            .set("caching-mode", i.driver->caching_mode)
            .set("eim", on_off(i.driver->eim))
            .set("device-iotlb", i.driver->iotlb)
            .set("aw-bits", i.driver->aw_bits);
}

void check(Iommu const& i, std::string const& node, Checking const& at)
{
    // an alias is not resolved yet
    auto const machine =
        std::string{at.config.os.machine ? at.capabilities.canonical_machine(*at.config.os.machine) : std::string_view{}};
    auto const is_q35 = machine.starts_with("pc-q35") || machine == "q35";
    auto const is_virt = machine == "virt" || machine.starts_with("virt-");
    auto const is_arm_virt = is_virt && (at.capabilities.arch == "aarch64" || at.capabilities.arch == "arm");
    auto const [fits, who] = i.model == IommuModel::intel ? std::pair{is_q35, std::string_view{"q35"}}
                             : i.model == IommuModel::smmuv3
                                 ? std::pair{is_arm_virt, std::string_view{"ARM virt"}}
                                 : std::pair{is_q35 || is_arm_virt, std::string_view{"q35 and ARM virt"}};
    if (!fits)
        at.error(node + "/@model", Fault::not_supported,
                 fmt::format("only {} machines have the IOMMU '{}'", who, to_string(i.model)), "remove it");
    if (i.driver && i.driver != IommuDriver{} && i.model != IommuModel::intel)
        at.error(node + "/driver", Fault::conflict,
                 fmt::format("the IOMMU '{}' has no settings of a driver", to_string(i.model)), "remove <driver>");
    if (i.info.address && (i.model != IommuModel::virtio || !address_as<PciAddress>(i.info)))
        at.error(node + "/address", Fault::conflict,
                 i.model == IommuModel::virtio ? std::string{"the IOMMU 'virtio' sits on PCI only"}
                                               : fmt::format("the IOMMU '{}' has no address", to_string(i.model)),
                 "leave the address out");
    if (i.driver && i.driver->eim == true && i.driver->intremap != true)
        at.error(node + "/driver/@eim", Fault::conflict, "the extended interrupt mode needs interrupt remapping",
                 "add intremap='on'");
    auto const& ioapic = at.config.features.ioapic;
    if (i.driver && i.driver->intremap == true && ioapic != IoapicDriver::qemu)
        at.error(node + "/driver/@intremap", Fault::conflict, "interrupt remapping needs QEMU's own I/O APIC",
                 "add <ioapic driver='qemu'/> to <features>");
}

} // namespace vmwright::inline v0::qemu::detail
