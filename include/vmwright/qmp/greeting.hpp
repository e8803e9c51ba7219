// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <vector>

namespace vmwright::inline v0::qmp
{

struct VersionTriple
{
    int major{};
    int minor{};
    int micro{};

    auto operator<=>(VersionTriple const&) const = default;
};

struct VersionInfo
{
    VersionTriple qemu{};
    std::string package{}; ///< the distributor's version

    bool operator==(VersionInfo const&) const = default;
};

/// What QEMU says first on every connection.
struct Greeting
{
    VersionInfo version{};
    std::vector<std::string> capabilities{}; ///< offered ones; none is switched on

    bool operator==(Greeting const&) const = default;
};

} // namespace vmwright::inline v0::qmp
