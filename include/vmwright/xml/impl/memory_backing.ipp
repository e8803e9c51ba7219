// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/memory_backing.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<HugePage> auto& v)
{
    at.required("@size", "give the size of the pages, as size='2048' unit='KiB'");
    at.scaled("@size", v.size);
    at("@nodeset", v.nodeset);
}

void map(auto& at, Like<HugePages> auto& v)
{
    at("page", v.pages);
}

void map(auto& at, Like<Allocation> auto& v)
{
    at("@mode", v.mode);
    at("@threads", v.threads);
}

void map(auto& at, Like<MemoryBacking> auto& v)
{
    at("hugepages", v.huge_pages);
    at.flag("nosharepages", v.no_share_pages);
    at.flag("locked", v.locked);
    at("source/@type", v.source);
    at("access/@mode", v.access);
    at("allocation", v.allocation);
    at.flag("discard", v.discard);
}

} // namespace vmwright::inline v0::xml::detail
