// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The key of a word in a codeset of libvirt's, as `KEY_A`, `30` or `0x1e` of "linux", by QEMU's number. Refuses a codeset
/// that there is not, and a word that names no key of it.
[[nodiscard]] auto key_number(std::string_view codeset, std::string const& word) -> std::uint32_t;
