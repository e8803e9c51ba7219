// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

#include <functional>
#include <string_view>

namespace vmwright::inline v0
{

enum class LogLevel
{
    trace, ///< every QMP line
    debug,
    info,
    warning,
};

constexpr auto enum_names(LogLevel)
{
    return name_list("trace", "debug", "info", "warning");
}

/// What an embedder gives to hear what the library does; an empty one is silence, which is the default.
/// It may be called from any thread of the host, never with a lock held, and must not throw.
using LogHook = std::function<void(LogLevel level, std::string_view room, std::string_view text)>;

} // namespace vmwright::inline v0
