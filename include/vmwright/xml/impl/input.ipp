// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/input.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<Input> auto& v)
{
    at.expected("@type", "add type='mouse', type='keyboard' or another one");
    at("@type", v.type);
    at("@bus", v.bus);
    at("@model", v.model);
    at("driver", v.virtio);
    at("source/@evdev", v.evdev);
    at("source/@dev", v.dev);
    at("source/@grab", v.grab);
    at("source/@grabToggle", v.grab_toggle);
    at("source/@repeat", v.repeat, on_off);
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
