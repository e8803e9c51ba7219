// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/pool.hpp>
#include <vmwright/xml/secret.hpp>
#include <vmwright/xml/volume.hpp>

#include <vmwright/xml/detail/read.hpp>
#include <vmwright/xml/impl/pool.ipp>
#include <vmwright/xml/impl/secret.ipp>
#include <vmwright/xml/impl/volume.ipp>

namespace vmwright::inline v0::xml
{

auto read_pool(std::string_view text, Limits limits) -> Parsed<PoolConfig>
{
    return detail::read<PoolConfig>(text, "pool", limits);
}

auto write_pool(PoolConfig const& config) -> std::string
{
    return detail::write(config, "pool");
}

auto update_pool(Document const& document, PoolConfig const& config) -> std::string
{
    return detail::update(document, config);
}

auto read_volume(std::string_view text, Limits limits) -> Parsed<VolumeConfig>
{
    return detail::read<VolumeConfig>(text, "volume", limits);
}

auto write_volume(VolumeConfig const& config) -> std::string
{
    return detail::write(config, "volume");
}

auto update_volume(Document const& document, VolumeConfig const& config) -> std::string
{
    return detail::update(document, config);
}

auto read_secret(std::string_view text, Limits limits) -> Parsed<SecretConfig>
{
    return detail::read<SecretConfig>(text, "secret", limits);
}

auto write_secret(SecretConfig const& config) -> std::string
{
    return detail::write(config, "secret");
}

auto update_secret(Document const& document, SecretConfig const& config) -> std::string
{
    return detail::update(document, config);
}

} // namespace vmwright::inline v0::xml
