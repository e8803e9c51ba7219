// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/domain/address.hpp>
#include <vmwright/domain/chardev.hpp>
#include <vmwright/domain/encryption.hpp>
#include <vmwright/domain/source_seclabel.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vmwright::inline v0
{

struct FileSource
{
    std::string file{};
    std::string fdgroup{}; ///< descriptors that a program handed over under this name

    bool operator==(FileSource const&) const = default;
};

struct BlockSource
{
    std::string dev{};

    bool operator==(BlockSource const&) const = default;
};

struct DirSource
{
    std::string dir{};

    bool operator==(DirSource const&) const = default;
};

enum class DiskProtocol
{
    nbd,
    rbd,
    sheepdog,
    gluster,
    iscsi,
    http,
    https,
    ftp,
    ftps,
    tftp,
    ssh,
    vxhs,
    nfs,
};
constexpr auto enum_names(DiskProtocol)
{
    return name_list("nbd", "rbd", "sheepdog", "gluster", "iscsi", "http", "https", "ftp", "ftps", "tftp", "ssh", "vxhs",
                     "nfs");
}

enum class HostTransport
{
    tcp,
    unix_,
    rdma,
};
constexpr auto enum_names(HostTransport)
{
    return name_list("tcp", "unix", "rdma");
}

/// A server that has the image.
struct DiskHost
{
    std::string name{};
    std::optional<std::uint16_t> port{}; ///< the protocol's own when absent
    std::optional<HostTransport> transport{};
    std::string socket{}; ///< of the transport unix

    bool operator==(DiskHost const&) const = default;
};

struct HttpCookie
{
    std::string name{};
    std::string value{};

    bool operator==(HttpCookie const&) const = default;
};

/// Who asks an NFS server: a name, or "+" and a number.
struct NfsIdentity
{
    std::string user{};
    std::string group{};

    bool operator==(NfsIdentity const&) const = default;
};

/// An image that QEMU itself fetches over the network.
struct NetworkSource
{
    std::optional<DiskProtocol> protocol{};
    std::string name{};         ///< export, POOL/IMAGE, VOLUME/PATH, IQN/LUN, path: what the protocol has
    std::string query{};        ///< http and https
    std::optional<bool> tls{};  ///< nbd and vxhs
    std::string tls_hostname{}; ///< nbd: the name in the server's certificate
    std::vector<DiskHost> hosts{};
    std::string snapshot{};                   ///< rbd
    std::string config{};                     ///< rbd: a file of Ceph's
    std::string initiator{};                  ///< iscsi: the IQN of this side
    std::optional<bool> ssl_verify{};         ///< https and ftps
    std::vector<HttpCookie> cookies{};        ///< http and https
    std::optional<std::uint64_t> readahead{}; ///< http, https, ftp, ftps: bytes
    std::optional<std::uint64_t> timeout{};   ///< http, https, ftp, ftps: seconds
    std::optional<NfsIdentity> identity{};    ///< nfs

    bool operator==(NetworkSource const&) const = default;
};

enum class VolumeMode
{
    host,
    direct,
};
constexpr auto enum_names(VolumeMode)
{
    return name_list("host", "direct");
}

struct VolumeSource
{
    std::string pool{};
    std::string volume{};
    std::optional<VolumeMode> mode{}; ///< of iSCSI pools: the host's device, or QEMU's own initiator

    bool operator==(VolumeSource const&) const = default;
};

enum class NvmeType
{
    pci,
};
constexpr auto enum_names(NvmeType)
{
    return name_list("pci");
}

/// A namespace of an NVMe device that QEMU drives itself.
struct NvmeSource
{
    NvmeType type{};
    std::optional<bool> managed{};
    std::uint32_t namespace_id{}; ///< from 1
    PciAddress address{};

    bool operator==(NvmeSource const&) const = default;
};

enum class VhostUserType
{
    unix_,
};
constexpr auto enum_names(VhostUserType)
{
    return name_list("unix");
}

/// A disk that another process serves.
struct VhostUserSource
{
    VhostUserType type{};
    std::string path{};
    std::optional<Reconnect> reconnect{};

    bool operator==(VhostUserSource const&) const = default;
};

/// Where the bytes are. The alternatives stand in the order of `disk_source_names`.
using DiskSource =
    std::variant<FileSource, BlockSource, DirSource, NetworkSource, VolumeSource, NvmeSource, VhostUserSource>;

inline constexpr auto disk_source_names =
    std::to_array<std::string_view>({"file", "block", "dir", "network", "volume", "nvme", "vhostuser"});

struct DiskAuth
{
    std::string username{};
    std::optional<SecretName> secret{};

    bool operator==(DiskAuth const&) const = default;
};

enum class ReservationsType
{
    unix_,
};
constexpr auto enum_names(ReservationsType)
{
    return name_list("unix");
}

enum class ReservationsMode
{
    server,
    client,
};
constexpr auto enum_names(ReservationsMode)
{
    return name_list("server", "client");
}

/// The socket of a qemu-pr-helper.
struct ReservationsSource
{
    std::optional<ReservationsType> type{};
    std::string path{};
    std::optional<ReservationsMode> mode{};

    bool operator==(ReservationsSource const&) const = default;
};

/// SCSI persistent reservations.
struct Reservations
{
    std::optional<bool> managed{}; ///< the host runs the helper
    std::optional<ReservationsSource> source{};

    bool operator==(Reservations const&) const = default;
};

enum class SliceType
{
    storage,
};
constexpr auto enum_names(SliceType)
{
    return name_list("storage");
}

/// The part of the storage that holds the image.
struct StorageSlice
{
    SliceType type{};
    std::uint64_t offset{}; ///< bytes
    std::uint64_t size{};   ///< bytes

    bool operator==(StorageSlice const&) const = default;
};

/// What is said of a source beside its place.
struct SourceOptions
{
    std::optional<std::uint32_t> index{}; ///< known while the domain runs
    std::vector<SourceSeclabel> seclabels{};
    std::optional<StorageSlice> slice{};
    std::optional<DiskAuth> auth{};
    std::optional<Encryption> encryption{};
    std::optional<Reservations> reservations{};

    bool operator==(SourceOptions const&) const = default;
};

/// The image has no backing image, whatever its head says.
struct EndOfChain
{
    bool operator==(EndOfChain const&) const = default;
};

/// The alternatives stand in the order of `backing_source_names`.
using BackingSource =
    std::variant<EndOfChain, FileSource, BlockSource, DirSource, NetworkSource, VolumeSource, NvmeSource, VhostUserSource>;

inline constexpr auto backing_source_names =
    std::to_array<std::string_view>({"", "file", "block", "dir", "network", "volume", "nvme", "vhostuser"});

/// What an image is based on.
struct BackingStore
{
    BackingSource source{};
    std::optional<std::uint32_t> index{}; ///< known while the domain runs
    std::optional<std::string> format{};  ///< raw, qcow2, …
    std::optional<Size> metadata_cache_size{};
    SourceOptions options{};
    std::vector<BackingStore> backing{}; ///< at most one

    bool operator==(BackingStore const&) const = default;
};

/// The file, device or directory of a source; empty for one that has no path, or a drive without a medium.
[[nodiscard]] auto source_path(DiskSource const& source) -> std::string const&;

/// Whether there is nothing behind the drive.
[[nodiscard]] auto is_empty(DiskSource const& source) -> bool;

} // namespace vmwright::inline v0
