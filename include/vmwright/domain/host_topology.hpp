// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/number_set.hpp>
#include <vmwright/core/size.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

/// The memory pages of one size.
struct HostPages
{
    Size size{};
    std::uint64_t count{};

    bool operator==(HostPages const&) const = default;
};

/// How far a NUMA node is, in the kernel's measure: 10 is here.
struct HostDistance
{
    std::uint32_t id{};
    std::uint32_t value{};

    bool operator==(HostDistance const&) const = default;
};

/// A logical processor, and where it sits.
struct HostProcessor
{
    std::uint32_t id{};
    std::uint32_t socket{};
    std::uint32_t die{};
    std::uint32_t core{};
    NumberSet siblings{}; ///< all of its core, itself too

    bool operator==(HostProcessor const&) const = default;
};

/// A NUMA node.
struct HostCell
{
    std::uint32_t id{};
    Size memory{};
    std::vector<HostPages> pages{};
    std::vector<HostDistance> distances{};
    std::vector<HostProcessor> processors{};

    bool operator==(HostCell const&) const = default;
};

/// A cache of the last level.
struct HostCache
{
    std::uint32_t id{};
    std::uint32_t level{};
    std::string type{}; ///< both, code, data
    Size size{};
    NumberSet processors{};

    bool operator==(HostCache const&) const = default;
};

/// The host's processors and memory.
struct HostTopology
{
    std::vector<HostCell> cells{};
    std::vector<HostCache> caches{};
    std::vector<Size> page_sizes{};

    bool operator==(HostTopology const&) const = default;
};

} // namespace vmwright::inline v0
