// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/domain.hpp>

#include <algorithm>

namespace vmwright::inline v0
{

auto iothread_ids(DomainConfig const& config) -> std::vector<std::uint32_t>
{
    std::vector<std::uint32_t> ids;
    for (auto const& thread : config.iothread_ids)
        ids.push_back(thread.id);
    auto const named = ids.size();
    for (std::uint32_t next = 1; ids.size() < config.iothreads.value_or(0); ++next)
        if (auto const end = ids.begin() + static_cast<std::ptrdiff_t>(named); std::find(ids.begin(), end, next) == end)
            ids.push_back(next);
    return ids;
}

} // namespace vmwright::inline v0
