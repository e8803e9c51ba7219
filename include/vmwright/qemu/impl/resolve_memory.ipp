// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/memory.hpp>
#include <vmwright/qemu/detail/resolving.hpp>

namespace vmwright::inline v0::qemu::detail
{

namespace resolve_memory
{
namespace
{

// libvirt keeps memory in whole KiB

void to_kib(Size& size)
{
    size = round_up(size, KiB(1));
}

void to_kib(std::optional<Size>& size)
{
    if (size)
        to_kib(*size);
}

void keep_whole_kib(DomainConfig& config)
{
    to_kib(config.max_memory);
    to_kib(config.memory);
    to_kib(config.current_memory);
    to_kib(config.memtune.hard_limit);
    to_kib(config.memtune.soft_limit);
    to_kib(config.memtune.min_guarantee);
    to_kib(config.memtune.swap_hard_limit);
    if (config.memory_backing.huge_pages)
        for (auto& page : config.memory_backing.huge_pages->pages)
            to_kib(page.size);
    if (config.cpu && config.cpu->numa) {
        for (auto& cell : config.cpu->numa->cells) {
            to_kib(cell.memory);
            for (auto& cache : cell.caches)
                to_kib(cache.size);
        }
        for (auto& bandwidth : config.cpu->numa->bandwidths)
            to_kib(bandwidth.value);
    }
    for (auto& device : config.devices.memories) {
        to_kib(device.source.page_size);
        to_kib(device.source.align_size);
        to_kib(device.target.size);
        to_kib(device.target.label);
        to_kib(device.target.block);
        to_kib(device.target.requested);
    }
}

} // namespace
} // namespace resolve_memory

void complete_memory(Resolving& at)
{
    auto& config = at.config;
    resolve_memory::keep_whole_kib(config);
    auto const total = sum(initial_memory(config), device_memory(config));
    if (config.memory != total) {
        config.memory = total;
        at.origins.chose("/domain/memory", "the sum of the cells and memory devices");
    }
    auto const current = config.current_memory.value_or(Size{});
    if (current.bytes == 0 || current > config.memory) {
        config.current_memory = config.memory;
        at.origins.chose("/domain/currentMemory", "all of the memory");
    }
    if (config.max_memory && config.max_memory->bytes == 0)
        config.max_memory.reset();
    if (config.memory_slots == 0U)
        config.memory_slots.reset();
    if (config.memory_backing.allocation.threads == 0U)
        config.memory_backing.allocation.threads.reset();
    // without NUMA topology node 0 is the whole guest
    if (config.memory_backing.huge_pages && !numa_cells(config))
        for (auto& page : config.memory_backing.huge_pages->pages)
            page.nodeset.reset();
}

} // namespace vmwright::inline v0::qemu::detail
