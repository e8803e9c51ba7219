// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/address.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace vmwright::inline v0
{

/// What XML can say of the option ROM of a PCI device.
struct Rom
{
    std::optional<bool> enabled{};
    std::optional<bool> bar{};
    std::string file{};

    bool operator==(Rom const&) const = default;
};

/// What all devices have in common.
struct DeviceInfo
{
    /// The name by which QEMU knows the device. A user's own begins with "ua-"; others are chosen at each start.
    std::optional<std::string> alias{};
    std::optional<Address> address{};          ///< chosen by resolve when absent
    std::optional<std::uint32_t> boot_order{}; ///< from 1
    std::optional<std::string> loadparm{};     ///< s390 only
    std::optional<std::uint32_t> acpi_index{};
    std::optional<Rom> rom{};

    bool operator==(DeviceInfo const&) const = default;
};

/// The device's address if it is of that kind.
template <class A>
[[nodiscard]] auto address_as(DeviceInfo const& info) noexcept -> A const*
{
    return info.address ? std::get_if<A>(&*info.address) : nullptr;
}

/// The settings that virtio devices share.
struct VirtioOptions
{
    std::optional<bool> iommu{};
    std::optional<bool> ats{};
    std::optional<bool> packed{};
    std::optional<bool> page_per_vq{};

    bool operator==(VirtioOptions const&) const = default;
};

} // namespace vmwright::inline v0
