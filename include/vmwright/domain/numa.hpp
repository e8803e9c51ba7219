// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/number_set.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/domain/memory_backing.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace vmwright::inline v0
{

/// How far away another cell's memory is: 10 is the cell's own.
struct NumaDistance
{
    std::uint32_t id{};
    std::uint32_t value{};

    bool operator==(NumaDistance const&) const = default;
};

enum class CacheAssociativity
{
    none,
    direct,
    full,
};
constexpr auto enum_names(CacheAssociativity)
{
    return name_list("none", "direct", "full");
}

enum class CachePolicy
{
    none,
    writeback,
    writethrough,
};
constexpr auto enum_names(CachePolicy)
{
    return name_list("none", "writeback", "writethrough");
}

/// A cache in front of a cell's memory.
struct NumaCache
{
    std::uint32_t level{};
    CacheAssociativity associativity{};
    CachePolicy policy{};
    Size size{};
    Size line{};

    bool operator==(NumaCache const&) const = default;
};

/// A NUMA node of the guest.
struct NumaCell
{
    std::optional<std::uint32_t> id{}; ///< its place in the list when absent
    std::optional<NumberSet> cpus{};   ///< vCPUs; memory alone when absent
    std::optional<Size> memory{};      ///< required
    std::optional<MemoryAccess> access{};
    std::optional<bool> discard{};
    std::vector<NumaDistance> distances{};
    std::vector<NumaCache> caches{};

    bool operator==(NumaCell const&) const = default;
};

enum class InterconnectAccess
{
    access,
    read,
    write,
};
constexpr auto enum_names(InterconnectAccess)
{
    return name_list("access", "read", "write");
}

struct NumaLatency
{
    std::uint32_t initiator{};
    std::uint32_t target{};
    std::optional<std::uint32_t> cache{}; ///< of that level; the memory itself when absent
    InterconnectAccess type{};
    std::uint32_t value{}; ///< nanoseconds

    bool operator==(NumaLatency const&) const = default;
};

struct NumaBandwidth
{
    std::uint32_t initiator{};
    std::uint32_t target{};
    std::optional<std::uint32_t> cache{}; ///< of that level; the memory itself when absent
    InterconnectAccess type{};
    Size value{}; ///< per second

    bool operator==(NumaBandwidth const&) const = default;
};

/// The guest's NUMA topology.
struct Numa
{
    std::vector<NumaCell> cells{};
    std::vector<NumaLatency> latencies{};
    std::vector<NumaBandwidth> bandwidths{};

    bool operator==(Numa const&) const = default;
};

} // namespace vmwright::inline v0
