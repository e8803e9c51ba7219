// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/clock.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

namespace timers
{
namespace
{

auto node_of(std::size_t index) -> std::string
{
    return fmt::format("/domain/clock/timer[{}]", index + 1);
}

void refuse_policy(Timer const& timer, std::string const& node, std::string hint, Checking const& at)
{
    at.error(node + "/@tickpolicy", Fault::not_supported,
             fmt::format("the timer {} cannot {} ticks", to_string(timer.name), to_string(*timer.tick_policy)),
             std::move(hint));
}

void check_armvtimer(Timer const& timer, std::string const& node, Checking const& at)
{
    auto const board = at.board();
    if (at.config.type != DomainType::kvm || board.arch != "aarch64" || board.family != BoardFamily::virt)
        at.error(node + "/@name", Fault::not_supported, "only a virt machine of aarch64 under KVM has that timer",
                 "remove it");
    if (timer.present == false)
        at.error(node + "/@present", Fault::not_supported, "the timer armvtimer cannot be taken away", "remove it");
    if (timer.tick_policy == TickPolicy::catchup || timer.tick_policy == TickPolicy::merge)
        refuse_policy(timer, node, "use delay or discard", at);
}

void check_timer(Timer const& timer, std::string const& node, Checking const& at)
{
    auto const is_x86 = at.board().is_x86();
    switch (timer.name) {
    case TimerName::platform:
        return at.error(node + "/@name", Fault::not_supported, "QEMU has no timer 'platform'", "remove it");
    case TimerName::tsc:
    case TimerName::kvmclock:
    case TimerName::hypervclock:
        if (!is_x86 && timer.present == true)
            at.error(node + "/@name", Fault::not_supported,
                     fmt::format("{} has no timer '{}'", at.capabilities.arch, to_string(timer.name)), "remove it");
        break;
    case TimerName::rtc:
        if (timer.track == TimerTrack::boot)
            at.error(node + "/@track", Fault::not_supported, "QEMU's rtc cannot track the time since boot",
                     "use guest, wall or realtime");
        if (timer.tick_policy == TickPolicy::merge || timer.tick_policy == TickPolicy::discard)
            refuse_policy(timer, node, "use delay or catchup", at);
        break;
    case TimerName::pit:
        if (timer.tick_policy == TickPolicy::merge)
            refuse_policy(timer, node, "use delay, catchup or discard", at);
        break;
    case TimerName::hpet:
        if (!is_x86 && timer.present == true)
            at.error(node + "/@name", Fault::not_supported, fmt::format("{} has no hpet", at.capabilities.arch),
                     "remove it");
        break;
    case TimerName::armvtimer: check_armvtimer(timer, node, at); break;
    }
    auto const ignored = [&](std::string_view what, bool is_said, std::string_view why) {
        if (is_said)
            at.warning(fmt::format("{}/{}", node, what), Fault::ignored, fmt::format("it has no effect: {}", why),
                       remove_it());
    };
    ignored("@mode", timer.mode.has_value(), "only Xen has modes of a timer");
    ignored("catchup", timer.catchup.has_value(), "QEMU catches up at its own speed");
    ignored("@frequency", timer.frequency && timer.name != TimerName::tsc, "only the tsc has a frequency");
    ignored("@track", timer.track && timer.name != TimerName::rtc, "only the rtc tracks another clock");
}

} // namespace
} // namespace timers

void check_timers(Checking const& at)
{
    auto const& c = at.config.clock;
    for (std::size_t i = 0; i < c.timers.size(); ++i) {
        timers::check_timer(c.timers[i], timers::node_of(i), at);
        if (std::ranges::find(c.timers.begin(), c.timers.begin() + static_cast<std::ptrdiff_t>(i), c.timers[i].name,
                              &Timer::name) != c.timers.begin() + static_cast<std::ptrdiff_t>(i))
            at.warning(timers::node_of(i) + "/@name", Fault::duplicate,
                       fmt::format("the timer {} is there already", to_string(c.timers[i].name)), "remove one of them");
    }
}

void translate_clock(Translating& at)
{
    auto const& c = at.config.clock;
    auto& rtc = at.add("rtc", "/domain/clock").set("base", clock_base(c, at.facts));
    auto const find = [&](TimerName name) {
        auto const found = std::ranges::find(c.timers, name, &Timer::name);
        return found == c.timers.end() ? nullptr : &*found;
    };
    if (auto const* timer = find(TimerName::rtc)) {
        switch (timer->track.value_or(TimerTrack::boot)) {
        case TimerTrack::guest: rtc.set("clock", "vm"); break;
        case TimerTrack::wall: rtc.set("clock", "host"); break;
        case TimerTrack::realtime: rtc.set("clock", "rt"); break;
        case TimerTrack::boot: break;
        }
        rtc.set_if(timer->tick_policy == TickPolicy::catchup, "driftfix", "slew");
    }
    auto const* pit = find(TimerName::pit);
    if (pit && at.capabilities.device_has("kvm-pit", "lost_tick_policy"))
        if (auto const policy = pit->tick_policy.value_or(TickPolicy::delay); policy != TickPolicy::catchup)
            at.add("global", "/domain/clock/timer").set("kvm-pit.lost_tick_policy", to_string(policy));
    if (auto const* hpet = find(TimerName::hpet); hpet && hpet->present == false && at.board.is_x86())
        at.add("no-hpet", "/domain/clock/timer");
}

} // namespace vmwright::inline v0::qemu::detail
