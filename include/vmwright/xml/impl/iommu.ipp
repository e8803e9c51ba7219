// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/iommu.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<IommuDriver> auto& v)
{
    at("@intremap", v.intremap, on_off);
    at("@caching_mode", v.caching_mode, on_off);
    at("@eim", v.eim, on_off);
    at("@iotlb", v.iotlb, on_off);
    at("@aw_bits", v.aw_bits);
}

void map(auto& at, Like<Iommu> auto& v)
{
    at.required("@model", "name one, as model='intel'");
    at("@model", v.model);
    at("driver", v.driver);
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
