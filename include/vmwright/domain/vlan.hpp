// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace vmwright::inline v0
{

enum class VlanNativeMode
{
    tagged,
    untagged,
};
constexpr auto enum_names(VlanNativeMode)
{
    return name_list("tagged", "untagged");
}

struct VlanTag
{
    std::uint32_t id{}; ///< to 4095
    std::optional<VlanNativeMode> native_mode{};

    bool operator==(VlanTag const&) const = default;
};

/// The virtual LANs that an interface is in.
struct Vlan
{
    std::optional<bool> trunk{};
    std::vector<VlanTag> tags{};

    bool operator==(Vlan const&) const = default;
};

} // namespace vmwright::inline v0
