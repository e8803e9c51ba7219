// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/origin.hpp>

namespace vmwright::inline v0::qemu
{

auto Origins::find(std::string_view node) const -> Origin
{
    for (auto above = node; !above.empty(); above = above.substr(0, above.rfind('/'))) {
        auto const entry = list_.find(above);
        if (entry == list_.end())
            continue;
        Origin origin{.node = entry->second.node, .rule = std::string{entry->second.rule}};
        if (!origin.node.empty())
            origin.node += node.substr(above.size());
        return origin;
    }
    return {.node = std::string{node}};
}

} // namespace vmwright::inline v0::qemu
