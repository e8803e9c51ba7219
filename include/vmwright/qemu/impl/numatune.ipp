// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/memory.hpp>
#include <vmwright/qemu/detail/resolving.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace vmwright::inline v0::qemu::detail
{

namespace numatune
{
namespace
{

constexpr auto memory_node = "/domain/numatune/memory";

/// What libvirt takes when nothing is said: the nodes that are named, else a choice at start.
auto placement_of(NumaMemory const& memory, Vcpus const& vcpus) -> NumaPlacement
{
    if (memory.placement)
        return *memory.placement;
    auto const is_automatic = vcpus.placement == VcpuPlacement::auto_;
    return memory.nodeset || !is_automatic ? NumaPlacement::static_ : NumaPlacement::auto_;
}

void check_memory(NumaMemory const& memory, Checking const& at)
{
    auto const placement = placement_of(memory, at.config.vcpus);
    if (placement == NumaPlacement::static_ && !memory.nodeset)
        at.error(memory_node, Fault::missing, "the memory's placement is static, but no nodes are named",
                 "give nodeset='0', or placement='auto'");
    if (placement == NumaPlacement::auto_)
        at.warning(fmt::format("{}/@placement", memory_node), Fault::ignored,
                   "nothing here chooses nodes by the host's load; the kernel does", "name them with nodeset");
    if (placement == NumaPlacement::auto_ && !at.config.numatune.memnodes.empty())
        at.error("/domain/numatune/memnode[1]", Fault::conflict,
                 "a cell has nodes of its own, but the placement is automatic",
                 "use placement='static', or leave <memnode> out");
}

void check_memnodes(NumaTune const& tune, Checking const& at)
{
    auto const* cells = numa_cells(at.config);
    std::set<std::uint32_t> seen;
    for (std::size_t i = 0; i < tune.memnodes.size(); ++i) {
        auto const& memnode = tune.memnodes[i];
        auto const node = fmt::format("/domain/numatune/memnode[{}]", i + 1);
        if (!cells)
            at.error(node, Fault::conflict, "the guest has no NUMA cells", "add <cpu><numa>, or use <memory>");
        else if (memnode.cell_id && *memnode.cell_id >= cells->size())
            at.error(node + "/@cellid", Fault::conflict, fmt::format("the guest has no NUMA cell {}", *memnode.cell_id),
                     fmt::format("give 0 to {}", cells->size() - 1));
        if (memnode.cell_id && !seen.insert(*memnode.cell_id).second)
            at.error(node + "/@cellid", Fault::duplicate, fmt::format("cell {} has its nodes already", *memnode.cell_id),
                     "name each cell once");
        if (tune.memory && tune.memory->mode == NumaMode::restrictive && memnode.mode != NumaMode::restrictive)
            at.error(node + "/@mode", Fault::conflict, "the mode of all memory is restrictive, that of the cell is not",
                     "use restrictive here too");
    }
}

} // namespace
} // namespace numatune

void check_numatune(Checking const& at)
{
    auto const& tune = at.config.numatune;
    if (tune.memory)
        numatune::check_memory(*tune.memory, at);
    numatune::check_memnodes(tune, at);
}

void complete_numatune(Resolving& at)
{
    auto& tune = at.config.numatune;
    auto& vcpus = at.config.vcpus;
    auto const& pins = at.config.cputune;
    if (!tune.memory && vcpus.placement == VcpuPlacement::auto_) {
        tune.memory = NumaMemory{.placement = NumaPlacement::auto_};
        at.origins.chose(numatune::memory_node, "memory follows the vCPUs");
    }
    for (std::size_t i = 0; i < tune.memnodes.size(); ++i)
        at.choose(tune.memnodes[i].mode, NumaMode::strict, fmt::format("/domain/numatune/memnode[{}]/@mode", i + 1),
                  "strict");
    std::ranges::stable_sort(tune.memnodes, {}, [](NumaMemnode const& n) { return n.cell_id.value_or(0); });
    if (!tune.memory)
        return;
    auto& memory = *tune.memory;
    at.choose(memory.mode, NumaMode::strict, fmt::format("{}/@mode", numatune::memory_node), "strict");
    if (numatune::placement_of(memory, vcpus) == NumaPlacement::static_)
        return memory.placement.reset(); // the nodes say it
    memory.placement = NumaPlacement::auto_;
    memory.nodeset.reset();
    auto const has_pins = vcpus.cpuset || !pins.vcpu_pins.empty() || pins.emulator_pin || !pins.iothread_pins.empty();
    if (!has_pins && vcpus.placement != VcpuPlacement::auto_) {
        vcpus.placement = VcpuPlacement::auto_;
        at.origins.chose("/domain/vcpu/@placement", "vCPUs follow the memory");
    }
}

} // namespace vmwright::inline v0::qemu::detail
