// SPDX-License-Identifier: BSL-1.0
#include "every_header.hpp"

#include <vmwright/src.hpp>

auto version_seen_by_the_other() -> vmwright::Version;

int main()
{
    return version_seen_by_the_other() == vmwright::header_version ? 0 : 1;
}
