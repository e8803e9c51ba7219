// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/host_facts.hpp>
#include <vmwright/qemu/option.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <vector>

namespace vmwright::inline v0::qemu::detail
{

/// What only the host's processor can say of an encrypted guest.
void choose_launch_security(DomainConfig& config, HostFacts const& facts);

[[nodiscard]] auto files_of_launch_security(DomainConfig const& config, HostFacts const& facts) -> std::vector<PlannedFile>;

/// What -machine says of keys and encryption.
void set_security(Option& machine, DomainConfig const& config);

} // namespace vmwright::inline v0::qemu::detail
