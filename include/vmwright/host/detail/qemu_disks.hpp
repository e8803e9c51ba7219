// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/domain.hpp>
#include <vmwright/machine/machine.hpp>

#include <boost/json/object.hpp>

#include <vector>

namespace vmwright::inline v0::detail
{

/// Refuses disks that need something to run or to be known which this host does not have yet.
void check_storage(DomainConfig const& config);

/// The configuration without the media and disks whose start policy lets them be missing, and that are.
[[nodiscard]] auto without_missing(DomainConfig config, Machine& machine) -> DomainConfig;

/// For each disk with limits the arguments of block_set_io_throttle.
[[nodiscard]] auto throttles(DomainConfig const& live) -> std::vector<boost::json::object>;

} // namespace vmwright::inline v0::detail
