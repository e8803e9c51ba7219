// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/commands/monitor.hpp>

#include <vmwright/qmp/convert.hpp>
#include <vmwright/qmp/impl/greeting.ipp>

namespace vmwright::inline v0::qmp
{

BOOST_DESCRIBE_STRUCT(human_monitor_command, (), (command_line, cpu_index))
BOOST_DESCRIBE_STRUCT(getfd, (), (fdname))
BOOST_DESCRIBE_STRUCT(closefd, (), (fdname))
BOOST_DESCRIBE_STRUCT(add_fd, (), (fdset_id, opaque))
BOOST_DESCRIBE_STRUCT(add_fd::Reply, (), (fdset_id, fd))
BOOST_DESCRIBE_STRUCT(remove_fd, (), (fdset_id, fd))

template struct CommandCodec<query_version>;
template struct CommandCodec<query_qmp_schema>;
template struct CommandCodec<human_monitor_command>;
template struct CommandCodec<getfd>;
template struct CommandCodec<closefd>;
template struct CommandCodec<add_fd>;
template struct CommandCodec<remove_fd>;

} // namespace vmwright::inline v0::qmp
