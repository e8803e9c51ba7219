// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace vmwright::inline v0
{

enum class AudioFormat
{
    u8,
    s8,
    u16,
    s16,
    u32,
    s32,
    f32,
};
constexpr auto enum_names(AudioFormat)
{
    return name_list("u8", "s8", "u16", "s16", "u32", "s32", "f32");
}

struct AudioSettings
{
    std::optional<std::uint32_t> frequency{}; ///< Hz
    std::optional<std::uint32_t> channels{};
    std::optional<AudioFormat> format{};

    bool operator==(AudioSettings const&) const = default;
};

/// What all back ends can be told of recording, or of playing.
struct AudioStream
{
    std::optional<bool> mixing_engine{};
    std::optional<bool> fixed_settings{};
    std::optional<std::uint32_t> voices{};
    std::optional<std::uint32_t> buffer_length{}; ///< microseconds
    std::optional<AudioSettings> settings{};      ///< only with fixed settings

    bool operator==(AudioStream const&) const = default;
};

struct AlsaStream
{
    AudioStream common{};
    std::optional<std::string> dev{};

    bool operator==(AlsaStream const&) const = default;
};

/// A stream of CoreAudio or SDL.
struct BufferedStream
{
    AudioStream common{};
    std::optional<std::uint32_t> buffer_count{};

    bool operator==(BufferedStream const&) const = default;
};

struct JackStream
{
    AudioStream common{};
    std::optional<std::string> server_name{};
    std::optional<std::string> client_name{};
    std::optional<std::string> connect_ports{}; ///< a pattern of ports to connect with
    std::optional<bool> exact_name{};

    bool operator==(JackStream const&) const = default;
};

struct OssStream
{
    AudioStream common{};
    std::optional<std::string> dev{};
    std::optional<std::uint32_t> buffer_count{};
    std::optional<bool> try_poll{};

    bool operator==(OssStream const&) const = default;
};

struct PulseaudioStream
{
    AudioStream common{};
    std::optional<std::string> name{};
    std::optional<std::string> stream_name{};
    std::optional<std::uint32_t> latency{}; ///< microseconds

    bool operator==(PulseaudioStream const&) const = default;
};

/// Sound that nobody hears, and silence to record.
struct NoneAudio
{
    std::optional<AudioStream> input{};
    std::optional<AudioStream> output{};

    bool operator==(NoneAudio const&) const = default;
};

struct AlsaAudio
{
    std::optional<AlsaStream> input{};
    std::optional<AlsaStream> output{};

    bool operator==(AlsaAudio const&) const = default;
};

struct CoreAudio
{
    std::optional<BufferedStream> input{};
    std::optional<BufferedStream> output{};

    bool operator==(CoreAudio const&) const = default;
};

struct JackAudio
{
    std::optional<JackStream> input{};
    std::optional<JackStream> output{};

    bool operator==(JackAudio const&) const = default;
};

struct OssAudio
{
    std::optional<bool> try_mmap{};
    std::optional<bool> exclusive{};
    std::optional<std::int32_t> dsp_policy{};
    std::optional<OssStream> input{};
    std::optional<OssStream> output{};

    bool operator==(OssAudio const&) const = default;
};

struct PulseAudio
{
    std::optional<std::string> server_name{};
    std::optional<PulseaudioStream> input{};
    std::optional<PulseaudioStream> output{};

    bool operator==(PulseAudio const&) const = default;
};

enum class SdlAudioDriver
{
    esd,
    alsa,
    arts,
    pulseaudio,
};
constexpr auto enum_names(SdlAudioDriver)
{
    return name_list("esd", "alsa", "arts", "pulseaudio");
}

struct SdlAudio
{
    std::optional<SdlAudioDriver> driver{};
    std::optional<BufferedStream> input{};
    std::optional<BufferedStream> output{};

    bool operator==(SdlAudio const&) const = default;
};

/// To and from the viewers of the domain's SPICE display.
struct SpiceAudio
{
    std::optional<AudioStream> input{};
    std::optional<AudioStream> output{};

    bool operator==(SpiceAudio const&) const = default;
};

/// What the guest plays is recorded in a WAV file.
struct FileAudio
{
    std::optional<std::string> path{};
    std::optional<AudioStream> input{};
    std::optional<AudioStream> output{};

    bool operator==(FileAudio const&) const = default;
};

struct DbusAudio
{
    std::optional<AudioStream> input{};
    std::optional<AudioStream> output{};

    bool operator==(DbusAudio const&) const = default;
};

/// The alternatives stand in the order of `audio_type_names`.
using AudioBackend = std::variant<NoneAudio, AlsaAudio, CoreAudio, JackAudio, OssAudio, PulseAudio, SdlAudio, SpiceAudio,
                                  FileAudio, DbusAudio>;

inline constexpr auto audio_type_names = std::to_array<std::string_view>(
    {"none", "alsa", "coreaudio", "jack", "oss", "pulseaudio", "sdl", "spice", "file", "dbus"});

/// Where the guest's sound goes on the host.
struct Audio
{
    std::uint32_t id{1};                         ///< by which sound devices and displays name it
    std::optional<std::uint32_t> timer_period{}; ///< microseconds
    AudioBackend backend{};

    bool operator==(Audio const&) const = default;
};

} // namespace vmwright::inline v0
