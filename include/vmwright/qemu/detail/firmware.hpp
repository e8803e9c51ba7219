// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/host_facts.hpp>
#include <vmwright/qemu/option.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <string_view>
#include <vector>

namespace vmwright::inline v0::qemu::detail
{

/// Turns <os firmware='…'> into a loader and its NVRAM: the first of the host's images that has what is asked.
void choose_firmware(Live& live, HostFacts const& facts, Diagnostics& out);

/// Whether the image is for machines of that name; the architecture is QEMU's word.
[[nodiscard]] auto runs_on(FirmwareDescriptor const& image, std::string_view arch, std::string_view machine) -> bool;

/// The variables that must be there before the first start.
[[nodiscard]] auto files_of_firmware(DomainConfig const& config) -> std::vector<PlannedFile>;

/// What -machine says of the flash devices.
void set_firmware(Option& machine, DomainConfig const& config);

} // namespace vmwright::inline v0::qemu::detail
