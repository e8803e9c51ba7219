// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/lease.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<Lease> auto& v)
{
    at("lockspace", v.lockspace);
    at("key", v.key);
    at("target/@path", v.path);
    at("target/@offset", v.offset);
}

} // namespace vmwright::inline v0::xml::detail
