// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace vmwright::inline v0::qemu::detail
{

namespace vcpus
{
namespace
{

auto node_of(std::size_t index) -> std::string
{
    return fmt::format("/domain/vcpus/vcpu[{}]", index + 1);
}

/// Each vCPU by its number; those that are not told of are not there at start.
auto by_id(DomainConfig const& config) -> std::vector<Vcpu>
{
    std::vector<Vcpu> all;
    for (std::uint32_t id = 0; id < config.vcpus.count; ++id) {
        auto const told = std::ranges::find(config.individual_vcpus, id, &Vcpu::id);
        all.push_back(told == config.individual_vcpus.end() ? Vcpu{.id = id} : *told);
        all.back().hotpluggable = all.back().hotpluggable.value_or(!all.back().enabled);
    }
    return all;
}

void check_one(Vcpu const& vcpu, std::string const& node, Checking const& at)
{
    auto const count = at.config.vcpus.count;
    if (vcpu.id >= count)
        at.error(node + "/@id", Fault::bad_number,
                 fmt::format("vCPU {} is not one of 0 to {}", vcpu.id, count == 0 ? 0 : count - 1),
                 "raise <vcpu>, or remove it");
    if (!vcpu.enabled && vcpu.hotpluggable == false)
        at.error(node + "/@hotpluggable", Fault::conflict,
                 fmt::format("vCPU {} is not there at start and cannot be plugged later", vcpu.id),
                 "enable it, or make it hotpluggable");
    if (vcpu.order && (*vcpu.order == 0 || *vcpu.order > count))
        at.error(node + "/@order", Fault::bad_number, fmt::format("{} is not a place among {} vCPUs", *vcpu.order, count),
                 fmt::format("give 1 to {}", count));
    if (vcpu.order && !vcpu.enabled)
        at.error(node + "/@order", Fault::conflict, fmt::format("vCPU {} is not there at start", vcpu.id),
                 "leave the order out");
    if (vcpu.id != 0)
        return;
    if (!vcpu.enabled)
        at.error(node + "/@enabled", Fault::conflict, "vCPU 0 is the one that starts", "enable it");
    else if (vcpu.hotpluggable == true)
        at.error(node + "/@hotpluggable", Fault::conflict, "vCPU 0 cannot be unplugged", "use hotpluggable='no'");
    if (vcpu.order && *vcpu.order != 1)
        at.error(node + "/@order", Fault::conflict, "vCPU 0 is the first one", "use order='1'");
}

} // namespace
} // namespace vcpus

void check_individual_vcpus(Checking const& at)
{
    using namespace vcpus;
    auto const& list = at.config.individual_vcpus;
    if (list.empty())
        return;
    std::set<std::uint32_t> ids, orders;
    for (std::size_t i = 0; i < list.size(); ++i) {
        check_one(list[i], node_of(i), at);
        if (!ids.insert(list[i].id).second)
            at.error(node_of(i) + "/@id", Fault::duplicate, fmt::format("vCPU {} is told of twice", list[i].id),
                     "remove one of them");
        if (list[i].order && !orders.insert(*list[i].order).second)
            at.error(node_of(i) + "/@order", Fault::duplicate,
                     fmt::format("another vCPU has the order {} too", *list[i].order), "give each its own");
    }
    if (!ids.contains(0))
        at.error("/domain/vcpus", Fault::conflict, "vCPU 0 is the one that starts, and it is not enabled",
                 "add <vcpu id='0' enabled='yes' hotpluggable='no'/>");
    // what cannot be unplugged is there from the beginning, in order and without gaps
    for (std::size_t i = 0; i < list.size(); ++i) {
        auto const& vcpu = list[i];
        if (!vcpu.enabled || vcpu.hotpluggable.value_or(false) || vcpu.id == 0 || vcpu.id >= at.config.vcpus.count)
            continue;
        auto const before = std::ranges::find(list, vcpu.id - 1, &Vcpu::id);
        if (before == list.end() || !before->enabled || before->hotpluggable.value_or(false))
            at.error(node_of(i) + "/@hotpluggable", Fault::conflict,
                     fmt::format("vCPU {} comes after one that is not there from the beginning", vcpu.id),
                     "make it hotpluggable, or the ones before it not");
    }
}

void complete_vcpus(Resolving& at)
{
    auto& config = at.config;
    at.choose(config.vcpus.placement, VcpuPlacement::static_, "/domain/vcpu/@placement", "vcpu placement");
    if (!config.individual_vcpus.empty()) {
        config.individual_vcpus = vcpus::by_id(config);
        auto const enabled = std::ranges::count(config.individual_vcpus, true, &Vcpu::enabled);
        config.vcpus.current = static_cast<std::uint32_t>(enabled);
    }
    if (config.vcpus.current == config.vcpus.count)
        config.vcpus.current.reset();
}

void translate_vcpus(Translating& at)
{
    auto const& config = at.config;
    auto const& count = config.vcpus.count;
    auto const& all = config.individual_vcpus;
    auto const is_plain = [](Vcpu const& v) { return v.enabled && !v.hotpluggable.value_or(false); };
    auto const at_start = all.empty() ? config.vcpus.current.value_or(count)
                                      : static_cast<std::uint32_t>(std::ranges::count_if(all, is_plain));
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].enabled && !is_plain(all[i]))
            at.out.add(
                {.severity = Severity::warning,
                 .fault = Fault::ignored,
                 .node = vcpus::node_of(i),
                 .message = fmt::format("vCPU {} is plugged after QEMU began, and no command line does that", all[i].id),
                 .hint = "use hotpluggable='no' for those that shall be there from the beginning"});
    auto& option = at.add("smp", "/domain/vcpu").set("", at_start);
    option.set_if(at_start != count, "maxcpus", count);
    if (config.cpu && config.cpu->topology) {
        auto const& topology = *config.cpu->topology;
        option.set("sockets", topology.sockets)
            .set_if(at.board.is_x86(), "dies", topology.dies.value_or(1))
            .set("cores", topology.cores)
            .set("threads", topology.threads);
    } else
        option.set("sockets", count).set("cores", 1).set("threads", 1);
}

} // namespace vmwright::inline v0::qemu::detail
