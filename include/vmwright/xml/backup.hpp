// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/backup.hpp>
#include <vmwright/xml/parsed.hpp>

#include <string>
#include <string_view>

namespace vmwright::inline v0::xml
{

/// Reads libvirt's domain backup XML. The value goes as far as the text allows; what nobody knows is a warning.
/// Whether the value makes sense is for check to say.
[[nodiscard]] auto read_backup(std::string_view text, Limits limits = {}) -> Parsed<BackupConfig>;

/// The normal form: what `virsh backup-dumpxml` prints, libvirt's order and layout.
[[nodiscard]] auto write_backup(BackupConfig const& config) -> std::string;

/// The document's text with what differs from `config` changed in it; all else stays byte for byte.
[[nodiscard]] auto update_backup(Document const& document, BackupConfig const& config) -> std::string;

} // namespace vmwright::inline v0::xml
