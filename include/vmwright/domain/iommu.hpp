// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/device.hpp>

#include <cstdint>
#include <optional>

namespace vmwright::inline v0
{

enum class IommuModel
{
    intel,
    smmuv3,
    virtio,
};
constexpr auto enum_names(IommuModel)
{
    return name_list("intel", "smmuv3", "virtio");
}

/// Settings of the intel model.
struct IommuDriver
{
    std::optional<bool> intremap{}; ///< interrupt remapping
    std::optional<bool> caching_mode{};
    std::optional<bool> eim{};   ///< extended interrupt mode, for more than 255 vCPUs
    std::optional<bool> iotlb{}; ///< of devices
    std::optional<std::uint32_t> aw_bits{};

    bool operator==(IommuDriver const&) const = default;
};

/// Translates the addresses that the guest's devices use.
struct Iommu
{
    IommuModel model{};
    std::optional<IommuDriver> driver{};
    DeviceInfo info{};

    bool operator==(Iommu const&) const = default;
};

} // namespace vmwright::inline v0
