// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/audio.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<AudioSettings> auto& v)
{
    at("@frequency", v.frequency);
    at("@channels", v.channels);
    at("@format", v.format);
}

void map(auto& at, Like<AudioStream> auto& v)
{
    at("@mixingEngine", v.mixing_engine);
    at("@fixedSettings", v.fixed_settings);
    at("@voices", v.voices);
    at("@bufferLength", v.buffer_length);
    at("settings", v.settings);
}

void map(auto& at, Like<AlsaStream> auto& v)
{
    at(".", v.common);
    at("@dev", v.dev);
}

void map(auto& at, Like<BufferedStream> auto& v)
{
    at(".", v.common);
    at("@bufferCount", v.buffer_count);
}

void map(auto& at, Like<JackStream> auto& v)
{
    at(".", v.common);
    at("@serverName", v.server_name);
    at("@clientName", v.client_name);
    at("@connectPorts", v.connect_ports);
    at("@exactName", v.exact_name);
}

void map(auto& at, Like<OssStream> auto& v)
{
    at(".", v.common);
    at("@dev", v.dev);
    at("@bufferCount", v.buffer_count);
    at("@tryPoll", v.try_poll);
}

void map(auto& at, Like<PulseaudioStream> auto& v)
{
    at(".", v.common);
    at("@name", v.name);
    at("@streamName", v.stream_name);
    at("@latency", v.latency);
}

void map_streams(auto& at, auto& v)
{
    at("input", v.input);
    at("output", v.output);
}

void map(auto& at, Like<NoneAudio> auto& v)
{
    map_streams(at, v);
}

void map(auto& at, Like<AlsaAudio> auto& v)
{
    map_streams(at, v);
}

void map(auto& at, Like<CoreAudio> auto& v)
{
    map_streams(at, v);
}

void map(auto& at, Like<JackAudio> auto& v)
{
    map_streams(at, v);
}

void map(auto& at, Like<OssAudio> auto& v)
{
    at("@tryMMap", v.try_mmap);
    at("@exclusive", v.exclusive);
    at("@dspPolicy", v.dsp_policy);
    map_streams(at, v);
}

void map(auto& at, Like<PulseAudio> auto& v)
{
    at("@serverName", v.server_name);
    map_streams(at, v);
}

void map(auto& at, Like<SdlAudio> auto& v)
{
    at("@driver", v.driver);
    map_streams(at, v);
}

void map(auto& at, Like<SpiceAudio> auto& v)
{
    map_streams(at, v);
}

void map(auto& at, Like<FileAudio> auto& v)
{
    at("@path", v.path);
    map_streams(at, v);
}

void map(auto& at, Like<DbusAudio> auto& v)
{
    map_streams(at, v);
}

void map(auto& at, Like<Audio> auto& v)
{
    at.required("@id", "give each <audio> a number of its own, as id='1'");
    at.required("@type", "add type='none', or where the sound shall go");
    at("@id", v.id);
    at("@timerPeriod", v.timer_period);
    at.choice("@type", v.backend, audio_type_names);
}

} // namespace vmwright::inline v0::xml::detail
