// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/virtual_port.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<VirtualPortParameters> auto& v)
{
    constexpr Number<std::uint32_t> any_base{0};
    at("@managerid", v.manager_id, any_base);
    at("@typeid", v.type_id, any_base);
    at("@typeidversion", v.type_id_version, any_base);
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
