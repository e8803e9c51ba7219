// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/virtual_port.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<VirtualPortParameters> auto& v)
{
    at("@managerid", v.manager_id);
    at("@typeid", v.type_id);
    at("@typeidversion", v.type_id_version);
    at("@instanceid", v.instance_id);
    at("@interfaceid", v.interface_id);
    at("@profileid", v.profile_id);
}

void map(auto& at, Like<VirtualPort> auto& v)
{
    at("@type", v.type);
    at("parameters", v.parameters);
}

} // namespace vmwright::inline v0::xml::detail
