// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/commands/machine.hpp>

#include <vmwright/qmp/convert.hpp>

namespace vmwright::inline v0::qmp
{

BOOST_DESCRIBE_STRUCT(MachineInfo, (),
                      (name, alias, is_default, cpu_max, hotpluggable_cpus, numa_mem_supported, deprecated, default_cpu_type,
                       default_ram_id))
BOOST_DESCRIBE_STRUCT(query_kvm::Reply, (), (enabled, present))
BOOST_DESCRIBE_STRUCT(query_uuid::Reply, (), (uuid))
BOOST_DESCRIBE_STRUCT(query_name::Reply, (), (name))
BOOST_DESCRIBE_STRUCT(query_balloon::Reply, (), (actual))

template struct CommandCodec<query_machines>;
template struct CommandCodec<query_kvm>;
template struct CommandCodec<query_uuid>;
template struct CommandCodec<query_name>;
template struct CommandCodec<query_balloon>;

} // namespace vmwright::inline v0::qmp
