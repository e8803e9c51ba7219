// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/fd.hpp>

#include <unistd.h>

namespace vmwright::inline v0
{

void UniqueFd::reset(int fd) noexcept
{
    if (auto const old = std::exchange(fd_, fd); old >= 0)
        ::close(old);
}

} // namespace vmwright::inline v0
