// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/domain/domain.hpp>
#include <vmwright/qemu/detail/translating.hpp>
#include <vmwright/qemu/option.hpp>

#include <string>
#include <vector>

namespace vmwright::inline v0::qemu::detail
{

/// The user's own arguments, behind all others but those of the sandbox.
void add_arguments(DomainConfig const& config, std::vector<Option>& options);

/// The user's own properties, in the options of their devices.
void override_properties(DomainConfig const& config, std::vector<Option>& options, Diagnostics& out);

/// The clock's zone, and the user's own variables.
void add_environment(DomainConfig const& config, Translating& at);

} // namespace vmwright::inline v0::qemu::detail
