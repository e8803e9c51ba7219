// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/chardev.hpp>
#include <vmwright/domain/device.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace vmwright::inline v0
{

enum class RngModel
{
    virtio,
    virtio_transitional,
    virtio_non_transitional,
};
constexpr auto enum_names(RngModel)
{
    return name_list("virtio", "virtio-transitional", "virtio-non-transitional");
}

struct RandomBackend
{
    std::string device{}; ///< /dev/random when empty

    bool operator==(RandomBackend const&) const = default;
};

/// An entropy gathering daemon on a character device.
struct EgdBackend
{
    CharSource source{};

    bool operator==(EgdBackend const&) const = default;
};

struct BuiltinBackend
{
    bool operator==(BuiltinBackend const&) const = default;
};

/// The alternatives stand in the order of `rng_backend_names`.
using RngBackend = std::variant<RandomBackend, EgdBackend, BuiltinBackend>;

inline constexpr auto rng_backend_names = std::to_array<std::string_view>({"random", "egd", "builtin"});

/// Feeds host entropy to the guest.
struct Rng
{
    RngModel model{};
    std::optional<std::uint32_t> rate_bytes{};  ///< per period; unlimited when absent
    std::optional<std::uint32_t> rate_period{}; ///< milliseconds
    RngBackend backend{};
    VirtioOptions virtio{};
    DeviceInfo info{};

    bool operator==(Rng const&) const = default;
};

} // namespace vmwright::inline v0
