// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/detail/findings.hpp>
#include <vmwright/domain/domain.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::detail
{

// What snapshots, checkpoints and backups of a domain have in common.

/// The domain's disk of that target or path; null when there is none.
[[nodiscard]] auto find_disk(DomainConfig const& domain, std::string_view name) -> Disk const*;

/// Names of snapshots and checkpoints, which become names of files.
void check_moment_name(std::string const& name, std::string_view kind, Findings const& at);
/// Each disk has a name, its own, and one of the domain's if that is known. `node` is that of the root element.
void check_disk_names(std::vector<std::string> const& names, DomainConfig const* domain, std::string const& node,
                      Findings const& at);

/// Those of `disks` that are the domain's, under their targets and in the domain's order; `missing` makes the others.
template <class D, class Missing>
auto in_order_of(DomainConfig const& domain, std::vector<D> disks, Missing missing) -> std::vector<D>
{
    std::vector<D> out;
    for (auto const& disk : domain.devices.disks) {
        auto found = disks.begin();
        while (found != disks.end() && find_disk(domain, found->name) != &disk)
            ++found;
        out.push_back(found != disks.end() ? std::move(*found) : missing(disk));
        out.back().name = disk.target.dev;
    }
    return out;
}

} // namespace vmwright::inline v0::detail
