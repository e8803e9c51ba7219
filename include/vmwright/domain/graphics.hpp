// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/input.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vmwright::inline v0
{

struct AddressListen
{
    std::optional<std::string> address{};

    bool operator==(AddressListen const&) const = default;
};

struct NetworkListen
{
    std::string network{};
    std::optional<std::string> address{}; ///< known while the domain runs

    bool operator==(NetworkListen const&) const = default;
};

struct SocketListen
{
    std::optional<std::string> socket{}; ///< chosen at each start when absent

    bool operator==(SocketListen const&) const = default;
};

struct NoListen
{
    bool operator==(NoListen const&) const = default;
};

/// Where a display server listens. The alternatives stand in the order of `listen_type_names`.
using GraphicsListen = std::variant<AddressListen, NetworkListen, SocketListen, NoListen>;

inline constexpr auto listen_type_names = std::to_array<std::string_view>({"address", "network", "socket", "none"});

enum class SharePolicy
{
    allow_exclusive,
    force_shared,
    ignore,
};
constexpr auto enum_names(SharePolicy)
{
    return name_list("allow-exclusive", "force-shared", "ignore");
}

enum class PasswordConnected
{
    fail,
    disconnect,
    keep,
};
constexpr auto enum_names(PasswordConnected)
{
    return name_list("fail", "disconnect", "keep");
}

struct VncGraphics
{
    std::optional<std::int32_t> port{}; ///< from 5900; -1 means automatic
    std::optional<bool> autoport{};
    std::optional<std::int32_t> websocket{}; ///< -1 means automatic
    std::optional<std::string> keymap{};
    std::optional<SharePolicy> share_policy{};
    std::optional<bool> power_control{};
    std::optional<std::string> socket{}; ///< the old spelling of a listen of type socket
    std::optional<std::string> listen{}; ///< the old spelling of the first listen's address
    std::optional<std::string> password{};
    std::optional<std::string> password_valid_to{};
    std::optional<PasswordConnected> connected{};
    std::vector<GraphicsListen> listens{};
    std::optional<std::uint32_t> audio_id{}; ///< of the audio back end that viewers hear; the first one when absent

    bool operator==(VncGraphics const&) const = default;
};

enum class SpiceMode
{
    any,
    secure, ///< TLS only
    insecure,
};
constexpr auto enum_names(SpiceMode)
{
    return name_list("any", "secure", "insecure");
}

enum class SpiceChannelName
{
    main,
    display,
    inputs,
    cursor,
    playback,
    record,
    smartcard,
    usbredir,
};
constexpr auto enum_names(SpiceChannelName)
{
    return name_list("main", "display", "inputs", "cursor", "playback", "record", "smartcard", "usbredir");
}

struct SpiceChannel
{
    SpiceChannelName name{};
    SpiceMode mode{};

    bool operator==(SpiceChannel const&) const = default;
};

enum class SpiceImageCompression
{
    auto_glz,
    auto_lz,
    quic,
    glz,
    lz,
    off,
};
constexpr auto enum_names(SpiceImageCompression)
{
    return name_list("auto_glz", "auto_lz", "quic", "glz", "lz", "off");
}

/// Compression for slow networks.
enum class SpiceWanCompression
{
    automatic,
    never,
    always,
};
constexpr auto enum_names(SpiceWanCompression)
{
    return name_list("auto", "never", "always");
}

enum class SpiceStreaming
{
    filter,
    all,
    off,
};
constexpr auto enum_names(SpiceStreaming)
{
    return name_list("filter", "all", "off");
}

/// Drawing by the host's GPU.
struct GraphicsGl
{
    std::optional<bool> enable{};
    std::optional<std::string> rendernode{}; ///< a DRM node as /dev/dri/renderD128; chosen at each start when absent

    bool operator==(GraphicsGl const&) const = default;
};

struct SpiceGraphics
{
    std::optional<std::int32_t> port{};     ///< -1 means automatic
    std::optional<std::int32_t> tls_port{}; ///< -1 means automatic
    std::optional<bool> autoport{};         ///< chooses those of the two that the channels need
    std::optional<std::string> keymap{};
    std::optional<SpiceMode> default_mode{}; ///< of the channels that are not named
    std::optional<std::string> listen{};     ///< the old spelling of the first listen's address
    std::optional<std::string> password{};
    std::optional<std::string> password_valid_to{};
    std::optional<PasswordConnected> connected{};
    std::vector<GraphicsListen> listens{};
    std::vector<SpiceChannel> channels{};
    std::optional<SpiceImageCompression> image{};
    std::optional<SpiceWanCompression> jpeg{};
    std::optional<SpiceWanCompression> zlib{};
    std::optional<bool> playback_compression{};
    std::optional<SpiceStreaming> streaming{};
    std::optional<MouseMode> mouse{};
    std::optional<bool> copy_paste{};
    std::optional<bool> file_transfer{};
    std::optional<GraphicsGl> gl{};

    bool operator==(SpiceGraphics const&) const = default;
};

/// A window on the host's own screen.
struct SdlGraphics
{
    std::optional<std::string> display{}; ///< of X11, as ":0"
    std::optional<std::string> xauth{};   ///< X11's file of access keys
    std::optional<bool> fullscreen{};
    std::optional<bool> gl{};

    bool operator==(SdlGraphics const&) const = default;
};

/// Another program shows the screen, over D-Bus.
struct DbusGraphics
{
    std::optional<bool> p2p{};            ///< over a connection of its own, given to QEMU while it runs
    std::optional<std::string> address{}; ///< of the bus; the domain's own one when absent
    std::optional<GraphicsGl> gl{};
    std::optional<std::uint32_t> audio_id{};

    bool operator==(DbusGraphics const&) const = default;
};

/// A GPU without a screen; it serves another display.
struct EglHeadlessGraphics
{
    std::optional<std::string> rendernode{}; ///< chosen at each start when absent

    bool operator==(EglHeadlessGraphics const&) const = default;
};

/// Not QEMU's.
struct RdpGraphics
{
    std::optional<std::int32_t> port{};
    std::optional<bool> autoport{};
    std::optional<bool> replace_user{};
    std::optional<bool> multi_user{};
    std::optional<std::string> listen{};
    std::vector<GraphicsListen> listens{};

    bool operator==(RdpGraphics const&) const = default;
};

/// Not QEMU's.
struct DesktopGraphics
{
    std::optional<std::string> display{};
    std::optional<bool> fullscreen{};

    bool operator==(DesktopGraphics const&) const = default;
};

/// How a person sees the screen. The alternatives stand in the order of `graphics_type_names`.
using GraphicsType =
    std::variant<VncGraphics, SpiceGraphics, SdlGraphics, DbusGraphics, EglHeadlessGraphics, RdpGraphics, DesktopGraphics>;

inline constexpr auto graphics_type_names =
    std::to_array<std::string_view>({"vnc", "spice", "sdl", "dbus", "egl-headless", "rdp", "desktop"});

struct Graphics
{
    GraphicsType type{};

    bool operator==(Graphics const&) const = default;
};

} // namespace vmwright::inline v0
