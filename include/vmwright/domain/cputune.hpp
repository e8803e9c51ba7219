// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/number_set.hpp>
#include <vmwright/core/size.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

struct VcpuPin
{
    std::uint32_t vcpu{};
    std::optional<NumberSet> cpuset{}; ///< host CPUs

    bool operator==(VcpuPin const&) const = default;
};

struct IoThreadPin
{
    std::uint32_t iothread{};
    std::optional<NumberSet> cpuset{}; ///< host CPUs

    bool operator==(IoThreadPin const&) const = default;
};

enum class SchedulerPolicy
{
    batch,
    idle,
    fifo,
    rr,
};
constexpr auto enum_names(SchedulerPolicy)
{
    return name_list("batch", "idle", "fifo", "rr");
}

struct Scheduler
{
    std::optional<SchedulerPolicy> policy{};
    std::optional<std::int32_t> priority{}; ///< of the real-time policies fifo and rr

    bool operator==(Scheduler const&) const = default;
};

struct VcpuScheduler
{
    std::optional<NumberSet> vcpus{};
    Scheduler scheduler{};

    bool operator==(VcpuScheduler const&) const = default;
};

struct IoThreadScheduler
{
    std::optional<NumberSet> iothreads{};
    Scheduler scheduler{};

    bool operator==(IoThreadScheduler const&) const = default;
};

enum class CacheType
{
    both,
    code,
    data,
};
constexpr auto enum_names(CacheType)
{
    return name_list("both", "code", "data");
}

/// A part of one of the host's caches.
struct CacheAllocation
{
    std::uint32_t id{};
    std::uint32_t level{};
    CacheType type{};
    Size size{};

    bool operator==(CacheAllocation const&) const = default;
};

struct CacheMonitor
{
    std::uint32_t level{};
    std::optional<NumberSet> vcpus{};

    bool operator==(CacheMonitor const&) const = default;
};

/// The host's cache that these vCPUs have for themselves.
struct CacheTune
{
    std::optional<NumberSet> vcpus{};
    std::optional<std::string> id{}; ///< of a running domain
    std::vector<CacheAllocation> caches{};
    std::vector<CacheMonitor> monitors{};

    bool operator==(CacheTune const&) const = default;
};

struct BandwidthAllocation
{
    std::uint32_t id{};        ///< of the host's memory controller
    std::uint32_t bandwidth{}; ///< percent

    bool operator==(BandwidthAllocation const&) const = default;
};

struct BandwidthMonitor
{
    std::optional<NumberSet> vcpus{};

    bool operator==(BandwidthMonitor const&) const = default;
};

/// The host's memory bandwidth that these vCPUs have for themselves.
struct MemoryTune
{
    std::optional<NumberSet> vcpus{};
    std::vector<BandwidthAllocation> nodes{};
    std::vector<BandwidthMonitor> monitors{};

    bool operator==(MemoryTune const&) const = default;
};

/// What the host's scheduler and caches give to the domain's threads. Periods and quotas are microseconds.
struct Cputune
{
    std::optional<std::uint64_t> shares{};
    std::optional<std::uint64_t> period{};
    std::optional<std::int64_t> quota{};
    std::optional<std::uint64_t> global_period{};
    std::optional<std::int64_t> global_quota{};
    std::optional<std::uint64_t> emulator_period{};
    std::optional<std::int64_t> emulator_quota{};
    std::optional<std::uint64_t> iothread_period{};
    std::optional<std::int64_t> iothread_quota{};
    std::vector<VcpuPin> vcpu_pins{};
    std::optional<NumberSet> emulator_pin{};
    std::vector<IoThreadPin> iothread_pins{};
    std::optional<Scheduler> emulator_scheduler{};
    std::vector<VcpuScheduler> vcpu_schedulers{};
    std::vector<IoThreadScheduler> iothread_schedulers{};
    std::vector<CacheTune> cache_tunes{};
    std::vector<MemoryTune> memory_tunes{};

    bool operator==(Cputune const&) const = default;
};

} // namespace vmwright::inline v0
