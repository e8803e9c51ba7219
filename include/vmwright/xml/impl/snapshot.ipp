// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/snapshot.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/detail/time_codec.hpp>
#include <vmwright/xml/impl/disk.ipp>
#include <vmwright/xml/impl/disk_source.ipp>
#include <vmwright/xml/impl/domain.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<SnapshotMemory> auto& v)
{
    at("@snapshot", v.mode);
    at("@file", v.file);
}

void map(auto& at, Like<SnapshotDisk> auto& v)
{
    at("@name", v.name);
    at("@snapshot", v.mode);
    if (v.mode.value_or(DiskSnapshot::external) == DiskSnapshot::external)
        at.pick("@type", v.source, snapshot_source_names);
    at("driver/@type", v.format);
    at.scaled("driver/metadata_cache/max_size", v.metadata_cache_size, "bytes", "bytes");
    at.picked(v.source);
    at("source", v.source_options);
}

void map(auto& at, Like<DomainIdentity> auto& v)
{
    at("uuid", v.uuid);
}

void map(auto& at, Like<SnapshotConfig> auto& v)
{
    at("name", v.name);
    at("description", v.description);
    at("state", v.state);
    at("parent/name", v.parent);
    at("creationTime", v.created);
    at("memory", v.memory);
    at("disks/disk", v.disks);
    at.either("domain", "type", v.domain);
    at("inactiveDomain", v.inactive_domain);
    at.raw("cookie", v.cookie);
    at("active", v.active, Switch{{"0", "1"}});
}

} // namespace vmwright::inline v0::xml::detail
