// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/detail/findings.hpp>
#include <vmwright/storage/secret.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0
{

auto usage_name(SecretUsage const& usage) -> std::string const&
{
    if (auto const* volume = std::get_if<VolumeUsage>(&usage))
        return volume->volume;
    if (auto const* ceph = std::get_if<CephUsage>(&usage))
        return ceph->name;
    if (auto const* iscsi = std::get_if<IscsiUsage>(&usage))
        return iscsi->target;
    if (auto const* tls = std::get_if<TlsUsage>(&usage))
        return tls->name;
    return std::get<VtpmUsage>(usage).name;
}

auto check(SecretConfig const& secret) -> Diagnostics
{
    Diagnostics out;
    detail::Findings const at{out};
    if (!secret.usage)
        return out;
    auto const& name = usage_name(*secret.usage);
    auto const type = secret_usage_names[secret.usage->index()];
    auto const is_volume = std::holds_alternative<VolumeUsage>(*secret.usage);
    auto const element = is_volume ? "volume" : std::holds_alternative<IscsiUsage>(*secret.usage) ? "target" : "name";
    if (name.empty())
        at.error("/secret/usage", Fault::missing, fmt::format("a secret of type '{}' has a {}", type, element),
                 fmt::format("add <{0}>…</{0}>", element));
    else if (is_volume && !name.starts_with('/'))
        at.warning("/secret/usage/volume", Fault::bad_text, fmt::format("'{}' is not the path of a volume", name),
                   "begin it with a slash");
    return out;
}

} // namespace vmwright::inline v0
