// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

namespace vmwright::inline v0
{

/// A part of a device, in bytes.
struct Extent
{
    std::uint64_t start{};
    std::uint64_t end{};

    bool operator==(Extent const&) const = default;
};

} // namespace vmwright::inline v0
