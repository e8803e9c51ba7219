// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/features.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<Apic> auto& v)
{
    at("@eoi", v.eoi, on_off);
}

void map(auto& at, Like<Smm> auto& v)
{
    at("@state", v.enabled, on_off);
    at.pretty("tseg", v.tseg, "MiB");
}

void map(auto& at, Like<Features> auto& v)
{
    static constexpr auto not_yet =
        name_list("apic-split", "async-teardown", "capabilities", "ccf-assist", "cfpc", "gic", "hpt", "htm", "hyperv", "ibs",
                  "ioapic", "kvm", "msrs", "nested-hv", "privnet", "pvspinlock", "sbbc", "tcg", "viridian", "xen");
    at.flag("acpi", v.acpi);
    at("apic", v.apic);
    at.flag("pae", v.pae);
    at.state("hap", v.hap);
    at.state("vmport", v.vmport);
    at.state("pmu", v.pmu);
    at("smm", v.smm);
    at.state("vmcoreinfo", v.vmcoreinfo);
    at.not_yet(not_yet);
}

} // namespace vmwright::inline v0::xml::detail
