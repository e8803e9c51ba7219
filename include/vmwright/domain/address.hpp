// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace vmwright::inline v0
{

/// What an s390 guest knows a PCI device by.
struct ZpciAddress
{
    std::optional<std::uint32_t> uid{}; ///< 1 to 0xffff
    std::optional<std::uint32_t> fid{};

    bool operator==(ZpciAddress const&) const = default;
};

/// All four numbers 0 means "on PCI, the place is to be chosen".
struct PciAddress
{
    std::uint32_t domain{};
    std::uint32_t bus{};      ///< index of the PCI controller
    std::uint32_t slot{};     ///< 0 to 31
    std::uint32_t function{}; ///< 0 to 7
    std::optional<bool> multifunction{};
    std::optional<ZpciAddress> zpci{};

    bool operator==(PciAddress const&) const = default;
    [[nodiscard]] auto is_unset() const noexcept -> bool { return domain == 0 && bus == 0 && slot == 0 && function == 0; }
};

struct DriveAddress
{
    std::uint32_t controller{};
    std::uint32_t bus{};
    std::uint32_t target{};
    std::uint32_t unit{};

    bool operator==(DriveAddress const&) const = default;
};

struct VirtioSerialAddress
{
    std::uint32_t controller{};
    std::uint32_t bus{};
    std::optional<std::uint32_t> port{}; ///< to be chosen when absent

    bool operator==(VirtioSerialAddress const&) const = default;
};

struct CcidAddress
{
    std::uint32_t controller{};
    std::uint32_t slot{};

    bool operator==(CcidAddress const&) const = default;
};

struct UsbAddress
{
    std::uint32_t bus{};
    std::optional<std::string> port{}; ///< "1", or "1.2" behind a hub; to be chosen when absent

    bool operator==(UsbAddress const&) const = default;
};

struct SpaprVioAddress
{
    std::optional<std::uint64_t> reg{};

    bool operator==(SpaprVioAddress const&) const = default;
};

struct CcwAddress
{
    std::optional<std::uint32_t> cssid{};
    std::optional<std::uint32_t> ssid{};
    std::optional<std::uint32_t> devno{};

    bool operator==(CcwAddress const&) const = default;
};

struct VirtioMmioAddress
{
    bool operator==(VirtioMmioAddress const&) const = default;
};

struct IsaAddress
{
    std::optional<std::uint32_t> iobase{};
    std::optional<std::uint32_t> irq{};

    bool operator==(IsaAddress const&) const = default;
};

struct DimmAddress
{
    std::optional<std::uint32_t> slot{};
    std::optional<std::uint64_t> base{};

    bool operator==(DimmAddress const&) const = default;
};

struct UnassignedAddress
{
    bool operator==(UnassignedAddress const&) const = default;
};

/// Where the guest finds a device. The alternatives stand in the order of `address_type_names`.
using Address = std::variant<PciAddress, DriveAddress, VirtioSerialAddress, CcidAddress, UsbAddress, SpaprVioAddress,
                             CcwAddress, VirtioMmioAddress, IsaAddress, DimmAddress, UnassignedAddress>;

inline constexpr auto address_type_names = std::to_array<std::string_view>(
    {"pci", "drive", "virtio-serial", "ccid", "usb", "spapr-vio", "ccw", "virtio-mmio", "isa", "dimm", "unassigned"});

} // namespace vmwright::inline v0
