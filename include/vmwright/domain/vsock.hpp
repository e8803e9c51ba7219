// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/device.hpp>

#include <cstdint>
#include <optional>

namespace vmwright::inline v0
{

enum class VsockModel
{
    virtio,
    virtio_transitional,
    virtio_non_transitional,
};
constexpr auto enum_names(VsockModel)
{
    return name_list("virtio", "virtio-transitional", "virtio-non-transitional");
}

/// The guest's number among the sockets of its host.
struct VsockCid
{
    std::optional<bool> auto_{};            ///< chosen at each start
    std::optional<std::uint32_t> address{}; ///< from 3

    bool operator==(VsockCid const&) const = default;
};

/// Sockets between guest and host, without a network.
struct Vsock
{
    std::optional<VsockModel> model{};
    VsockCid cid{};
    VirtioOptions virtio{};
    DeviceInfo info{};

    bool operator==(Vsock const&) const = default;
};

} // namespace vmwright::inline v0
