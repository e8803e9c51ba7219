// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/commands/net.hpp>

#include <vmwright/qmp/convert.hpp>

namespace vmwright::inline v0::qmp
{

BOOST_DESCRIBE_STRUCT(set_link, (), (name_, up))

template struct CommandCodec<set_link>;

} // namespace vmwright::inline v0::qmp
