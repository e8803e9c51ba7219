// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/device.hpp>

namespace vmwright::inline v0
{

/// The place of a pSeries machine's NVRAM.
struct Nvram
{
    DeviceInfo info{};

    bool operator==(Nvram const&) const = default;
};

} // namespace vmwright::inline v0
