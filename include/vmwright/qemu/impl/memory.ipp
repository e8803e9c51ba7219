// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/memory.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace vmwright::inline v0::qemu::detail
{

namespace memory
{
namespace
{

constexpr auto least_label = KiB(128);
// a transparent huge page of x86: virtio-mem must not split it
constexpr auto least_block = MiB(2);

auto has_slot(MemoryDevice const& m) -> bool
{
    return m.model == MemoryModel::dimm || m.model == MemoryModel::nvdimm;
}

auto is_virtio(MemoryDevice const& m) -> bool
{
    return m.model == MemoryModel::virtio_mem || m.model == MemoryModel::virtio_pmem;
}

auto has_path(MemoryDevice const& m) -> bool
{
    return m.model == MemoryModel::nvdimm || m.model == MemoryModel::virtio_pmem;
}

void check_source(MemoryDevice const& m, std::string const& node, Checking const& at)
{
    auto const model = to_string(m.model);
    if (has_path(m) && m.source.path.empty())
        at.error(node + "/source/path", Fault::missing, fmt::format("a {} keeps its content in a file", model),
                 "add <source><path>…</path></source>");
    if (has_path(m) && m.discard == true)
        at.error(node + "/@discard", Fault::not_supported, fmt::format("the content of a {} is not thrown away", model),
                 "leave it out");
    if (m.model == MemoryModel::virtio_pmem && m.access != MemoryAccess::shared)
        at.error(node + "/@access", Fault::conflict, "virtio-pmem needs access to be shared", "add access='shared'");
    auto const ignored = [&](bool is_said, std::string_view what) {
        if (is_said)
            at.warning(fmt::format("{}/{}", node, what), Fault::ignored, fmt::format("it means nothing for a {}", model),
                       "leave it out");
    };
    auto const is_nvdimm = m.model == MemoryModel::nvdimm;
    ignored(!has_path(m) && !m.source.path.empty(), "source/path");
    ignored(!is_nvdimm && m.source.align_size.has_value(), "source/alignsize");
    ignored(!is_nvdimm && m.source.pmem, "source/pmem");
    ignored(has_path(m) && m.source.nodemask, "source/nodemask");
    ignored((has_path(m) || m.model == MemoryModel::sgx_epc) && m.source.page_size.has_value(), "source/pagesize");
    ignored(!is_nvdimm && m.target.label.has_value(), "target/label");
    ignored(!is_nvdimm && m.target.read_only, "target/readonly");
    ignored(m.model != MemoryModel::virtio_mem && m.target.block.has_value(), "target/block");
    ignored(m.model != MemoryModel::virtio_mem && m.target.requested.has_value(), "target/requested");
    ignored(m.target.current.has_value(), "target/current");
    ignored(!is_nvdimm && m.uuid.has_value(), "uuid");
}

void check_label(MemoryDevice const& m, std::string const& node, Checking const& at)
{
    if (!m.target.label || m.model != MemoryModel::nvdimm)
        return;
    auto const label = *m.target.label;
    if (label.bytes != 0 && label < least_label)
        at.error(node + "/target/label/size", Fault::bad_number, fmt::format("a label of {} KiB is too small", label.kib()),
                 "give 128 KiB or more");
    else if (label >= m.target.size)
        at.error(node + "/target/label/size", Fault::conflict,
                 fmt::format("the label of {} KiB leaves nothing of the {} KiB", label.kib(), m.target.size.kib()),
                 "make it smaller than the size");
}

void check_virtio_mem(MemoryDevice const& m, std::string const& node, Checking const& at)
{
    auto const requested = m.target.requested.value_or(Size{});
    auto const block = m.target.block.value_or(least_block);
    if (requested > m.target.size)
        at.error(node + "/target/requested", Fault::conflict,
                 fmt::format("{} KiB are requested of {} KiB", requested.kib(), m.target.size.kib()),
                 "request no more than the size");
    if (block.bytes == 0 || (block.bytes & (block.bytes - 1)) != 0)
        at.error(node + "/target/block", Fault::bad_number, fmt::format("a block of {} KiB is no power of two", block.kib()),
                 "give 2048 KiB");
    else if (block < least_block)
        at.error(node + "/target/block", Fault::bad_number, fmt::format("a block of {} KiB is too small", block.kib()),
                 "give 2048 KiB or more");
    else if (requested.bytes % block.bytes != 0)
        at.error(node + "/target/requested", Fault::conflict,
                 fmt::format("{} KiB are no whole number of blocks of {} KiB", requested.kib(), block.kib()),
                 "request whole blocks");
}

void check_node(MemoryDevice const& m, std::string const& node, Checking const& at)
{
    auto const* cells = numa_cells(at.config);
    if (m.model == MemoryModel::virtio_pmem && m.target.node)
        at.error(node + "/target/node", Fault::not_supported, "virtio-pmem belongs to no NUMA cell", "leave it out");
    else if (has_slot(m) && cells && !m.target.node)
        at.error(node + "/target", Fault::missing, "the memory names no NUMA cell of the guest", "add <node>0</node>");
    if (m.target.node && *m.target.node >= (cells ? cells->size() : 0))
        at.error(node + "/target/node", Fault::conflict, fmt::format("the guest has no NUMA cell {}", *m.target.node),
                 "name a cell of <numa>");
}

void check_address(MemoryDevice const& m, std::string const& node, Checking const& at)
{
    if (!m.info.address)
        return;
    auto const* dimm = address_as<DimmAddress>(m.info);
    if (has_slot(m) != (dimm != nullptr))
        return at.error(
            node + "/address/@type", Fault::conflict, fmt::format("a {} has no such address", to_string(m.model)),
            has_slot(m) ? "use type='dimm', or leave the address out" : "leave the address out, or use type='pci'");
    if (!dimm)
        return;
    if (!dimm->slot)
        at.error(node + "/address", Fault::missing, "the address has no slot", "add slot='0'");
    else if (*dimm->slot >= at.config.memory_slots.value_or(0))
        at.error(node + "/address/@slot", Fault::conflict,
                 fmt::format("there is no slot {}; <maxMemory> has {}", *dimm->slot, at.config.memory_slots.value_or(0)),
                 "raise maxMemory/@slots, or leave the address out");
}

} // namespace
} // namespace memory

void check(MemoryDevice const& m, std::string const& node, Checking const& at)
{
    if (m.target.size.bytes == 0)
        at.error(node + "/target/size", Fault::bad_number, "the memory has no size", "give an amount");
    memory::check_source(m, node, at);
    memory::check_label(m, node, at);
    memory::check_node(m, node, at);
    memory::check_address(m, node, at);
    if (m.model == MemoryModel::virtio_mem)
        memory::check_virtio_mem(m, node, at);
}

void check_all(std::vector<MemoryDevice> const& memories, Checking const& at)
{
    std::size_t plugged = 0;
    std::set<std::uint32_t> slots;
    std::set<std::uint64_t> bases;
    Size total;
    for (std::size_t i = 0; i < memories.size(); ++i) {
        auto const& m = memories[i];
        auto const node = device_node("memory", i);
        auto const* dimm = address_as<DimmAddress>(m.info);
        if (dimm && dimm->slot && !slots.insert(*dimm->slot).second)
            at.error(node + "/address/@slot", Fault::duplicate, fmt::format("slot {} is taken", *dimm->slot),
                     "give another, or leave the address out");
        if (dimm && dimm->base.value_or(0) != 0 && !bases.insert(*dimm->base).second)
            at.error(node + "/address/@base", Fault::duplicate, fmt::format("base {:#x} is taken", *dimm->base),
                     "give another, or leave it out");
        if (m.model == MemoryModel::sgx_epc)
            continue;
        total = sum(total, m.target.size);
        if (++plugged == at.config.memory_slots.value_or(0) + std::size_t{1} && at.config.max_memory)
            at.error(node, Fault::conflict, fmt::format("there are more memory devices than {} slots", plugged - 1),
                     "raise maxMemory/@slots");
        if (!at.config.max_memory)
            at.error(node, Fault::missing, "a memory device needs room to be plugged into",
                     "add <maxMemory slots='16' unit='GiB'>…</maxMemory>");
    }
    auto const max = at.config.max_memory.value_or(Size{});
    if (max.bytes != 0 && max >= sum(initial_memory(at.config), device_memory(at.config)) &&
        total.bytes > max.bytes - initial_memory(at.config).bytes)
        at.error("/domain/maxMemory", Fault::conflict, "the memory devices do not fit", "raise it");
}

auto pci_needs(MemoryDevice const& m) -> unsigned
{
    return memory::is_virtio(m) ? pcie_ordinary : unsigned{pci_none};
}

void complete(MemoryDevice& m, std::string const& node, Resolving const& at)
{
    // what libvirt does not read for the model
    if (!memory::has_path(m))
        m.source.path.clear();
    else
        m.source.nodemask.reset();
    if (memory::has_path(m) || m.model == MemoryModel::sgx_epc)
        m.source.page_size.reset();
    if (m.model != MemoryModel::nvdimm) {
        m.source.align_size.reset();
        m.source.pmem = false;
        m.target.label.reset();
        m.target.read_only = false;
        m.uuid.reset();
    }
    m.target.current.reset();
    if (m.target.label == Size{})
        m.target.label.reset();
    if (m.model != MemoryModel::virtio_mem) {
        m.target.block.reset();
        m.target.requested.reset();
        return;
    }
    at.choose(m.target.block, memory::least_block, node + "/target/block", "a transparent huge page");
    at.choose(m.target.requested, Size{}, node + "/target/requested", "nothing is plugged at start");
}

void assign_memory_slots(Resolving& at)
{
    auto& memories = at.config.devices.memories;
    std::set<std::uint32_t> taken;
    for (auto const& m : memories)
        if (auto const* dimm = address_as<DimmAddress>(m.info); dimm && dimm->slot)
            taken.insert(*dimm->slot);
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < memories.size(); ++i) {
        if (!memory::has_slot(memories[i]) || memories[i].info.address)
            continue;
        while (!taken.insert(next).second)
            ++next;
        memories[i].info.address = DimmAddress{.slot = next};
        at.origins.chose(device_node("memory", i) + "/address", "the next free slot");
    }
}

void assign_memory_aliases(std::vector<MemoryDevice>& memories)
{
    constexpr std::string_view prefixes[] = {"dimm", "nvdimm", "virtiopmem", "virtiomem", "epc"};
    std::map<MemoryModel, std::uint32_t> next;
    for (auto& m : memories) {
        if (m.info.alias)
            continue;
        auto const* dimm = address_as<DimmAddress>(m.info);
        auto const number = dimm && dimm->slot ? *dimm->slot : next[m.model]++;
        m.info.alias = fmt::format("{}{}", prefixes[static_cast<std::size_t>(m.model)], number);
    }
}

void translate(MemoryDevice const& m, std::string const& node, Translating& at)
{
    constexpr std::string_view drivers[] = {"pc-dimm", "nvdimm", "virtio-pmem-pci", "virtio-mem-pci", ""};
    auto const alias = m.info.alias.value_or("");
    MemoryRequest const request{.id = fmt::format("mem{}", alias),
                                .leaf = alias,
                                .size = round_up(m.target.size, module_step),
                                .cell = m.target.node,
                                .device = &m};
    add_memory_backend(request, node, at);
    if (m.model == MemoryModel::sgx_epc) // the machine itself has it
        return;
    auto& device = at.device(drivers[static_cast<std::size_t>(m.model)], node).set("node", m.target.node);
    auto const set_size = [&](std::string_view name, std::optional<Size> const& size) {
        device.set_if(size && size->bytes != 0, name, size.value_or(Size{}).bytes);
    };
    set_size("label-size", m.target.label);
    set_size("block-size", m.target.block);
    set_size("requested-size", m.target.requested);
    if (m.uuid)
        device.set("uuid", to_string(*m.uuid));
    device.set_if(m.target.read_only, "unarmed", true).set("memdev", request.id);
    device.set_if(m.model == MemoryModel::virtio_mem && is_preallocated(request, at), "prealloc", true);
    device.set("id", m.info.alias);
    if (auto const* dimm = address_as<DimmAddress>(m.info)) {
        device.set("slot", dimm->slot);
        device.set_if(dimm->base.value_or(0) != 0, "addr", dimm->base.value_or(0));
    }
    at.place(device, m.info);
}

} // namespace vmwright::inline v0::qemu::detail
