// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/device.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace vmwright::inline v0
{

enum class VideoType
{
    default_,
    vga,
    cirrus,
    vmvga,
    xen,
    vbox,
    qxl,
    parallels,
    virtio,
    gop,
    none,
    bochs,
    ramfb,
};
constexpr auto enum_names(VideoType)
{
    return name_list("default", "vga", "cirrus", "vmvga", "xen", "vbox", "qxl", "parallels", "virtio", "gop", "none",
                     "bochs", "ramfb");
}

enum class VgaConf
{
    io,
    on,
    off,
};
constexpr auto enum_names(VgaConf)
{
    return name_list("io", "on", "off");
}

struct VideoDriver
{
    std::optional<std::string> name{}; ///< qemu or vhostuser
    std::optional<VgaConf> vgaconf{};
    VirtioOptions virtio{};

    bool operator==(VideoDriver const&) const = default;
};

struct VideoAcceleration
{
    std::optional<bool> accel3d{};
    std::optional<bool> accel2d{};
    std::optional<std::string> rendernode{};

    bool operator==(VideoAcceleration const&) const = default;
};

struct VideoResolution
{
    std::uint32_t x{};
    std::uint32_t y{};

    bool operator==(VideoResolution const&) const = default;
};

struct VideoModel
{
    std::optional<VideoType> type{};
    std::optional<std::uint32_t> ram{};    ///< KiB; qxl only, as are vram64 and vgamem
    std::optional<std::uint32_t> vram{};   ///< KiB
    std::optional<std::uint32_t> vram64{}; ///< KiB
    std::optional<std::uint32_t> vgamem{}; ///< KiB
    std::optional<std::uint32_t> heads{};
    std::optional<bool> blob{};
    std::optional<bool> primary{};
    std::optional<VideoAcceleration> acceleration{};
    std::optional<VideoResolution> resolution{};

    bool operator==(VideoModel const&) const = default;
};

/// A graphics card of the guest.
struct Video
{
    std::optional<VideoDriver> driver{};
    VideoModel model{};
    DeviceInfo info{};

    bool operator==(Video const&) const = default;
};

} // namespace vmwright::inline v0
