// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/domain/device.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace vmwright::inline v0
{

enum class ControllerType
{
    ide,
    fdc,
    scsi,
    sata,
    virtio_serial,
    ccid,
    usb,
    pci,
    xenbus,
    isa,
};
constexpr auto enum_names(ControllerType)
{
    return name_list("ide", "fdc", "scsi", "sata", "virtio-serial", "ccid", "usb", "pci", "xenbus", "isa");
}

struct ControllerDriver
{
    std::optional<std::uint32_t> queues{};
    std::optional<std::uint32_t> cmd_per_lun{};
    std::optional<std::uint32_t> max_sectors{};
    std::optional<bool> ioeventfd{};
    std::optional<std::uint32_t> iothread{};
    VirtioOptions virtio{};

    bool operator==(ControllerDriver const&) const = default;
};

/// The place of a PCI bridge or port among its like, as the guest sees it.
struct PciControllerTarget
{
    std::optional<std::uint32_t> chassis_nr{};
    std::optional<std::uint32_t> chassis{};
    std::optional<std::uint32_t> port{};
    std::optional<std::uint32_t> bus_nr{};
    std::optional<std::uint32_t> index{};
    std::optional<bool> hotplug{};
    std::optional<std::uint32_t> node{};

    bool operator==(PciControllerTarget const&) const = default;
};

/// A bus that other devices sit on.
struct Controller
{
    ControllerType type{};
    std::optional<std::uint32_t> index{};   ///< what addresses name as `controller` or `bus`
    std::optional<std::string> model{};     ///< depends on the type: qemu-xhci, virtio-scsi, pcie-root-port…
    std::optional<std::uint32_t> ports{};   ///< virtio-serial and usb
    std::optional<std::uint32_t> vectors{}; ///< virtio-serial
    std::optional<ControllerDriver> driver{};
    std::optional<std::string> model_name{}; ///< pci: the QEMU device that plays the model
    PciControllerTarget target{};
    std::optional<Size> pci_hole64{};
    std::optional<std::uint32_t> master_startport{}; ///< usb: companion of the EHCI controller of the same index
    DeviceInfo info{};

    bool operator==(Controller const&) const = default;
};

} // namespace vmwright::inline v0
