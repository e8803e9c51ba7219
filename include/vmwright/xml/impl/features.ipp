// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/features.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

inline constexpr std::string_view state_hint = "add state='on' or state='off'";

void map(auto& at, Like<Apic> auto& v)
{
    at("@eoi", v.eoi, on_off);
}

void map(auto& at, Like<Smm> auto& v)
{
    at("@state", v.enabled, on_off);
    at.pretty("tseg", v.tseg, "MiB");
}

void map(auto& at, Like<HypervSpinlocks> auto& v)
{
    at.required("@state", state_hint);
    at("@state", v.state, on_off);
    at("@retries", v.retries);
}

void map(auto& at, Like<HypervStimer> auto& v)
{
    at.required("@state", state_hint);
    at("@state", v.state, on_off);
    at.stated("direct", v.direct);
}

void map(auto& at, Like<HypervVendorId> auto& v)
{
    at.required("@state", state_hint);
    at("@state", v.state, on_off);
    at("@value", v.value);
}

void map(auto& at, Like<Hyperv> auto& v)
{
    at("@mode", v.mode);
    at.stated("relaxed", v.relaxed);
    at.stated("vapic", v.vapic);
    at("spinlocks", v.spinlocks);
    at.stated("vpindex", v.vpindex);
    at.stated("runtime", v.runtime);
    at.stated("synic", v.synic);
    at("stimer", v.stimer);
    at.stated("reset", v.reset);
    at("vendor_id", v.vendor_id);
    at.stated("frequencies", v.frequencies);
    at.stated("reenlightenment", v.reenlightenment);
    at.stated("tlbflush", v.tlbflush);
    at.stated("ipi", v.ipi);
    at.stated("evmcs", v.evmcs);
    at.stated("avic", v.avic);
}

void map(auto& at, Like<KvmDirtyRing> auto& v)
{
    at.required("@state", state_hint);
    at("@state", v.state, on_off);
    at("@size", v.size);
}

void map(auto& at, Like<KvmFeatures> auto& v)
{
    at.stated("hidden", v.hidden);
    at.stated("hint-dedicated", v.hint_dedicated);
    at.stated("poll-control", v.poll_control);
    at.stated("pv-ipi", v.pv_ipi);
    at("dirty-ring", v.dirty_ring);
}

void map(auto& at, Like<LxcCapabilities> auto& v)
{
    at("@policy", v.policy);
    for (std::size_t i = 0; i < v.states.size(); ++i)
        at.stated(lxc_capability_names[i], v.states[i]);
}

void map(auto& at, Like<Gic> auto& v)
{
    at("@version", v.version);
}

void map(auto& at, Like<Hpt> auto& v)
{
    at("@resizing", v.resizing);
    at.scaled("maxpagesize", v.max_page_size);
}

void map(auto& at, Like<XenPassthrough> auto& v)
{
    at.required("@state", state_hint);
    at("@state", v.state, on_off);
    at("@mode", v.mode);
}

void map(auto& at, Like<XenFeatures> auto& v)
{
    at.stated("e820_host", v.e820_host);
    at("passthrough", v.passthrough);
}

void map(auto& at, Like<TcgFeatures> auto& v)
{
    at.scaled("tb-cache", v.tb_cache);
}

void map(auto& at, Like<Features> auto& v)
{
    at.flag("acpi", v.acpi);
    at("apic", v.apic);
    at.flag("pae", v.pae);
    at.state("hap", v.hap);
    at.flag("viridian", v.viridian);
    at.flag("privnet", v.privnet);
    at("hyperv", v.hyperv);
    at("kvm", v.kvm);
    at.state("pvspinlock", v.pvspinlock);
    at("capabilities", v.capabilities);
    at.state("pmu", v.pmu);
    at.state("vmport", v.vmport);
    at("gic", v.gic);
    at("smm", v.smm);
    at("ioapic/@driver", v.ioapic);
    at("hpt", v.hpt);
    at.state("vmcoreinfo", v.vmcoreinfo);
    at.stated("htm", v.htm);
    at.stated("nested-hv", v.nested_hv);
    at("msrs/@unknown", v.msrs);
    at.stated("ccf-assist", v.ccf_assist);
    at("xen", v.xen);
    at("cfpc/@value", v.cfpc);
    at("sbbc/@value", v.sbbc);
    at("ibs/@value", v.ibs);
    at("tcg", v.tcg);
}

} // namespace vmwright::inline v0::xml::detail
