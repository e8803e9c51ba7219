// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/rng.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/chardev.ipp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<RandomBackend> auto& v)
{
    at(".", v.device);
}

void map(auto& at, Like<EgdBackend> auto& v)
{
    at(".", v.source);
}

void map(auto&, Like<BuiltinBackend> auto&) {}

void map(auto& at, Like<RngBackend> auto& v)
{
    at.required("@model", "name one, as model='random'");
    at.choice("@model", v, rng_backend_names);
}

void map(auto& at, Like<Rng> auto& v)
{
    at.required("@model", "name one, as model='virtio'");
    at("@model", v.model);
    at("rate/@bytes", v.rate_bytes);
    at("rate/@period", v.rate_period);
    at.required("backend", "add <backend model='random'/>");
    at("backend", v.backend);
    at("driver", v.virtio);
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
