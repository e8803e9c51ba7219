// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/commands/cpu.hpp>

#include <vmwright/qmp/convert.hpp>

namespace vmwright::inline v0::qmp
{

BOOST_DESCRIBE_STRUCT(CpuDefinitionInfo, (),
                      (name, migration_safe, static_, unavailable_features, typename_, alias_of, deprecated))
BOOST_DESCRIBE_STRUCT(CpuModelInfo, (), (name, props))
BOOST_DESCRIBE_STRUCT(query_cpu_model_expansion, (), (type, model))
BOOST_DESCRIBE_STRUCT(query_cpu_model_expansion::Reply, (), (model))
BOOST_DESCRIBE_STRUCT(CpuInstanceProperties, (), (node_id, socket_id, die_id, cluster_id, core_id, thread_id))
BOOST_DESCRIBE_STRUCT(CpuInfoFast, (), (cpu_index, qom_path, thread_id, props, target))
BOOST_DESCRIBE_STRUCT(HotpluggableCPU, (), (type, vcpus_count, props, qom_path))

template struct CommandCodec<query_cpu_definitions>;
template struct CommandCodec<query_cpu_model_expansion>;
template struct CommandCodec<query_cpus_fast>;
template struct CommandCodec<query_hotpluggable_cpus>;

} // namespace vmwright::inline v0::qmp
