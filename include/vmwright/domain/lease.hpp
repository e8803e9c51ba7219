// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace vmwright::inline v0
{

/// What a lock manager would hold for the domain while it runs.
struct Lease
{
    std::string lockspace{};
    std::string key{};
    std::string path{};
    std::optional<std::uint64_t> offset{}; ///< bytes

    bool operator==(Lease const&) const = default;
};

} // namespace vmwright::inline v0
