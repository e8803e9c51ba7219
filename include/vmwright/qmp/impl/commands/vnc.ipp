// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/commands/vnc.hpp>

#include <vmwright/qmp/convert.hpp>

namespace vmwright::inline v0::qmp
{

BOOST_DESCRIBE_STRUCT(VncClientInfo, (), (host, service, family, websocket, x509_dname, sasl_username))
BOOST_DESCRIBE_STRUCT(query_vnc::Reply, (), (enabled, host, family, service, auth, clients))

template struct CommandCodec<query_vnc>;

} // namespace vmwright::inline v0::qmp
