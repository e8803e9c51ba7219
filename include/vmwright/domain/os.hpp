// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

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

enum class LoaderType
{
    rom,
    pflash,
    none,
};
constexpr auto enum_names(LoaderType)
{
    return name_list("rom", "pflash", "none");
}

/// The firmware image.
struct Loader
{
    std::string path{};
    std::optional<bool> read_only{};
    std::optional<bool> secure{};
    std::optional<LoaderType> type{};
    std::optional<bool> stateless{};

    bool operator==(Loader const&) const = default;
};

struct Os
{
    std::string type{"hvm"};              ///< hvm: full virtualization, the only one QEMU has
    std::optional<std::string> arch{};    ///< x86_64, aarch64, …; the host's when absent
    std::optional<std::string> machine{}; ///< the emulator's default when absent
    std::optional<Loader> loader{};
    std::string kernel{};
    std::string initrd{};
    std::string cmdline{};
    std::string dtb{};
    std::vector<BootDevice> boot{};
    std::optional<BootMenu> boot_menu{};
    std::optional<Bios> bios{};

    bool operator==(Os const&) const = default;
};

} // namespace vmwright::inline v0
