// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/pci.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

namespace pci
{
namespace
{

struct Model
{
    std::string_view name{};
    unsigned accepts{};
    std::uint32_t first_slot{};
    std::uint32_t last_slot{};
    unsigned needs{}; ///< of the bus that the controller itself sits on
};

constexpr std::array models{
    Model{"pci-root", pci_hotpluggable | pci_device | pci_bridge | pci_expander_bus, 1, 31, pci_none},
    Model{"pci-bridge", pci_hotpluggable | pci_device | pci_bridge, 1, 31, pci_bridge},
    Model{"pci-expander-bus", pci_device | pci_bridge, 0, 31, pci_expander_bus},
    Model{"pcie-root", pci_device | pcie_device | pcie_root_port | dmi_to_pci_bridge | pcie_expander_bus | pci_integrated, 1,
          31, pci_none},
    Model{"dmi-to-pci-bridge", pci_device | pci_bridge, 0, 31, dmi_to_pci_bridge},
    Model{"pcie-to-pci-bridge", pci_hotpluggable | pci_device | pci_bridge, 1, 31, pcie_to_pci_bridge},
    Model{"pcie-root-port", pci_hotpluggable | pcie_device | pcie_upstream_port | dmi_to_pci_bridge | pcie_to_pci_bridge, 0,
          0, pcie_root_port | pci_shares_slot},
    Model{"pcie-switch-upstream-port", pcie_downstream_port, 0, 31, pcie_upstream_port},
    Model{"pcie-switch-downstream-port", pci_hotpluggable | pcie_device | pcie_upstream_port | pcie_to_pci_bridge, 0, 0,
          pcie_downstream_port},
    Model{"pcie-expander-bus", pcie_root_port | dmi_to_pci_bridge | pcie_to_pci_bridge, 0, 31, pcie_expander_bus},
};

auto find(std::string_view name) -> Model const*
{
    auto const found = std::ranges::find(models, name, &Model::name);
    return found == models.end() ? nullptr : &*found;
}

/// Whether a bus takes a device that nobody put there by hand.
auto suits(unsigned accepts, unsigned needs) -> bool
{
    if ((accepts & needs & pci_kinds) == 0)
        return false;
    if ((needs & pci_integrated) != 0)
        return (accepts & pci_integrated) != 0;
    return (needs & pci_hotpluggable) == 0 || (accepts & pci_hotpluggable) != 0;
}

} // namespace
} // namespace pci

auto pci_controller_needs(std::string_view model) -> unsigned
{
    auto const* found = pci::find(model);
    return found ? found->needs : pci_none;
}

PciBus::PciBus(std::string_view name)
    : model{name}
{
    if (auto const* found = pci::find(name)) {
        accepts = found->accepts;
        first_slot = found->first_slot;
        last_slot = found->last_slot;
    }
}

auto PciBus::is_full() const -> bool
{
    for (auto slot = first_slot; slot <= last_slot; ++slot)
        if (slots[slot].functions == 0)
            return false;
    return true;
}

PciBuses::PciBuses(std::vector<Controller> const& controllers)
{
    for (auto const& controller : controllers) {
        if (controller.type != ControllerType::pci || !controller.index)
            continue;
        while (buses_.size() <= *controller.index)
            buses_.emplace_back("");
        buses_[*controller.index] = PciBus{controller.model.value_or("")};
    }
}

auto PciBuses::is_full() const -> bool
{
    return std::ranges::all_of(buses_, [](auto const& bus) { return bus.is_full(); });
}

auto PciBuses::is_free(PciAddress const& address) const -> bool
{
    return address.bus < buses_.size() && address.slot < 32 &&
           (buses_[address.bus].slots[address.slot].functions & (1U << address.function)) == 0;
}

auto PciBuses::is_slot_free(std::uint32_t bus, std::uint32_t slot) const -> bool
{
    return bus < buses_.size() && slot < 32 && buses_[bus].slots[slot].functions == 0;
}

auto PciBuses::take(PciAddress const& address, unsigned needs) -> std::optional<std::string>
{
    if (address.domain != 0)
        return fmt::format("PCI domain {} does not exist; there is only domain 0", address.domain);
    if (address.bus >= buses_.size())
        return fmt::format("PCI bus {} does not exist; the last one is {}", address.bus, buses_.size() - 1);
    auto& bus = buses_[address.bus];
    if (address.slot < bus.first_slot || address.slot > bus.last_slot)
        return fmt::format("slot {} of a {} must be from {} to {}", address.slot, bus.model, bus.first_slot, bus.last_slot);
    if ((needs & ~bus.accepts & pci_integrated) != 0)
        return fmt::format("a {} (bus {}) does not take this device; it belongs on the root bus", bus.model, address.bus);
    if ((bus.accepts & needs & pci_kinds) == 0) {
        // by hand, an endpoint may sit on a bus of the other kind
        constexpr auto endpoint = pci_device | pcie_device;
        if ((needs & endpoint) == 0 || (bus.accepts & endpoint) == 0)
            return fmt::format("a {} (bus {}) does not take this device", bus.model, address.bus);
    }
    auto& slot = bus.slots[address.slot];
    auto const function = 1U << address.function;
    if ((slot.functions & function) != 0)
        return fmt::format("PCI address {:04x}:{:02x}:{:02x}.{} is taken", address.domain, address.bus, address.slot,
                           address.function);
    slot.shared = (needs & pci_shares_slot) != 0 && (slot.functions == 0 || slot.shared);
    slot.functions = static_cast<std::uint8_t>(slot.functions | function);
    return std::nullopt;
}

auto PciBuses::grow(unsigned needs) -> bool
{
    if (buses_.empty())
        return false;
    auto const is_pcie = buses_.front().model == "pcie-root";
    constexpr auto conventional = pci_device | pci_bridge;
    if (is_pcie && (needs & (pcie_device | pcie_upstream_port | pcie_to_pci_bridge)) != 0)
        buses_.emplace_back("pcie-root-port");
    else if ((needs & conventional) == 0)
        return false;
    else if (is_pcie && std::none_of(buses_.begin() + 1, buses_.end(),
                                     [](PciBus const& bus) { return (bus.accepts & conventional) != 0; })) {
        buses_.emplace_back("pcie-root-port");
        buses_.back().slots[0].functions = 1; // of the bridge that follows
        buses_.emplace_back("pcie-to-pci-bridge");
    } else
        buses_.emplace_back("pci-bridge");
    return true;
}

auto PciBuses::next(unsigned needs, std::uint32_t function) -> std::optional<PciAddress>
{
    auto const find = [&](std::size_t first) -> std::optional<PciAddress> {
        for (auto b = first; b < buses_.size(); ++b) {
            auto& bus = buses_[b];
            if (!pci::suits(bus.accepts, needs))
                continue;
            for (auto s = bus.first_slot; s <= bus.last_slot; ++s) {
                auto& slot = bus.slots[s];
                auto const joins = (needs & pci_shares_slot) != 0 && slot.shared;
                if (slot.functions != 0 && !joins)
                    continue;
                for (auto f = function; f < (joins ? 8U : function + 1); ++f) {
                    if ((slot.functions & (1U << f)) != 0)
                        continue;
                    slot.shared = (needs & pci_shares_slot) != 0;
                    slot.functions = static_cast<std::uint8_t>(slot.functions | 1U << f);
                    return PciAddress{.bus = static_cast<std::uint32_t>(b), .slot = s, .function = f};
                }
            }
        }
        return std::nullopt;
    };
    if (auto const found = find(0))
        return found;
    auto const before = buses_.size();
    return grow(needs) ? find(before) : std::nullopt;
}

} // namespace vmwright::inline v0::qemu::detail
