// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/storage/pool.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/permissions.ipp>
#include <vmwright/xml/impl/pool_source.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<PoolTarget> auto& v)
{
    at.with_end_tag();
    at("path", v.path);
    at("permissions", v.permissions);
}

void map(auto& at, Like<MountOptions> auto& v)
{
    at("fs:mount_opts/fs:option/@name", v.names);
}

void map(auto& at, Like<RbdOption> auto& v)
{
    at("@name", v.name);
    at("@value", v.value);
}

void map(auto& at, Like<RbdOptions> auto& v)
{
    at("rbd:config_opts/rbd:option", v.list);
}

void map(auto& at, Like<PoolConfig> auto& v)
{
    at.required("@type", "name one, as type='dir'");
    at("@type", v.type);
    at.name_space("fs", mount_options_namespace, v.mount_options);
    at.name_space("rbd", rbd_options_namespace, v.rbd_options);
    at("name", v.name);
    at("uuid", v.uuid);
    at.scaled("capacity", v.capacity, "bytes", "bytes");
    at.scaled("allocation", v.allocation, "bytes", "bytes");
    at.scaled("available", v.available, "bytes", "bytes");
    at("features/cow/@state", v.cow);
    at("source", v.source);
    at("target", v.target);
    at("refresh/volume/@allocation", v.refresh);
    at(".", v.mount_options);
    at(".", v.rbd_options);
}

} // namespace vmwright::inline v0::xml::detail
