// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/blkiotune.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<BlkioDevice> auto& v)
{
    at.required("path", "name the block device");
    at("path", v.path);
    at("weight", v.weight);
    at("read_iops_sec", v.read_iops_sec);
    at("write_iops_sec", v.write_iops_sec);
    at("read_bytes_sec", v.read_bytes_sec);
    at("write_bytes_sec", v.write_bytes_sec);
}

void map(auto& at, Like<Blkiotune> auto& v)
{
    at("weight", v.weight);
    at("device", v.devices);
}

} // namespace vmwright::inline v0::xml::detail
