// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/cpu.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/numa.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<CpuModel> auto& v)
{
    at("@fallback", v.fallback);
    at("@vendor_id", v.vendor_id);
    at(".", v.name);
}

void map(auto& at, Like<CpuTopology> auto& v)
{
    for (auto const* const name : {"@sockets", "@cores", "@threads"})
        at.required(name, "give sockets, cores and threads");
    at("@sockets", v.sockets);
    at("@dies", v.dies);
    at("@cores", v.cores);
    at("@threads", v.threads);
}

void map(auto& at, Like<CpuFeature> auto& v)
{
    at.required("@name", "name the feature, or remove the element");
    at("@policy", v.policy);
    at("@name", v.name);
}

void map(auto& at, Like<CpuCache> auto& v)
{
    at.required("@mode", "add mode='emulate', mode='passthrough' or mode='disable'");
    at("@level", v.level);
    at("@mode", v.mode);
}

void map(auto& at, Like<MaxPhysAddr> auto& v)
{
    at.required("@mode", "add mode='emulate' or mode='passthrough'");
    at("@mode", v.mode);
    at("@bits", v.bits);
}

void map(auto& at, Like<Cpu> auto& v)
{
    at("@mode", v.mode);
    at("@match", v.match);
    at("@check", v.check);
    at("@migratable", v.migratable, on_off);
    at("model", v.model);
    at("vendor", v.vendor);
    at("topology", v.topology);
    at("cache", v.cache);
    at("maxphysaddr", v.maxphysaddr);
    at("feature", v.features);
    at("numa", v.numa);
}

} // namespace vmwright::inline v0::xml::detail
