// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

namespace video
{
namespace
{

constexpr std::uint32_t default_vram = 16 * 1024; // KiB
constexpr std::uint32_t qxl_ram = 64 * 1024;      // KiB

auto mib(std::uint32_t kib) -> std::uint32_t
{
    return (kib + 1023) / 1024;
}

auto driver_of(Video const& v, bool is_primary, Translating const& at) -> std::string
{
    auto const gl = v.model.acceleration && v.model.acceleration->accel3d == true;
    auto const has_vga = at.board.is_x86() && is_primary;
    switch (v.model.type.value_or(VideoType::default_)) {
    case VideoType::vga: return "VGA";
    case VideoType::cirrus: return "cirrus-vga";
    case VideoType::vmvga: return "vmware-svga";
    case VideoType::qxl: return has_vga ? "qxl-vga" : "qxl";
    case VideoType::bochs: return "bochs-display";
    case VideoType::ramfb: return "ramfb";
    case VideoType::virtio:
        if (address_as<CcwAddress>(v.info))
            return "virtio-gpu-ccw";
        if (has_vga)
            return gl ? "virtio-vga-gl" : "virtio-vga";
        return gl ? "virtio-gpu-gl-pci" : "virtio-gpu-pci";
    default: return {};
    }
}

void set_memory(Option& device, VideoModel const& m)
{
    switch (m.type.value_or(VideoType::default_)) {
    case VideoType::qxl:
        if (m.ram)
            device.set("ram_size", std::uint64_t{*m.ram} * 1024);
        if (m.vram)
            device.set("vram_size", std::uint64_t{*m.vram} * 1024);
        device.set("vram64_size_mb", mib(m.vram64.value_or(0)));
        if (m.vgamem)
            device.set("vgamem_mb", mib(*m.vgamem));
        break;
    case VideoType::vga:
    case VideoType::vmvga:
        if (m.vram)
            device.set("vgamem_mb", mib(*m.vram));
        break;
    case VideoType::bochs:
        if (m.vram)
            device.set("vgamem", std::uint64_t{*m.vram} * 1024);
        break;
    default: break;
    }
}

} // namespace
} // namespace video

auto pci_needs(Video const& v) -> unsigned
{
    switch (v.model.type.value_or(VideoType::default_)) {
    case VideoType::none:
    case VideoType::ramfb: return pci_none;
    case VideoType::virtio:
    case VideoType::bochs: return pcie_ordinary;
    default: return pci_ordinary;
    }
}

void complete(Video& v, std::string const& node, Resolving const& at)
{
    auto& m = v.model;
    if (!m.type || *m.type == VideoType::default_) {
        m.type = !at.board.is_x86()                         ? VideoType::virtio
                 : at.capabilities.has_device("cirrus-vga") ? VideoType::cirrus
                                                            : VideoType::vga;
        at.origins.chose(node + "/model/@type", "the architecture's graphics card");
    }
    constexpr std::string_view rule = "the usual video memory";
    switch (*m.type) {
    case VideoType::qxl:
        at.choose(m.ram, video::qxl_ram, node + "/model/@ram", rule);
        at.choose(m.vram, video::qxl_ram, node + "/model/@vram", rule);
        at.choose(m.vgamem, video::default_vram, node + "/model/@vgamem", rule);
        break;
    case VideoType::vga:
    case VideoType::cirrus:
    case VideoType::vmvga:
    case VideoType::bochs: at.choose(m.vram, video::default_vram, node + "/model/@vram", rule); break;
    default: break;
    }
    if (*m.type != VideoType::none)
        at.choose(m.heads, 1U, node + "/model/@heads", "one screen");
}

void translate(Video const& v, std::string const& node, Translating& at)
{
    if (v.model.type == VideoType::none)
        return;
    auto const driver = video::driver_of(v, v.model.primary == true, at);
    if (driver.empty())
        return at.error(node + "/model/@type", Fault::not_supported,
                        fmt::format("QEMU has no graphics card '{}'", to_string(v.model.type.value_or(VideoType::none))),
                        "use virtio, vga, bochs, qxl, cirrus, vmvga, ramfb or none");
    auto& device = at.device(driver, node).set("id", v.info.alias);
    if (v.driver)
        set_virtio(device, v.driver->virtio);
    if (v.model.type == VideoType::virtio || v.model.type == VideoType::qxl)
        device.set("max_outputs", v.model.heads);
    if (v.model.type == VideoType::virtio)
        device.set("blob", v.model.blob);
    video::set_memory(device, v.model);
    if (v.model.resolution)
        device.set("xres", v.model.resolution->x).set("yres", v.model.resolution->y);
    at.place(device, v.info);
}

void check_all(std::vector<Video> const& videos, Checking const& at)
{
    auto primaries = 0;
    for (std::size_t i = 0; i < videos.size(); ++i) {
        auto const& m = videos[i].model;
        auto const node = device_node("video", i) + "/model";
        auto const type = m.type.value_or(VideoType::default_);
        if (type == VideoType::none && videos.size() > 1)
            at.error(node + "/@type", Fault::conflict, "a domain without graphics card cannot have another one",
                     "remove one of them");
        if (m.primary == true && ++primaries > 1)
            at.error(node + "/@primary", Fault::duplicate, "there is one primary graphics card already",
                     "remove one of them");
        auto const is_first = i == 0 || m.primary == true;
        auto const may_follow = type == VideoType::virtio || type == VideoType::qxl || type == VideoType::none;
        if (!is_first && !may_follow)
            at.error(node + "/@type", Fault::not_supported,
                     fmt::format("'{}' can only be the primary graphics card", to_string(type)), "use virtio or qxl");
        if (m.vgamem && (*m.vgamem & (*m.vgamem - 1)) != 0)
            at.error(node + "/@vgamem", Fault::bad_number, fmt::format("{} is not a power of two", *m.vgamem));
    }
}

} // namespace vmwright::inline v0::qemu::detail
