// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/domain/address.hpp>
#include <vmwright/domain/controller.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qemu::detail
{

/// What a device needs of the bus it is put on, and what a bus accepts.
enum PciConnect : unsigned
{
    pci_none = 0,
    pci_device = 1U << 0,
    pcie_device = 1U << 1,
    pci_bridge = 1U << 2,
    dmi_to_pci_bridge = 1U << 3,
    pcie_to_pci_bridge = 1U << 4,
    pcie_root_port = 1U << 5,
    pcie_upstream_port = 1U << 6,
    pcie_downstream_port = 1U << 7,
    pci_expander_bus = 1U << 8,
    pcie_expander_bus = 1U << 9,
    pci_kinds = (1U << 10) - 1,
    pci_hotpluggable = 1U << 10,
    pci_shares_slot = 1U << 11, ///< may take a function of a slot that its like began
    pci_integrated = 1U << 12,  ///< only on the root bus
};

/// An ordinary device, put where it could also be plugged in later.
inline constexpr unsigned pci_ordinary = pci_device | pci_hotpluggable;
inline constexpr unsigned pcie_ordinary = pcie_device | pci_hotpluggable;

/// What a PCI controller of that model needs of its own bus.
[[nodiscard]] auto pci_controller_needs(std::string_view model) -> unsigned;

/// A bus and which functions of its slots are taken.
struct PciBus
{
    std::string model{};
    unsigned accepts{};
    std::uint32_t first_slot{};
    std::uint32_t last_slot{};

    struct Slot
    {
        std::uint8_t functions{};
        bool shared{}; ///< its like may join
    };
    std::array<Slot, 32> slots{};

    explicit PciBus(std::string_view model);
    [[nodiscard]] auto is_full() const -> bool;
};

/// Who sits where on all PCI buses of a machine, and the choice of the next free place, as libvirt 9.0 chooses.
class PciBuses
{
public:
    /// Bus N is that of the PCI controller with index N; an index that no controller has gives a bus that takes nothing.
    explicit PciBuses(std::vector<Controller> const& controllers);

    [[nodiscard]] auto size() const -> std::size_t { return buses_.size(); }
    [[nodiscard]] auto model(std::size_t bus) const -> std::string_view { return buses_[bus].model; }
    [[nodiscard]] auto is_full() const -> bool;

    /// Takes a place that the configuration names; the text says why it cannot be had, nothing that it is taken.
    [[nodiscard]] auto take(PciAddress const& address, unsigned needs) -> std::optional<std::string>;
    [[nodiscard]] auto is_slot_free(std::uint32_t bus, std::uint32_t slot) const -> bool;
    [[nodiscard]] auto is_free(PciAddress const& address) const -> bool;

    /// The next free place; makes buses where it must and may. Nothing when no bus can take it.
    /// What takes a slot for itself may be put at another function of it than 0.
    [[nodiscard]] auto next(unsigned needs, std::uint32_t function = 0) -> std::optional<PciAddress>;

    /// Makes buses without controllers until there is one that accepts the device.
    [[nodiscard]] auto grow(unsigned needs) -> bool;

private:
    std::vector<PciBus> buses_;
};

} // namespace vmwright::inline v0::qemu::detail
