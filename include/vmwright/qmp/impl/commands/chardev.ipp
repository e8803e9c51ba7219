// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/commands/chardev.hpp>

#include <vmwright/qmp/convert.hpp>

namespace vmwright::inline v0::qmp
{

BOOST_DESCRIBE_STRUCT(ChardevInfo, (), (label, filename, frontend_open))

template struct CommandCodec<query_chardev>;

} // namespace vmwright::inline v0::qmp
