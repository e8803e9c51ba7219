// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/host_facts.hpp>

namespace vmwright::inline v0
{

class Machine;

/// What a translation must know of the machine, read now: a few small files of /proc, /sys and /dev. It starts nothing.
/// `directories` is left empty: these belong to the Host. So is `topology`, which takes several files a processor.
[[nodiscard]] auto read_host_facts(Machine& machine) -> qemu::HostFacts;

/// The processors, memory and caches, of /sys.
[[nodiscard]] auto read_host_topology(Machine& machine) -> HostTopology;

} // namespace vmwright::inline v0
