// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/core/uuid.hpp>
#include <vmwright/storage/permissions.hpp>
#include <vmwright/storage/pool_source.hpp>

#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

enum class PoolType
{
    dir,
    fs,
    netfs,
    logical,
    disk,
    iscsi,
    iscsi_direct,
    scsi,
    mpath,
    rbd,
    sheepdog,
    gluster,
    zfs,
    vstorage,
};
constexpr auto enum_names(PoolType)
{
    return name_list("dir", "fs", "netfs", "logical", "disk", "iscsi", "iscsi-direct", "scsi", "mpath", "rbd", "sheepdog",
                     "gluster", "zfs", "vstorage");
}

/// Where the host has the pool's volumes.
struct PoolTarget
{
    std::string path{};
    Permissions permissions{}; ///< of the directory, when it is built

    bool operator==(PoolTarget const&) const = default;
};

/// What the size of a thin volume is taken for.
enum class RefreshAllocation
{
    default_, ///< what it has written
    capacity, ///< what it may grow to; saves asking
};
constexpr auto enum_names(RefreshAllocation)
{
    return name_list("default", "capacity");
}

inline constexpr auto mount_options_namespace = "http://libvirt.org/schemas/storagepool/fs/1.0";
inline constexpr auto rbd_options_namespace = "http://libvirt.org/schemas/storagepool/rbd/1.0";

/// Options of mount(8), in a namespace of their own.
struct MountOptions
{
    std::vector<std::string> names{};

    bool operator==(MountOptions const&) const = default;
};

struct RbdOption
{
    std::string name{};
    std::string value{};

    bool operator==(RbdOption const&) const = default;
};

/// Options of librados, in a namespace of their own.
struct RbdOptions
{
    std::vector<RbdOption> list{};

    bool operator==(RbdOptions const&) const = default;
};

/// A place that volumes are made in.
struct PoolConfig
{
    PoolType type{};
    std::string name{};
    std::optional<Uuid> uuid{}; ///< chosen at define when absent
    Size capacity{};            ///< this and the next two are known while the pool is active
    Size allocation{};
    Size available{};
    std::optional<bool> cow{}; ///< whether the directory is copy-on-write, on file systems that can choose
    PoolSource source{};
    std::optional<PoolTarget> target{};
    std::optional<RefreshAllocation> refresh{};
    MountOptions mount_options{};
    RbdOptions rbd_options{};

    bool operator==(PoolConfig const&) const = default;
};

/// What a definition of this pool would be refused for, and what has no effect in it.
[[nodiscard]] auto check(PoolConfig const& pool) -> Diagnostics;

/// The pool as define keeps it: with the defaults of its type, and without what says nothing. A uuid is not chosen.
[[nodiscard]] auto complete(PoolConfig pool) -> PoolConfig;

} // namespace vmwright::inline v0
