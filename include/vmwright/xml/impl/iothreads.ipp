// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/iothreads.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<IoThread> auto& v)
{
    at("@id", v.id);
    at("@thread_pool_min", v.thread_pool_min);
    at("@thread_pool_max", v.thread_pool_max);
}

void map(auto& at, Like<DefaultIoThread> auto& v)
{
    at("@thread_pool_min", v.thread_pool_min);
    at("@thread_pool_max", v.thread_pool_max);
}

} // namespace vmwright::inline v0::xml::detail
