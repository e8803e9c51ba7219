// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/interface.hpp>
#include <vmwright/qemu/capabilities.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace vmwright::inline v0::qemu::detail
{

/// Whether the interface's connection is of that type.
template <class Source>
[[nodiscard]] auto is(Interface const& nic) noexcept -> bool
{
    return std::holds_alternative<Source>(nic.source);
}

/// A tap device of the host, as QEMU sees it.
[[nodiscard]] auto is_tap(Interface const& nic) -> bool;

[[nodiscard]] auto is_virtio_model(std::string_view model) -> bool;

/// The card that a machine has where none is named.
[[nodiscard]] auto usual_network_card(Capabilities const& capabilities, std::string_view machine) -> std::string_view;

/// How many pairs of queues the card has.
[[nodiscard]] auto queue_pairs(Interface const& nic) -> std::uint32_t;

/// The connection, under that id.
void add_netdev(Interface const& nic, std::string const& id, std::string const& node, Translating& at);

} // namespace vmwright::inline v0::qemu::detail
