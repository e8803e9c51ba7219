// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

namespace audio
{
namespace
{

auto driver_of(AudioType type) -> std::string_view
{
    switch (type) {
    case AudioType::pulseaudio: return "pa";
    case AudioType::file: return "wav";
    default: return to_string(type);
    }
}

} // namespace
} // namespace audio

void complete(Audio&, std::string const&, Resolving const&) {}

void translate(Audio const& a, std::string const& node, Translating& at)
{
    at.add("audiodev", node)
        .set("id", fmt::format("audio{}", a.id))
        .set("driver", audio::driver_of(a.type))
        .set("timer-period", a.timer_period);
}

} // namespace vmwright::inline v0::qemu::detail
