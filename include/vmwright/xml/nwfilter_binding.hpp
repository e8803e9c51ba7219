// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/nwfilter_binding.hpp>
#include <vmwright/xml/parsed.hpp>

#include <string>
#include <string_view>

namespace vmwright::inline v0::xml
{

/// Reads libvirt's filter binding XML. The value goes as far as the text allows; what nobody knows is a warning.
/// Whether the value makes sense is for check to say.
[[nodiscard]] auto read_nwfilter_binding(std::string_view text, Limits limits = {}) -> Parsed<NwFilterBindingConfig>;

/// The normal form: what `virsh nwfilter-binding-dumpxml` prints, libvirt's order and layout.
[[nodiscard]] auto write_nwfilter_binding(NwFilterBindingConfig const& config) -> std::string;

/// The document's text with what differs from `config` changed in it; all else stays byte for byte.
[[nodiscard]] auto update_nwfilter_binding(Document const& document, NwFilterBindingConfig const& config) -> std::string;

} // namespace vmwright::inline v0::xml
