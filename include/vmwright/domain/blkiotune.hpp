// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

/// What the domain may do with one of the host's block devices.
struct BlkioDevice
{
    std::string path{};
    std::optional<std::uint32_t> weight{};
    std::optional<std::uint32_t> read_iops_sec{};
    std::optional<std::uint32_t> write_iops_sec{};
    std::optional<std::uint64_t> read_bytes_sec{};
    std::optional<std::uint64_t> write_bytes_sec{};

    bool operator==(BlkioDevice const&) const = default;
};

/// Limits of the host's block I/O control group.
struct Blkiotune
{
    std::optional<std::uint32_t> weight{};
    std::vector<BlkioDevice> devices{};

    bool operator==(Blkiotune const&) const = default;
};

} // namespace vmwright::inline v0
