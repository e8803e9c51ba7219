// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/memory.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace vmwright::inline v0::qemu::detail
{

namespace memory_backing
{
namespace
{

constexpr auto system_page = KiB(4);

/// The pages that the memory of one request is made of.
struct Pages
{
    bool huge{};
    std::optional<Size> size{}; ///< the host's default huge page when absent
    std::string node{};         ///< what said so
    bool by_name{};             ///< for this very cell or device, not for all
};

auto pages_said(MemoryRequest const& request, DomainConfig const& config) -> Pages
{
    if (request.device && request.device->source.page_size)
        return {.huge = true, .size = request.device->source.page_size, .by_name = true};
    if (!config.memory_backing.huge_pages)
        return {};
    auto const& pages = config.memory_backing.huge_pages->pages;
    constexpr auto node = "/domain/memoryBacking/hugepages";
    if (pages.empty())
        return {.huge = true, .node = node};
    Pages found;
    for (std::size_t i = 0; i < pages.size(); ++i) {
        auto const is_of_cell = pages[i].nodeset && request.cell && pages[i].nodeset->contains(*request.cell);
        if (pages[i].nodeset && !is_of_cell)
            continue;
        found = {
            .huge = true, .size = pages[i].size, .node = fmt::format("{}/page[{}]", node, i + 1), .by_name = is_of_cell};
        if (is_of_cell)
            break;
    }
    return found;
}

auto pages_of(MemoryRequest const& request, DomainConfig const& config) -> Pages
{
    auto pages = pages_said(request, config);
    return pages.size == system_page ? Pages{} : pages;
}

auto cell_of(MemoryRequest const& request, DomainConfig const& config) -> NumaCell const*
{
    auto const* cells = numa_cells(config);
    return cells && request.cell && *request.cell < cells->size() ? &(*cells)[*request.cell] : nullptr;
}

auto access_of(MemoryRequest const& request, DomainConfig const& config) -> std::optional<MemoryAccess>
{
    if (request.device && request.device->access)
        return request.device->access;
    if (auto const* cell = cell_of(request, config); cell && cell->access)
        return cell->access;
    return config.memory_backing.access;
}

auto is_discarded(MemoryRequest const& request, DomainConfig const& config) -> bool
{
    if (request.device && request.device->discard)
        return *request.device->discard;
    if (auto const* cell = cell_of(request, config); cell && cell->discard)
        return *cell->discard;
    return config.memory_backing.discard;
}

auto has_path(MemoryRequest const& request) -> bool
{
    return request.device && !request.device->source.path.empty();
}

/// Which nodes of the host the memory comes from, and how.
struct Binding
{
    std::optional<NumberSet> nodes{};
    NumaMode mode{NumaMode::strict};
    bool by_name{};
};

auto binding_of(MemoryRequest const& request, DomainConfig const& config) -> Binding
{
    Binding binding;
    auto const& tune = config.numatune;
    if (tune.memory) {
        binding.mode = tune.memory->mode.value_or(NumaMode::strict);
        binding.nodes = tune.memory->nodeset;
    }
    auto const memnode =
        std::ranges::find_if(tune.memnodes, [&](NumaMemnode const& n) { return request.cell && n.cell_id == request.cell; });
    if (memnode != tune.memnodes.end())
        binding = {.nodes = memnode->nodeset, .mode = memnode->mode.value_or(NumaMode::strict), .by_name = true};
    if (request.device && request.device->source.nodemask)
        binding.nodes = request.device->source.nodemask;
    return binding;
}

auto list_of(NumberSet const& set) -> List
{
    List list;
    for (auto const number : set.numbers())
        list.emplace_back(number);
    return list;
}

/// Where the content is kept, for a backend that keeps it in a file.
auto file_of(MemoryRequest const& request, Pages const& pages, std::string const& node, Translating& at)
    -> std::optional<std::string>
{
    if (has_path(request))
        return request.device->source.path;
    if (pages.huge)
        return hugepage_path(pages.size, pages.node.empty() ? node : pages.node, at);
    auto path = fmt::format("{}/ram/{}/{}", at.facts.directories.lib, at.short_name, request.leaf);
    at.need_directory_of(path);
    return path;
}

auto type_of(MemoryRequest const& request, Pages const& pages, DomainConfig const& config) -> std::string_view
{
    if (request.device && request.device->model == MemoryModel::sgx_epc)
        return "memory-backend-epc";
    if (!has_path(request) && config.memory_backing.source == MemorySourceType::memfd)
        return "memory-backend-memfd";
    if (pages.huge || has_path(request) || access_of(request, config) ||
        config.memory_backing.source == MemorySourceType::file)
        return "memory-backend-file";
    return "memory-backend-ram";
}

/// What says how the pages are filled, from where and by whom.
void set_allocation(Map& props, MemoryRequest const& request, std::string const& node, Translating& at)
{
    auto const is_virtio_mem = request.device && request.device->model == MemoryModel::virtio_mem;
    auto const is_epc = request.device && request.device->model == MemoryModel::sgx_epc;
    auto const fills = !is_virtio_mem && (is_epc || is_preallocated(request, at));
    Option option{.properties = std::move(props)};
    if (is_virtio_mem)
        option.set("reserve", false);
    option.set_if(fills, "prealloc", true);
    auto const threads = at.config.memory_backing.allocation.threads.value_or(0);
    option.set_if(!is_virtio_mem && threads != 0, "prealloc-threads", threads);
    option.set("size", request.size.bytes);
    if (request.device) {
        auto const& source = request.device->source;
        if (source.align_size && source.align_size != Size{})
            option.set("align", source.align_size->bytes);
        option.set_if(source.pmem, "pmem", true);
    }
    auto const binding = binding_of(request, at.config);
    if (binding.nodes && binding.mode != NumaMode::restrictive) {
        option.set("host-nodes", list_of(*binding.nodes));
        option.set("policy", binding.mode == NumaMode::strict ? "bind" : to_string(binding.mode));
    }
    // threads that fill the memory shall run where it comes from
    if (binding.nodes && fills && at.capabilities.has_object("thread-context")) {
        auto const context = fmt::format("tc-{}", request.id);
        at.object("thread-context", context, node).set("node-affinity", list_of(*binding.nodes));
        option.set("prealloc-context", context);
    }
    props = std::move(option.properties);
}

} // namespace
} // namespace memory_backing

auto round_up(Size size, Size unit) noexcept -> Size
{
    auto const rest = size.bytes % unit.bytes;
    if (rest == 0)
        return size;
    auto const missing = unit.bytes - rest;
    auto const highest = std::numeric_limits<std::uint64_t>::max();
    return {size.bytes > highest - missing ? size.bytes - rest : size.bytes + missing};
}

auto sum(Size a, Size b) noexcept -> Size
{
    auto const highest = std::numeric_limits<std::uint64_t>::max();
    return {a.bytes > highest - b.bytes ? highest : a.bytes + b.bytes};
}

auto numa_cells(DomainConfig const& config) noexcept -> std::vector<NumaCell> const*
{
    return config.cpu && config.cpu->numa && !config.cpu->numa->cells.empty() ? &config.cpu->numa->cells : nullptr;
}

auto device_memory(DomainConfig const& config) noexcept -> Size
{
    Size total;
    for (auto const& device : config.devices.memories)
        total = sum(total, device.target.size);
    return total;
}

auto initial_memory(DomainConfig const& config) noexcept -> Size
{
    Size cells;
    if (auto const* list = numa_cells(config))
        for (auto const& cell : *list)
            cells = sum(cells, cell.memory.value_or(Size{}));
    if (cells.bytes != 0)
        return cells;
    auto const devices = device_memory(config);
    return {config.memory > devices ? config.memory.bytes - devices.bytes : 0};
}

auto hugepage_path(std::optional<Size> size, std::string_view node, Translating& at) -> std::optional<std::string>
{
    if (!size)
        size = at.facts.default_hugepage;
    auto const* mount = size ? at.facts.find_hugepages(*size) : nullptr;
    if (!mount) {
        at.error(std::string{node}, Fault::not_supported,
                 size ? fmt::format("the host has no huge pages of {} KiB mounted", size->kib())
                      : std::string{"the host has no huge pages mounted"},
                 "mount a hugetlbfs with pages of that size, or name another");
        return std::nullopt;
    }
    auto path = fmt::format("{}/libvirt/qemu/{}", mount->path, at.short_name);
    at.need_directory_of(path + "/");
    return path;
}

auto is_preallocated(MemoryRequest const& request, Translating const& at) -> bool
{
    using namespace memory_backing;
    if (at.config.memory_backing.allocation.mode == AllocationMode::immediate)
        return true;
    if (has_path(request))
        return !request.device->source.pmem && request.device->model != MemoryModel::virtio_pmem;
    return pages_of(request, at.config).huge;
}

auto needs_backend(MemoryRequest const& request, Translating const& at) -> bool
{
    using namespace memory_backing;
    auto const& config = at.config;
    auto const source = config.memory_backing.source;
    return request.device || pages_of(request, config).by_name || binding_of(request, config).by_name ||
           access_of(request, config) || source == MemorySourceType::file || source == MemorySourceType::memfd;
}

void add_memory_backend(MemoryRequest const& request, std::string const& node, Translating& at)
{
    using namespace memory_backing;
    auto const pages = pages_of(request, at.config);
    auto const type = type_of(request, pages, at.config);
    auto const access = access_of(request, at.config);
    Option option;
    option.set("qom-type", type).set("id", request.id);
    auto const has_file = type == "memory-backend-file";
    if (has_file) {
        auto const file = file_of(request, pages, node, at);
        if (!file)
            return;
        option.set("mem-path", *file);
        option.set_if(!has_path(request) && is_discarded(request, at.config), "discard-data", true);
    } else if (type == "memory-backend-memfd" && pages.huge) {
        option.set("hugetlb", true);
        if (auto const size = pages.size ? pages.size : at.facts.default_hugepage)
            option.set("hugetlbsize", size->bytes);
    }
    if (has_file || type == "memory-backend-memfd") {
        if (access)
            option.set("share", *access == MemoryAccess::shared);
        option.set_if(request.is_system, "x-use-canonical-path-for-ramblock-id", false);
    }
    set_allocation(option.properties, request, node, at);
    at.add("object", node).properties = std::move(option.properties);
}

void check_memory_backing(Checking const& at)
{
    auto const& backing = at.config.memory_backing;
    if (!backing.huge_pages)
        return;
    constexpr auto node = "/domain/memoryBacking/hugepages";
    if (backing.allocation.mode == AllocationMode::ondemand)
        at.error("/domain/memoryBacking/allocation/@mode", Fault::conflict, "huge pages are not allocated on demand",
                 "use immediate, or leave the allocation out");
    if (backing.source == MemorySourceType::anonymous)
        at.error("/domain/memoryBacking/source/@type", Fault::conflict, "anonymous memory is not made of huge pages",
                 "use memfd, or leave the source out");
    auto const& pages = backing.huge_pages->pages;
    auto const* cells = numa_cells(at.config);
    auto const cell_count = static_cast<std::uint32_t>(cells ? cells->size() : 0);
    for (std::size_t i = 0; i < pages.size(); ++i) {
        auto const place = fmt::format("{}/page[{}]", node, i + 1);
        if (pages[i].size.bytes == 0)
            at.error(place + "/@size", Fault::bad_number, "a huge page has a size", "give 2048 or 1048576 KiB");
        auto const last = pages[i].nodeset ? pages[i].nodeset->ranges.back().last : 0;
        // without NUMA topology node 0 is the whole guest
        if (pages[i].nodeset && last >= std::max(cell_count, 1U))
            at.error(place + "/@nodeset", Fault::conflict, fmt::format("the guest has no NUMA cell {}", last),
                     "name cells that <numa> has");
        for (std::size_t j = 0; j < i; ++j) {
            if (pages[i].nodeset && pages[j].nodeset && pages[i].nodeset->overlaps(*pages[j].nodeset))
                at.error(place + "/@nodeset", Fault::conflict,
                         fmt::format("a node has pages of {} KiB already", pages[j].size.kib()), "name each node once");
            else if (!pages[i].nodeset && !pages[j].nodeset)
                at.error(place, Fault::duplicate, "two sizes of pages are for all nodes", "give one of them a nodeset");
        }
    }
}

} // namespace vmwright::inline v0::qemu::detail
