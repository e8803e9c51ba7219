// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

#include <cstdint>
#include <optional>

namespace vmwright::inline v0
{

enum class AudioType
{
    none,
    alsa,
    coreaudio,
    jack,
    oss,
    pulseaudio,
    sdl,
    spice,
    file,
    dbus,
};
constexpr auto enum_names(AudioType)
{
    return name_list("none", "alsa", "coreaudio", "jack", "oss", "pulseaudio", "sdl", "spice", "file", "dbus");
}

/// Where the guest's sound goes on the host.
struct Audio
{
    std::uint32_t id{1};
    AudioType type{};
    std::optional<std::uint32_t> timer_period{}; ///< microseconds

    bool operator==(Audio const&) const = default;
};

} // namespace vmwright::inline v0
