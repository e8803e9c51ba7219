// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/size.hpp>

#include <optional>

namespace vmwright::inline v0
{

/// Limits of the host's memory control group.
struct Memtune
{
    std::optional<Size> hard_limit{};
    std::optional<Size> soft_limit{};
    std::optional<Size> min_guarantee{};
    std::optional<Size> swap_hard_limit{};

    bool operator==(Memtune const&) const = default;
};

} // namespace vmwright::inline v0
