// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/interface.hpp>

namespace vmwright::inline v0
{

auto Interface::user() -> Interface
{
    Interface nic;
    nic.source = UserNetwork{};
    nic.model = "virtio";
    return nic;
}

} // namespace vmwright::inline v0
