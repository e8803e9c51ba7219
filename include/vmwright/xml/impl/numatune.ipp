// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/numatune.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<NumaMemory> auto& v)
{
    at("@mode", v.mode);
    at("@placement", v.placement);
    at("@nodeset", v.nodeset);
}

void map(auto& at, Like<NumaMemnode> auto& v)
{
    at.required("@cellid", "name the guest's cell");
    at.required("@nodeset", "name the host's nodes, as 0-1");
    at("@cellid", v.cell_id);
    at("@mode", v.mode);
    at("@nodeset", v.nodeset);
}

void map(auto& at, Like<NumaTune> auto& v)
{
    at("memory", v.memory);
    at("memnode", v.memnodes);
}

} // namespace vmwright::inline v0::xml::detail
