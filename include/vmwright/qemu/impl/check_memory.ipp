// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/memory.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

namespace check_memory_parts
{
namespace
{

void check_amount(Checking const& at)
{
    auto const& config = at.config;
    auto const devices = device_memory(config);
    auto const initial = initial_memory(config);
    auto const total = sum(initial, devices);
    if (initial.bytes == 0 && config.memory.bytes != 0)
        at.error("/domain/memory", Fault::conflict,
                 fmt::format("the memory devices have {} KiB, all that the domain has or more", devices.kib()),
                 "raise <memory>, which counts them too");
    else if (initial.bytes == 0)
        at.error("/domain/memory", Fault::missing, "the domain has no memory", "give an amount, as 512 with unit='MiB'");
    else if (config.current_memory && config.current_memory->kib() > total.kib())
        at.warning("/domain/currentMemory", Fault::conflict,
                   fmt::format("the current memory of {} KiB is more than the maximum of {} KiB; all of it is used",
                               config.current_memory->kib(), total.kib()),
                   "raise <memory> or lower <currentMemory>");
    if (numa_cells(config) && config.memory.bytes != 0 && initial.bytes != 0 && config.memory.kib() != total.kib())
        at.warning("/domain/memory", Fault::ignored,
                   fmt::format("the cells and memory devices have {} KiB; the {} KiB here have no effect", total.kib(),
                               config.memory.kib()),
                   "make them equal");
}

void check_maximum(Checking const& at)
{
    auto const& config = at.config;
    auto const max = config.max_memory.value_or(Size{});
    auto const slots = config.memory_slots.value_or(0);
    if ((max.bytes == 0) != (slots == 0))
        return at.error("/domain/maxMemory", Fault::missing,
                        max.bytes == 0 ? "the maximum memory has slots, but no size" : "the maximum memory has no slots",
                        "give both, as <maxMemory slots='16' unit='GiB'>8</maxMemory>");
    auto const devices = device_memory(config);
    auto const total = sum(initial_memory(config), devices);
    if (max.bytes == 0)
        return;
    if (max < total)
        at.error("/domain/maxMemory", Fault::conflict,
                 fmt::format("the maximum of {} KiB is less than the memory of {} KiB", max.kib(), total.kib()),
                 "raise <maxMemory>");
    if (!numa_cells(config))
        at.error("/domain/maxMemory", Fault::missing, "memory can only be plugged into a guest with NUMA cells",
                 "add <cpu><numa><cell id='0' cpus='…' memory='…'/></numa></cpu>");
}

} // namespace
} // namespace check_memory_parts

auto shares_memory(DomainConfig const& config) -> bool
{
    auto const is_shared = [&](std::optional<MemoryAccess> access) { return access == MemoryAccess::shared; };
    auto const of_all = config.memory_backing.access;
    if (auto const* cells = numa_cells(config))
        return std::ranges::all_of(*cells, [&](NumaCell const& c) { return is_shared(c.access ? c.access : of_all); });
    return is_shared(of_all);
}

void check_memory(Checking const& at)
{
    check_memory_parts::check_amount(at);
    check_memory_parts::check_maximum(at);
    check_memory_backing(at);
}

} // namespace vmwright::inline v0::qemu::detail
