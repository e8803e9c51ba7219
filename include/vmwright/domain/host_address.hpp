// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/address.hpp>

#include <array>
#include <cstdint>
#include <string_view>
#include <variant>

namespace vmwright::inline v0
{

/// A USB device of the host, as lsusb numbers it.
struct HostUsbAddress
{
    std::uint32_t bus{};
    std::uint32_t device{};

    bool operator==(HostUsbAddress const&) const = default;
};

/// Where the host has a device. The alternatives stand in the order of `host_address_names`.
using HostAddress = std::variant<PciAddress, HostUsbAddress>;

inline constexpr auto host_address_names = std::to_array<std::string_view>({"pci", "usb"});

} // namespace vmwright::inline v0
