// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/domain/device.hpp>
#include <vmwright/domain/disk_source.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0
{

enum class DiskDevice
{
    disk,
    cdrom,
    floppy,
    lun,
};
constexpr auto enum_names(DiskDevice)
{
    return name_list("disk", "cdrom", "floppy", "lun");
}

enum class DiskBus
{
    none,
    ide,
    fdc,
    scsi,
    virtio,
    xen,
    usb,
    uml,
    sata,
    sd,
};
constexpr auto enum_names(DiskBus)
{
    return name_list("none", "ide", "fdc", "scsi", "virtio", "xen", "usb", "uml", "sata", "sd");
}

enum class DiskModel
{
    virtio,
    virtio_transitional,
    virtio_non_transitional,
};
constexpr auto enum_names(DiskModel)
{
    return name_list("virtio", "virtio-transitional", "virtio-non-transitional");
}

enum class DiskCache
{
    default_,
    none,
    writethrough,
    writeback,
    directsync,
    unsafe,
};
constexpr auto enum_names(DiskCache)
{
    return name_list("default", "none", "writethrough", "writeback", "directsync", "unsafe");
}

enum class DiskIo
{
    native,
    threads,
    io_uring,
};
constexpr auto enum_names(DiskIo)
{
    return name_list("native", "threads", "io_uring");
}

enum class DiskErrorPolicy
{
    stop,
    report,
    ignore,
    enospace,
};
constexpr auto enum_names(DiskErrorPolicy)
{
    return name_list("stop", "report", "ignore", "enospace");
}

enum class DiskDiscard
{
    unmap,
    ignore,
};
constexpr auto enum_names(DiskDiscard)
{
    return name_list("unmap", "ignore");
}

enum class DetectZeroes
{
    off,
    on,
    unmap,
};
constexpr auto enum_names(DetectZeroes)
{
    return name_list("off", "on", "unmap");
}

enum class Tray
{
    closed,
    open,
};
constexpr auto enum_names(Tray)
{
    return name_list("closed", "open");
}

enum class StartupPolicy
{
    mandatory,
    requisite,
    optional,
};
constexpr auto enum_names(StartupPolicy)
{
    return name_list("mandatory", "requisite", "optional");
}

enum class DiskSnapshot
{
    no,
    internal,
    external,
    manual,
};
constexpr auto enum_names(DiskSnapshot)
{
    return name_list("no", "internal", "external", "manual");
}

/// Which SCSI commands of the guest reach the device.
enum class Sgio
{
    filtered,
    unfiltered,
};
constexpr auto enum_names(Sgio)
{
    return name_list("filtered", "unfiltered");
}

enum class GeometryTranslation
{
    auto_,
    none,
    lba,
};
constexpr auto enum_names(GeometryTranslation)
{
    return name_list("auto", "none", "lba");
}

/// How the image is opened and how the device behaves.
struct DiskDriver
{
    std::string name{};                ///< "qemu"
    std::optional<std::string> type{}; ///< the image format: raw, qcow2, …; raw when absent
    std::optional<DiskCache> cache{};
    std::optional<DiskErrorPolicy> error_policy{};
    std::optional<DiskErrorPolicy> rerror_policy{};
    std::optional<DiskIo> io{};
    std::optional<bool> ioeventfd{};
    std::optional<bool> event_idx{};
    std::optional<bool> copy_on_read{};
    std::optional<DiskDiscard> discard{};
    std::optional<std::uint32_t> iothread{};
    std::optional<DetectZeroes> detect_zeroes{};
    std::optional<std::uint32_t> queues{};
    std::optional<std::uint32_t> queue_size{};
    VirtioOptions virtio{};
    std::optional<Size> metadata_cache_size{};

    bool operator==(DiskDriver const&) const = default;
};

struct DiskTarget
{
    std::string dev{};            ///< the name that decides order and address: vda, sda, hda, fda
    std::optional<DiskBus> bus{}; ///< follows from the name when absent
    std::optional<Tray> tray{};
    std::optional<bool> removable{};
    std::optional<std::uint32_t> rotation_rate{}; ///< per minute; 1 means no rotation

    bool operator==(DiskTarget const&) const = default;
};

struct Geometry
{
    std::uint32_t cylinders{};
    std::uint32_t heads{};
    std::uint32_t sectors{};
    std::optional<GeometryTranslation> translation{};

    bool operator==(Geometry const&) const = default;
};

struct BlockIo
{
    std::optional<std::uint32_t> logical_block_size{};
    std::optional<std::uint32_t> physical_block_size{};

    bool operator==(BlockIo const&) const = default;
};

/// Limits in bytes and operations per second; an absent one is no limit.
struct IoTune
{
    std::optional<std::uint64_t> total_bytes_sec{};
    std::optional<std::uint64_t> read_bytes_sec{};
    std::optional<std::uint64_t> write_bytes_sec{};
    std::optional<std::uint64_t> total_iops_sec{};
    std::optional<std::uint64_t> read_iops_sec{};
    std::optional<std::uint64_t> write_iops_sec{};
    std::optional<std::uint64_t> total_bytes_sec_max{};
    std::optional<std::uint64_t> read_bytes_sec_max{};
    std::optional<std::uint64_t> write_bytes_sec_max{};
    std::optional<std::uint64_t> total_iops_sec_max{};
    std::optional<std::uint64_t> read_iops_sec_max{};
    std::optional<std::uint64_t> write_iops_sec_max{};
    std::optional<std::uint64_t> size_iops_sec{};
    std::string group_name{};
    std::optional<std::uint64_t> total_bytes_sec_max_length{};
    std::optional<std::uint64_t> read_bytes_sec_max_length{};
    std::optional<std::uint64_t> write_bytes_sec_max_length{};
    std::optional<std::uint64_t> total_iops_sec_max_length{};
    std::optional<std::uint64_t> read_iops_sec_max_length{};
    std::optional<std::uint64_t> write_iops_sec_max_length{};

    bool operator==(IoTune const&) const = default;
};

/// What the guest writes is gone when the domain ends.
struct Transient
{
    std::optional<bool> share_backing{}; ///< other domains use the image too

    bool operator==(Transient const&) const = default;
};

/// What the guest sees as a drive.
struct Disk
{
    DiskDevice device{};
    std::optional<DiskModel> model{};
    std::optional<bool> rawio{};
    std::optional<Sgio> sgio{};
    std::optional<DiskSnapshot> snapshot{};
    std::optional<DiskDriver> driver{};
    std::optional<DiskAuth> auth{}; ///< as `source_options.auth`, in an older place
    DiskSource source{};
    SourceOptions source_options{};
    std::vector<BackingStore> backing{}; ///< at most one
    std::string backend_domain{};        ///< Xen's
    std::optional<std::string> mirror{}; ///< the element <mirror> as XML text: a block job of a running domain
    std::optional<StartupPolicy> startup_policy{};
    DiskTarget target{};
    std::optional<IoTune> iotune{};
    bool read_only{};
    bool shareable{};
    std::optional<Transient> transient{};
    std::optional<Geometry> geometry{};
    std::optional<BlockIo> block_io{};
    std::string serial{};
    std::string wwn{};
    std::string vendor{};
    std::string product{};
    std::optional<Encryption> encryption{}; ///< as `source_options.encryption`, in an older place
    DeviceInfo info{};

    bool operator==(Disk const&) const = default;

    /// An image file; its format is qcow2 when the name ends so, else raw. The bus follows from the target's name.
    [[nodiscard]] static auto file(std::string_view path, std::string_view target) -> Disk;
};

} // namespace vmwright::inline v0
