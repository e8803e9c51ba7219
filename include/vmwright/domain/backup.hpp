// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/disk_source.hpp>
#include <vmwright/domain/domain.hpp>
#include <vmwright/domain/encryption.hpp>
#include <vmwright/domain/source_seclabel.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

enum class BackupMode
{
    push, ///< the emulator writes files
    pull, ///< a client reads over NBD
};
constexpr auto enum_names(BackupMode)
{
    return name_list("push", "pull");
}

/// The NBD server of a pull.
struct BackupServer
{
    std::optional<HostTransport> transport{}; ///< tcp when absent
    std::optional<bool> tls{};
    std::string name{};                  ///< tcp: the address to listen at
    std::optional<std::uint32_t> port{}; ///< tcp
    std::string socket{};                ///< unix

    bool operator==(BackupServer const&) const = default;
};

enum class BackupStoreType
{
    file,
    block,
};
constexpr auto enum_names(BackupStoreType)
{
    return name_list("file", "block");
}

/// A push's target, or the room for what the guest overwrites during a pull.
struct BackupStore
{
    std::string file{}; ///< this, or the next, as the type says
    std::string dev{};
    std::vector<SourceSeclabel> seclabels{};
    std::optional<Encryption> encryption{};

    bool operator==(BackupStore const&) const = default;
};

enum class BackupDiskMode
{
    full,
    incremental,
};
constexpr auto enum_names(BackupDiskMode)
{
    return name_list("full", "incremental");
}

struct BackupDisk
{
    std::string name{};           ///< its target
    std::optional<bool> backup{}; ///< whether it is in the backup; yes when absent
    std::optional<BackupStoreType> type{};
    std::optional<BackupDiskMode> mode{};
    std::string incremental{};            ///< the checkpoint; the backup's when empty
    std::string export_name{};            ///< pull: the disk's when empty
    std::string export_bitmap{};          ///< pull
    std::optional<std::uint32_t> index{}; ///< known while the backup runs
    std::string format{};                 ///< qcow2 when empty
    std::optional<BackupStore> target{};  ///< push
    std::optional<BackupStore> scratch{}; ///< pull

    bool operator==(BackupDisk const&) const = default;
};

/// A backup of a running domain's disks.
struct BackupConfig
{
    std::optional<BackupMode> mode{}; ///< push when absent
    std::string incremental{};        ///< the checkpoint since when; everything when empty
    std::optional<BackupServer> server{};
    std::vector<BackupDisk> disks{}; ///< all of them when empty

    bool operator==(BackupConfig const&) const = default;
};

/// What starting this backup would be refused for. Without a domain, that its disks are there is not checked.
[[nodiscard]] auto check(BackupConfig const& backup) -> Diagnostics;
[[nodiscard]] auto check(BackupConfig const& backup, DomainConfig const& domain) -> Diagnostics;

/// The backup of that domain with its defaults and all the domain's disks. Names for files are not chosen.
[[nodiscard]] auto complete(BackupConfig backup, DomainConfig const& domain) -> BackupConfig;

} // namespace vmwright::inline v0
