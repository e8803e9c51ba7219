// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/host_facts.hpp>

namespace vmwright::inline v0
{

class Machine;

/// What a translation must know of the machine, read now: a few small files of /proc, /sys and /dev. It starts nothing.
/// `directories` is left empty: these belong to the Host.
[[nodiscard]] auto read_host_facts(Machine& machine) -> qemu::HostFacts;

} // namespace vmwright::inline v0
