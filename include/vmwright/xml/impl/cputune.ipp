// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/cputune.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<VcpuPin> auto& v)
{
    at.required("@vcpu", "number the vCPU, from 0");
    at.required("@cpuset", "name the host's CPUs, as 0-3,^2");
    at("@vcpu", v.vcpu);
    at("@cpuset", v.cpuset);
}

void map(auto& at, Like<IoThreadPin> auto& v)
{
    at.required("@iothread", "number the I/O thread, from 1");
    at.required("@cpuset", "name the host's CPUs, as 0-3,^2");
    at("@iothread", v.iothread);
    at("@cpuset", v.cpuset);
}

void map(auto& at, Like<Scheduler> auto& v)
{
    at.required("@scheduler", "give batch, idle, fifo or rr");
    at("@scheduler", v.policy);
    at("@priority", v.priority);
}

void map(auto& at, Like<VcpuScheduler> auto& v)
{
    at.required("@vcpus", "name the vCPUs, as 0-3");
    at("@vcpus", v.vcpus);
    at(".", v.scheduler);
}

void map(auto& at, Like<IoThreadScheduler> auto& v)
{
    at.required("@iothreads", "name the I/O threads, as 1-2");
    at("@iothreads", v.iothreads);
    at(".", v.scheduler);
}

void map(auto& at, Like<CacheAllocation> auto& v)
{
    for (auto const name : {"@id", "@level", "@type", "@size"})
        at.required(name, "write id, level, type and size");
    at("@id", v.id);
    at("@level", v.level);
    at("@type", v.type);
    at.pretty("@size", v.size, "B");
}

void map(auto& at, Like<CacheMonitor> auto& v)
{
    at.required("@level", "give 3");
    at.required("@vcpus", "name the vCPUs, as 0-3");
    at("@level", v.level);
    at("@vcpus", v.vcpus);
}

void map(auto& at, Like<CacheTune> auto& v)
{
    at.required("@vcpus", "name the vCPUs, as 0-3");
    at("@vcpus", v.vcpus);
    at("@id", v.id);
    at("cache", v.caches);
    at("monitor", v.monitors);
}

void map(auto& at, Like<BandwidthAllocation> auto& v)
{
    at.required("@id", "number the host's memory controller, from 0");
    at.required("@bandwidth", "give percent");
    at("@id", v.id);
    at("@bandwidth", v.bandwidth);
}

void map(auto& at, Like<BandwidthMonitor> auto& v)
{
    at.required("@vcpus", "name the vCPUs, as 0-3");
    at("@vcpus", v.vcpus);
}

void map(auto& at, Like<MemoryTune> auto& v)
{
    at.required("@vcpus", "name the vCPUs, as 0-3");
    at("@vcpus", v.vcpus);
    at("node", v.nodes);
    at("monitor", v.monitors);
}

void map(auto& at, Like<Cputune> auto& v)
{
    at("shares", v.shares);
    at("period", v.period);
    at("quota", v.quota);
    at("global_period", v.global_period);
    at("global_quota", v.global_quota);
    at("emulator_period", v.emulator_period);
    at("emulator_quota", v.emulator_quota);
    at("iothread_period", v.iothread_period);
    at("iothread_quota", v.iothread_quota);
    at("vcpupin", v.vcpu_pins);
    at("emulatorpin/@cpuset", v.emulator_pin);
    at("iothreadpin", v.iothread_pins);
    at("emulatorsched", v.emulator_scheduler);
    at("vcpusched", v.vcpu_schedulers);
    at("iothreadsched", v.iothread_schedulers);
    at("cachetune", v.cache_tunes);
    at("memorytune", v.memory_tunes);
}

} // namespace vmwright::inline v0::xml::detail
