// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/network_port.hpp>
#include <vmwright/xml/parsed.hpp>

#include <string>
#include <string_view>

namespace vmwright::inline v0::xml
{

/// Reads libvirt's network port XML. The value goes as far as the text allows; what nobody knows is a warning.
/// Whether the value makes sense is for check to say.
[[nodiscard]] auto read_network_port(std::string_view text, Limits limits = {}) -> Parsed<NetworkPortConfig>;

/// The normal form: what `virsh net-port-dumpxml` prints, libvirt's order and layout.
[[nodiscard]] auto write_network_port(NetworkPortConfig const& config) -> std::string;

/// The document's text with what differs from `config` changed in it; all else stays byte for byte.
[[nodiscard]] auto update_network_port(Document const& document, NetworkPortConfig const& config) -> std::string;

} // namespace vmwright::inline v0::xml
