// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

enum class ClockOffset
{
    utc,
    localtime,
    variable,
    timezone,
    absolute,
};
constexpr auto enum_names(ClockOffset)
{
    return name_list("utc", "localtime", "variable", "timezone", "absolute");
}

enum class ClockBasis
{
    utc,
    localtime,
};
constexpr auto enum_names(ClockBasis)
{
    return name_list("utc", "localtime");
}

enum class TimerName
{
    platform,
    pit,
    rtc,
    hpet,
    tsc,
    kvmclock,
    hypervclock,
    armvtimer,
};
constexpr auto enum_names(TimerName)
{
    return name_list("platform", "pit", "rtc", "hpet", "tsc", "kvmclock", "hypervclock", "armvtimer");
}

enum class TickPolicy
{
    delay,
    catchup,
    merge,
    discard,
};
constexpr auto enum_names(TickPolicy)
{
    return name_list("delay", "catchup", "merge", "discard");
}

enum class TimerTrack
{
    boot,
    guest,
    wall,
    realtime,
};
constexpr auto enum_names(TimerTrack)
{
    return name_list("boot", "guest", "wall", "realtime");
}

enum class TimerMode
{
    auto_,
    native,
    emulate,
    paravirt,
    smpsafe,
};
constexpr auto enum_names(TimerMode)
{
    return name_list("auto", "native", "emulate", "paravirt", "smpsafe");
}

struct Catchup
{
    std::optional<std::uint64_t> threshold{};
    std::optional<std::uint64_t> slew{};
    std::optional<std::uint64_t> limit{};

    bool operator==(Catchup const&) const = default;
};

struct Timer
{
    TimerName name{};
    std::optional<TickPolicy> tick_policy{};
    std::optional<TimerTrack> track{};
    std::optional<std::uint64_t> frequency{}; ///< Hz
    std::optional<TimerMode> mode{};
    std::optional<bool> present{};
    std::optional<Catchup> catchup{};

    bool operator==(Timer const&) const = default;
};

/// What the guest's clock shows when it starts.
struct Clock
{
    ClockOffset offset{};
    std::optional<std::string> adjustment{}; ///< seconds, or "reset"
    std::optional<ClockBasis> basis{};
    std::optional<std::string> timezone{};
    std::optional<std::int64_t> start{}; ///< absolute: seconds since 1970
    std::vector<Timer> timers{};

    bool operator==(Clock const&) const = default;
};

} // namespace vmwright::inline v0
