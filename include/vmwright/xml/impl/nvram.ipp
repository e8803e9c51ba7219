// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/nvram.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<Nvram> auto& v)
{
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
