// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/domain_capabilities.hpp>
#include <vmwright/domain/host_capabilities.hpp>

#include <string>

namespace vmwright::inline v0::xml
{

/// What `virsh domcapabilities` prints.
[[nodiscard]] auto write_domain_capabilities(DomainCapabilities const& capabilities) -> std::string;

/// What `virsh capabilities` prints, as far as the value goes.
[[nodiscard]] auto write_host_capabilities(HostCapabilities const& capabilities) -> std::string;

} // namespace vmwright::inline v0::xml
