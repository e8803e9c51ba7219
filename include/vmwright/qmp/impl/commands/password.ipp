// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/commands/password.hpp>

#include <vmwright/qmp/convert.hpp>

namespace vmwright::inline v0::qmp
{

BOOST_DESCRIBE_STRUCT(set_password, (), (protocol, password, connected))
BOOST_DESCRIBE_STRUCT(expire_password, (), (protocol, time))

template struct CommandCodec<set_password>;
template struct CommandCodec<expire_password>;

} // namespace vmwright::inline v0::qmp
