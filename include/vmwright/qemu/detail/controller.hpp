// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/controller.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace vmwright::inline v0::qemu::detail
{

/// ICH9's USB 2 controller and its USB 1 companions share a slot: which function of it is whose. Nothing for others.
[[nodiscard]] auto companion_function(Controller const& controller) -> std::optional<std::uint32_t>;
/// Whether a USB controller has its ports in common with the USB 2 controller of its index.
[[nodiscard]] auto is_companion(Controller const& controller) -> bool;

/// The positions of the controllers in the order in which libvirt keeps them.
[[nodiscard]] auto controller_order(std::vector<Controller> const& list) -> std::vector<std::size_t>;
/// The index of each: the one that is given, or the lowest that its type has free. USB 2 controllers that follow each
/// other share one, unless it has the model already.
[[nodiscard]] auto controller_indexes(std::vector<Controller> const& list) -> std::vector<std::uint32_t>;

} // namespace vmwright::inline v0::qemu::detail
