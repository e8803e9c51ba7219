// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/sound.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<Sound> auto& v)
{
    at.required("@model", "add model='ich9' or another sound card");
    at("@model", v.model);
    at("codec/@type", v.codecs);
    at("audio/@id", v.audio_id);
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
