// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/domain.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vmwright::inline v0::qemu::detail
{

/// The families of machines, as far as rules differ between them.
enum class BoardFamily
{
    q35,
    i440fx,
    isapc,
    microvm,
    virt,        ///< of arm and riscv
    vexpress,    ///< of arm
    versatilepb, ///< of arm
    ccw,         ///< s390
    other,
};

/// What a machine type brings with it.
struct Board
{
    std::string_view arch{}; ///< QEMU's word
    BoardFamily family{};

    [[nodiscard]] auto is_x86() const -> bool { return arch == "x86_64" || arch == "i386"; }
    [[nodiscard]] auto is_arm() const -> bool { return arch == "aarch64" || arch == "arm"; }
    [[nodiscard]] auto is_riscv() const -> bool { return arch == "riscv64" || arch == "riscv32"; }
    [[nodiscard]] auto has_pcie() const -> bool { return family == BoardFamily::q35 || family == BoardFamily::virt; }
    [[nodiscard]] auto has_pci() const -> bool
    {
        return has_pcie() || family == BoardFamily::i440fx || family == BoardFamily::versatilepb;
    }
    /// A USB controller unless there shall be none.
    [[nodiscard]] auto has_usb() const -> bool { return is_x86() && family != BoardFamily::isapc; }
    /// An old Arm board with places for virtio devices, but no PCI.
    [[nodiscard]] auto has_virtio_mmio_only() const -> bool { return family == BoardFamily::vexpress; }
    /// A SATA controller at 00:1f.2, an IDE controller at 00:01.1.
    [[nodiscard]] auto has_sata() const -> bool { return family == BoardFamily::q35; }
    [[nodiscard]] auto has_ide() const -> bool { return family == BoardFamily::i440fx; }
};

/// Of the configuration's architecture and machine, which resolve has made explicit.
[[nodiscard]] auto board_of(DomainConfig const& config) -> Board;

/// Whether libvirt's unit is the target on the controller's bus, because it knows no LUNs.
[[nodiscard]] auto is_scsi_without_luns(Controller const& controller) -> bool;

/// Whether one of the domain's displays is of that type.
template <class G>
[[nodiscard]] auto has_graphics(DomainConfig const& config) -> bool
{
    return std::ranges::any_of(config.devices.graphics,
                               [](Graphics const& graphics) { return std::holds_alternative<G>(graphics.type); });
}
/// Whether there is a serial port, or a first console that implies one.
[[nodiscard]] auto has_serial_port(DomainConfig const& config) -> bool;
/// Whether a console is the serial port of the same number, and no device of its own.
[[nodiscard]] auto is_serial(Console const& console) -> bool;
/// libvirt's short form of a domain's name and id, as it stands in paths: `1-NAME`.
[[nodiscard]] auto short_name(DomainConfig const& config, int id) -> std::string;

/// libvirt's aliases of memory devices: by their slots, or numbered by model.
void assign_memory_aliases(std::vector<MemoryDevice>& memories);

/// Whether libvirt keeps the alias: it begins with "ua-" and has no other signs than - and _.
[[nodiscard]] auto is_user_alias(std::string_view alias) -> bool;

/// `/domain/devices/KIND[n]`, counted from 1.
[[nodiscard]] auto device_node(std::string_view kind, std::size_t index) -> std::string;

} // namespace vmwright::inline v0::qemu::detail
