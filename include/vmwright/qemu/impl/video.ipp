// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <bit>

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
    auto const has_vga = is_primary && at.capabilities.has_device("virtio-vga");
    switch (v.model.type.value_or(VideoType::default_)) {
    case VideoType::vga: return "VGA";
    case VideoType::cirrus: return "cirrus-vga";
    case VideoType::vmvga: return "vmware-svga";
    case VideoType::qxl: return is_primary ? "qxl-vga" : "qxl";
    case VideoType::bochs: return "bochs-display";
    case VideoType::ramfb: return "ramfb";
    case VideoType::virtio:
        if (has_vga)
            return gl ? "virtio-vga-gl" : "virtio-vga";
        return virtio_driver(gl ? "virtio-gpu-gl" : "virtio-gpu", v.info);
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

namespace video
{
namespace
{

auto usual_type(Resolving const& at) -> VideoType
{
    if (at.board.arch == "ppc64")
        return VideoType::vga;
    if (at.board.family == BoardFamily::virt || at.board.family == BoardFamily::ccw)
        return VideoType::virtio;
    return at.capabilities.has_device("cirrus-vga") ? VideoType::cirrus : VideoType::vga;
}

void round_up(std::optional<std::uint32_t>& size)
{
    if (size)
        size = std::bit_ceil(std::min(*size, std::uint32_t{1} << 31));
}

} // namespace
} // namespace video

void complete(Video& v, std::string const& node, Resolving const& at)
{
    auto& m = v.model;
    if (!m.type || *m.type == VideoType::default_) {
        m.type = video::usual_type(at);
        at.origins.chose(node + "/model/@type", "the architecture's graphics card");
    }
    if (*m.type == VideoType::none) { // nothing else can be said of it
        v = {.model = {.type = VideoType::none}, .info = {.alias = v.info.alias}};
        return;
    }
    constexpr std::string_view rule = "the usual video memory";
    for (auto* const size : {&m.ram, &m.vram, &m.vram64, &m.vgamem})
        if (*size == 0U)
            size->reset();
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
    video::round_up(m.ram);
    video::round_up(m.vram);
    if (m.heads == 0U)
        m.heads.reset();
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

namespace video
{
namespace
{

void check_memory(VideoModel const& m, std::string const& node, Checking const& at)
{
    constexpr std::uint32_t least = 1024;               // KiB
    constexpr std::uint32_t most = 0xffffffffU / least; // bytes in 32 bits
    auto const type = m.type.value_or(VideoType::default_);
    auto const is_qxl = type == VideoType::qxl;
    auto const judge = [&](std::optional<std::uint32_t> const& size, std::string_view name, bool only_qxl) {
        auto const where = fmt::format("{}/@{}", node, name);
        if (size && only_qxl && !is_qxl)
            at.error(where, Fault::not_supported, fmt::format("only qxl has '{}'", name), "use vram, or type='qxl'");
        if (size && is_qxl && *size > most)
            at.error(where, Fault::bad_number, fmt::format("{} KiB are too many", *size), fmt::format("at most {}", most));
    };
    judge(m.ram, "ram", true);
    judge(m.vram, "vram", false);
    judge(m.vram64, "vram64", true);
    judge(m.vgamem, "vgamem", true);
    if (m.vgamem.value_or(0) != 0 && (!std::has_single_bit(*m.vgamem) || *m.vgamem < least))
        at.error(node + "/@vgamem", Fault::bad_number, fmt::format("{} is not a power of two from {}", *m.vgamem, least));
    auto const has_vram_property = type == VideoType::vga || type == VideoType::vmvga;
    if (has_vram_property && m.vram && *m.vram != 0 && *m.vram < least)
        at.error(node + "/@vram", Fault::bad_number, fmt::format("{} KiB are too few", *m.vram),
                 fmt::format("at least {}", least));
}

auto is_foreign(VideoType type) -> bool
{
    return type == VideoType::xen || type == VideoType::vbox || type == VideoType::parallels || type == VideoType::gop;
}

} // namespace
} // namespace video

void check(Video const& v, std::string const& node, Checking const& at)
{
    auto const& m = v.model;
    auto const type = m.type.value_or(VideoType::default_);
    auto const model = node + "/model";
    video::check_memory(m, model, at);
    if (video::is_foreign(type))
        at.error(model + "/@type", Fault::not_supported, fmt::format("QEMU has no graphics card '{}'", to_string(type)),
                 "use virtio, vga, bochs, qxl, cirrus, vmvga, ramfb or none");
    if (m.acceleration && m.acceleration->accel2d == true)
        at.error(model + "/acceleration/@accel2d", Fault::not_supported, "QEMU has no 2D acceleration",
                 "leave it out; accel3d there is for virtio");
    if (m.acceleration && m.acceleration->accel3d == true && type != VideoType::virtio)
        at.error(model + "/acceleration/@accel3d", Fault::not_supported,
                 fmt::format("a graphics card '{}' has no 3D acceleration", to_string(type)), "use type='virtio'");
    constexpr std::pair<VideoType, std::string_view> devices[] = {
        {VideoType::vga, "VGA"}, {VideoType::cirrus, "cirrus-vga"},   {VideoType::vmvga, "vmware-svga"},
        {VideoType::qxl, "qxl"}, {VideoType::bochs, "bochs-display"}, {VideoType::ramfb, "ramfb"},
    };
    if (auto const device = std::ranges::find(devices, type, &std::pair<VideoType, std::string_view>::first);
        device != std::end(devices) && !at.capabilities.has_device(device->second))
        at.error(model + "/@type", Fault::not_supported,
                 fmt::format("QEMU {} for {} has no graphics card '{}'", to_string(at.capabilities.version),
                             at.capabilities.arch, to_string(type)),
                 "use type='virtio'");
    if (m.acceleration && m.acceleration->rendernode && !(v.driver && v.driver->name == "vhostuser"))
        at.warning(model + "/acceleration/@rendernode", Fault::ignored, "QEMU draws where the display says",
                   "give the display <gl rendernode='…'/>");
    if (m.resolution && (m.resolution->x == 0 || m.resolution->y == 0))
        at.error(model + "/resolution", Fault::bad_number, "a screen has a width and a height", "give x and y from 1");
    if (m.blob && type != VideoType::virtio)
        at.error(model + "/@blob", Fault::not_supported, "only virtio has 'blob'", "use type='virtio', or leave it out");
    if (type == VideoType::ramfb && v.info.address)
        at.error(node + "/address", Fault::not_supported, "a graphics card 'ramfb' has no address", "leave it out");
    if (v.driver && type != VideoType::virtio)
        check_no_virtio(v.driver->virtio, node, at);
    if (v.driver && v.driver->vgaconf)
        at.warning(node + "/driver/@vgaconf", Fault::ignored, "QEMU's graphics cards have no such setting", "leave it out");
    auto const is_vhostuser = v.driver && v.driver->name == "vhostuser";
    if (is_vhostuser && type != VideoType::virtio)
        at.error(node + "/driver/@name", Fault::not_supported, "the driver vhostuser is for virtio only",
                 "use type='virtio', or leave the driver out");
    else if (is_vhostuser)
        at.error(node + "/driver/@name", Fault::not_supported_yet, "not supported yet: the video driver vhostuser");
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
    }
}

} // namespace vmwright::inline v0::qemu::detail
