// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/memory.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<MemorySource> auto& v)
{
    at("nodemask", v.nodemask);
    at.scaled("pagesize", v.page_size);
    at("path", v.path);
    at.scaled("alignsize", v.align_size);
    at.flag("pmem", v.pmem);
}

void map(auto& at, Like<MemoryTarget> auto& v)
{
    at.required("size", "give an amount, as <size unit='MiB'>512</size>");
    at.scaled("size", v.size);
    at("node", v.node);
    at.scaled("label/size", v.label);
    at.flag("readonly", v.read_only);
    at.scaled("block", v.block);
    at.scaled("requested", v.requested);
    at.scaled("current", v.current);
}

void map(auto& at, Like<MemoryDevice> auto& v)
{
    at.required("@model", "give dimm, nvdimm, virtio-pmem, virtio-mem or sgx-epc");
    at.required("target", "add <target> with its <size>");
    at("@model", v.model);
    at("@access", v.access);
    at("@discard", v.discard);
    at("uuid", v.uuid);
    at("source", v.source);
    at("target", v.target);
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
