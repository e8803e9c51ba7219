// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace vmwright::inline v0
{

enum class VcpuPlacement
{
    static_,
    auto_,
};
constexpr auto enum_names(VcpuPlacement)
{
    return name_list("static", "auto");
}

struct Vcpus
{
    std::uint32_t count{1};                 ///< the most there can be
    std::optional<std::uint32_t> current{}; ///< how many are there at start; all when absent
    std::optional<VcpuPlacement> placement{};
    std::optional<std::string> cpuset{}; ///< host CPUs, as "0-3,^2"

    bool operator==(Vcpus const&) const = default;
};

/// One of the vCPUs, where they are told one by one.
struct Vcpu
{
    std::uint32_t id{};
    bool enabled{}; ///< there at start
    std::optional<bool> hotpluggable{};
    std::optional<std::uint32_t> order{}; ///< in which they are plugged, from 1

    bool operator==(Vcpu const&) const = default;
};

} // namespace vmwright::inline v0
