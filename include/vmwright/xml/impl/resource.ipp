// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/resource.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<Resource> auto& v)
{
    at("partition", v.partition);
    at("fibrechannel/@appid", v.appid);
}

void map(auto& at, Like<IdRange> auto& v)
{
    at.required("@start", "say which id of the container it begins with");
    at.required("@target", "say which id of the host that one is");
    at.required("@count", "say how many there are");
    at("@start", v.start);
    at("@target", v.target);
    at("@count", v.count);
}

void map(auto& at, Like<IdMap> auto& v)
{
    at("uid", v.uids);
    at("gid", v.gids);
}

void map(auto& at, Like<PerfEvent> auto& v)
{
    at.required("@name", "name one, as cpu_cycles");
    at.required("@enabled", "say enabled='yes' or enabled='no'");
    at("@name", v.name);
    at("@enabled", v.enabled);
}

} // namespace vmwright::inline v0::xml::detail
