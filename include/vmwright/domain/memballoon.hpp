// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/device.hpp>

#include <cstdint>
#include <optional>

namespace vmwright::inline v0
{

enum class MemballoonModel
{
    virtio,
    xen,
    none,
    virtio_transitional,
    virtio_non_transitional,
};
constexpr auto enum_names(MemballoonModel)
{
    return name_list("virtio", "xen", "none", "virtio-transitional", "virtio-non-transitional");
}

/// Takes memory back from the guest and gives it again.
struct Memballoon
{
    MemballoonModel model{};
    std::optional<bool> autodeflate{};
    std::optional<bool> free_page_reporting{};
    std::optional<std::uint32_t> stats_period{}; ///< seconds
    VirtioOptions virtio{};
    DeviceInfo info{};

    bool operator==(Memballoon const&) const = default;
};

} // namespace vmwright::inline v0
