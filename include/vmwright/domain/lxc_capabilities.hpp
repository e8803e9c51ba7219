// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

#include <array>
#include <optional>

namespace vmwright::inline v0
{

enum class LxcCapabilityPolicy
{
    default_,
    allow,
    deny,
};
constexpr auto enum_names(LxcCapabilityPolicy)
{
    return name_list("default", "allow", "deny");
}

/// libvirt's names of the capabilities that a container's processes may keep.
inline constexpr auto lxc_capability_names =
    name_list("audit_control", "audit_write", "block_suspend", "chown", "dac_override", "dac_read_search", "fowner",
              "fsetid", "ipc_lock", "ipc_owner", "kill", "lease", "linux_immutable", "mac_admin", "mac_override", "mknod",
              "net_admin", "net_bind_service", "net_broadcast", "net_raw", "setgid", "setfcap", "setpcap", "setuid",
              "sys_admin", "sys_boot", "sys_chroot", "sys_module", "sys_nice", "sys_pacct", "sys_ptrace", "sys_rawio",
              "sys_resource", "sys_time", "sys_tty_config", "syslog", "wake_alarm");

/// For the LXC driver only.
struct LxcCapabilities
{
    std::optional<LxcCapabilityPolicy> policy{};
    std::array<std::optional<bool>, lxc_capability_names.size()> states{}; ///< in the order of the names

    bool operator==(LxcCapabilities const&) const = default;
};

} // namespace vmwright::inline v0
