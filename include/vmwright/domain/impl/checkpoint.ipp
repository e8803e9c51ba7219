// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/checkpoint.hpp>
#include <vmwright/domain/detail/moments.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0
{

namespace detail::checkpoint
{
namespace
{

auto check(CheckpointConfig const& checkpoint, DomainConfig const* domain) -> Diagnostics
{
    constexpr auto root = "/domaincheckpoint";
    constexpr std::string_view chars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    Diagnostics out;
    Findings const at{out};
    check_moment_name(checkpoint.name, "checkpoint", at);
    if (checkpoint.name.find_first_not_of(chars) != std::string::npos && checkpoint.name.find('/') == std::string::npos)
        at.error(fmt::format("{}/name", root), Fault::bad_text,
                 fmt::format("'{}' is not the name of a checkpoint", checkpoint.name),
                 "use letters, digits, and any of _-.");
    if (!checkpoint.parent.empty() && checkpoint.parent == checkpoint.name)
        at.error(fmt::format("{}/parent/name", root), Fault::conflict,
                 fmt::format("the checkpoint '{}' is its own parent", checkpoint.name), "name another one");
    std::vector<std::string> names;
    for (auto const& disk : checkpoint.disks) {
        names.push_back(disk.name);
        if (disk.mode == CheckpointMode::no && !disk.bitmap.empty())
            at.error(fmt::format("{}/disks/disk[{}]/@bitmap", root, names.size()), Fault::conflict,
                     fmt::format("the disk '{}' is not in the checkpoint, and has a bitmap", disk.name),
                     "use checkpoint='bitmap'");
    }
    check_disk_names(names, domain, root, at);
    return out;
}

} // namespace
} // namespace detail::checkpoint

auto check(CheckpointConfig const& checkpoint) -> Diagnostics
{
    return detail::checkpoint::check(checkpoint, nullptr);
}

auto check(CheckpointConfig const& checkpoint, DomainConfig const& domain) -> Diagnostics
{
    return detail::checkpoint::check(checkpoint, &domain);
}

auto complete(CheckpointConfig checkpoint, DomainConfig const& domain) -> CheckpointConfig
{
    auto const are_all_meant = checkpoint.disks.empty();
    checkpoint.disks = detail::in_order_of(domain, std::move(checkpoint.disks), [&](Disk const& disk) {
        auto const can_have = !is_empty(disk.source) && !disk.read_only;
        return CheckpointDisk{.mode = are_all_meant && can_have ? CheckpointMode::bitmap : CheckpointMode::no};
    });
    for (auto& disk : checkpoint.disks) {
        disk.mode = disk.mode.value_or(CheckpointMode::bitmap);
        if (*disk.mode == CheckpointMode::bitmap && disk.bitmap.empty())
            disk.bitmap = checkpoint.name;
    }
    return checkpoint;
}

} // namespace vmwright::inline v0
