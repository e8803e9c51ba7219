// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/host_facts.hpp>
#include <vmwright/host/node_info.hpp>
#include <vmwright/machine/machine.hpp>
#include <vmwright/qemu/capabilities.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace vmwright::inline v0
{

namespace detail::node_info
{
namespace
{

/// The number behind a label in a file of such lines; 0 without one.
auto number_in(Machine& machine, std::string const& path, std::string_view label) -> std::uint64_t
{
    std::string text;
    try {
        text = machine.read_file(path);
    } catch (Error const&) {
        return 0;
    }
    auto const line = text.starts_with(label) ? 0 : text.find("\n" + std::string{label});
    if (line == text.npos)
        return 0;
    auto const digit = text.find_first_of("0123456789\n", line + label.size() + 1);
    std::uint64_t value{};
    if (digit != text.npos)
        std::from_chars(text.data() + digit, text.data() + text.size(), value);
    return value;
}

/// That of the cells, which need not be all that /proc/meminfo counts.
auto memory_of(Machine& machine, std::vector<HostCell> const& cells) -> Size
{
    Size sum;
    for (auto const& cell : cells)
        sum.bytes += cell.memory.bytes;
    return sum.bytes != 0 ? sum : KiB(number_in(machine, "/proc/meminfo", "MemTotal:"));
}

struct Shape
{
    std::uint32_t sockets{};
    std::uint32_t cores{};
    std::uint32_t threads{};
};

/// What the largest parts of the cells are made of.
auto shape_of(std::vector<HostCell> const& cells) -> Shape
{
    Shape most;
    auto const raise = [](std::uint32_t& to, std::size_t count) { to = std::max(to, static_cast<std::uint32_t>(count)); };
    for (auto const& cell : cells) {
        std::map<std::uint32_t, std::set<std::pair<std::uint32_t, std::uint32_t>>> cores_of;
        for (auto const& cpu : cell.processors) {
            cores_of[cpu.socket].emplace(cpu.die, cpu.core);
            raise(most.threads, cpu.siblings.numbers().size());
        }
        raise(most.sockets, cores_of.size());
        for (auto const& [socket, cores] : cores_of)
            raise(most.cores, cores.size());
    }
    return most;
}

} // namespace
} // namespace detail::node_info

auto read_node_info(Machine& machine) -> NodeInfo
{
    using namespace detail::node_info;
    auto const facts = read_host_facts(machine);
    auto const cells = read_host_topology(machine).cells;
    auto const shape = shape_of(cells);
    NodeInfo info{.model = facts.arch == "i386"  ? "i686"
                           : facts.arch == "arm" ? "armv7l"
                                                 : facts.arch,
                  .memory = memory_of(machine, cells),
                  .cpus = facts.cpus,
                  .mhz = static_cast<std::uint32_t>(number_in(machine, "/proc/cpuinfo", "cpu MHz")),
                  .cells = static_cast<std::uint32_t>(cells.size()),
                  .sockets = shape.sockets,
                  .cores = shape.cores,
                  .threads = shape.threads};
    if (info.cells * info.sockets * info.cores * info.threads != info.cpus) {
        info.cells = info.sockets = info.threads = 1;
        info.cores = info.cpus;
    }
    return info;
}

} // namespace vmwright::inline v0
