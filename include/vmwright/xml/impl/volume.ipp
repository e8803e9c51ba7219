// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/storage/volume.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/detail/time_codec.hpp>
#include <vmwright/xml/impl/encryption.ipp>
#include <vmwright/xml/impl/permissions.ipp>
#include <vmwright/xml/impl/pool_source.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<VolumeDevice> auto& v)
{
    at("@path", v.path);
    at("extent", v.extents);
}

void map(auto& at, Like<Timestamps> auto& v)
{
    at("atime", v.accessed);
    at("mtime", v.modified);
    at("ctime", v.changed);
    at("btime", v.born);
}

void map(auto& at, Like<VolumeFeatures> auto& v)
{
    at.flag("lazy_refcounts", v.lazy_refcounts);
    at.flag("extended_l2", v.extended_l2);
}

void map(auto& at, Like<VolumeTarget> auto& v)
{
    at.with_end_tag();
    at("path", v.path);
    at("format/@type", v.format);
    at("permissions", v.permissions);
    at("timestamps", v.timestamps);
    at("encryption", v.encryption);
    at("compat", v.compat);
    at.flag("nocow", v.nocow);
    at.scaled("clusterSize", v.cluster_size, "bytes", "B");
    at("features", v.features);
}

void map(auto& at, Like<VolumeBacking> auto& v)
{
    at.with_end_tag();
    at("path", v.path);
    at("format/@type", v.format);
    at("permissions", v.permissions);
    at("timestamps", v.timestamps);
}

void map(auto& at, Like<VolumeConfig> auto& v)
{
    at("@type", v.type);
    at("name", v.name);
    at("key", v.key);
    at("source/device", v.devices);
    at.scaled("capacity", v.capacity, "bytes", "bytes");
    at.scaled("allocation", v.allocation, "bytes", "bytes");
    at.scaled("physical", v.physical, "bytes", "bytes");
    at("target", v.target);
    at("backingStore", v.backing);
}

} // namespace vmwright::inline v0::xml::detail
