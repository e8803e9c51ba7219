// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/domain/domain.hpp>
#include <vmwright/qemu/capabilities.hpp>
#include <vmwright/qemu/detail/board.hpp>
#include <vmwright/qemu/host_facts.hpp>
#include <vmwright/qemu/origin.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace vmwright::inline v0::qemu::detail
{

/// What the steps of resolve share.
struct Resolving
{
    DomainConfig& config;
    Capabilities const& capabilities;
    HostFacts const& facts;
    Board board{};
    Origins& origins;
    Diagnostics& out;

    void error(std::string node, Fault fault, std::string message, std::string hint = {}) const
    {
        out.add({.severity = Severity::error,
                 .fault = fault,
                 .node = std::move(node),
                 .message = std::move(message),
                 .hint = std::move(hint)});
    }

    /// Fills what is not said and notes the rule that did it.
    template <class T, class V>
    void choose(std::optional<T>& field, V&& value, std::string node, std::string_view rule) const
    {
        if (field)
            return;
        field = std::forward<V>(value);
        origins.chose(std::move(node), rule);
    }
};

// A kind of device without defaults, or that sits on no PCI bus.
template <class Device>
void complete(Device&, std::string const&, Resolving const&)
{
}
template <class Device>
[[nodiscard]] auto pci_needs(Device const&) -> unsigned
{
    return 0;
}

// One overload a kind of device, beside its translator: makes its defaults explicit. Addresses come later.
void complete(Disk& disk, std::string const& node, Resolving const& at);
void complete(Lease& lease, std::string const& node, Resolving const& at);
void complete(Filesystem& filesystem, std::string const& node, Resolving const& at);
void complete(Controller& controller, std::string const& node, Resolving const& at);
void complete(Interface& nic, std::string const& node, Resolving const& at);
void complete(Serial& serial, std::string const& node, Resolving const& at);
void complete(Parallel& parallel, std::string const& node, Resolving const& at);
void complete(Smartcard& smartcard, std::string const& node, Resolving const& at);
void complete(Redirdev& redirdev, std::string const& node, Resolving const& at);
void complete(RedirFilter& filter, std::string const& node, Resolving const& at);
void complete(Console& console, std::string const& node, Resolving const& at);
void complete(Channel& channel, std::string const& node, Resolving const& at);
void complete(Input& input, std::string const& node, Resolving const& at);
void complete(Tpm& tpm, std::string const& node, Resolving const& at);
void complete(Hostdev& hostdev, std::string const& node, Resolving const& at);
void complete(Watchdog& watchdog, std::string const& node, Resolving const& at);
void complete(Panic& panic, std::string const& node, Resolving const& at);
void complete(Vsock& vsock, std::string const& node, Resolving const& at);
void complete(Graphics& graphics, std::string const& node, Resolving const& at);
void complete(Sound& sound, std::string const& node, Resolving const& at);
void complete(Video& video, std::string const& node, Resolving const& at);
void complete(Rng& rng, std::string const& node, Resolving const& at);
void complete(Memballoon& balloon, std::string const& node, Resolving const& at);
void complete(Shmem& shmem, std::string const& node, Resolving const& at);
void complete(MemoryDevice& memory, std::string const& node, Resolving const& at);

/// The host's end of a character device.
void complete(CharSource& source, std::string const& node, Resolving const& at);

// What a device needs of a PCI bus (PciConnect), pci_none if it does not sit on PCI.
[[nodiscard]] auto pci_needs(Disk const& disk) -> unsigned;
[[nodiscard]] auto pci_needs(Filesystem const& filesystem) -> unsigned;
[[nodiscard]] auto pci_needs(Controller const& controller) -> unsigned;
[[nodiscard]] auto pci_needs(Interface const& nic) -> unsigned;
[[nodiscard]] auto pci_needs(Serial const& serial) -> unsigned;
[[nodiscard]] auto pci_needs(Input const& input) -> unsigned;
[[nodiscard]] auto pci_needs(Sound const& sound) -> unsigned;
[[nodiscard]] auto pci_needs(Video const& video) -> unsigned;
[[nodiscard]] auto pci_needs(Memballoon const& balloon) -> unsigned;
[[nodiscard]] auto pci_needs(Hostdev const& hostdev) -> unsigned;
[[nodiscard]] auto pci_needs(Watchdog const& watchdog) -> unsigned;
[[nodiscard]] auto pci_needs(Rng const& rng) -> unsigned;
[[nodiscard]] auto pci_needs(Iommu const& iommu) -> unsigned;
[[nodiscard]] auto pci_needs(Vsock const& vsock) -> unsigned;
[[nodiscard]] auto pci_needs(Shmem const& shmem) -> unsigned;
[[nodiscard]] auto pci_needs(MemoryDevice const& memory) -> unsigned;

// The steps, in this order.
void complete_machine(Resolving& at);
void complete_cpus(Resolving& at);
void complete_iothreads(Resolving& at);
void complete_numa(Resolving& at);
void complete_memory(Resolving& at);
void complete_numatune(Resolving& at);
void complete_cputune(Resolving& at);
void complete_firmware(Resolving& at);
void complete_sysinfo(Resolving& at);
void complete_security(Resolving& at);
void complete_resource(Resolving& at);
void complete_clock(Resolving& at);
void complete_vcpus(Resolving& at);
void complete_features(Resolving& at);
void complete_cpu(Resolving& at);
/// What a running domain showed, copied into a definition.
void drop_chosen_aliases(Resolving& at);
void sort_devices(Resolving& at);
void add_board_devices(Resolving& at);
void complete_devices(Resolving& at);
void pair_consoles(Resolving& at);
void add_drive_controllers(Resolving& at);
void assign_spapr_registers(Resolving& at);
void add_hostdev_controllers(Resolving& at);
void assign_hostdev_drives(Resolving& at);
/// To be called when all controllers are there.
void check_scsi_targets(Resolving const& at);
void add_default_devices(Resolving& at);
void assign_virtio_serial_ports(Resolving& at);
void assign_virtio_addresses(Resolving& at);
void complete_loadparms(Resolving& at);
void assign_pci_addresses(Resolving& at);
void assign_zpci_addresses(Resolving& at);
void assign_usb_ports(Resolving& at);
void assign_memory_slots(Resolving& at);

/// Adds a controller unless there is one of that type and index.
void add_controller(Resolving& at, ControllerType type, std::uint32_t index, std::string_view rule,
                    std::optional<std::string> model = {});

[[nodiscard]] auto find_controller(DomainConfig const& config, ControllerType type, std::uint32_t index)
    -> Controller const*;

} // namespace vmwright::inline v0::qemu::detail
