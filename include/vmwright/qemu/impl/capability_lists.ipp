// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/capabilities.hpp>

#include <algorithm>
#include <functional>

namespace vmwright::inline v0::qemu::detail::capability_lists
{

template <class T, class By>
void sort_by(std::vector<T>& list, By by)
{
    if (!std::ranges::is_sorted(list, {}, by))
        std::ranges::sort(list, {}, by);
}

/// Brings every list into the order that look-ups rely on, whatever order QEMU or an editor gave them.
inline void sort(Capabilities& capabilities)
{
    sort_by(capabilities.machines, &MachineType::name);
    sort_by(capabilities.cpus, &CpuModel::name);
    sort_by(capabilities.cpu_features, std::identity{});
    sort_by(capabilities.tcg_features, std::identity{});
    sort_by(capabilities.devices, std::identity{});
    sort_by(capabilities.objects, std::identity{});
    sort_by(capabilities.types, std::identity{});
    sort_by(capabilities.schema.commands, &SchemaEntry::name);
    sort_by(capabilities.schema.events, &SchemaEntry::name);
    for (auto* lists : {&capabilities.device_properties, &capabilities.machine_properties, &capabilities.options}) {
        sort_by(*lists, &NamedList::name);
        for (auto& list : *lists)
            sort_by(list.entries, std::identity{});
    }
    for (auto& cpu : capabilities.cpus)
        sort_by(cpu.unavailable_features, std::identity{});
}

} // namespace vmwright::inline v0::qemu::detail::capability_lists
