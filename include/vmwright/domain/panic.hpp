// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/device.hpp>

#include <optional>

namespace vmwright::inline v0
{

enum class PanicModel
{
    isa,
    pseries,
    hyperv,
    s390,
};
constexpr auto enum_names(PanicModel)
{
    return name_list("isa", "pseries", "hyperv", "s390");
}

/// Tells the host that the guest's kernel has crashed.
struct Panic
{
    std::optional<PanicModel> model{}; ///< the architecture's usual one when absent
    DeviceInfo info{};

    bool operator==(Panic const&) const = default;
};

} // namespace vmwright::inline v0
