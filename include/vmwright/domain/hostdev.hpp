// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/uuid.hpp>
#include <vmwright/domain/device.hpp>
#include <vmwright/domain/disk.hpp>
#include <vmwright/domain/host_address.hpp>
#include <vmwright/domain/interface.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vmwright::inline v0
{

enum class HostdevMode
{
    subsystem,
    capabilities, ///< of containers
};
constexpr auto enum_names(HostdevMode)
{
    return name_list("subsystem", "capabilities");
}

enum class UsbGuestReset
{
    off,
    uninitialized, ///< only the first one
    on,
};
constexpr auto enum_names(UsbGuestReset)
{
    return name_list("off", "uninitialized", "on");
}

/// A USB device of the host, by its kind, its place, or both.
struct UsbHostdev
{
    std::optional<StartupPolicy> startup_policy{};
    std::optional<UsbGuestReset> guest_reset{};
    std::optional<bool> missing{}; ///< known while the domain runs
    std::optional<std::uint32_t> vendor{};
    std::optional<std::uint32_t> product{};
    std::optional<HostUsbAddress> address{};

    bool operator==(UsbHostdev const&) const = default;
};

enum class PciHostdevDriver
{
    vfio,
    kvm,
    xen,
};
constexpr auto enum_names(PciHostdevDriver)
{
    return name_list("vfio", "kvm", "xen");
}

struct PciHostdev
{
    std::optional<PciHostdevDriver> driver{};
    std::optional<StartupPolicy> startup_policy{};
    std::optional<bool> write_filtering{}; ///< Xen only
    PciAddress address{};
    std::optional<Teaming> teaming{};

    bool operator==(PciHostdev const&) const = default;
};

enum class ScsiHostdevProtocol
{
    adapter,
    iscsi,
};
constexpr auto enum_names(ScsiHostdevProtocol)
{
    return name_list("adapter", "iscsi");
}

/// Where the host has a SCSI device: on an adapter, as scsi_host0.
struct ScsiHostAddress
{
    std::uint32_t bus{};
    std::uint32_t target{};
    std::uint64_t unit{};

    bool operator==(ScsiHostAddress const&) const = default;
};

struct IscsiHost
{
    std::string name{};
    std::optional<std::uint16_t> port{}; ///< 3260 when absent

    bool operator==(IscsiHost const&) const = default;
};

/// A SCSI device of the host, or a LUN of an iSCSI server that QEMU itself talks to.
struct ScsiHostdev
{
    std::optional<Sgio> sgio{};
    std::optional<bool> rawio{};
    std::optional<ScsiHostdevProtocol> protocol{}; ///< an adapter's when absent
    std::string adapter{};
    std::optional<ScsiHostAddress> address{};
    std::string name{}; ///< IQN/LUN
    std::vector<IscsiHost> hosts{};
    std::optional<DiskAuth> auth{};
    std::string initiator{}; ///< IQN of the guest

    bool operator==(ScsiHostdev const&) const = default;
};

enum class ScsiVhostModel
{
    virtio,
    virtio_transitional,
    virtio_non_transitional,
};
constexpr auto enum_names(ScsiVhostModel)
{
    return name_list("virtio", "virtio-transitional", "virtio-non-transitional");
}

enum class ScsiVhostProtocol
{
    vhost,
};
constexpr auto enum_names(ScsiVhostProtocol)
{
    return name_list("vhost");
}

/// A target of the host's kernel, by way of vhost.
struct ScsiVhostHostdev
{
    std::optional<ScsiVhostModel> model{};
    ScsiVhostProtocol protocol{};
    std::string wwpn{}; ///< "naa." and 16 hex digits

    bool operator==(ScsiVhostHostdev const&) const = default;
};

enum class MdevModel
{
    vfio_pci,
    vfio_ccw,
    vfio_ap,
};
constexpr auto enum_names(MdevModel)
{
    return name_list("vfio-pci", "vfio-ccw", "vfio-ap");
}

/// A share of a device that its driver can divide.
struct MdevHostdev
{
    MdevModel model{};
    std::optional<bool> display{};
    std::optional<bool> ramfb{}; ///< a frame buffer before the guest's driver is there
    Uuid uuid{};

    bool operator==(MdevHostdev const&) const = default;
};

struct StorageHostdev
{
    std::string block{};

    bool operator==(StorageHostdev const&) const = default;
};

struct MiscHostdev
{
    std::string char_{};

    bool operator==(MiscHostdev const&) const = default;
};

struct NetHostdev
{
    std::string interface {
    };
    std::vector<InterfaceIp> ips{};
    std::vector<InterfaceRoute> routes{};

    bool operator==(NetHostdev const&) const = default;
};

/// The alternatives stand in the order of `hostdev_type_names`; the last three are of the mode capabilities.
using HostdevSource = std::variant<UsbHostdev, PciHostdev, ScsiHostdev, ScsiVhostHostdev, MdevHostdev, StorageHostdev,
                                   MiscHostdev, NetHostdev>;

inline constexpr auto hostdev_type_names =
    std::to_array<std::string_view>({"usb", "pci", "scsi", "scsi_host", "mdev", "storage", "misc", "net"});

/// A device of the host that is handed to the guest.
struct Hostdev
{
    std::optional<HostdevMode> mode{};
    std::optional<bool> managed{}; ///< taken from the host's driver, and given back
    HostdevSource source{};
    bool read_only{};
    bool shareable{};
    DeviceInfo info{};

    bool operator==(Hostdev const&) const = default;
};

} // namespace vmwright::inline v0
