// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/uuid.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace vmwright::inline v0
{

enum class VirtualPortType
{
    none,
    vepa,   ///< 802.1Qbg
    vnlink, ///< 802.1Qbh
    openvswitch,
    midonet,
};
constexpr auto enum_names(VirtualPortType)
{
    return name_list("none", "802.1Qbg", "802.1Qbh", "openvswitch", "midonet");
}

/// What a switch is told of a port; which of them, depends on the type.
struct VirtualPortParameters
{
    std::optional<std::uint32_t> manager_id{};
    std::optional<std::uint32_t> type_id{};
    std::optional<std::uint32_t> type_id_version{};
    std::optional<Uuid> instance_id{};
    std::optional<Uuid> interface_id{};
    std::string profile_id{};

    bool operator==(VirtualPortParameters const&) const = default;
};

/// How an interface presents itself to a switch.
struct VirtualPort
{
    std::optional<VirtualPortType> type{};
    VirtualPortParameters parameters{};

    bool operator==(VirtualPort const&) const = default;
};

} // namespace vmwright::inline v0
