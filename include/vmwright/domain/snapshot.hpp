// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/core/uuid.hpp>
#include <vmwright/domain/disk.hpp>
#include <vmwright/domain/disk_source.hpp>
#include <vmwright/domain/domain.hpp>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vmwright::inline v0
{

/// The domain's state when the snapshot was taken.
enum class SnapshotState
{
    running,
    blocked,
    paused,
    shutdown,
    shutoff,
    crashed,
    pmsuspended,
    disk_snapshot, ///< of its disks alone, while it ran
};
constexpr auto enum_names(SnapshotState)
{
    return name_list("running", "blocked", "paused", "shutdown", "shutoff", "crashed", "pmsuspended", "disk-snapshot");
}

/// The guest's memory.
struct SnapshotMemory
{
    std::optional<DiskSnapshot> mode{}; ///< external when absent and there is a file
    std::string file{};

    bool operator==(SnapshotMemory const&) const = default;
};

/// Where the disk's new image is. The alternatives stand in the order of `snapshot_source_names`.
using SnapshotSource = std::variant<FileSource, BlockSource, NetworkSource>;

inline constexpr auto snapshot_source_names = std::to_array<std::string_view>({"file", "block", "network"});

struct SnapshotDisk
{
    std::string name{};                 ///< its target or its path
    std::optional<DiskSnapshot> mode{}; ///< the snapshot's when absent
    std::string format{};               ///< of the new image
    std::optional<Size> metadata_cache_size{};
    SnapshotSource source{}; ///< an external one's; chosen when empty
    SourceOptions source_options{};

    bool operator==(SnapshotDisk const&) const = default;
};

/// A domain by its uuid alone, as old snapshots have it.
struct DomainIdentity
{
    Uuid uuid{};

    bool operator==(DomainIdentity const&) const = default;
};

/// A domain's state at one time, to go back to.
struct SnapshotConfig
{
    std::string name{}; ///< the time when empty
    std::string description{};
    std::optional<SnapshotState> state{}; ///< this and the next two are known of a snapshot that is there
    std::string parent{};
    std::optional<std::chrono::sys_seconds> created{};
    std::optional<SnapshotMemory> memory{};
    std::vector<SnapshotDisk> disks{};                                  ///< all of them when empty
    std::optional<std::variant<DomainConfig, DomainIdentity>> domain{}; ///< at that time
    std::optional<DomainConfig> inactive_domain{};                      ///< what it would start with, at that time
    std::optional<std::string> cookie{}; ///< markup of the driver's, with the tags of <cookie>
    std::optional<bool> active{};        ///< the domain is based on it

    bool operator==(SnapshotConfig const&) const = default;
};

/// What making this snapshot would be refused for. Without a domain, that its disks are there is not checked.
[[nodiscard]] auto check(SnapshotConfig const& snapshot) -> Diagnostics;
[[nodiscard]] auto check(SnapshotConfig const& snapshot, DomainConfig const& domain) -> Diagnostics;

/// The snapshot of that domain as it is kept: with all its disks in their order, and names for their new images.
[[nodiscard]] auto complete(SnapshotConfig snapshot, DomainConfig const& domain) -> SnapshotConfig;

} // namespace vmwright::inline v0
