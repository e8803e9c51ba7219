// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/commands/run_state.hpp>

#include <vmwright/qmp/convert.hpp>

namespace vmwright::inline v0::qmp
{

BOOST_DESCRIBE_STRUCT(query_status::Reply, (), (running, status))
BOOST_DESCRIBE_STRUCT(set_action, (), (reboot, shutdown, panic, watchdog))

template struct CommandCodec<query_status>;
template struct CommandCodec<cont>;
template struct CommandCodec<stop>;
template struct CommandCodec<quit>;
template struct CommandCodec<system_powerdown>;
template struct CommandCodec<system_reset>;
template struct CommandCodec<system_wakeup>;
template struct CommandCodec<inject_nmi>;
template struct CommandCodec<set_action>;

} // namespace vmwright::inline v0::qmp
