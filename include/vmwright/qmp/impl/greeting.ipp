// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/greeting.hpp>

#include <boost/describe.hpp>

namespace vmwright::inline v0::qmp
{

BOOST_DESCRIBE_STRUCT(VersionTriple, (), (major, minor, micro))
BOOST_DESCRIBE_STRUCT(VersionInfo, (), (qemu, package))
BOOST_DESCRIBE_STRUCT(Greeting, (), (version, capabilities))

} // namespace vmwright::inline v0::qmp
