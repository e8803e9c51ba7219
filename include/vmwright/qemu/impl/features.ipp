// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <utility>

namespace vmwright::inline v0::qemu::detail
{

namespace features
{
namespace
{

void set_hyperv(Option& option, Hyperv const& hv)
{
    option.set_if(hv.mode == HypervMode::passthrough, "hv-passthrough", true);
    for (auto const& [name, state] : {std::pair{"hv-relaxed", hv.relaxed},
                                      {"hv-vapic", hv.vapic},
                                      {"hv-vpindex", hv.vpindex},
                                      {"hv-runtime", hv.runtime},
                                      {"hv-synic", hv.synic},
                                      {"hv-reset", hv.reset},
                                      {"hv-frequencies", hv.frequencies},
                                      {"hv-reenlightenment", hv.reenlightenment},
                                      {"hv-tlbflush", hv.tlbflush},
                                      {"hv-ipi", hv.ipi},
                                      {"hv-evmcs", hv.evmcs},
                                      {"hv-avic", hv.avic}})
        option.set_if(state == true, name, true);
    if (hv.spinlocks && hv.spinlocks->state && hv.spinlocks->retries)
        option.set("hv-spinlocks", fmt::format("{:#x}", *hv.spinlocks->retries));
    if (hv.stimer) {
        option.set_if(hv.stimer->state, "hv-stimer", true);
        option.set_if(hv.stimer->direct == true, "hv-stimer-direct", true);
    }
    if (hv.vendor_id && hv.vendor_id->state)
        option.set("hv-vendor-id", hv.vendor_id->value);
}

void set_kvm(Option& option, KvmFeatures const& kvm)
{
    option.set_if(kvm.hidden == true, "kvm", false);
    option.set_if(kvm.hint_dedicated == true, "kvm-hint-dedicated", true);
    option.set_if(kvm.poll_control == true, "kvm-poll-control", true);
    option.set_if(kvm.pv_ipi == false, "kvm-pv-ipi", false);
}

void refuse_foreign(std::string_view name, bool is_said, bool is_possible, Checking const& at)
{
    if (is_said && !is_possible)
        at.error(fmt::format("/domain/features/{}", name), Fault::not_supported,
                 fmt::format("this machine of {} has no feature '{}'", at.capabilities.arch, name), "remove it");
}

void check_hyperv(Hyperv const& hv, Checking const& at)
{
    constexpr std::uint32_t least_retries = 4095;
    constexpr std::size_t longest_vendor = 12;
    if (auto const& lock = hv.spinlocks; lock && lock->state) {
        constexpr std::string_view node = "/domain/features/hyperv/spinlocks/@retries";
        if (!lock->retries)
            at.error(std::string{node}, Fault::missing, "it is not said how often a guest tries to take a spinlock",
                     fmt::format("add retries='{}' or more", least_retries));
        else if (*lock->retries < least_retries)
            at.error(std::string{node}, Fault::bad_number, fmt::format("{} tries are too few", *lock->retries),
                     fmt::format("give {} or more", least_retries));
    }
    if (auto const& vendor = hv.vendor_id; vendor && vendor->state) {
        constexpr std::string_view node = "/domain/features/hyperv/vendor_id/@value";
        auto const& value = vendor->value;
        if (!value || value->empty())
            at.error(std::string{node}, Fault::missing, "the vendor id has no value", "add value='…'");
        else if (value->size() > longest_vendor)
            at.error(std::string{node}, Fault::bad_text, fmt::format("'{}' has {} characters", *value, value->size()),
                     fmt::format("a vendor id has at most {}", longest_vendor));
        else if (value->find(',') != std::string::npos)
            at.error(std::string{node}, Fault::bad_text, fmt::format("'{}' has a comma", *value), "leave it out");
    }
}

void check_kvm(KvmFeatures const& kvm, Checking const& at)
{
    auto const& cpu = at.config.cpu;
    auto const has_host_cpu = !cpu || cpu->mode == CpuMode::host_passthrough || cpu->mode == CpuMode::maximum;
    if (kvm.hint_dedicated == true && !has_host_cpu)
        at.error("/domain/features/kvm/hint-dedicated", Fault::conflict, "that hint is true only with the host's own CPU",
                 "use <cpu mode='host-passthrough'/>, or remove it");
    if (!kvm.dirty_ring || !kvm.dirty_ring->state)
        return;
    constexpr std::uint32_t least = 1024, most = 65536;
    auto const size = kvm.dirty_ring->size;
    auto const hint = fmt::format("give a power of two from {} to {}", least, most);
    if (!size)
        at.error("/domain/features/kvm/dirty-ring/@size", Fault::missing, "the dirty ring has no size", hint);
    else if (*size < least || *size > most || (*size & (*size - 1)) != 0)
        at.error("/domain/features/kvm/dirty-ring/@size", Fault::bad_number,
                 fmt::format("{} is not the size of a dirty ring", *size), hint);
}

/// What libvirt takes and QEMU never hears of.
void warn_of_ignored(Features const& f, Checking const& at)
{
    auto const ignored = [&](std::string_view name, bool is_said, std::string_view why) {
        if (is_said)
            at.warning(fmt::format("/domain/features/{}", name), Fault::ignored, fmt::format("it has no effect: {}", why),
                       remove_it());
    };
    ignored("viridian", f.viridian, "only Xen has it");
    ignored("xen", f.xen.has_value(), "only Xen has it");
    ignored("privnet", f.privnet, "only containers have it");
    ignored("capabilities", f.capabilities.has_value(), "only containers have them");
    ignored("msrs", f.msrs.has_value(), "KVM's module decides that for the whole host");
    ignored("kvm", f.kvm && !at.board().is_x86(), "only guests of x86 look for it");
    ignored("hyperv", f.hyperv && !at.board().is_x86(), "only guests of x86 look for it");
}

/// QEMU does not tell what CPU a riscv board has when none is named, so nothing can be switched on in it.
void check_flags_have_cpu(Features const& f, Checking const& at)
{
    Option flags;
    set_cpu_features(flags, f);
    if (at.board().is_riscv() && !at.config.cpu && !flags.properties.empty())
        at.error(
            f.pmu   ? "/domain/features/pmu"
            : f.kvm ? "/domain/features/kvm"
                    : "/domain/features",
            Fault::conflict,
            fmt::format("it is a feature of the CPU, and which CPU a machine of {} has is not said", at.capabilities.arch),
            "add <cpu><model>…</model></cpu>");
}

} // namespace
} // namespace features

void check_features(Checking const& at)
{
    using namespace features;
    auto const& f = at.config.features;
    auto const board = at.board();
    auto const is_x86 = board.is_x86();
    auto const is_pc =
        board.family == BoardFamily::q35 || board.family == BoardFamily::i440fx || board.family == BoardFamily::isapc;
    refuse_foreign("ioapic", f.ioapic.has_value(), is_x86, at);
    refuse_foreign("hyperv", f.hyperv.has_value(), is_x86 || board.arch == "aarch64", at);
    refuse_foreign("pvspinlock", f.pvspinlock.has_value(), is_x86, at);
    refuse_foreign("apic/@eoi", f.apic && f.apic->eoi, is_x86, at);
    refuse_foreign("vmport", f.vmport.has_value(), is_pc, at);
    refuse_foreign("gic", f.gic.has_value(), board.is_arm() && board.family == BoardFamily::virt, at);
    auto const is_pseries = at.machine_contains("pseries");
    for (auto const& [name, is_said] : {std::pair{"hpt", f.hpt && f.hpt != Hpt{}},
                                        {"htm", f.htm.has_value()},
                                        {"nested-hv", f.nested_hv.has_value()},
                                        {"ccf-assist", f.ccf_assist.has_value()},
                                        {"cfpc", f.cfpc.has_value()},
                                        {"sbbc", f.sbbc.has_value()},
                                        {"ibs", f.ibs.has_value()}})
        refuse_foreign(name, is_said, is_pseries, at);
    if (f.hyperv)
        check_hyperv(*f.hyperv, at);
    if (f.kvm)
        check_kvm(*f.kvm, at);
    if (f.tcg && at.config.type != DomainType::qemu)
        at.error("/domain/features/tcg", Fault::conflict,
                 fmt::format("a domain of type '{}' is not run by TCG", to_string(at.config.type)),
                 "remove it, or use type='qemu'");
    if (f.vmcoreinfo == true && !at.capabilities.has_device("vmcoreinfo"))
        at.error("/domain/features/vmcoreinfo", Fault::not_supported,
                 fmt::format("QEMU {} has no vmcoreinfo device", to_string(at.capabilities.version)), "remove it");
    check_flags_have_cpu(f, at);
    warn_of_ignored(f, at);
}

void complete_features(Resolving& at)
{
    auto& f = at.config.features;
    if (f.smm)
        at.choose(f.smm->enabled, true, "/domain/features/smm/@state", "a feature that is named is on");
    if (f.hyperv)
        at.choose(f.hyperv->mode, HypervMode::custom, "/domain/features/hyperv/@mode", "hyperv mode");
    if (f.capabilities && f.capabilities->policy.value_or(LxcCapabilityPolicy::default_) == LxcCapabilityPolicy::default_ &&
        f.capabilities->states == LxcCapabilities{}.states)
        f.capabilities.reset(); // it says nothing
    if (!at.board.is_arm() || at.board.family != BoardFamily::virt)
        return;
    if (!f.gic) {
        f.gic.emplace();
        at.origins.chose("/domain/features/gic", "an Arm board has an interrupt controller");
    }
    // emulated, version 3 has no message signalled interrupts
    at.choose(f.gic->version, at.config.type == DomainType::kvm ? GicVersion::v3 : GicVersion::v2,
              "/domain/features/gic/@version", "the newest interrupt controller that works");
}

void set_cpu_features(Option& cpu, Features const& f)
{
    if (f.apic)
        cpu.set("kvm-pv-eoi", f.apic->eoi);
    cpu.set("kvm-pv-unhalt", f.pvspinlock);
    if (f.hyperv)
        features::set_hyperv(cpu, *f.hyperv);
    if (f.kvm)
        features::set_kvm(cpu, *f.kvm);
    cpu.set("pmu", f.pmu);
}

void set_machine_features(Option& machine, Translating const& at)
{
    auto const& f = at.config.features;
    machine.set("vmport", f.vmport);
    // the 32-bit emulator is not asked for the controller that its boards have anyway
    if (f.gic && f.gic->version && !(at.capabilities.arch == "arm" && f.gic->version == GicVersion::v2))
        machine.set("gic-version", to_string(*f.gic->version));
    if (f.ioapic)
        machine.set("kernel_irqchip", *f.ioapic == IoapicDriver::qemu ? "split" : "on");
    if (f.hpt && f.hpt->resizing)
        machine.set("resize-hpt", to_string(*f.hpt->resizing));
    if (f.hpt && f.hpt->max_page_size)
        machine.set("cap-hpt-max-page-size", fmt::format("{}k", f.hpt->max_page_size->kib()));
    machine.set("cap-htm", f.htm).set("cap-nested-hv", f.nested_hv).set("cap-ccf-assist", f.ccf_assist);
    if (f.cfpc)
        machine.set("cap-cfpc", to_string(*f.cfpc));
    if (f.sbbc)
        machine.set("cap-sbbc", to_string(*f.sbbc));
    if (f.ibs)
        machine.set("cap-ibs", to_string(*f.ibs));
}

void translate_accelerator(Translating& at)
{
    auto const& config = at.config;
    auto const is_kvm = config.type == DomainType::kvm;
    auto& option = at.add("accel", "/domain/@type").set("", is_kvm ? "kvm" : "tcg");
    auto const& f = config.features;
    if (is_kvm && f.kvm && f.kvm->dirty_ring && f.kvm->dirty_ring->state)
        option.set("dirty-ring-size", f.kvm->dirty_ring->size);
    if (f.tcg && f.tcg->tb_cache && f.tcg->tb_cache->bytes != 0)
        option.set("tb-size", f.tcg->tb_cache->mib());
}

} // namespace vmwright::inline v0::qemu::detail
