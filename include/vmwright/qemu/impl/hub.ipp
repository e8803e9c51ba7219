// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/translating.hpp>

namespace vmwright::inline v0::qemu::detail
{

void translate(Hub const& hub, std::string const& node, Translating& at)
{
    auto& device = at.device("usb-hub", node).set("id", hub.info.alias);
    at.place(device, hub.info);
}

void check(Hub const& hub, std::string const& node, Checking const& at)
{
    check_has_usb(hub.info, node, at);
}

} // namespace vmwright::inline v0::qemu::detail
