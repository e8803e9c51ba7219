// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/vsock.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<VsockCid> auto& v)
{
    at("@auto", v.auto_);
    at("@address", v.address);
}

void map(auto& at, Like<Vsock> auto& v)
{
    at("@model", v.model);
    at("cid", v.cid);
    at("driver", v.virtio);
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
