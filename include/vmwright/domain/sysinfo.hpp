// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/uuid.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vmwright::inline v0
{

/// One text of an SMBIOS table, as `vendor` of the BIOS.
struct SmbiosEntry
{
    std::string name{};
    std::string value{};

    bool operator==(SmbiosEntry const&) const = default;
};

using SmbiosTable = std::vector<SmbiosEntry>;

// The names that a table can have, in SMBIOS's order.
inline constexpr auto smbios_bios_names = std::to_array<std::string_view>({"vendor", "version", "date", "release"});
inline constexpr auto smbios_system_names =
    std::to_array<std::string_view>({"manufacturer", "product", "version", "serial", "uuid", "sku", "family"});
inline constexpr auto smbios_board_names =
    std::to_array<std::string_view>({"manufacturer", "product", "version", "serial", "asset", "location"});
inline constexpr auto smbios_chassis_names =
    std::to_array<std::string_view>({"manufacturer", "version", "serial", "asset", "sku"});

struct SmbiosBoard
{
    SmbiosTable entries{};

    bool operator==(SmbiosBoard const&) const = default;
};

/// What the guest finds in its SMBIOS tables, if <os> says smbios mode='sysinfo'.
struct SmbiosInfo
{
    SmbiosTable bios{};
    SmbiosTable system{};
    std::vector<SmbiosBoard> boards{};
    SmbiosTable chassis{};
    std::vector<std::string> oem_strings{};

    bool operator==(SmbiosInfo const&) const = default;
};

/// A file that the guest's firmware can read: its text, or a file of the host.
struct FirmwareConfigEntry
{
    std::string name{}; ///< as opt/com.example/name
    std::string file{};
    std::string value{};

    bool operator==(FirmwareConfigEntry const&) const = default;
};

struct FirmwareConfig
{
    std::vector<FirmwareConfigEntry> entries{};

    bool operator==(FirmwareConfig const&) const = default;
};

/// The alternatives stand in the order of `sysinfo_type_names`.
struct Sysinfo
{
    std::variant<SmbiosInfo, FirmwareConfig> type{};

    bool operator==(Sysinfo const&) const = default;
};

inline constexpr auto sysinfo_type_names = std::to_array<std::string_view>({"smbios", "fwcfg"});

/// The system's uuid in the SMBIOS tables, which is the domain's own.
[[nodiscard]] auto smbios_uuid(std::vector<Sysinfo> const& infos) -> std::optional<Uuid>;

} // namespace vmwright::inline v0
