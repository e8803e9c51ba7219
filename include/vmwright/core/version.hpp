// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <compare>

/// The version, written down here only: the build, the pkg-config file and the Conan recipe read it from these lines.
#define VMWRIGHT_VERSION_MAJOR 0
#define VMWRIGHT_VERSION_MINOR 1
#define VMWRIGHT_VERSION_PATCH 0

namespace vmwright::inline v0
{

struct Version
{
    unsigned major{};
    unsigned minor{};
    unsigned patch{};

    auto operator<=>(Version const&) const = default;
};

/// The version of the headers a program was compiled with.
inline constexpr Version header_version{VMWRIGHT_VERSION_MAJOR, VMWRIGHT_VERSION_MINOR, VMWRIGHT_VERSION_PATCH};

/// The version of the library a program runs with.
[[nodiscard]] auto library_version() noexcept -> Version;

} // namespace vmwright::inline v0
