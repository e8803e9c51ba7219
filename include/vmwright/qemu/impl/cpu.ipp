// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

namespace cpu
{
namespace
{

// What libvirt 9.0 makes of TCG's own CPU in QEMU 7.2: the nearest model and where TCG has more or less.
constexpr std::string_view tcg_model = "EPYC";
constexpr auto tcg_more = name_list("acpi", "ss", "monitor", "hypervisor", "erms", "mpx", "pcommit", "clwb", "umip", "pku",
                                    "vaes", "la57", "pks", "3dnowext", "3dnow", "npt", "vgif", "svme-addr-chk");
constexpr auto tcg_less = name_list("vme", "rdseed", "sha-ni", "xsavec", "fxsr_opt", "misalignsse", "3dnowprefetch", "osvw",
                                    "topoext", "nrip-save");

auto is_whole_host(Cpu const& cpu) -> bool
{
    return cpu.mode == CpuMode::host_passthrough || cpu.mode == CpuMode::maximum;
}

/// Whether the CPU's features begin with those of the host, whatever model is named.
auto is_host_model(Cpu const& cpu) -> bool
{
    return cpu.mode == CpuMode::host_model ||
           (cpu.match == CpuMatch::minimum && cpu.mode.value_or(CpuMode::custom) == CpuMode::custom);
}

void set_policy(std::vector<CpuFeature>& features, CpuFeature const& wanted)
{
    if (auto const known = std::ranges::find(features, wanted.name, &CpuFeature::name); known != features.end())
        known->policy = wanted.policy;
    else
        features.push_back(wanted);
}

/// The CPU in words that QEMU knows.
auto effective(Translating const& at) -> Cpu
{
    auto cpu = *at.config.cpu;
    if (!is_host_model(cpu))
        return cpu;
    auto const own = std::exchange(cpu.features, {});
    if (!cpu.model)
        cpu.model.emplace();
    if (at.config.type == DomainType::qemu) {
        cpu.mode = CpuMode::custom;
        cpu.model->name = tcg_model;
        for (auto const name : tcg_more)
            cpu.features.push_back({.policy = FeaturePolicy::require, .name = std::string{name}});
        for (auto const name : tcg_less)
            cpu.features.push_back({.policy = FeaturePolicy::disable, .name = std::string{name}});
    } else {
        cpu.mode = CpuMode::host_passthrough;
        if (at.board.is_x86())
            cpu.migratable = true;
    }
    for (auto const& feature : own)
        set_policy(cpu.features, feature);
    return cpu;
}

auto name_of(Cpu const& cpu) -> std::string
{
    switch (cpu.mode.value_or(CpuMode::custom)) {
    case CpuMode::host_passthrough: return "host";
    case CpuMode::maximum: return "max";
    default: return cpu.model ? cpu.model->name : std::string{};
    }
}

/// QEMU's spelling of libvirt's name; nothing for those that QEMU decides by itself.
auto property_of(std::string const& feature, Board const& board) -> std::string
{
    if (!board.is_x86())
        return feature;
    constexpr std::string_view dashed[] = {"cmp_legacy", "ds_cpl",     "fxsr_opt",     "kvm_pv_eoi", "kvm_pv_unhalt",
                                           "lahf_lm",    "nodeid_msr", "perfctr_core", "perfctr_nb", "tsc_adjust"};
    constexpr std::string_view none[] = {"cmt", "mbm_local", "mbm_total", "osxsave", "ospke"};
    if (std::ranges::find(none, feature) != std::end(none))
        return {};
    if (feature == "pclmuldq")
        return "pclmulqdq";
    auto name = feature;
    if (std::ranges::find(dashed, feature) != std::end(dashed))
        std::ranges::replace(name, '_', '-');
    return name;
}

auto is_on(CpuFeature const& feature, std::string const& property, Translating const& at) -> bool
{
    switch (feature.policy.value_or(FeaturePolicy::require)) {
    case FeaturePolicy::disable:
    case FeaturePolicy::forbid: return false;
    case FeaturePolicy::optional:
        return at.config.type != DomainType::qemu || at.capabilities.cpu_features.empty() ||
               at.capabilities.tcg_has_feature(property);
    default: return true;
    }
}

void set_timers(Option& option, Clock const& clock)
{
    for (auto const& timer : clock.timers)
        switch (timer.name) {
        case TimerName::kvmclock: option.set("kvmclock", timer.present); break;
        case TimerName::hypervclock: option.set_if(timer.present == true, "hv-time", true); break;
        case TimerName::tsc:
            if (timer.frequency.value_or(0) != 0)
                option.set("tsc-frequency", *timer.frequency);
            break;
        case TimerName::armvtimer:
            if (timer.tick_policy == TickPolicy::delay || timer.tick_policy == TickPolicy::discard)
                option.set("kvm-no-adjvtime", timer.tick_policy == TickPolicy::discard);
            break;
        default: break;
        }
}

void set_cache(Option& option, Cpu const& cpu)
{
    if (cpu.maxphysaddr && cpu.maxphysaddr->mode == MaxPhysAddrMode::passthrough)
        option.set("host-phys-bits", true);
    else if (cpu.maxphysaddr && cpu.maxphysaddr->bits.value_or(0) != 0)
        option.set("phys-bits", *cpu.maxphysaddr->bits);
    else if (cpu.maxphysaddr)
        option.set("host-phys-bits", false);
    if (!cpu.cache)
        return;
    auto const mode = cpu.cache->mode;
    option.set_if(mode == CpuCacheMode::emulate, "l3-cache", true);
    option.set_if(mode == CpuCacheMode::passthrough, "host-cache-info", true);
    option.set_if(mode != CpuCacheMode::passthrough && is_whole_host(cpu), "host-cache-info", false);
    option.set_if(mode != CpuCacheMode::emulate, "l3-cache", false);
}

/// The machine's own CPU, as QEMU tells of it.
void choose_default(Resolving& at)
{
    constexpr std::string_view rule = "the machine's default CPU";
    auto& cpu = at.config.cpu;
    auto const is_kvm = at.config.type == DomainType::kvm;
    // the other architectures' default model is one that KVM cannot run; of riscv QEMU does not tell
    if ((is_kvm && !at.board.is_x86() && at.board.family != BoardFamily::ccw) || at.board.is_riscv())
        return;
    auto const* machine = at.capabilities.find_machine(at.config.os.machine.value_or(""));
    auto const& models = at.capabilities.cpus;
    auto const model = machine ? std::ranges::find(models, machine->default_cpu_type, &qemu::CpuModel::type) : models.end();
    if (model == models.end())
        return;
    if (!cpu) {
        cpu.emplace();
        at.origins.chose("/domain/cpu", rule);
    }
    if (is_kvm && at.board.family == BoardFamily::ccw) {
        cpu->mode = CpuMode::host_model;
        return;
    }
    cpu->mode = CpuMode::custom;
    cpu->match = CpuMatch::exact;
    cpu->check = CpuCheck::none;
    cpu->model = vmwright::CpuModel{.name = model->name, .fallback = CpuFallback::forbid};
    at.origins.chose("/domain/cpu/model", rule);
}

void complete_named(Cpu& cpu, Resolving const& at)
{
    auto const is_kvm = at.config.type == DomainType::kvm;
    at.choose(cpu.mode, CpuMode::custom, "/domain/cpu/@mode", "cpu mode");
    auto check = CpuCheck::none; // an emulated CPU is not compared with the host's
    if (*cpu.mode == CpuMode::custom) {
        at.choose(cpu.match, CpuMatch::exact, "/domain/cpu/@match", "cpu match");
        if (cpu.model)
            at.choose(cpu.model->fallback, CpuFallback::allow, "/domain/cpu/model/@fallback", "cpu fallback");
        if (is_kvm)
            check = CpuCheck::partial;
    } else {
        cpu.match.reset(); // there is nothing to be compared with
        if (*cpu.mode == CpuMode::host_model)
            check = CpuCheck::partial;
        else if (is_kvm && at.board.is_x86() && *cpu.mode == CpuMode::host_passthrough)
            at.choose(cpu.migratable, knows_migratable(at.capabilities), "/domain/cpu/@migratable", "cpu migratable");
    }
    at.choose(cpu.check, check, "/domain/cpu/@check", "cpu check");
}

} // namespace
} // namespace cpu

auto knows_migratable(Capabilities const& capabilities) -> bool
{
    return capabilities.arch == "x86_64";
}

void complete_cpu(Resolving& at)
{
    auto& cpu = at.config.cpu;
    if (!cpu || (cpu->mode.value_or(CpuMode::custom) == CpuMode::custom && !cpu->model))
        cpu::choose_default(at);
    if (!cpu)
        return;
    if (cpu->topology)
        at.choose(cpu->topology->dies, 1U, "/domain/cpu/topology/@dies", "one die");
    for (std::size_t i = 0; i < cpu->features.size(); ++i)
        at.choose(cpu->features[i].policy, FeaturePolicy::require, fmt::format("/domain/cpu/feature[{}]/@policy", i + 1),
                  "a feature is required");
    if (cpu->mode || cpu->model)
        cpu::complete_named(*cpu, at);
    if (cpu::is_whole_host(*cpu)) { // check has told that these have no effect
        cpu->model.reset();
        cpu->vendor.reset();
    }
}

void translate_cpu(Translating& at)
{
    auto const& config = at.config;
    if (!config.cpu)
        return;
    auto const cpu = cpu::effective(at);
    auto const name = cpu::name_of(cpu);
    if (name.empty())
        return;
    auto& option = at.add("cpu", "/domain/cpu").set("", name);
    if (cpu::is_whole_host(cpu)) {
        option.set_if(at.board.arch == "arm" && at.facts.arch == "aarch64", "aarch64", false);
        option.set_if(knows_migratable(at.capabilities), "migratable", cpu.migratable);
    }
    if (cpu.model)
        option.set("vendor", cpu.model->vendor_id);
    for (auto const& feature : cpu.features)
        if (auto const property = cpu::property_of(feature.name, at.board); !property.empty())
            option.set(property, cpu::is_on(feature, property, at));
    cpu::set_timers(option, config.clock);
    set_cpu_features(option, config.features);
    option.set_if(std::ranges::find(config.devices.panics, PanicModel::hyperv, &Panic::model) != config.devices.panics.end(),
                  "hv-crash", true);
    cpu::set_cache(option, cpu);
}

} // namespace vmwright::inline v0::qemu::detail
