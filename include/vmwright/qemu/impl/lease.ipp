// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/resolving.hpp>

namespace vmwright::inline v0::qemu::detail
{

void complete(Lease& lease, std::string const&, Resolving const&)
{
    if (lease.offset == 0U)
        lease.offset.reset();
}

void check(Lease const& lease, std::string const& node, Checking const& at)
{
    if (lease.lockspace.empty())
        at.error(node + "/lockspace", Fault::missing, "the lease has no lockspace", "add <lockspace>");
    if (lease.key.empty())
        at.error(node + "/key", Fault::missing, "the lease has no key", "add <key>");
    if (lease.path.empty())
        at.error(node + "/target/@path", Fault::missing, "the lease has no file", "add <target path='…'/>");
    at.warning(node, Fault::ignored, "there is no lock manager: nobody takes the lease", remove_it());
}

} // namespace vmwright::inline v0::qemu::detail
