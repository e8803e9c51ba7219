// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/disk.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>
#include <vmwright/xml/impl/disk_source.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<DiskDriver> auto& v)
{
    at("@name", v.name);
    at("@type", v.type);
    at("@cache", v.cache);
    at("@error_policy", v.error_policy);
    at("@rerror_policy", v.rerror_policy);
    at("@io", v.io);
    at("@ioeventfd", v.ioeventfd, on_off);
    at("@event_idx", v.event_idx, on_off);
    at("@copy_on_read", v.copy_on_read, on_off);
    at("@discard", v.discard);
    at("@iothread", v.iothread);
    at("@detect_zeroes", v.detect_zeroes);
    at("@queues", v.queues);
    at("@queue_size", v.queue_size);
    at(".", v.virtio);
    at.scaled("metadata_cache/max_size", v.metadata_cache_size, "bytes");
}

void map(auto& at, Like<DiskTarget> auto& v)
{
    at("@dev", v.dev);
    at("@bus", v.bus);
    at("@tray", v.tray);
    at("@removable", v.removable, on_off);
    at("@rotation_rate", v.rotation_rate);
}

void map(auto& at, Like<Geometry> auto& v)
{
    at("@cyls", v.cylinders);
    at("@heads", v.heads);
    at("@secs", v.sectors);
    at("@trans", v.translation);
}

void map(auto& at, Like<BlockIo> auto& v)
{
    at("@logical_block_size", v.logical_block_size);
    at("@physical_block_size", v.physical_block_size);
}

void map(auto& at, Like<IoTune> auto& v)
{
    at("total_bytes_sec", v.total_bytes_sec);
    at("read_bytes_sec", v.read_bytes_sec);
    at("write_bytes_sec", v.write_bytes_sec);
    at("total_iops_sec", v.total_iops_sec);
    at("read_iops_sec", v.read_iops_sec);
    at("write_iops_sec", v.write_iops_sec);
    at("total_bytes_sec_max", v.total_bytes_sec_max);
    at("read_bytes_sec_max", v.read_bytes_sec_max);
    at("write_bytes_sec_max", v.write_bytes_sec_max);
    at("total_iops_sec_max", v.total_iops_sec_max);
    at("read_iops_sec_max", v.read_iops_sec_max);
    at("write_iops_sec_max", v.write_iops_sec_max);
    at("size_iops_sec", v.size_iops_sec);
    at("group_name", v.group_name);
    at("total_bytes_sec_max_length", v.total_bytes_sec_max_length);
    at("read_bytes_sec_max_length", v.read_bytes_sec_max_length);
    at("write_bytes_sec_max_length", v.write_bytes_sec_max_length);
    at("total_iops_sec_max_length", v.total_iops_sec_max_length);
    at("read_iops_sec_max_length", v.read_iops_sec_max_length);
    at("write_iops_sec_max_length", v.write_iops_sec_max_length);
}

void map(auto& at, Like<Transient> auto& v)
{
    at("@shareBacking", v.share_backing);
}

void map(auto& at, Like<Disk> auto& v)
{
    at.pick("@type", v.source, disk_source_names);
    at("@device", v.device);
    at("@model", v.model);
    at("@rawio", v.rawio);
    at("@sgio", v.sgio);
    at("@snapshot", v.snapshot);
    at("driver", v.driver);
    at("auth", v.auth);
    at.picked(v.source);
    at("source/@startupPolicy", v.startup_policy);
    at("source", v.source_options);
    at("backingStore", v.backing);
    at("backenddomain/@name", v.backend_domain);
    at("geometry", v.geometry);
    at("blockio", v.block_io);
    at.raw("mirror", v.mirror);
    at("target", v.target);
    at("iotune", v.iotune);
    at.flag("readonly", v.read_only);
    at.flag("shareable", v.shareable);
    at("transient", v.transient);
    at("serial", v.serial);
    at("wwn", v.wwn);
    at("vendor", v.vendor);
    at("product", v.product);
    at("encryption", v.encryption);
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
