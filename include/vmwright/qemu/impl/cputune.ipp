// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/resolving.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace vmwright::inline v0::qemu::detail
{

namespace cputune
{
namespace
{

constexpr std::string_view root = "/domain/cputune";

/// Nothing, 0 and, of a quota, less mean that there is no limit.
template <class T>
void check_range(std::optional<T> const& value, std::string_view name, T least, T most, Checking const& at)
{
    if (value && *value > 0 && (*value < least || *value > most))
        at.error(fmt::format("{}/{}", root, name), Fault::bad_number, fmt::format("{} is out of range for {}", *value, name),
                 fmt::format("give {} to {}", least, most));
}

void check_ranges(Cputune const& tune, Checking const& at)
{
    check_range<std::uint64_t>(tune.shares, "shares", 2, 262144, at);
    auto const period = [&](auto const& value, std::string_view name) {
        check_range<std::uint64_t>(value, name, 1000, 1000000, at);
    };
    auto const quota = [&](auto const& value, std::string_view name) {
        check_range<std::int64_t>(value, name, 1000, 17592186044415, at);
    };
    period(tune.period, "period");
    quota(tune.quota, "quota");
    period(tune.global_period, "global_period");
    quota(tune.global_quota, "global_quota");
    period(tune.emulator_period, "emulator_period");
    quota(tune.emulator_quota, "emulator_quota");
    period(tune.iothread_period, "iothread_period");
    quota(tune.iothread_quota, "iothread_quota");
}

void check_pins(Cputune const& tune, Checking const& at)
{
    std::set<std::uint32_t> vcpus, iothreads;
    for (std::size_t i = 0; i < tune.vcpu_pins.size(); ++i) {
        auto const vcpu = tune.vcpu_pins[i].vcpu;
        auto const node = fmt::format("{}/vcpupin[{}]/@vcpu", root, i + 1);
        if (vcpu >= at.config.vcpus.count)
            at.warning(node, Fault::ignored, fmt::format("there is no vCPU {}", vcpu), "remove it, or raise <vcpu>");
        else if (!vcpus.insert(vcpu).second)
            at.error(node, Fault::duplicate, fmt::format("vCPU {} is pinned already", vcpu), "pin each once");
    }
    auto const ids = iothread_ids(at.config);
    for (std::size_t i = 0; i < tune.iothread_pins.size(); ++i) {
        auto const id = tune.iothread_pins[i].iothread;
        auto const node = fmt::format("{}/iothreadpin[{}]/@iothread", root, i + 1);
        if (std::ranges::find(ids, id) == ids.end())
            at.error(node, Fault::conflict, fmt::format("there is no I/O thread {}", id),
                     "raise <iothreads>, or name it there");
        else if (!iothreads.insert(id).second)
            at.error(node, Fault::duplicate, fmt::format("I/O thread {} is pinned already", id), "pin each once");
    }
}

void check_scheduler(Scheduler const& scheduler, std::string const& node, Checking const& at)
{
    auto const is_real_time = scheduler.policy == SchedulerPolicy::fifo || scheduler.policy == SchedulerPolicy::rr;
    if (is_real_time && !scheduler.priority)
        at.error(node, Fault::missing, fmt::format("the scheduler '{}' needs a priority", to_string(*scheduler.policy)),
                 "give priority='1' to '99'");
}

template <class List, class Threads>
void check_schedulers(List const& list, std::string_view name, Threads threads, Checking const& at)
{
    for (std::size_t i = 0; i < list.size(); ++i) {
        auto const node = fmt::format("{}/{}[{}]", root, name, i + 1);
        check_scheduler(list[i].scheduler, node, at);
        for (std::size_t j = 0; j < i; ++j)
            if (threads(list[i]) && threads(list[j]) && threads(list[i])->overlaps(*threads(list[j])))
                at.error(node, Fault::conflict, "a thread has two schedulers", "name each thread once");
    }
}

} // namespace
} // namespace cputune

void check_cputune(Checking const& at)
{
    auto const& tune = at.config.cputune;
    if (tune == Cputune{})
        return;
    cputune::check_ranges(tune, at);
    auto const ids = iothread_ids(at.config);
    cputune::check_pins(tune, at);
    if (tune.emulator_scheduler)
        cputune::check_scheduler(*tune.emulator_scheduler, "/domain/cputune/emulatorsched", at);
    cputune::check_schedulers(
        tune.vcpu_schedulers, "vcpusched", [](VcpuScheduler const& s) { return s.vcpus; }, at);
    cputune::check_schedulers(
        tune.iothread_schedulers, "iothreadsched", [](IoThreadScheduler const& s) { return s.iothreads; }, at);
    at.warning("/domain/cputune", Fault::not_supported_yet,
               "it has no effect yet: threads run where and when the kernel lets them",
               "pin and limit the process with systemd-run or taskset");
}

void complete_cputune(Resolving& at)
{
    auto& tune = at.config.cputune;
    std::erase_if(tune.vcpu_pins, [&](VcpuPin const& pin) { return pin.vcpu >= at.config.vcpus.count; });
    std::ranges::stable_sort(tune.vcpu_pins, {}, &VcpuPin::vcpu);
    auto const ids = iothread_ids(at.config);
    std::ranges::stable_sort(tune.iothread_pins, {},
                             [&](IoThreadPin const& pin) { return std::ranges::find(ids, pin.iothread) - ids.begin(); });
    for (auto& cache : tune.cache_tunes)
        cache.id.reset(); // that of a run that is over
}

} // namespace vmwright::inline v0::qemu::detail
