// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/resolving.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

namespace resource
{
namespace
{

void check_appid(std::string const& appid, Checking const& at)
{
    constexpr std::size_t longest = 128;
    auto const is_printable = [](char c) { return c >= ' ' && c <= '~'; };
    if (appid.empty() || appid.size() > longest || !std::ranges::all_of(appid, is_printable))
        at.error("/domain/resource/fibrechannel/@appid", Fault::bad_text, "it is no application id of Fibre Channel",
                 fmt::format("give 1 to {} printable characters", longest));
}

void check_ids(std::vector<IdRange> const& ids, std::string_view kind, Checking const& at)
{
    auto const is_root = [](IdRange const& range) { return range.start == 0; };
    if (!ids.empty() && std::ranges::none_of(ids, is_root))
        at.error(fmt::format("/domain/idmap/{}", kind), Fault::missing, fmt::format("the root {} is not mapped", kind),
                 "add a range with start='0'");
}

} // namespace
} // namespace resource

void check_resource(Checking const& at)
{
    auto const& config = at.config;
    if (auto const& r = config.resource) {
        if (r->partition.empty() && !r->appid)
            at.error("/domain/resource", Fault::missing, "it names neither a partition nor an application id",
                     "add <partition>, or remove <resource>");
        if (!r->partition.empty())
            at.warning("/domain/resource/partition", Fault::not_supported_yet,
                       "a partition of control groups has no effect yet");
        if (r->appid) {
            resource::check_appid(*r->appid, at);
            at.warning("/domain/resource/fibrechannel", Fault::not_supported_yet,
                       "it has no effect yet: Fibre Channel is not told whose the traffic is");
        }
    }
    auto const& [uids, gids] = config.id_map;
    if (uids.empty() != gids.empty())
        at.error("/domain/idmap", Fault::missing, "it maps only one of user and group ids", "map both");
    resource::check_ids(uids, "uid", at);
    resource::check_ids(gids, "gid", at);
    if (!uids.empty())
        at.warning("/domain/idmap", Fault::ignored, "a virtual machine has no ids of the host's", "remove <idmap>");
    for (std::size_t i = 0; i < config.perf.size(); ++i) {
        auto const node = fmt::format("/domain/perf/event[{}]", i + 1);
        auto const name = to_string(config.perf[i].name);
        if (std::ranges::count(config.perf, config.perf[i].name, &PerfEvent::name) > 1)
            at.error(node, Fault::duplicate, fmt::format("the event '{}' is named twice", name), "remove one of them");
        else if (config.perf[i].enabled)
            at.warning(node, Fault::not_supported_yet, fmt::format("to count '{}' has no effect yet", name));
    }
    if (config.on_lock_failure)
        at.warning("/domain/on_lockfailure", Fault::ignored, "no lock manager holds the disks, so no lock can be lost");
}

void complete_resource(Resolving& at)
{
    std::ranges::stable_sort(at.config.perf, {}, &PerfEvent::name);
    std::ranges::stable_sort(at.config.id_map.uids, {}, &IdRange::start);
    std::ranges::stable_sort(at.config.id_map.gids, {}, &IdRange::start);
}

} // namespace vmwright::inline v0::qemu::detail
