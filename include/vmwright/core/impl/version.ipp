// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/version.hpp>

namespace vmwright::inline v0
{

auto library_version() noexcept -> Version
{
    return header_version;
}

} // namespace vmwright::inline v0
