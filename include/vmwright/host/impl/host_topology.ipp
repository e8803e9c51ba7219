// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/host_facts.hpp>
#include <vmwright/machine/machine.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace vmwright::inline v0
{

namespace detail::host_topology
{
namespace
{

/// Of a file that is not there, nothing; without the line's end.
auto line_of(Machine& machine, std::string const& path) -> std::string
{
    try {
        auto text = machine.read_file(path);
        return text.substr(0, text.find('\n'));
    } catch (Error const&) {
        return {};
    }
}

auto names_in(Machine& machine, std::string const& path) -> std::vector<std::string>
{
    try {
        return machine.list_directory(path);
    } catch (Error const&) {
        return {};
    }
}

/// The number at the beginning of a text, after blanks; 0 without one.
template <class T>
auto number(std::string_view text) -> T
{
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    T value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

auto numbers_of(std::string_view list) -> NumberSet
{
    return NumberSet::parse(list).value_or(NumberSet{});
}

/// Of `hugepages-2048kB`, the 2048.
auto hugepage_size(std::string_view name) -> Size
{
    constexpr auto prefix = std::string_view{"hugepages-"};
    return name.starts_with(prefix) ? KiB(number<std::uint64_t>(name.substr(prefix.size()))) : Size{};
}

/// Of ordinary memory, which the kernel tells with each of a process's mappings.
auto base_page(Machine& machine) -> Size
{
    constexpr auto label = std::string_view{"KernelPageSize:"};
    try {
        auto const text = machine.read_file("/proc/self/smaps");
        auto const at = text.find(label);
        return at == text.npos ? Size{} : KiB(number<std::uint64_t>(std::string_view{text}.substr(at + label.size())));
    } catch (Error const&) {
        return {};
    }
}

auto processor(Machine& machine, std::uint32_t id) -> HostProcessor
{
    auto const directory = fmt::format("/sys/devices/system/cpu/cpu{}/topology", id);
    auto const read = [&](std::string_view name) { return line_of(machine, fmt::format("{}/{}", directory, name)); };
    return {.id = id,
            .socket = number<std::uint32_t>(read("physical_package_id")),
            .die = number<std::uint32_t>(read("die_id")),
            .core = number<std::uint32_t>(read("core_id")),
            .siblings = numbers_of(read("thread_siblings_list"))};
}

/// `Node 0 MemTotal:       16476372 kB`, the first line of a node's meminfo.
auto memory_of(std::string_view line) -> Size
{
    constexpr auto label = std::string_view{"MemTotal:"};
    auto const at = line.find(label);
    return at == line.npos ? Size{} : KiB(number<std::uint64_t>(line.substr(at + label.size())));
}

auto cell(Machine& machine, std::uint32_t id, std::vector<std::uint32_t> const& nodes, Size base_page) -> HostCell
{
    auto const directory = fmt::format("/sys/devices/system/node/node{}", id);
    HostCell cell{.id = id, .memory = memory_of(line_of(machine, directory + "/meminfo"))};
    auto ordinary = cell.memory.bytes;
    for (auto const& name : names_in(machine, directory + "/hugepages")) {
        auto const size = hugepage_size(name);
        auto const count =
            number<std::uint64_t>(line_of(machine, fmt::format("{}/hugepages/{}/nr_hugepages", directory, name)));
        cell.pages.push_back({.size = size, .count = count});
        ordinary -= std::min(ordinary, size.bytes * count);
    }
    if (base_page.bytes != 0)
        cell.pages.push_back({.size = base_page, .count = ordinary / base_page.bytes});
    std::ranges::sort(cell.pages, {}, &HostPages::size);

    auto const distances = line_of(machine, directory + "/distance");
    auto rest = std::string_view{distances};
    for (auto const node : nodes) {
        if (rest.empty())
            break;
        cell.distances.push_back({.id = node, .value = number<std::uint32_t>(rest)});
        rest.remove_prefix(std::min(rest.find_first_of(" \t"), rest.size()));
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    }
    for (auto const cpu : numbers_of(line_of(machine, directory + "/cpulist")).numbers())
        cell.processors.push_back(processor(machine, cpu));
    return cell;
}

/// Those that processors share, each once.
auto caches(Machine& machine, std::vector<HostCell> const& cells) -> std::vector<HostCache>
{
    std::vector<HostCache> found;
    for (auto const& node : cells)
        for (auto const& cpu : node.processors) {
            auto const directory = fmt::format("/sys/devices/system/cpu/cpu{}/cache/index3", cpu.id);
            auto const type = line_of(machine, directory + "/type");
            if (type.empty())
                continue;
            HostCache cache{.id = number<std::uint32_t>(line_of(machine, directory + "/id")),
                            .level = number<std::uint32_t>(line_of(machine, directory + "/level")),
                            .type = type == "Data"          ? "data"
                                    : type == "Instruction" ? "code"
                                                            : "both",
                            .size = KiB(number<std::uint64_t>(line_of(machine, directory + "/size"))),
                            .processors = numbers_of(line_of(machine, directory + "/shared_cpu_list"))};
            if (std::ranges::find(found, cache) == found.end())
                found.push_back(std::move(cache));
        }
    return found;
}

} // namespace
} // namespace detail::host_topology

auto read_host_topology(Machine& machine) -> HostTopology
{
    using namespace detail::host_topology;
    HostTopology topology;
    auto const base = base_page(machine);
    auto const nodes = numbers_of(line_of(machine, "/sys/devices/system/node/online")).numbers();
    for (auto const node : nodes)
        topology.cells.push_back(cell(machine, node, nodes, base));
    topology.caches = caches(machine, topology.cells);
    if (base.bytes != 0)
        topology.page_sizes.push_back(base);
    for (auto const& name : names_in(machine, "/sys/kernel/mm/hugepages"))
        topology.page_sizes.push_back(hugepage_size(name));
    std::ranges::sort(topology.page_sizes);
    return topology;
}

} // namespace vmwright::inline v0
