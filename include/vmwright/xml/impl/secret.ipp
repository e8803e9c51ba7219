// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/storage/secret.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<VolumeUsage> auto& v)
{
    at("usage/volume", v.volume);
}

void map(auto& at, Like<CephUsage> auto& v)
{
    at("usage/name", v.name);
}

void map(auto& at, Like<IscsiUsage> auto& v)
{
    at("usage/target", v.target);
}

void map(auto& at, Like<TlsUsage> auto& v)
{
    at("usage/name", v.name);
}

void map(auto& at, Like<VtpmUsage> auto& v)
{
    at("usage/name", v.name);
}

void map(auto& at, Like<SecretConfig> auto& v)
{
    at("@ephemeral", v.ephemeral);
    at("@private", v.is_private);
    at("uuid", v.uuid);
    at("description", v.description);
    at.choice("usage/@type", v.usage, secret_usage_names);
}

} // namespace vmwright::inline v0::xml::detail
