// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/event_cause.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

namespace vmwright::inline v0::detail
{

namespace event_cause
{
namespace
{

/// What a call can lead to.
struct Consequence
{
    std::string_view call{};
    LifecycleKind kind{};
    unsigned detail{};
    bool is_last{}; ///< nothing more comes of the call
};
constexpr unsigned any_detail = ~0U;
constexpr unsigned by_user = 0, failed = 5;
constexpr auto consequences = std::to_array<Consequence>({
    {"define", LifecycleKind::defined, any_detail, true},
    {"undefine", LifecycleKind::undefined, any_detail, true},
    {"change", LifecycleKind::defined, any_detail, true},
    {"setmem", LifecycleKind::defined, any_detail, true},
    {"setmaxmem", LifecycleKind::defined, any_detail, true},
    {"setvcpus", LifecycleKind::defined, any_detail, true},
    {"domrename", LifecycleKind::defined, any_detail, true},
    {"domrename", LifecycleKind::undefined, any_detail, true},
    {"start", LifecycleKind::resumed, any_detail, false},
    {"start", LifecycleKind::started, any_detail, true},
    {"start --paused", LifecycleKind::started, any_detail, false},
    {"start --paused", LifecycleKind::suspended, by_user, true},
    {"start", LifecycleKind::stopped, failed, true},
    {"start --paused", LifecycleKind::stopped, failed, true},
    {"create", LifecycleKind::stopped, failed, true},
    {"create --paused", LifecycleKind::stopped, failed, true},
    {"create", LifecycleKind::resumed, any_detail, false},
    {"create", LifecycleKind::started, any_detail, true},
    {"create --paused", LifecycleKind::started, any_detail, false},
    {"create --paused", LifecycleKind::suspended, by_user, true},
    {"suspend", LifecycleKind::suspended, by_user, true},
    {"resume", LifecycleKind::resumed, any_detail, true},
    {"shutdown", LifecycleKind::shutdown, any_detail, false},
    {"shutdown", LifecycleKind::stopped, any_detail, true},
    {"destroy", LifecycleKind::shutdown, any_detail, false},
    {"destroy", LifecycleKind::stopped, any_detail, true},
    {"reboot", LifecycleKind::shutdown, any_detail, false},
    {"reboot", LifecycleKind::resumed, any_detail, true},
});

/// Whether the call is for a run that is there.
auto is_of_run(std::string_view call) -> bool
{
    return std::ranges::none_of(consequences, [call](Consequence const& each) {
        return each.call == call && (each.kind == LifecycleKind::started || each.kind == LifecycleKind::defined ||
                                     each.kind == LifecycleKind::undefined);
    });
}

/// Nothing when the call cannot have led to the event, else whether it has led to all that it can.
auto follows(EventData const& data, std::string_view call) -> std::optional<bool>
{
    if (std::holds_alternative<RebootEvent>(data))
        return call == "reset" ? std::optional{true} : call == "reboot" ? std::optional{false} : std::nullopt;
    auto const* const event = std::get_if<LifecycleEvent>(&data);
    if (event == nullptr)
        return std::nullopt;
    for (auto const& each : consequences)
        if (each.call == call && each.kind == event->kind && (each.detail == any_detail || each.detail == event->detail))
            return each.is_last;
    return std::nullopt;
}

} // namespace
} // namespace event_cause

auto cause_of(Event const& event, LoggedDomain& domain) -> EventCause
{
    auto& calls = domain.calls;
    for (auto call = calls.rbegin(); call != calls.rend(); ++call) {
        if (call->time > event.time)
            continue;
        auto const is_last = event_cause::follows(event.data, call->cause.call);
        if (!is_last)
            continue;
        auto cause = call->cause;
        if (*is_last)
            calls.erase(std::next(call).base());
        return cause;
    }
    return {};
}

void forget_calls(Event const& event, LoggedDomain& domain)
{
    [[maybe_unused]] auto const known = cause_of(event, domain);
    // What was asked of a run that is over leads to nothing more.
    auto const* const lifecycle = std::get_if<LifecycleEvent>(&event.data);
    if (lifecycle != nullptr && lifecycle->kind == LifecycleKind::stopped)
        std::erase_if(domain.calls, [](LoggedCall const& call) { return event_cause::is_of_run(call.cause.call); });
}

} // namespace vmwright::inline v0::detail
