// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/detail/findings.hpp>
#include <vmwright/core/nearest.hpp>
#include <vmwright/domain/detail/checking.hpp>
#include <vmwright/storage/volume.hpp>

#include <vmwright/storage/impl/permissions.ipp>

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace vmwright::inline v0
{

namespace detail::volume
{
namespace
{

/// Of images, partitions and file systems: which of them, depends on the pool.
constexpr auto formats = name_list("unknown", "raw", "dir", "bochs", "cloop", "dmg", "iso", "vpc", "vdi", "fat", "vhd",
                                   "ploop", "luks", "cow", "qcow", "qcow2", "qed", "vmdk", "none", "auto", "ext2", "ext3",
                                   "ext4", "ufs", "iso9660", "udf", "gfs", "gfs2", "vfat", "hfs+", "xfs", "ocfs2", "vmfs",
                                   "linux", "fat16", "fat32", "linux-swap", "linux-lvm", "linux-raid", "extended");

void check_format(std::string const& format, std::string const& node, Findings const& at)
{
    if (!format.empty() && std::ranges::find(formats, format) == formats.end())
        at.error(node + "/format/@type", Fault::unknown_value, fmt::format("'{}' is not a format of volumes", format),
                 suggestion(format, formats));
}

/// A version like 1.1.
auto is_version(std::string_view text) -> bool
{
    auto const dot = text.find('.');
    auto const is_number = [](std::string_view part) {
        return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
    };
    return dot != std::string_view::npos && is_number(text.substr(0, dot)) && is_number(text.substr(dot + 1));
}

void check_name(VolumeConfig const& volume, Findings const& at)
{
    if (volume.name.empty())
        return at.error("/volume", Fault::missing, "the volume has no name", "add <name>…</name>");
    if (volume.name == "." || volume.name == ".." || volume.name.find('/') != std::string::npos)
        at.error("/volume/name", Fault::bad_text, fmt::format("'{}' is not the name of a volume", volume.name),
                 "use a name that could be a file's");
}

/// What only qcow2 has.
void check_qcow2(VolumeTarget const& target, Findings const& at)
{
    auto const is_qcow2 = target.format == "qcow2";
    auto const for_qcow2 = [&](bool is_said, std::string_view path, std::string_view what) {
        if (is_said && !is_qcow2)
            at.warning(fmt::format("/volume/target/{}", path), Fault::ignored,
                       fmt::format("only qcow2 has {}; it is ignored", what), "remove it, or use <format type='qcow2'/>");
    };
    for_qcow2(!target.compat.empty(), "compat", "versions to choose");
    for_qcow2(target.cluster_size.has_value(), "clusterSize", "clusters to choose");
    for_qcow2(target.features.lazy_refcounts, "features/lazy_refcounts", "lazy refcounts");
    for_qcow2(target.features.extended_l2, "features/extended_l2", "extended L2 entries");
    constexpr auto node = "/volume/target/compat";
    if (!target.compat.empty() && !is_version(target.compat))
        return at.error(node, Fault::bad_text, fmt::format("'{}' is not a version of qcow2", target.compat),
                        "give 0.10 or 1.1");
    if (!target.compat.empty() && is_qcow2 && target.compat != "0.10" && target.compat != "1.1")
        at.error(node, Fault::unknown_value, fmt::format("'{}' is not a version of qcow2", target.compat),
                 "give 0.10 or 1.1");
    if (target.compat == "0.10" && (target.features.lazy_refcounts || target.features.extended_l2))
        at.error("/volume/target/features", Fault::conflict, "qcow2 0.10 has no such features", "use <compat>1.1</compat>");
    constexpr std::uint64_t least = 512, most = 2 << 20;
    if (auto const& size = target.cluster_size;
        is_qcow2 && size && (!std::has_single_bit(size->bytes) || size->bytes < least || size->bytes > most))
        at.error("/volume/target/clusterSize", Fault::bad_number,
                 fmt::format("{} bytes is not the size of a cluster", size->bytes), "give a power of two, 512 to 2 MiB");
}

void check_encryption(Encryption const& encryption, std::string_view format, Findings const& at)
{
    check_new_encryption(encryption, "/volume/target/encryption", at);
    if (!format.empty() && format != "raw" && format != "qcow2" && format != "luks")
        at.error("/volume/target/encryption", Fault::not_supported,
                 fmt::format("an image of format '{}' is not encrypted", format), "use raw or qcow2");
}

} // namespace
} // namespace detail::volume

auto check(VolumeConfig const& volume) -> Diagnostics
{
    Diagnostics out;
    detail::Findings const at{out};
    detail::volume::check_name(volume, at);
    if (volume.devices.empty() && !volume.capacity && !volume.backing)
        at.error("/volume", Fault::missing, "the volume has no capacity", "add <capacity unit='GiB'>…</capacity>");
    detail::volume::check_format(volume.target.format, "/volume/target", at);
    detail::volume::check_qcow2(volume.target, at);
    detail::check_permissions(volume.target.permissions, "/volume/target/permissions", at);
    if (volume.target.encryption)
        detail::volume::check_encryption(*volume.target.encryption, volume.target.format, at);
    for (std::size_t i = 0; i < volume.devices.size(); ++i)
        if (volume.devices[i].path.empty())
            at.error(fmt::format("/volume/source/device[{}]", i + 1), Fault::missing, "the device has no path",
                     "add path='…'");
    if (!volume.backing)
        return out;
    if (volume.backing->path.empty())
        at.warning("/volume/backingStore", Fault::ignored, "the backing image has no path; it is ignored",
                   "add <path>…</path>");
    detail::volume::check_format(volume.backing->format, "/volume/backingStore", at);
    detail::check_permissions(volume.backing->permissions, "/volume/backingStore/permissions", at);
    return out;
}

auto complete(VolumeConfig volume) -> VolumeConfig
{
    if (!volume.allocation)
        volume.allocation = volume.capacity;
    auto const& features = volume.target.features;
    if (volume.target.compat.empty() && (features.lazy_refcounts || features.extended_l2))
        volume.target.compat = "1.1";
    detail::forget_unset(volume.target.permissions);
    if (volume.backing && volume.backing->path.empty())
        volume.backing.reset();
    if (volume.backing)
        detail::forget_unset(volume.backing->permissions);
    return volume;
}

} // namespace vmwright::inline v0
