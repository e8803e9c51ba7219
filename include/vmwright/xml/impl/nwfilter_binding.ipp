// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/nwfilter_binding.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/filter_ref.ipp>
#include <vmwright/xml/impl/network_port.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<NwFilterBindingConfig> auto& v)
{
    at("owner", v.owner);
    at("portdev/@name", v.port_dev);
    at("linkdev/@name", v.link_dev);
    at("mac/@address", v.mac);
    at.required("filterref", "add <filterref filter='…'/>");
    at("filterref", v.filter);
}

} // namespace vmwright::inline v0::xml::detail
