// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/domain/encryption.hpp>
#include <vmwright/storage/extent.hpp>
#include <vmwright/storage/permissions.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

enum class VolumeType
{
    file,
    block,
    dir,
    network,
    netdir,
    ploop,
};
constexpr auto enum_names(VolumeType)
{
    return name_list("file", "block", "dir", "network", "netdir", "ploop");
}

/// A device that a volume lies on.
struct VolumeDevice
{
    std::string path{};
    std::vector<Extent> extents{};

    bool operator==(VolumeDevice const&) const = default;
};

using FileTime = std::chrono::sys_time<std::chrono::nanoseconds>;

/// Known of a volume that is there.
struct Timestamps
{
    std::optional<FileTime> accessed{};
    std::optional<FileTime> modified{};
    std::optional<FileTime> changed{};
    std::optional<FileTime> born{};

    bool operator==(Timestamps const&) const = default;
};

struct VolumeFeatures
{
    bool lazy_refcounts{}; ///< qcow2, compat 1.1
    bool extended_l2{};    ///< qcow2, compat 1.1

    bool operator==(VolumeFeatures const&) const = default;
};

/// How the volume is kept.
struct VolumeTarget
{
    std::string path{};   ///< the pool chooses it
    std::string format{}; ///< raw, qcow2, …; the pool's default when empty
    Permissions permissions{};
    Timestamps timestamps{};
    std::optional<Encryption> encryption{};
    std::string compat{};               ///< qcow2: 0.10 or 1.1
    bool nocow{};                       ///< the file is not copied on write, on file systems that can choose
    std::optional<Size> cluster_size{}; ///< qcow2
    VolumeFeatures features{};

    bool operator==(VolumeTarget const&) const = default;
};

/// The image that a volume holds the changes to.
struct VolumeBacking
{
    std::string path{};
    std::string format{};
    Permissions permissions{};
    Timestamps timestamps{};

    bool operator==(VolumeBacking const&) const = default;
};

/// An image, partition, logical volume or remote disk in a pool.
struct VolumeConfig
{
    std::optional<VolumeType> type{}; ///< the pool's when absent
    std::string name{};
    std::string key{};                   ///< known of a volume that is there
    std::vector<VolumeDevice> devices{}; ///< known of a volume that is there
    std::optional<Size> capacity{};      ///< that of the backing image or of the source of a clone when absent
    std::optional<Size> allocation{};    ///< the capacity when absent
    std::optional<Size> physical{};      ///< known of a volume that is there
    VolumeTarget target{};
    std::optional<VolumeBacking> backing{};

    bool operator==(VolumeConfig const&) const = default;
};

/// What making this volume would be refused for in any pool, and what has no effect in it.
[[nodiscard]] auto check(VolumeConfig const& volume) -> Diagnostics;

/// The volume with the defaults that do not depend on its pool.
[[nodiscard]] auto complete(VolumeConfig volume) -> VolumeConfig;

} // namespace vmwright::inline v0
