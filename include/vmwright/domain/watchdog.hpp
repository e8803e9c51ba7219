// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/device.hpp>

#include <optional>

namespace vmwright::inline v0
{

enum class WatchdogModel
{
    i6300esb,
    ib700,
    diag288, ///< s390 only
};
constexpr auto enum_names(WatchdogModel)
{
    return name_list("i6300esb", "ib700", "diag288");
}

enum class WatchdogAction
{
    reset,
    shutdown,
    poweroff,
    pause,
    none,
    dump,
    inject_nmi,
};
constexpr auto enum_names(WatchdogAction)
{
    return name_list("reset", "shutdown", "poweroff", "pause", "none", "dump", "inject-nmi");
}

/// Acts on a guest that no longer says it is alive.
struct Watchdog
{
    WatchdogModel model{};
    std::optional<WatchdogAction> action{}; ///< reset when absent
    DeviceInfo info{};

    bool operator==(Watchdog const&) const = default;
};

} // namespace vmwright::inline v0
