// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/core/mac.hpp>
#include <vmwright/domain/filter_ref.hpp>
#include <vmwright/network/port_owner.hpp>

#include <optional>
#include <string>

namespace vmwright::inline v0
{

/// Which filter holds for which network device of the host.
struct NwFilterBindingConfig
{
    PortOwner owner{};
    std::string port_dev{}; ///< the guest's tap device
    std::string link_dev{}; ///< the card of the host under a macvtap device
    std::optional<Mac> mac{};
    FilterRef filter{};

    bool operator==(NwFilterBindingConfig const&) const = default;
};

/// What making this binding would be refused for, and what has no effect in it.
[[nodiscard]] auto check(NwFilterBindingConfig const& binding) -> Diagnostics;

/// The binding as it is kept: its parameters in the order of their names.
[[nodiscard]] auto complete(NwFilterBindingConfig binding) -> NwFilterBindingConfig;

} // namespace vmwright::inline v0
