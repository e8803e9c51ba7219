// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/result.hpp>
#include <vmwright/domain/domain_capabilities.hpp>
#include <vmwright/domain/host_capabilities.hpp>
#include <vmwright/qemu/capabilities.hpp>
#include <vmwright/qemu/host_facts.hpp>

#include <span>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qemu
{

/// What domains of that kind can have under this emulator on that host. `query.emulator` is not looked at.
/// The error names the word that is wrong, and the nearest that is right.
[[nodiscard]] auto domain_capabilities(Capabilities const& capabilities, HostFacts const& facts,
                                       CapabilitiesQuery const& query = {}) -> Result<DomainCapabilities>;

/// The host, and the guests of each of these emulators.
[[nodiscard]] auto host_capabilities(std::span<Capabilities const* const> emulators, HostFacts const& facts)
    -> HostCapabilities;

/// libvirt's words for the guests of an emulator of that architecture, as armv6l and armv7l of arm.
[[nodiscard]] auto libvirt_archs(std::string_view emulator_arch) -> std::vector<std::string_view>;
/// libvirt's words for all architectures that emulators are looked for.
[[nodiscard]] auto known_archs() -> std::span<std::string_view const>;

} // namespace vmwright::inline v0::qemu
