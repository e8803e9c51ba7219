// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/numa.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

enum class CpuMode
{
    custom,
    host_model,
    host_passthrough,
    maximum,
};
constexpr auto enum_names(CpuMode)
{
    return name_list("custom", "host-model", "host-passthrough", "maximum");
}

enum class CpuMatch
{
    minimum,
    exact,
    strict,
};
constexpr auto enum_names(CpuMatch)
{
    return name_list("minimum", "exact", "strict");
}

enum class CpuCheck
{
    none,
    partial,
    full,
};
constexpr auto enum_names(CpuCheck)
{
    return name_list("none", "partial", "full");
}

enum class CpuFallback
{
    allow,
    forbid,
};
constexpr auto enum_names(CpuFallback)
{
    return name_list("allow", "forbid");
}

enum class FeaturePolicy
{
    force,
    require,
    optional,
    disable,
    forbid,
};
constexpr auto enum_names(FeaturePolicy)
{
    return name_list("force", "require", "optional", "disable", "forbid");
}

struct CpuModel
{
    std::string name{};
    std::optional<CpuFallback> fallback{};
    std::optional<std::string> vendor_id{}; ///< 12 characters

    bool operator==(CpuModel const&) const = default;
};

struct CpuTopology
{
    std::uint32_t sockets{1};
    std::optional<std::uint32_t> dies{}; ///< 1 when absent
    std::uint32_t cores{1};
    std::uint32_t threads{1};

    bool operator==(CpuTopology const&) const = default;
};

struct CpuFeature
{
    std::optional<FeaturePolicy> policy{};
    std::string name{};

    bool operator==(CpuFeature const&) const = default;
};

enum class CpuCacheMode
{
    emulate,
    passthrough,
    disable,
};
constexpr auto enum_names(CpuCacheMode)
{
    return name_list("emulate", "passthrough", "disable");
}

/// What the guest is told of the CPU's caches.
struct CpuCache
{
    std::optional<std::uint32_t> level{}; ///< all when absent
    CpuCacheMode mode{};

    bool operator==(CpuCache const&) const = default;
};

enum class MaxPhysAddrMode
{
    emulate,
    passthrough,
};
constexpr auto enum_names(MaxPhysAddrMode)
{
    return name_list("emulate", "passthrough");
}

/// How many bits a physical address of the guest has.
struct MaxPhysAddr
{
    MaxPhysAddrMode mode{};
    std::optional<std::uint32_t> bits{};

    bool operator==(MaxPhysAddr const&) const = default;
};

/// What processor the guest sees.
struct Cpu
{
    std::optional<CpuMode> mode{};
    std::optional<CpuMatch> match{};
    std::optional<CpuCheck> check{};
    std::optional<bool> migratable{};
    std::optional<CpuModel> model{};
    std::optional<std::string> vendor{};
    std::optional<CpuTopology> topology{};
    std::optional<CpuCache> cache{};
    std::optional<MaxPhysAddr> maxphysaddr{};
    std::vector<CpuFeature> features{};
    std::optional<Numa> numa{};

    bool operator==(Cpu const&) const = default;
};

} // namespace vmwright::inline v0
