// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

namespace sound
{
namespace
{

auto driver_of(SoundModel model) -> std::string_view
{
    switch (model) {
    case SoundModel::es1370: return "ES1370";
    case SoundModel::ac97: return "AC97";
    case SoundModel::ich6: return "intel-hda";
    case SoundModel::ich9: return "ich9-intel-hda";
    case SoundModel::usb: return "usb-audio";
    default: return to_string(model);
    }
}

auto has_codecs(SoundModel model) -> bool
{
    return model == SoundModel::ich6 || model == SoundModel::ich9;
}

void translate_codecs(Sound const& s, std::string const& audiodev, std::string const& node, Translating& at)
{
    auto codecs = s.codecs;
    if (codecs.empty())
        codecs.push_back(SoundCodec::duplex);
    auto const alias = s.info.alias.value_or("");
    for (std::size_t i = 0; i < codecs.size(); ++i)
        at.device(fmt::format("hda-{}", to_string(codecs[i])), node)
            .set("id", fmt::format("{}-codec{}", alias, i))
            .set("bus", alias + ".0")
            .set("cad", i)
            .set("audiodev", audiodev);
}

} // namespace
} // namespace sound

auto pci_needs(Sound const& s) -> unsigned
{
    switch (s.model) {
    case SoundModel::es1370:
    case SoundModel::ac97:
    case SoundModel::ich6:
    case SoundModel::ich9: return pci_ordinary;
    default: return pci_none;
    }
}

void complete(Sound& s, std::string const&, Resolving const&)
{
    if (!sound::has_codecs(s.model))
        s.codecs.clear();
}

void translate(Sound const& s, std::string const& node, Translating& at)
{
    if (s.model == SoundModel::pcspk) {
        at.add("soundhw", node).set("", "pcspk");
        return;
    }
    auto const audio = audiodev(s.audio_id, node, at);
    if (!audio)
        return;
    auto& device = at.device(sound::driver_of(s.model), node).set("id", s.info.alias);
    if (!sound::has_codecs(s.model))
        device.set("audiodev", *audio);
    at.place(device, s.info);
    if (sound::has_codecs(s.model))
        sound::translate_codecs(s, *audio, node, at);
}

void check(Sound const& s, std::string const& node, Checking const& at)
{
    if (s.model == SoundModel::ich7)
        at.error(node + "/@model", Fault::not_supported, "QEMU has no sound card 'ich7'", "use ich9, ich6 or ac97");
    else if (s.model == SoundModel::ich9 && !at.capabilities.has_device(sound::driver_of(s.model)))
        at.error(
            node + "/@model", Fault::not_supported,
            fmt::format("QEMU {} for {} has no sound card 'ich9'", to_string(at.capabilities.version), at.capabilities.arch),
            "remove it");
    if (!s.codecs.empty() && !sound::has_codecs(s.model))
        at.warning(node + "/codec", Fault::ignored, fmt::format("a sound card '{}' has no codecs", to_string(s.model)),
                   "use ich9 or ich6");
    if (s.model == SoundModel::usb)
        check_has_usb(s.info, node, at);
    check_audio_id(s.audio_id, node, at);
}

} // namespace vmwright::inline v0::qemu::detail
