// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/device.hpp>

#include <optional>
#include <string>

namespace vmwright::inline v0
{

enum class InputType
{
    mouse,
    tablet,
    keyboard,
    passthrough,
    evdev,
};
constexpr auto enum_names(InputType)
{
    return name_list("mouse", "tablet", "keyboard", "passthrough", "evdev");
}

enum class InputBus
{
    ps2,
    usb,
    xen,
    parallels,
    virtio,
    none,
};
constexpr auto enum_names(InputBus)
{
    return name_list("ps2", "usb", "xen", "parallels", "virtio", "none");
}

enum class InputModel
{
    virtio,
    virtio_transitional,
    virtio_non_transitional,
};
constexpr auto enum_names(InputModel)
{
    return name_list("virtio", "virtio-transitional", "virtio-non-transitional");
}

enum class Grab
{
    all,
};
constexpr auto enum_names(Grab)
{
    return name_list("all");
}

enum class GrabToggle
{
    ctrl_ctrl,
    alt_alt,
    shift_shift,
    meta_meta,
    scrolllock,
    ctrl_scrolllock,
};
constexpr auto enum_names(GrabToggle)
{
    return name_list("ctrl-ctrl", "alt-alt", "shift-shift", "meta-meta", "scrolllock", "ctrl-scrolllock");
}

/// Whose mouse pointer is shown.
enum class MouseMode
{
    server,
    client,
};
constexpr auto enum_names(MouseMode)
{
    return name_list("server", "client");
}

struct Input
{
    InputType type{};
    std::optional<InputBus> bus{};
    std::optional<InputModel> model{};
    std::optional<std::string> evdev{};      ///< passthrough: the device's path
    std::optional<std::string> dev{};        ///< evdev: the device's path
    std::optional<Grab> grab{};              ///< evdev
    std::optional<GrabToggle> grab_toggle{}; ///< evdev
    std::optional<bool> repeat{};            ///< evdev
    VirtioOptions virtio{};
    DeviceInfo info{};

    bool operator==(Input const&) const = default;
};

} // namespace vmwright::inline v0
