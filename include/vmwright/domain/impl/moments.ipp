// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/detail/moments.hpp>

#include <fmt/format.h>

#include <map>

namespace vmwright::inline v0::detail
{

auto find_disk(DomainConfig const& domain, std::string_view name) -> Disk const*
{
    for (auto const& disk : domain.devices.disks)
        if (disk.target.dev == name || (!name.empty() && source_path(disk.source) == name))
            return &disk;
    return nullptr;
}

void check_moment_name(std::string const& name, std::string_view kind, Findings const& at)
{
    if (name.starts_with('.') || name.find('/') != std::string::npos)
        at.error(fmt::format("/domain{}/name", kind), Fault::bad_text,
                 fmt::format("'{}' is not the name of a {}", name, kind),
                 "use a name without slashes that does not begin with a dot");
}

void check_disk_names(std::vector<std::string> const& names, DomainConfig const* domain, std::string const& node,
                      Findings const& at)
{
    std::map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto const place = fmt::format("{}/disks/disk[{}]", node, i + 1);
        if (names[i].empty()) {
            at.error(place, Fault::missing, "the disk has no name", "as name='vda'");
            continue;
        }
        auto const* disk = domain ? find_disk(*domain, names[i]) : nullptr;
        if (domain && !disk)
            at.error(place + "/@name", Fault::unknown_value,
                     fmt::format("the domain '{}' has no disk '{}'", domain->name, names[i]),
                     "use the name of a disk's target");
        auto const [first, is_new] = known.emplace(disk ? disk->target.dev : names[i], i);
        if (!is_new)
            at.error(place + "/@name", Fault::duplicate, fmt::format("disk {} is '{}' too", first->second + 1, first->first),
                     "remove one");
    }
}

} // namespace vmwright::inline v0::detail
