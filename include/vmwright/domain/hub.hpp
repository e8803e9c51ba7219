// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/device.hpp>

namespace vmwright::inline v0
{

enum class HubType
{
    usb,
};
constexpr auto enum_names(HubType)
{
    return name_list("usb");
}

/// Eight USB ports in place of one.
struct Hub
{
    HubType type{};
    DeviceInfo info{};

    bool operator==(Hub const&) const = default;
};

} // namespace vmwright::inline v0
