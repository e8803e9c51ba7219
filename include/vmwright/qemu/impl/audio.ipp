// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <set>

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

void translate(Audio const& a, std::string const& node, Translating& at)
{
    at.add("audiodev", node)
        .set("id", fmt::format("audio{}", a.id))
        .set("driver", audio::driver_of(a.type))
        .set("timer-period", a.timer_period);
}

void check_all(std::vector<Audio> const& audios, Checking const& at)
{
    std::set<std::uint32_t> ids;
    for (std::size_t i = 0; i < audios.size(); ++i)
        if (!ids.insert(audios[i].id).second)
            at.error(device_node("audio", i) + "/@id", Fault::duplicate,
                     fmt::format("audio {} is there already", audios[i].id), "give each its own id");
}

} // namespace vmwright::inline v0::qemu::detail
