// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/device.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace vmwright::inline v0
{

enum class SoundModel
{
    sb16,
    es1370,
    pcspk, ///< the PC's beeper
    ac97,
    ich6,
    ich9,
    usb,
    ich7, ///< not QEMU's
};
constexpr auto enum_names(SoundModel)
{
    return name_list("sb16", "es1370", "pcspk", "ac97", "ich6", "ich9", "usb", "ich7");
}

enum class SoundCodec
{
    duplex,
    micro,
    output,
};
constexpr auto enum_names(SoundCodec)
{
    return name_list("duplex", "micro", "output");
}

/// A sound card of the guest.
struct Sound
{
    SoundModel model{};
    std::vector<SoundCodec> codecs{};        ///< of ich6 and ich9; one duplex when empty
    std::optional<std::uint32_t> audio_id{}; ///< of the audio back end; the first one when absent
    DeviceInfo info{};

    bool operator==(Sound const&) const = default;
};

} // namespace vmwright::inline v0
