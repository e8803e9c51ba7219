// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/chardev.hpp>
#include <vmwright/domain/device.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

enum class RedirBus
{
    usb,
};
constexpr auto enum_names(RedirBus)
{
    return name_list("usb");
}

/// A socket of the guest's USB bus that a program elsewhere plugs a device into.
struct Redirdev
{
    RedirBus bus{};
    CharSource source{};
    std::optional<CharLog> log{};
    DeviceInfo info{};

    bool operator==(Redirdev const&) const = default;
};

/// One rule of the filter; what is not said, or -1, fits every device.
struct RedirRule
{
    std::optional<std::int32_t> usb_class{};
    std::optional<std::int32_t> vendor{};
    std::optional<std::int32_t> product{};
    std::optional<std::string> version{}; ///< as "2.00"
    bool allow{};

    bool operator==(RedirRule const&) const = default;
};

/// Which USB devices may be plugged in from elsewhere: the first rule that fits decides.
struct RedirFilter
{
    std::vector<RedirRule> rules{};

    bool operator==(RedirFilter const&) const = default;
};

} // namespace vmwright::inline v0
