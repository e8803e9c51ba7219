// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/vlan.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<VlanTag> auto& v)
{
    at.required("@id", "give 0 to 4095");
    at("@id", v.id);
    at("@nativeMode", v.native_mode);
}

void map(auto& at, Like<Vlan> auto& v)
{
    at.required("tag", "add <tag id='…'/>");
    at("@trunk", v.trunk);
    at("tag", v.tags);
}

} // namespace vmwright::inline v0::xml::detail
