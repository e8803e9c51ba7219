// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

namespace vmwright::inline v0::qemu
{

/// The name of the profile that ships for an architecture (QEMU's word), as `qemu-7.2-x86_64`; empty when none does.
/// Its text is in the library vmwright::profiles (`profile_text`) and in the file NAME.json that is installed beside it.
[[nodiscard]] auto shipped_profile(std::string_view arch) noexcept -> std::string_view;

/// The text of a shipped profile, for load_capabilities; empty for an unknown name.
/// Only programs that link vmwright::profiles have this function.
[[nodiscard]] auto profile_text(std::string_view name) noexcept -> std::string_view;

} // namespace vmwright::inline v0::qemu
