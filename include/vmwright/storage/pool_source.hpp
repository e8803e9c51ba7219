// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/address.hpp>
#include <vmwright/domain/encryption.hpp>
#include <vmwright/storage/extent.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vmwright::inline v0
{

struct PoolHost
{
    std::string name{};
    std::optional<std::int32_t> port{}; ///< the protocol's own when absent

    bool operator==(PoolHost const&) const = default;
};

struct PoolDevice
{
    std::string path{};                   ///< a device, or the IQN of an iSCSI target
    std::optional<bool> part_separator{}; ///< a "p" stands between the names of a multipath disk and of its partitions
    std::vector<Extent> free_extents{};   ///< known while the pool is active

    bool operator==(PoolDevice const&) const = default;
};

/// A SCSI controller by its place in the host, which stays where its name changes.
struct ScsiParentAddress
{
    std::optional<std::uint32_t> unique_id{};
    std::optional<PciAddress> address{};

    bool operator==(ScsiParentAddress const&) const = default;
};

/// A SCSI controller of the host, by one of the two.
struct ScsiHostAdapter
{
    std::string name{}; ///< host0, scsi_host0
    std::optional<ScsiParentAddress> parent{};

    bool operator==(ScsiHostAdapter const&) const = default;
};

/// A virtual port of a Fibre Channel adapter.
struct FcHostAdapter
{
    std::string parent{}; ///< the adapter's name, or else its numbers, or any adapter
    std::string parent_wwnn{};
    std::string parent_wwpn{};
    std::string parent_fabric_wwn{};
    std::optional<bool> managed{}; ///< the port goes with the pool
    std::string wwnn{};
    std::string wwpn{};

    bool operator==(FcHostAdapter const&) const = default;
};

/// The alternatives stand in the order of `pool_adapter_names`.
using PoolAdapter = std::variant<ScsiHostAdapter, FcHostAdapter>;

inline constexpr auto pool_adapter_names = std::to_array<std::string_view>({"scsi_host", "fc_host"});

enum class PoolAuthType
{
    chap,
    ceph,
};
constexpr auto enum_names(PoolAuthType)
{
    return name_list("chap", "ceph");
}

struct PoolAuth
{
    PoolAuthType type{};
    std::string username{};
    SecretName secret{};

    bool operator==(PoolAuth const&) const = default;
};

/// Where a pool's storage comes from; which of these there are, depends on the pool's type.
struct PoolSource
{
    std::vector<PoolHost> hosts{};
    std::vector<PoolDevice> devices{};
    std::string dir{}; ///< on the host that exports it
    std::optional<PoolAdapter> adapter{};
    std::string name{};             ///< of the volume group, Ceph pool, volume, dataset
    std::string initiator{};        ///< the IQN of this side
    std::string format{};           ///< of the file system or partition table; the type's default when empty
    std::string protocol_version{}; ///< of NFS
    std::optional<PoolAuth> auth{};
    std::string vendor{};
    std::string product{};

    bool operator==(PoolSource const&) const = default;
};

} // namespace vmwright::inline v0
