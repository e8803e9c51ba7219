// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/qemu/detail/checking.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace vmwright::inline v0::qemu::detail
{

namespace check_cpu_parts
{
namespace
{

auto mode_of(Cpu const& cpu) -> CpuMode
{
    return cpu.mode.value_or(CpuMode::custom);
}

auto is_whole_host(Cpu const& cpu) -> bool
{
    return cpu.mode == CpuMode::host_passthrough || cpu.mode == CpuMode::maximum;
}

/// Whether the host runs code of the emulated architecture itself.
auto is_native(Checking const& at)
{
    auto const& [guest, host] = std::pair{std::string_view{at.capabilities.arch}, std::string_view{at.facts.arch}};
    return guest == host || (guest == "i386" && host == "x86_64") || (guest == "arm" && host == "aarch64");
}

void check_topology(CpuTopology const& t, Checking const& at)
{
    auto has_zero = false;
    for (auto const& [name, n] :
         {std::pair{"sockets", t.sockets}, {"dies", t.dies.value_or(1)}, {"cores", t.cores}, {"threads", t.threads}})
        if (n == 0) {
            has_zero = true;
            at.error(fmt::format("/domain/cpu/topology/@{}", name), Fault::bad_number,
                     fmt::format("there cannot be 0 {}", name), "give 1 or more");
        }
    auto const total = std::uint64_t{t.sockets} * t.dies.value_or(1) * t.cores * t.threads;
    if (!has_zero && total != at.config.vcpus.count)
        at.error("/domain/cpu/topology", Fault::conflict,
                 fmt::format("the topology has {} vCPUs, but <vcpu> says {}", total, at.config.vcpus.count),
                 "sockets × dies × cores × threads must be the number of vCPUs");
    if (t.dies.value_or(1) > 1 && !at.board().is_x86())
        at.error("/domain/cpu/topology/@dies", Fault::not_supported,
                 fmt::format("a socket of {} has one die", at.capabilities.arch), "leave it out");
}

void check_mode(Cpu const& cpu, Checking const& at)
{
    auto const is_tcg = at.config.type == DomainType::qemu;
    auto const mode = mode_of(cpu);
    if (mode == CpuMode::host_passthrough && is_tcg)
        at.error("/domain/cpu/@mode", Fault::not_supported, "host-passthrough needs KVM, and the domain's type is qemu",
                 "use mode='maximum', or type='kvm'");
    if (mode == CpuMode::host_model && !is_native(at))
        at.error("/domain/cpu/@mode", Fault::not_supported,
                 fmt::format("a host of {} is no model for a CPU of {}", at.facts.arch, at.capabilities.arch),
                 "use mode='maximum' or name a model");
    else if (mode == CpuMode::host_model && is_tcg && !at.board().is_x86())
        at.error("/domain/cpu/@mode", Fault::not_supported, "host-model needs KVM, and the domain's type is qemu",
                 "use mode='maximum' or name a model");
    if (mode == CpuMode::maximum && !at.capabilities.find_cpu("max"))
        at.error("/domain/cpu/@mode", Fault::not_supported,
                 fmt::format("QEMU {} has no CPU 'max' for {}", to_string(at.capabilities.version), at.capabilities.arch),
                 "name a model, or leave out the CPU");
    if (!is_tcg && (mode == CpuMode::host_model || (mode == CpuMode::custom && cpu.match == CpuMatch::minimum)))
        at.warning(mode == CpuMode::custom ? "/domain/cpu/@match" : "/domain/cpu/@mode", Fault::ignored,
                   "the guest gets the host's CPU itself, not a model that resembles it",
                   "name a model if the guest shall run on other hosts");
    if (mode == CpuMode::custom && cpu.match == CpuMatch::strict && !is_tcg)
        at.warning("/domain/cpu/@match", Fault::ignored, "whether the host has more features than the model is not verified",
                   "use exact");
    if (cpu.migratable && !is_whole_host(cpu))
        at.error("/domain/cpu/@migratable", Fault::conflict,
                 fmt::format("a CPU of mode '{}' has no such choice", to_string(mode)),
                 "use host-passthrough or maximum, or leave it out");
    else if (cpu.migratable == true && !knows_migratable(at.capabilities))
        at.error("/domain/cpu/@migratable", Fault::not_supported,
                 fmt::format("QEMU has no such choice for {}", at.capabilities.arch), "leave it out");
}

/// libvirt names neither QEMU's versions of a model nor those that are no certain processor.
auto is_libvirts_model(qemu::CpuModel const& model) -> bool
{
    constexpr std::string_view others[] = {"base", "host", "max"};
    auto const dash = model.name.rfind("-v");
    auto const has_version = dash != std::string::npos && dash + 2 < model.name.size() &&
                             model.name.find_first_not_of("0123456789", dash + 2) == std::string::npos;
    return !has_version && std::ranges::find(others, model.name) == std::end(others);
}

void check_model(Cpu const& cpu, Checking const& at)
{
    auto const& model = *cpu.model;
    if (model.vendor_id && model.vendor_id->size() != 12)
        at.error("/domain/cpu/model/@vendor_id", Fault::bad_text,
                 fmt::format("'{}' has {} characters", *model.vendor_id, model.vendor_id->size()),
                 "a vendor id has exactly 12");
    else if (model.vendor_id && model.vendor_id->find(',') != std::string::npos)
        at.error("/domain/cpu/model/@vendor_id", Fault::bad_text, fmt::format("'{}' has a comma", *model.vendor_id),
                 "leave it out");
    if (is_whole_host(cpu))
        at.warning("/domain/cpu/model", Fault::ignored,
                   fmt::format("it has no effect: the mode '{}' takes the whole CPU", to_string(*cpu.mode)),
                   "remove it, or use mode='custom'");
    if (mode_of(cpu) != CpuMode::custom)
        return;
    auto const* known = at.capabilities.find_cpu(model.name);
    if (!known || (at.board().is_x86() && !is_libvirts_model(*known)))
        return at.error("/domain/cpu/model", Fault::unknown_value,
                        fmt::format("QEMU {} has no CPU model '{}'", to_string(at.capabilities.version), model.name),
                        suggestion(model.name, at.capabilities.cpu_names()));
    if (cpu.check != CpuCheck::partial || at.config.type != DomainType::qemu || cpu.match == CpuMatch::minimum)
        return;
    for (auto const& name : known->unavailable_features) {
        auto const off = std::ranges::any_of(cpu.features, [&](CpuFeature const& f) {
            return f.name == name && (f.policy == FeaturePolicy::disable || f.policy == FeaturePolicy::forbid);
        });
        if (!off)
            return at.error("/domain/cpu/model", Fault::not_supported,
                            fmt::format("TCG does not emulate {} of '{}'", name, model.name),
                            "use check='none', or type='kvm'");
    }
}

/// libvirt's names that QEMU has no switch for.
auto is_libvirts_own(std::string_view name) -> bool
{
    constexpr std::string_view names[] = {"cmt", "cvt16", "mbm_local", "mbm_total", "osxsave", "ospke"};
    return std::ranges::find(names, name) != std::end(names);
}

void check_features(Cpu const& cpu, Checking const& at)
{
    if (!cpu.features.empty() && !cpu.model && mode_of(cpu) == CpuMode::custom)
        at.error("/domain/cpu", Fault::missing, "the CPU has features, but no model", "add <model>");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < cpu.features.size(); ++i) {
        auto const& name = cpu.features[i].name;
        auto const node = fmt::format("/domain/cpu/feature[{}]/@name", i + 1);
        if (!seen.insert(name).second)
            at.error(node, Fault::duplicate, fmt::format("the feature '{}' is named twice", name), "remove one of them");
        auto const& known = at.capabilities.cpu_features;
        if (!known.empty() && !name.empty() && !std::ranges::binary_search(known, name) && !is_libvirts_own(name))
            at.error(node, Fault::unknown_value,
                     fmt::format("QEMU {} has no CPU feature '{}'", to_string(at.capabilities.version), name),
                     suggestion(name, std::vector<std::string_view>(known.begin(), known.end())));
    }
}

void check_cache(CpuCache const& cache, Cpu const& cpu, Checking const& at)
{
    auto const mode = to_string(cache.mode);
    if (!at.board().is_x86())
        return at.error("/domain/cpu/cache", Fault::not_supported,
                        fmt::format("the caches of a {} CPU cannot be chosen", at.capabilities.arch), "remove <cache>");
    if (cache.mode == CpuCacheMode::emulate && cache.level != 3U)
        at.error("/domain/cpu/cache/@level", Fault::not_supported, "only the cache of level 3 can be emulated",
                 "add level='3'");
    if (cache.mode != CpuCacheMode::emulate && cache.level)
        at.error("/domain/cpu/cache/@level", Fault::conflict, fmt::format("mode '{}' means the caches of all levels", mode),
                 "leave the level out");
    if (cache.mode == CpuCacheMode::passthrough && !is_whole_host(cpu))
        at.error("/domain/cpu/cache/@mode", Fault::conflict, "the host's caches are passed through only with the host's CPU",
                 "use a CPU of mode host-passthrough");
}

void check_address_bits(MaxPhysAddr const& address, Cpu const& cpu, Checking const& at)
{
    if (!at.board().is_x86())
        return at.error("/domain/cpu/maxphysaddr", Fault::not_supported,
                        fmt::format("the address bits of a {} CPU cannot be chosen", at.capabilities.arch),
                        "remove <maxphysaddr>");
    if (address.mode != MaxPhysAddrMode::passthrough)
        return;
    if (!is_whole_host(cpu))
        at.error("/domain/cpu/maxphysaddr/@mode", Fault::conflict,
                 "the host's address bits are passed through only with the host's CPU",
                 "use a CPU of mode host-passthrough");
    if (address.bits)
        at.error("/domain/cpu/maxphysaddr/@bits", Fault::conflict, "the host says how many bits there are",
                 "leave them out, or use mode='emulate'");
}

} // namespace
} // namespace check_cpu_parts

void check_cpu(Checking const& at)
{
    using namespace check_cpu_parts;
    if (at.config.type == DomainType::kvm && !is_native(at))
        at.error("/domain/@type", Fault::not_supported,
                 fmt::format("KVM on a host of {} does not run code of {}", at.facts.arch, at.capabilities.arch),
                 "use type='qemu'");
    if (!at.config.cpu)
        return;
    auto const& cpu = *at.config.cpu;
    if (cpu.topology)
        check_topology(*cpu.topology, at);
    check_mode(cpu, at);
    if (cpu.model)
        check_model(cpu, at);
    else if (cpu.vendor)
        at.error("/domain/cpu/vendor", Fault::missing, "the CPU has a vendor, but no model", "add <model>");
    if (cpu.vendor && cpu.model && at.config.type == DomainType::qemu && cpu.check == CpuCheck::partial &&
        *cpu.vendor != "AMD")
        at.error("/domain/cpu/vendor", Fault::conflict, fmt::format("TCG's CPU is one of AMD, not of {}", *cpu.vendor),
                 "use check='none', or leave out <vendor>");
    check_features(cpu, at);
    if (cpu.cache)
        check_cache(*cpu.cache, cpu, at);
    if (cpu.maxphysaddr)
        check_address_bits(*cpu.maxphysaddr, cpu, at);
}

} // namespace vmwright::inline v0::qemu::detail
