// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/disk.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

enum class BootDevice
{
    fd,
    cdrom,
    hd,
    network,
};
constexpr auto enum_names(BootDevice)
{
    return name_list("fd", "cdrom", "hd", "network");
}

struct BootMenu
{
    std::optional<bool> enabled{};
    std::optional<std::uint32_t> timeout{}; ///< milliseconds

    bool operator==(BootMenu const&) const = default;
};

/// Settings of the guest's own BIOS.
struct Bios
{
    std::optional<bool> use_serial{}; ///< SeaBIOS talks on the first serial port
    std::optional<std::int32_t>
        reboot_timeout{}; ///< milliseconds until a guest without a bootable device tries again; -1 never

    bool operator==(Bios const&) const = default;
};

/// The kind of firmware that a start chooses by the host's descriptors.
enum class FirmwareKind
{
    bios,
    efi,
};
constexpr auto enum_names(FirmwareKind)
{
    return name_list("bios", "efi");
}

enum class FirmwareFeatureName
{
    enrolled_keys,
    secure_boot,
};
constexpr auto enum_names(FirmwareFeatureName)
{
    return name_list("enrolled-keys", "secure-boot");
}

/// Something that the chosen firmware must have, or must not have.
struct FirmwareFeature
{
    bool enabled{};
    FirmwareFeatureName name{};

    bool operator==(FirmwareFeature const&) const = default;
};

enum class LoaderType
{
    rom,
    pflash,
};
constexpr auto enum_names(LoaderType)
{
    return name_list("rom", "pflash");
}

/// The firmware image.
struct Loader
{
    std::optional<bool> read_only{};
    std::optional<bool> secure{}; ///< only code in SMM may write to it
    std::optional<LoaderType> type{};
    std::optional<bool> stateless{}; ///< no NVRAM beside it
    std::string path{};              ///< chosen at start when empty, which <os firmware='…'> allows

    bool operator==(Loader const&) const = default;
};

/// Where UEFI keeps its variables.
struct LoaderNvram
{
    std::string template_path{};        ///< what a missing file is made of; the firmware's own when empty
    std::string path{};                 ///< of a file, when there is no source
    std::optional<DiskSource> source{}; ///< any storage, named as for a disk
    SourceOptions options{};            ///< of the source

    bool operator==(LoaderNvram const&) const = default;
};

enum class SmbiosMode
{
    none,    ///< as if it were not said
    emulate, ///< QEMU's own tables
    host,    ///< the host's, but for the UUID
    sysinfo, ///< those of <sysinfo type='smbios'>
};
constexpr auto enum_names(SmbiosMode)
{
    return name_list("none", "emulate", "host", "sysinfo");
}

enum class AcpiTableType
{
    slic,
};
constexpr auto enum_names(AcpiTableType)
{
    return name_list("slic");
}

struct AcpiTable
{
    AcpiTableType type{};
    std::string path{};

    bool operator==(AcpiTable const&) const = default;
};

struct InitVariable
{
    std::string name{};
    std::string value{};

    bool operator==(InitVariable const&) const = default;
};

/// The first process of a container; QEMU runs none.
struct Init
{
    std::string path{};
    std::vector<std::string> arguments{};
    std::vector<InitVariable> environment{};
    std::string directory{};
    std::string user{};
    std::string group{};

    bool operator==(Init const&) const = default;
};

struct Os
{
    std::string type{"hvm"};              ///< hvm: full virtualization, the only one QEMU has
    std::optional<std::string> arch{};    ///< x86_64, aarch64, …; the host's when absent
    std::optional<std::string> machine{}; ///< the emulator's default when absent
    std::optional<FirmwareKind> firmware{};
    std::vector<FirmwareFeature> firmware_features{};
    Init init{};
    std::optional<Loader> loader{};
    std::optional<LoaderNvram> nvram{};
    std::string kernel{};
    std::string initrd{};
    std::string cmdline{};
    std::string dtb{};
    std::vector<AcpiTable> acpi_tables{};
    std::vector<BootDevice> boot{};
    std::optional<BootMenu> boot_menu{};
    std::optional<Bios> bios{};
    std::optional<SmbiosMode> smbios{};

    bool operator==(Os const&) const = default;
};

} // namespace vmwright::inline v0
