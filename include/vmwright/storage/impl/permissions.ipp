// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/detail/findings.hpp>
#include <vmwright/storage/permissions.hpp>

#include <fmt/format.h>

#include <limits>

namespace vmwright::inline v0::detail
{

void check_permissions(Permissions const& permissions, std::string const& node, Findings const& at)
{
    constexpr std::uint32_t highest_mode = 07777;
    constexpr std::int64_t highest_id = std::numeric_limits<std::uint32_t>::max();
    if (permissions.mode && *permissions.mode > highest_mode)
        at.error(node + "/mode", Fault::bad_number, fmt::format("{:#o} is not the mode of a file", *permissions.mode),
                 "give at most 07777");
    auto const check_id = [&](std::optional<std::int64_t> id, std::string_view name) {
        if (id && (*id < -1 || *id > highest_id))
            at.error(fmt::format("{}/{}", node, name), Fault::bad_number,
                     fmt::format("{} is not the number of {}", *id, name == "owner" ? "a user" : "a group"),
                     fmt::format("give 0 to {}", highest_id));
    };
    check_id(permissions.owner, "owner");
    check_id(permissions.group, "group");
}

/// -1 is how libvirt spells what is not said.
void forget_unset(Permissions& permissions)
{
    if (permissions.owner == -1)
        permissions.owner.reset();
    if (permissions.group == -1)
        permissions.group.reset();
}

} // namespace vmwright::inline v0::detail
