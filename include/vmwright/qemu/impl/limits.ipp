// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>

#include <fmt/format.h>

#include <set>

namespace vmwright::inline v0::qemu::detail
{

void check_memtune(Checking const& at)
{
    auto const& tune = at.config.memtune;
    if (tune.min_guarantee)
        at.error("/domain/memtune/min_guarantee", Fault::not_supported, "QEMU guarantees no memory", "leave it out");
    if (tune != Memtune{})
        at.warning("/domain/memtune", Fault::not_supported_yet,
                   "it has no effect yet: nothing limits the memory of the process",
                   "limit it with systemd-run --property=MemoryMax=…");
}

void check_blkiotune(Checking const& at)
{
    auto const& tune = at.config.blkiotune;
    std::set<std::string> seen;
    for (std::size_t i = 0; i < tune.devices.size(); ++i)
        if (!seen.insert(tune.devices[i].path).second)
            at.error(fmt::format("/domain/blkiotune/device[{}]/path", i + 1), Fault::duplicate,
                     fmt::format("the limits of '{}' are given already", tune.devices[i].path), "name each device once");
    if (tune != Blkiotune{})
        at.warning("/domain/blkiotune", Fault::not_supported_yet,
                   "it has no effect yet: nothing limits the I/O of the process",
                   "use a disk's <iotune>, or systemd-run --property=IOWeight=…");
}

} // namespace vmwright::inline v0::qemu::detail
