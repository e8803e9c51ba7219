// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/memory.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

namespace translate_memory_parts
{
namespace
{

auto default_ram(Translating const& at) -> std::string
{
    auto const* machine = at.capabilities.find_machine(at.config.os.machine.value_or(""));
    return machine ? machine->default_ram_id : std::string{};
}

/// The initial memory, each cell a whole number of steps.
auto stepped_memory(DomainConfig const& config) -> Size
{
    Size total;
    if (auto const* cells = numa_cells(config))
        for (auto const& cell : *cells)
            total = sum(total, round_up(cell.memory.value_or(Size{}), memory_step));
    return total.bytes != 0 ? total : round_up(initial_memory(config), memory_step);
}

} // namespace
} // namespace translate_memory_parts

void set_machine_memory(Option& machine, Translating const& at)
{
    using namespace translate_memory_parts;
    auto const& config = at.config;
    machine.set_if(config.memory_backing.no_share_pages, "mem-merge", false);
    auto const& numa = config.cpu ? config.cpu->numa : std::nullopt;
    auto const has_caches = numa && std::ranges::any_of(numa->cells, [](NumaCell const& c) { return !c.caches.empty(); });
    machine.set_if(numa && (has_caches || !numa->latencies.empty() || !numa->bandwidths.empty()), "hmat", true);
    auto const& devices = config.devices.memories;
    machine.set_if(std::ranges::find(devices, MemoryModel::nvdimm, &MemoryDevice::model) != devices.end(), "nvdimm", true);
    std::size_t epc = 0;
    for (auto const& device : devices) {
        if (device.model != MemoryModel::sgx_epc)
            continue;
        machine.set(fmt::format("sgx-epc.{}.memdev", epc), fmt::format("mem{}", device.info.alias.value_or("")));
        machine.set(fmt::format("sgx-epc.{}.node", epc), device.target.node.value_or(0));
        ++epc;
    }
    if (auto const ram = default_ram(at); !ram.empty() && !numa_cells(config))
        machine.set("memory-backend", ram);
}

void translate_memory(Translating& at)
{
    using namespace translate_memory_parts;
    auto const& config = at.config;
    auto const size = stepped_memory(config);
    auto& option = at.add("m", "/domain/memory");
    if (config.max_memory)
        option.set("size", fmt::format("{}k", size.kib()))
            .set("slots", config.memory_slots.value_or(0))
            .set("maxmem", fmt::format("{}k", round_up(*config.max_memory, memory_step).kib()));
    else
        option.set("", size.mib());
    if (auto const ram = default_ram(at); !ram.empty() && !numa_cells(config))
        add_memory_backend({.id = ram, .leaf = ram, .size = size, .is_system = true}, "/domain/memory", at);
    if (config.memory_backing.locked)
        at.add("overcommit", "/domain/memoryBacking/locked").set("mem-lock", true);
    else
        at.add_rule("overcommit", "memory is not locked").set("mem-lock", false);
}

} // namespace vmwright::inline v0::qemu::detail
