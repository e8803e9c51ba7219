// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/detail/checking.hpp>
#include <vmwright/network/nwfilter_binding.hpp>

namespace vmwright::inline v0
{

auto check(NwFilterBindingConfig const& binding) -> Diagnostics
{
    Diagnostics out;
    detail::Findings const at{out};
    if (binding.port_dev.empty())
        at.error("/filterbinding", Fault::missing, "the binding names no device", "add <portdev name='…'/>");
    if (!binding.mac)
        at.error("/filterbinding", Fault::missing, "the binding has no MAC address", "add <mac address='…'/>");
    detail::check_filter_ref(binding.filter, "/filterbinding/filterref", at);
    detail::check_owner(binding.owner, "/filterbinding/owner", at);
    return out;
}

auto complete(NwFilterBindingConfig binding) -> NwFilterBindingConfig
{
    detail::complete(binding.filter);
    return binding;
}

} // namespace vmwright::inline v0
