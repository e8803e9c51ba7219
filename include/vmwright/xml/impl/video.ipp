// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/video.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<VideoDriver> auto& v)
{
    at("@name", v.name);
    at("@vgaconf", v.vgaconf);
    at(".", v.virtio);
}

void map(auto& at, Like<VideoAcceleration> auto& v)
{
    at("@accel3d", v.accel3d);
    at("@accel2d", v.accel2d);
    at("@rendernode", v.rendernode);
}

void map(auto& at, Like<VideoResolution> auto& v)
{
    at("@x", v.x);
    at("@y", v.y);
}

void map(auto& at, Like<VideoModel> auto& v)
{
    at.expected("@type", "add type='virtio' or another card");
    at("@type", v.type);
    at("@ram", v.ram);
    at("@vram", v.vram);
    at("@vram64", v.vram64);
    at("@vgamem", v.vgamem);
    at("@heads", v.heads);
    at("@primary", v.primary);
    at("@blob", v.blob, on_off);
    at("acceleration", v.acceleration);
    at("resolution", v.resolution);
}

void map(auto& at, Like<Video> auto& v)
{
    at("driver", v.driver);
    at("model", v.model);
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
