// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/storage/pool_source.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>
#include <vmwright/xml/impl/encryption.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<Extent> auto& v)
{
    at.required("@start", "give its first byte");
    at.required("@end", "give its last byte");
    at("@start", v.start);
    at("@end", v.end);
}

void map(auto& at, Like<PoolHost> auto& v)
{
    at("@name", v.name);
    at("@port", v.port);
}

void map(auto& at, Like<PoolDevice> auto& v)
{
    at("@path", v.path);
    at("@part_separator", v.part_separator);
    at("freeExtent", v.free_extents);
}

void map(auto& at, Like<ScsiParentAddress> auto& v)
{
    at("@unique_id", v.unique_id);
    at("address", v.address);
}

void map(auto& at, Like<ScsiHostAdapter> auto& v)
{
    at("@name", v.name);
    at("parentaddr", v.parent);
}

void map(auto& at, Like<FcHostAdapter> auto& v)
{
    at("@parent", v.parent);
    at("@parent_wwnn", v.parent_wwnn);
    at("@parent_wwpn", v.parent_wwpn);
    at("@parent_fabric_wwn", v.parent_fabric_wwn);
    at("@managed", v.managed);
    at("@wwnn", v.wwnn);
    at("@wwpn", v.wwpn);
}

void map(auto& at, Like<PoolAdapter> auto& v)
{
    at.choice("@type", v, pool_adapter_names);
}

void map(auto& at, Like<PoolAuth> auto& v)
{
    at.required("@type", "use type='chap' for iSCSI, or type='ceph'");
    at.required("secret", "add <secret uuid='…'/>");
    at("@type", v.type);
    at("@username", v.username);
    at("secret", v.secret);
}

void map(auto& at, Like<PoolSource> auto& v)
{
    at.with_end_tag();
    at("host", v.hosts);
    at("device", v.devices);
    at("dir/@path", v.dir);
    at("adapter", v.adapter);
    at("name", v.name);
    at("initiator/iqn/@name", v.initiator);
    at("format/@type", v.format);
    at("protocol/@ver", v.protocol_version);
    at("auth", v.auth);
    at("vendor/@name", v.vendor);
    at("product/@name", v.product);
}

} // namespace vmwright::inline v0::xml::detail
