// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace vmwright::inline v0::qemu::detail
{

namespace audio
{
namespace
{

void set_stream(Option& out, AudioStream const& s)
{
    out.set("mixing-engine", s.mixing_engine)
        .set("fixed-settings", s.fixed_settings)
        .set("voices", s.voices)
        .set("buffer-length", s.buffer_length);
    if (s.settings) {
        out.set("frequency", s.settings->frequency).set("channels", s.settings->channels);
        if (s.settings->format)
            out.set("format", to_string(*s.settings->format));
    }
}

void set_stream(Option& out, AlsaStream const& s)
{
    set_stream(out, s.common);
    out.set("dev", s.dev);
}

void set_stream(Option& out, BufferedStream const& s)
{
    set_stream(out, s.common);
    out.set("buffer-count", s.buffer_count);
}

void set_stream(Option& out, JackStream const& s)
{
    set_stream(out, s.common);
    out.set("server-name", s.server_name)
        .set("client-name", s.client_name)
        .set("connect-ports", s.connect_ports)
        .set("exact-name", s.exact_name);
}

void set_stream(Option& out, OssStream const& s)
{
    set_stream(out, s.common);
    out.set("dev", s.dev).set("buffer-count", s.buffer_count).set("try-poll", s.try_poll);
}

void set_stream(Option& out, PulseaudioStream const& s)
{
    set_stream(out, s.common);
    out.set("name", s.name).set("stream-name", s.stream_name).set("latency", s.latency);
}

template <class Stream>
void set_direction(Option& option, std::string_view direction, std::optional<Stream> const& stream)
{
    if (!stream)
        return;
    Option properties;
    set_stream(properties, *stream);
    option.set_if(!properties.properties.empty(), direction, std::move(properties.properties));
}

auto driver_of(AudioBackend const& backend) -> std::string_view
{
    if (std::holds_alternative<PulseAudio>(backend))
        return "pa";
    if (std::holds_alternative<FileAudio>(backend))
        return "wav";
    return audio_type_names[backend.index()];
}

template <class Backend>
void set_own(Option&, Backend const&)
{
}

void set_own(Option& option, OssAudio const& backend)
{
    option.set("try-mmap", backend.try_mmap).set("exclusive", backend.exclusive).set("dsp-policy", backend.dsp_policy);
}

void set_own(Option& option, PulseAudio const& backend)
{
    option.set("server", backend.server_name);
}

void set_own(Option& option, FileAudio const& backend)
{
    option.set("path", backend.path);
}

auto common_of(AudioStream const& stream) -> AudioStream const&
{
    return stream;
}

template <class Stream>
auto common_of(Stream const& stream) -> AudioStream const&
{
    return stream.common;
}

template <class Stream>
void check_stream(std::optional<Stream> const& stream, std::string const& node, Checking const& at)
{
    if (!stream)
        return;
    auto const& common = common_of(*stream);
    if (common.settings && common.fixed_settings != true)
        at.error(node + "/settings", Fault::conflict, "the sound's format is given, but not fixed",
                 "add fixedSettings='yes', or remove <settings>");
    auto const refuse_zero = [&](std::optional<std::uint32_t> const& value, std::string_view where) {
        if (value == 0U)
            at.error(fmt::format("{}/{}", node, where), Fault::bad_number, "0 is not allowed here",
                     "give a number from 1, or leave it out");
    };
    refuse_zero(common.voices, "@voices");
    refuse_zero(common.buffer_length, "@bufferLength");
    if (common.settings) {
        refuse_zero(common.settings->frequency, "settings/@frequency");
        refuse_zero(common.settings->channels, "settings/@channels");
    }
    if constexpr (requires { stream->buffer_count; })
        refuse_zero(stream->buffer_count, "@bufferCount");
}

} // namespace
} // namespace audio

auto find_audio(DomainConfig const& config, std::optional<std::uint32_t> id) -> Audio const*
{
    auto const& audios = config.devices.audios;
    auto const found = id.value_or(0) != 0 ? std::ranges::find(audios, *id, &Audio::id) : audios.begin();
    return found == audios.end() ? nullptr : &*found;
}

auto audiodev(std::optional<std::uint32_t> id, std::string const& node, Translating& at) -> std::optional<std::string>
{
    if (auto const* audio = find_audio(at.config, id))
        return fmt::format("audio{}", audio->id);
    at.error(node, Fault::missing, "the domain has no audio back end for it", "add <audio id='1' type='none'/>");
    return std::nullopt;
}

void translate(Audio const& a, std::string const& node, Translating& at)
{
    auto& option = at.add("audiodev", node)
                       .set("id", fmt::format("audio{}", a.id))
                       .set("driver", audio::driver_of(a.backend))
                       .set("timer-period", a.timer_period);
    std::visit(
        [&](auto const& backend) {
            audio::set_own(option, backend);
            audio::set_direction(option, "in", backend.input);
            audio::set_direction(option, "out", backend.output);
        },
        a.backend);
    if (auto const* sdl = std::get_if<SdlAudio>(&a.backend); sdl && sdl->driver)
        at.set_environment("SDL_AUDIODRIVER", to_string(*sdl->driver));
}

void check(Audio const& a, std::string const& node, Checking const& at)
{
    if (a.id == 0)
        at.error(node + "/@id", Fault::bad_number, "an audio back end cannot have the number 0", "count from 1");
    if (a.timer_period == 0U)
        at.error(node + "/@timerPeriod", Fault::bad_number, "0 is not a period", "give microseconds, or leave it out");
    std::visit(
        [&](auto const& backend) {
            audio::check_stream(backend.input, node + "/input", at);
            audio::check_stream(backend.output, node + "/output", at);
        },
        a.backend);
    if (std::holds_alternative<SpiceAudio>(a.backend) && !has_graphics<SpiceGraphics>(at.config))
        at.error(node + "/@type", Fault::conflict, "sound goes to a SPICE display, but the domain has none",
                 "add <graphics type='spice'>, or use type='none'");
}

void check_audio_id(std::optional<std::uint32_t> id, std::string const& node, Checking const& at)
{
    if (id && *id != 0 && !find_audio(at.config, id))
        at.error(node + "/audio/@id", Fault::missing, fmt::format("there is no <audio> with the id {}", *id),
                 fmt::format("add <audio id='{}' type='none'/>, or name one that is there", *id));
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
