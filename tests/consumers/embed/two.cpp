// SPDX-License-Identifier: BSL-1.0
#include "every_header.hpp"

auto version_seen_by_the_other() -> vmwright::Version
{
    return vmwright::library_version();
}
