// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/memtune.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<Memtune> auto& v)
{
    at.scaled("hard_limit", v.hard_limit);
    at.scaled("soft_limit", v.soft_limit);
    at.scaled("min_guarantee", v.min_guarantee);
    at.scaled("swap_hard_limit", v.swap_hard_limit);
}

} // namespace vmwright::inline v0::xml::detail
