// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/controller.hpp>
#include <vmwright/qemu/capabilities.hpp>
#include <vmwright/qemu/detail/board.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qemu::detail
{

/// ICH9's USB 2 controller and its USB 1 companions share a slot: which function of it is whose. Nothing for others.
[[nodiscard]] auto companion_function(Controller const& controller) -> std::optional<std::uint32_t>;
/// Whether a USB controller has its ports in common with the USB 2 controller of its index.
[[nodiscard]] auto is_companion(Controller const& controller) -> bool;

[[nodiscard]] auto is_pci_root(Controller const& controller) -> bool;
/// QEMU's devices that can play a model of PCI controller, the usual one first.
[[nodiscard]] auto pci_controller_devices(std::string_view model) -> std::vector<std::string_view>;
/// QEMU's device of a model of USB controller, or else empty.
[[nodiscard]] auto usb_controller_device(std::string_view model) -> std::string_view;
/// The model of a controller that names none, or else empty.
[[nodiscard]] auto usual_model(Controller const& controller, Board const& board, Capabilities const& capabilities)
    -> std::string_view;

/// The positions of the controllers in the order in which libvirt keeps them.
[[nodiscard]] auto controller_order(std::vector<Controller> const& list) -> std::vector<std::size_t>;
/// The index of each: the one that is given, or the lowest that its type has free. USB 2 controllers that follow each
/// other share one, unless it has the model already.
[[nodiscard]] auto controller_indexes(std::vector<Controller> const& list) -> std::vector<std::uint32_t>;

} // namespace vmwright::inline v0::qemu::detail
