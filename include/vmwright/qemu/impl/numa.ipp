// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/memory.hpp>
#include <vmwright/qemu/detail/resolving.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

namespace vmwright::inline v0::qemu::detail
{

namespace numa
{
namespace
{

constexpr std::uint32_t local_distance = 10;
constexpr std::uint32_t remote_distance = 20;
constexpr std::uint32_t unreachable = 255;
constexpr std::uint32_t most_cache_levels = 3;
// QEMU's own limit
constexpr std::size_t most_cells = 128;

auto cell_node(std::size_t index) -> std::string
{
    return fmt::format("/domain/cpu/numa/cell[{}]", index + 1);
}

/// The cells in the order of their numbers; empty unless those are 0, 1, 2…
auto in_order(std::vector<NumaCell> const& cells) -> std::vector<NumaCell const*>
{
    std::vector<NumaCell const*> order(cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
        auto const id = cells[i].id.value_or(static_cast<std::uint32_t>(i));
        if (id >= cells.size() || order[id])
            return {};
        order[id] = &cells[i];
    }
    return order;
}

void check_ids(std::vector<NumaCell> const& cells, Checking const& at)
{
    std::set<std::uint32_t> seen;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        auto const id = cells[i].id.value_or(static_cast<std::uint32_t>(i));
        if (id >= cells.size())
            at.error(cell_node(i) + "/@id", Fault::bad_number,
                     fmt::format("there is no cell {} among {} that are numbered from 0 without a gap", id, cells.size()),
                     fmt::format("give 0 to {}", cells.size() - 1));
        else if (!seen.insert(id).second)
            at.error(cell_node(i) + "/@id", Fault::duplicate, fmt::format("there is a cell {} already", id),
                     "give each its own number");
    }
    if (cells.size() > most_cells)
        at.error("/domain/cpu/numa", Fault::bad_number,
                 fmt::format("{} cells are more than the {} that QEMU has", cells.size(), most_cells), "make fewer");
}

void check_cpus_and_memory(std::vector<NumaCell> const& cells, Checking const& at)
{
    for (std::size_t i = 0; i < cells.size(); ++i) {
        auto const& cell = cells[i];
        auto const node = cell_node(i);
        if (!cell.memory)
            at.error(node, Fault::missing, "the cell has no attribute 'memory'", "give an amount, in KiB or with a unit");
        if (!cell.cpus)
            continue;
        if (cell.cpus->ranges.back().last >= at.config.vcpus.count)
            at.error(
                node + "/@cpus", Fault::conflict,
                fmt::format("there is no vCPU {}; <vcpu> says {}", cell.cpus->ranges.back().last, at.config.vcpus.count),
                "raise <vcpu>, or name others");
        for (std::size_t j = 0; j < i; ++j)
            if (cells[j].cpus && cells[j].cpus->overlaps(*cell.cpus))
                at.error(node + "/@cpus", Fault::conflict, fmt::format("a vCPU is in cell {} already", j),
                         "put each vCPU into one cell");
    }
}

void check_distances(std::vector<NumaCell> const& cells, Checking const& at)
{
    for (std::size_t i = 0; i < cells.size(); ++i)
        for (std::size_t j = 0; j < cells[i].distances.size(); ++j) {
            auto const& distance = cells[i].distances[j];
            auto const node = fmt::format("{}/distances/sibling[{}]", cell_node(i), j + 1);
            auto const is_self = distance.id == cells[i].id.value_or(static_cast<std::uint32_t>(i));
            if (distance.id >= cells.size())
                at.error(node + "/@id", Fault::conflict, fmt::format("there is no cell {}", distance.id),
                         fmt::format("give 0 to {}", cells.size() - 1));
            if (distance.value < local_distance || distance.value > unreachable ||
                is_self != (distance.value == local_distance))
                at.error(node + "/@value", Fault::bad_number,
                         fmt::format("{} is not the distance of {}", distance.value,
                                     is_self ? "a cell to itself" : "another cell"),
                         is_self ? "it is 10" : "give 11 to 255");
        }
}

void check_caches(std::vector<NumaCell> const& cells, Checking const& at)
{
    for (std::size_t i = 0; i < cells.size(); ++i) {
        std::set<std::uint32_t> levels;
        for (std::size_t j = 0; j < cells[i].caches.size(); ++j) {
            auto const level = cells[i].caches[j].level;
            auto const node = fmt::format("{}/cache[{}]/@level", cell_node(i), j + 1);
            if (level == 0 || level > most_cache_levels)
                at.error(node, Fault::bad_number, fmt::format("there is no cache level {}", level), "give 1, 2 or 3");
            else if (!levels.insert(level).second)
                at.error(node, Fault::duplicate, fmt::format("the cell has a cache of level {} already", level),
                         "describe each level once");
        }
    }
}

/// What latencies and bandwidths have in common.
template <class Link>
void check_links(std::vector<Link> const& links, std::string_view name, std::vector<NumaCell> const& cells,
                 Checking const& at)
{
    auto const order = in_order(cells);
    if (order.empty())
        return;
    for (std::size_t i = 0; i < links.size(); ++i) {
        auto const& link = links[i];
        auto const node = fmt::format("/domain/cpu/numa/interconnects/{}[{}]", name, i + 1);
        auto const refuse = [&](std::string_view attribute, std::string message, std::string hint) {
            at.error(fmt::format("{}/@{}", node, attribute), Fault::conflict, std::move(message), std::move(hint));
        };
        if (link.initiator >= order.size())
            refuse("initiator", fmt::format("there is no cell {}", link.initiator), "name a cell");
        else if (!order[link.initiator]->cpus)
            refuse("initiator", fmt::format("cell {} has no vCPUs, so it starts no access", link.initiator),
                   "name a cell with vCPUs");
        if (link.target >= order.size())
            refuse("target", fmt::format("there is no cell {}", link.target), "name a cell");
        else if (link.cache && std::ranges::find(order[link.target]->caches, *link.cache, &NumaCache::level) ==
                                   order[link.target]->caches.end())
            refuse("cache", fmt::format("cell {} has no cache of level {}", link.target, *link.cache),
                   "leave it out for the memory itself");
        for (std::size_t j = 0; j < i; ++j)
            if (links[j].initiator == link.initiator && links[j].target == link.target && links[j].cache == link.cache &&
                links[j].type == link.type)
                at.error(node, Fault::duplicate, fmt::format("this {} is told already", name), "remove one of them");
    }
}

/// How near a cell's memory is to others, as far as the configuration says.
auto performance(Numa const& numa, std::uint32_t cell) -> std::optional<std::uint32_t>
{
    std::optional<std::uint32_t> nearest, widest;
    auto least = std::numeric_limits<std::uint32_t>::max();
    std::uint64_t most = 0;
    for (auto const& latency : numa.latencies)
        if (latency.target == cell && latency.value < least) {
            least = latency.value;
            nearest = latency.initiator;
        }
    for (auto const& bandwidth : numa.bandwidths)
        if (bandwidth.target == cell && bandwidth.value.bytes > most) {
            most = bandwidth.value.bytes;
            widest = bandwidth.initiator;
        }
    return nearest ? nearest : widest;
}

void add_distances(std::vector<NumaCell> const& cells, Translating& at)
{
    if (std::ranges::all_of(cells, [](NumaCell const& c) { return c.distances.empty(); }))
        return;
    for (std::uint32_t i = 0; i < cells.size(); ++i)
        for (std::uint32_t j = 0; j < cells.size(); ++j) {
            auto const said = std::ranges::find(cells[i].distances, j, &NumaDistance::id);
            auto const usual = i == j ? local_distance : remote_distance;
            at.add("numa", cell_node(i) + "/distances")
                .set("", "dist")
                .set("src", i)
                .set("dst", j)
                .set("val", said == cells[i].distances.end() ? usual : said->value);
        }
}

template <class Link>
auto add_link(Link const& link, std::string_view name, std::string const& node, Translating& at) -> Option&
{
    constexpr std::string_view hierarchies[] = {"memory", "first-level", "second-level", "third-level"};
    return at.add("numa", node)
        .set("", "hmat-lb")
        .set("initiator", link.initiator)
        .set("target", link.target)
        .set("hierarchy", hierarchies[std::min(link.cache.value_or(0), most_cache_levels)])
        .set("data-type", fmt::format("{}-{}", to_string(link.type), name));
}

void add_performance(Numa const& numa, Translating& at)
{
    constexpr std::string_view node = "/domain/cpu/numa/interconnects";
    for (std::size_t i = 0; i < numa.latencies.size(); ++i)
        add_link(numa.latencies[i], "latency", fmt::format("{}/latency[{}]", node, i + 1), at)
            .set("latency", numa.latencies[i].value);
    for (std::size_t i = 0; i < numa.bandwidths.size(); ++i)
        add_link(numa.bandwidths[i], "bandwidth", fmt::format("{}/bandwidth[{}]", node, i + 1), at)
            .set("bandwidth", fmt::format("{}K", numa.bandwidths[i].value.kib()));
    for (std::size_t i = 0; i < numa.cells.size(); ++i)
        for (auto const& cache : numa.cells[i].caches) {
            constexpr std::string_view associativities[] = {"none", "direct", "complex"};
            constexpr std::string_view policies[] = {"none", "write-back", "write-through"};
            at.add("numa", cell_node(i) + "/cache")
                .set("", "hmat-cache")
                .set("node-id", i)
                .set("size", fmt::format("{}K", cache.size.kib()))
                .set("level", cache.level)
                .set("associativity", associativities[static_cast<std::size_t>(cache.associativity)])
                .set("policy", policies[static_cast<std::size_t>(cache.policy)])
                .set("line", cache.line.bytes);
        }
}

/// libvirt's mirror image: what is said of one direction holds for the other one, unless that is said too.
void complete_distances(std::vector<NumaCell>& cells)
{
    auto const count = static_cast<std::uint32_t>(cells.size());
    std::vector<std::vector<std::uint32_t>> matrix(count, std::vector<std::uint32_t>(count));
    for (std::uint32_t i = 0; i < count; ++i)
        for (auto const& distance : cells[i].distances) {
            if (distance.id >= count)
                return;
            matrix[i][distance.id] = distance.value;
            matrix[i][i] = matrix[distance.id][distance.id] = local_distance;
            if (matrix[distance.id][i] == 0)
                matrix[distance.id][i] = distance.value;
        }
    for (std::uint32_t i = 0; i < count; ++i) {
        cells[i].distances.clear();
        for (std::uint32_t j = 0; j < count; ++j)
            if (matrix[i][j] != 0)
                cells[i].distances.push_back({.id = j, .value = matrix[i][j]});
    }
}

/// vCPUs that no cell names go to cell 0.
void place_other_cpus(std::vector<NumaCell>& cells, Resolving& at)
{
    std::vector<std::uint32_t> rest;
    auto const count = std::min(at.config.vcpus.count, NumberSet::highest + 1);
    for (std::uint32_t cpu = 0; cpu < count; ++cpu)
        if (std::none_of(cells.begin() + 1, cells.end(), [&](NumaCell const& c) { return c.cpus && c.cpus->contains(cpu); }))
            rest.push_back(cpu);
    auto const all = NumberSet::of(rest);
    if (all.empty() || cells.front().cpus == all)
        return;
    cells.front().cpus = all;
    at.origins.chose(cell_node(0) + "/@cpus", "vCPUs that no cell names");
}

} // namespace
} // namespace numa

void check_numa(Checking const& at)
{
    if (!at.config.cpu || !at.config.cpu->numa)
        return;
    auto const& numa = *at.config.cpu->numa;
    if (numa.cells.empty())
        return at.error("/domain/cpu/numa", Fault::missing, "the NUMA topology has no cells",
                        "add <cell id='0' cpus='…' memory='…'/>");
    numa::check_ids(numa.cells, at);
    numa::check_cpus_and_memory(numa.cells, at);
    numa::check_distances(numa.cells, at);
    numa::check_caches(numa.cells, at);
    numa::check_links(numa.latencies, "latency", numa.cells, at);
    numa::check_links(numa.bandwidths, "bandwidth", numa.cells, at);
}

void complete_numa(Resolving& at)
{
    if (!numa_cells(at.config))
        return;
    auto& cells = at.config.cpu->numa->cells;
    for (std::size_t i = 0; i < cells.size(); ++i)
        at.choose(cells[i].id, static_cast<std::uint32_t>(i), numa::cell_node(i) + "/@id", "the cell's place");
    std::ranges::stable_sort(cells, {}, [](NumaCell const& c) { return *c.id; });
    numa::place_other_cpus(cells, at);
    numa::complete_distances(cells);
}

void translate_numa(Translating& at)
{
    auto const* cells = numa_cells(at.config);
    if (!cells)
        return;
    auto const& numa = *at.config.cpu->numa;
    auto const request = [&](std::uint32_t i) {
        auto const id = fmt::format("ram-node{}", i);
        return MemoryRequest{
            .id = id, .leaf = id, .size = round_up((*cells)[i].memory.value_or(Size{}), memory_step), .cell = i};
    };
    auto const* machine = at.capabilities.find_machine(at.config.os.machine.value_or(""));
    auto has_backends = !machine || !machine->numa_memory;
    for (std::uint32_t i = 0; i < cells->size() && !has_backends; ++i)
        has_backends = needs_backend(request(i), at);
    auto const has_caches = std::ranges::any_of(*cells, [](NumaCell const& c) { return !c.caches.empty(); });
    auto const has_hmat = has_caches || !numa.latencies.empty() || !numa.bandwidths.empty();
    auto const first = std::ranges::find_if(*cells, [](NumaCell const& c) { return c.cpus.has_value(); });
    for (std::uint32_t i = 0; i < cells->size(); ++i) {
        auto const& cell = (*cells)[i];
        auto const node = numa::cell_node(i);
        auto const backend = request(i);
        if (has_backends)
            add_memory_backend(backend, node, at);
        auto& option = at.add("numa", node).set("", "node").set("nodeid", i);
        for (auto const& range : cell.cpus.value_or(NumberSet{}).ranges)
            option.set("cpus", to_string(NumberSet{.ranges = {range}}));
        if (has_hmat)
            option.set("initiator",
                       cell.cpus ? i
                                 : numa::performance(numa, i).value_or(static_cast<std::uint32_t>(first - cells->begin())));
        if (has_backends)
            option.set("memdev", backend.id);
        else
            option.set("mem", backend.size.mib());
    }
    numa::add_distances(*cells, at);
    if (has_hmat)
        numa::add_performance(numa, at);
}

} // namespace vmwright::inline v0::qemu::detail
