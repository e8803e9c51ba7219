// SPDX-License-Identifier: BSL-1.0
#include <vmwright/vmwright.hpp>

#include <cstdio>

int main()
{
    auto const version = vmwright::library_version();
    std::printf("vmwright %u.%u.%u\n", version.major, version.minor, version.patch);
    return version == vmwright::header_version ? 0 : 1;
}
