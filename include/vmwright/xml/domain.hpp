// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/domain.hpp>
#include <vmwright/xml/parsed.hpp>

#include <string>
#include <string_view>

namespace vmwright::inline v0::xml
{

/// Reads libvirt's domain XML. The value goes as far as the text allows; what nobody knows is a warning.
/// Whether the value makes sense is for qemu::check to say.
[[nodiscard]] auto read_domain(std::string_view text, Limits limits = {}) -> Parsed<DomainConfig>;

/// The normal form: what `virsh dumpxml` prints, libvirt's order and layout.
[[nodiscard]] auto write_domain(DomainConfig const& config) -> std::string;

/// The document's text with what differs from `config` changed in it; all else stays byte for byte.
/// A device is known again by its alias, else target, MAC or name, else address, content or place.
[[nodiscard]] auto update_domain(Document const& document, DomainConfig const& config) -> std::string;

} // namespace vmwright::inline v0::xml
