// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/size.hpp>

#include <cstdint>
#include <string>

namespace vmwright::inline v0
{

class Machine;

/// Processors and memory of a host, as libvirt's virNodeGetInfo counts them.
struct NodeInfo
{
    std::string model{}; ///< the architecture, in libvirt's word
    Size memory{};
    std::uint32_t cpus{};    ///< that are online
    std::uint32_t mhz{};     ///< of the first one now; 0 where the kernel does not tell
    std::uint32_t cells{};   ///< NUMA nodes; 1 where these four would not multiply to the CPUs
    std::uint32_t sockets{}; ///< of each cell
    std::uint32_t cores{};   ///< of each socket
    std::uint32_t threads{}; ///< of each core

    bool operator==(NodeInfo const&) const = default;
};

[[nodiscard]] auto read_node_info(Machine& machine) -> NodeInfo;

} // namespace vmwright::inline v0
