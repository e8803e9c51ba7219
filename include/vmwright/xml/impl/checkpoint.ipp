// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/checkpoint.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/detail/time_codec.hpp>
#include <vmwright/xml/impl/domain.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<CheckpointDisk> auto& v)
{
    at("@name", v.name);
    at("@checkpoint", v.mode);
    at("@bitmap", v.bitmap);
    at("@size", v.size);
}

void map(auto& at, Like<CheckpointConfig> auto& v)
{
    at("name", v.name);
    at("description", v.description);
    at("parent/name", v.parent);
    at("creationTime", v.created);
    at("disks/disk", v.disks);
    at("domain", v.domain);
}

} // namespace vmwright::inline v0::xml::detail
