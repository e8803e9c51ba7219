// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <optional>

namespace vmwright::inline v0
{

/// Limits of one direction.
struct BandwidthRate
{
    std::optional<std::uint64_t> average{}; ///< KiB/s
    std::optional<std::uint64_t> peak{};    ///< KiB/s
    std::optional<std::uint64_t> floor{};   ///< KiB/s, guaranteed by a virtual network
    std::optional<std::uint64_t> burst{};   ///< KiB at peak speed

    bool operator==(BandwidthRate const&) const = default;
};

/// How much an interface may receive and send.
struct Bandwidth
{
    std::optional<BandwidthRate> inbound{};
    std::optional<BandwidthRate> outbound{};

    bool operator==(Bandwidth const&) const = default;
};

} // namespace vmwright::inline v0
