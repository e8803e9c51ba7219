// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/domain.hpp>
#include <vmwright/qemu/detail/board.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qemu::detail
{

/// A device that sits on PCI, or will.
struct PciSeat
{
    DeviceInfo* info{};
    std::string_view kind{};
    std::size_t index{}; ///< among its kind
    unsigned needs{};
    std::optional<std::uint32_t> usb_index{}; ///< of USB controllers that share a slot with their companions
    std::uint32_t function{};                 ///< in that slot

    [[nodiscard]] auto node() const -> std::string { return device_node(kind, index); }
    [[nodiscard]] auto address() const -> PciAddress const* { return address_as<PciAddress>(*info); }
    /// Is to be given a place: nothing is said of its address, or only that it is on PCI.
    [[nodiscard]] auto is_open() const -> bool { return !info->address || (address() && address()->is_unset()); }
};

/// In the order in which libvirt gives addresses out. A machine without PCIe puts every endpoint on PCI.
[[nodiscard]] auto pci_seats(Devices& devices, bool has_pcie) -> std::vector<PciSeat>;

} // namespace vmwright::inline v0::qemu::detail
