// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/storage/pool.hpp>

#include <array>
#include <span>
#include <string_view>

namespace vmwright::inline v0::detail
{

/// How a type of pool treats a part of its source.
enum class Need
{
    none,     ///< it has no use for it
    optional, ///< it takes it
    usual,    ///< it does not start without
    required, ///< it cannot be defined without
};

struct PoolTraits
{
    PoolType type{};
    Need hosts{};
    Need devices{};
    Need dir{};
    Need adapter{};
    Need name{};
    Need initiator{};
    Need target{};
    std::span<std::string_view const> formats{}; ///< the default first
};

inline constexpr auto pool_fs_formats = name_list("auto", "ext2", "ext3", "ext4", "ufs", "iso9660", "udf", "gfs", "gfs2",
                                                  "vfat", "hfs+", "xfs", "ocfs2", "vmfs");
inline constexpr auto pool_netfs_formats = name_list("auto", "nfs", "glusterfs", "cifs");
inline constexpr auto pool_logical_formats = name_list("lvm2", "unknown");
inline constexpr auto pool_disk_formats = name_list("unknown", "dos", "dvh", "gpt", "mac", "bsd", "pc98", "sun", "lvm2");

/// In the order of PoolType.
inline constexpr auto pool_traits = std::to_array<PoolTraits>({
    {.type = PoolType::dir, .target = Need::required},
    {.type = PoolType::fs, .devices = Need::required, .target = Need::required, .formats = pool_fs_formats},
    {.type = PoolType::netfs,
     .hosts = Need::required,
     .dir = Need::required,
     .target = Need::required,
     .formats = pool_netfs_formats},
    {.type = PoolType::logical,
     .devices = Need::optional,
     .name = Need::optional,
     .target = Need::optional,
     .formats = pool_logical_formats},
    {.type = PoolType::disk, .devices = Need::required, .target = Need::required, .formats = pool_disk_formats},
    {.type = PoolType::iscsi,
     .hosts = Need::required,
     .devices = Need::usual,
     .initiator = Need::optional,
     .target = Need::required},
    {.type = PoolType::iscsi_direct, .hosts = Need::required, .devices = Need::usual, .initiator = Need::required},
    {.type = PoolType::scsi, .adapter = Need::required, .target = Need::required},
    {.type = PoolType::mpath, .target = Need::required},
    {.type = PoolType::rbd, .hosts = Need::required, .name = Need::required},
    {.type = PoolType::sheepdog, .hosts = Need::required, .name = Need::optional},
    {.type = PoolType::gluster, .hosts = Need::required, .dir = Need::optional, .name = Need::optional},
    {.type = PoolType::zfs, .devices = Need::optional, .name = Need::optional, .target = Need::optional},
    {.type = PoolType::vstorage, .name = Need::optional, .target = Need::required},
});

constexpr auto traits_of(PoolType type) -> PoolTraits const&
{
    return pool_traits[static_cast<std::size_t>(type)];
}

} // namespace vmwright::inline v0::detail
