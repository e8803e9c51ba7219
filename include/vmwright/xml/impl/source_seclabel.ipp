// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/source_seclabel.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<SourceSeclabel> auto& v)
{
    at("@model", v.model);
    at("@relabel", v.relabel);
    at("@labelskip", v.labelskip);
    at("label", v.label);
}

} // namespace vmwright::inline v0::xml::detail
