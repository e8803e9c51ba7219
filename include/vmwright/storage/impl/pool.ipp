// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/storage/pool.hpp>

#include <vmwright/storage/impl/permissions.ipp>
#include <vmwright/storage/impl/pool_traits.ipp>

#include <algorithm>

namespace vmwright::inline v0
{

namespace detail::pool
{
namespace
{

/// The path with one slash where there are several, and none at its end; exactly two at its start may mean something.
auto tidy(std::string_view path) -> std::string
{
    auto const is_special = path.starts_with("//") && !path.starts_with("///");
    std::string out{is_special ? "/" : ""};
    for (auto const c : path.substr(is_special ? 1 : 0))
        if (c != '/' || !out.ends_with('/') || (is_special && out == "/"))
            out += c;
    if (out.size() > (is_special ? 2U : 1U) && out.ends_with('/'))
        out.pop_back();
    return out;
}

} // namespace
} // namespace detail::pool

auto complete(PoolConfig pool) -> PoolConfig
{
    auto const& traits = detail::traits_of(pool.type);
    auto& source = pool.source;
    if (pool.name.empty() && traits.name != detail::Need::none)
        pool.name = source.name;
    if (source.name.empty() && traits.name == detail::Need::optional)
        source.name = pool.name;
    if (source.format.empty() && !traits.formats.empty())
        source.format = traits.formats.front();
    for (auto& host : source.hosts)
        if (host.port == 0)
            host.port.reset();
    if (pool.type == PoolType::gluster && source.dir.empty())
        source.dir = "/";
    source.dir = detail::pool::tidy(source.dir);

    if (traits.target == detail::Need::none)
        return pool;
    if (!pool.target)
        pool.target.emplace();
    auto& path = pool.target->path;
    if (pool.type == PoolType::logical)
        path = "/dev/" + source.name;
    else if (pool.type == PoolType::zfs)
        path = "/dev/zvol/" + source.name;
    path = detail::pool::tidy(path);
    detail::forget_unset(pool.target->permissions);
    return pool;
}

} // namespace vmwright::inline v0
