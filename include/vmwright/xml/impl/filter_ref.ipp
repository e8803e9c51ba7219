// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/filter_ref.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<FilterParameter> auto& v)
{
    at("@name", v.name);
    at("@value", v.value);
}

void map(auto& at, Like<FilterRef> auto& v)
{
    at.required("@filter", "name the filter, as filter='clean-traffic'");
    at("@filter", v.filter);
    at("parameter", v.parameters);
}

} // namespace vmwright::inline v0::xml::detail
