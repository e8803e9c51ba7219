// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/detail/findings.hpp>
#include <vmwright/core/nearest.hpp>
#include <vmwright/domain/detail/checking.hpp>
#include <vmwright/storage/pool.hpp>

#include <vmwright/storage/impl/permissions.ipp>
#include <vmwright/storage/impl/pool_traits.ipp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0
{

namespace detail::pool_check
{
namespace
{

struct Rules
{
    PoolConfig const& pool;
    PoolTraits const& traits;
    Findings const& at;

    [[nodiscard]] auto type() const { return to_string(pool.type); }
    void part(Need need, bool is_there, std::string_view path, std::string_view what, std::string_view how) const;
    void names() const;
    void parts() const;
    void hosts() const;
    void devices() const;
    void adapter() const;
    void auth() const;
    void options() const;
};

/// Whether a part of the source is there as the type needs it.
void Rules::part(Need need, bool is_there, std::string_view path, std::string_view what, std::string_view how) const
{
    auto const node = fmt::format("/pool/{}", path);
    if (need == Need::none && is_there)
        at.warning(node, Fault::ignored, fmt::format("a pool of type '{}' has no {}; it is ignored", type(), what),
                   "remove it");
    if (is_there || (need != Need::usual && need != Need::required))
        return;
    // the nearest element that is there
    auto const outer = path.starts_with("source/") ? "/pool/source" : "/pool/target";
    auto const article = std::string_view{"aeiou"}.find(what.front()) == std::string_view::npos ? "a" : "an";
    auto message = fmt::format("a pool of type '{}' has {} {}", type(), article, what);
    if (need == Need::required)
        at.error(outer, Fault::missing, std::move(message), fmt::format("add {}", how));
    else
        at.warning(outer, Fault::missing, std::move(message), fmt::format("add {}", how));
}

void Rules::names() const
{
    if (pool.name.empty() && (traits.name == Need::none || pool.source.name.empty()))
        at.error("/pool", Fault::missing, "the pool has no name", "add <name>…</name>");
    if (pool.name.find('/') != std::string::npos)
        at.error("/pool/name", Fault::bad_text, fmt::format("'{}' is not the name of a pool", pool.name),
                 "use a name without a slash");
}

void Rules::parts() const
{
    auto const& source = pool.source;
    part(traits.hosts, !source.hosts.empty(), "source/host", "host", "<host name='…'/>");
    part(traits.devices, !source.devices.empty(), "source/device", "device", "<device path='…'/>");
    part(traits.dir, !source.dir.empty(), "source/dir", "directory on its host", "<dir path='…'/>");
    part(traits.adapter, source.adapter.has_value(), "source/adapter", "adapter", "<adapter name='…'/>");
    part(traits.name, !source.name.empty(), "source/name", "name of its source", "<name>…</name>");
    part(traits.initiator, !source.initiator.empty(), "source/initiator", "name of the initiator",
         "<initiator><iqn name='…'/></initiator>");
    part(traits.target == Need::none ? Need::none : Need::optional, pool.target.has_value(), "target", "target", "");
    part(traits.target == Need::none ? Need::optional : traits.target, pool.target && !pool.target->path.empty(),
         "target/path", "path for its volumes", "<path>…</path>");
    if (pool.target && !pool.target->path.empty() && !pool.target->path.starts_with('/'))
        at.warning("/pool/target/path", Fault::bad_text, fmt::format("'{}' is not an absolute path", pool.target->path),
                   "begin it with a slash");
    if (source.format.empty())
        return;
    if (traits.formats.empty())
        at.warning("/pool/source/format", Fault::ignored,
                   fmt::format("a pool of type '{}' has no format; it is ignored", type()), "remove it");
    else if (std::ranges::find(traits.formats, source.format) == traits.formats.end())
        at.error("/pool/source/format/@type", Fault::unknown_value,
                 fmt::format("'{}' is not a format of pools of type '{}'", source.format, type()),
                 suggestion(source.format, traits.formats));
}

void Rules::hosts() const
{
    constexpr std::int32_t highest_port = 65535;
    auto const& hosts = pool.source.hosts;
    for (std::size_t i = 0; i < hosts.size(); ++i) {
        auto const node = fmt::format("/pool/source/host[{}]", i + 1);
        if (hosts[i].name.empty())
            at.error(node, Fault::missing, "the host has no name", "add name='…'");
        if (auto const port = hosts[i].port.value_or(0); port < -1 || port > highest_port)
            at.warning(node + "/@port", Fault::bad_number, fmt::format("{} is not a port", port), "give 1 to 65535");
        for (std::size_t j = 0; j < i; ++j)
            if (hosts[j] == hosts[i] && !hosts[i].name.empty())
                at.warning(node, Fault::duplicate, fmt::format("host {} is '{}' too", j + 1, hosts[i].name), "remove one");
    }
    auto const takes_one = pool.type == PoolType::netfs || pool.type == PoolType::iscsi ||
                           pool.type == PoolType::iscsi_direct || pool.type == PoolType::gluster;
    if (takes_one && hosts.size() > 1)
        at.warning("/pool/source/host[2]", Fault::ignored,
                   fmt::format("a pool of type '{}' uses one host, and there are {}", type(), hosts.size()),
                   "remove all but one");
}

void Rules::devices() const
{
    auto const& devices = pool.source.devices;
    auto const is_iscsi = pool.type == PoolType::iscsi || pool.type == PoolType::iscsi_direct;
    for (std::size_t i = 0; i < devices.size(); ++i) {
        auto const node = fmt::format("/pool/source/device[{}]", i + 1);
        auto const& path = devices[i].path;
        if (path.empty())
            at.error(node, Fault::missing, "the device has no path", "add path='…'");
        else if (is_iscsi && !path.starts_with("iqn.") && !path.starts_with("eui.") && !path.starts_with("naa."))
            at.warning(node + "/@path", Fault::bad_text, fmt::format("'{}' is not the name of an iSCSI target", path),
                       "as iqn.2013-06.com.example:iscsi-pool");
        else if (!is_iscsi && traits.devices != Need::none && pool.type != PoolType::zfs && !path.starts_with('/'))
            at.warning(node + "/@path", Fault::bad_text, fmt::format("'{}' is not the path of a device", path),
                       "begin it with a slash");
        if (devices[i].part_separator && pool.type != PoolType::disk)
            at.warning(node + "/@part_separator", Fault::ignored,
                       fmt::format("a pool of type '{}' makes no partitions", type()), remove_it());
        for (std::size_t e = 0; e < devices[i].free_extents.size(); ++e)
            if (devices[i].free_extents[e].end < devices[i].free_extents[e].start)
                at.warning(fmt::format("{}/freeExtent[{}]", node, e + 1), Fault::bad_number,
                           "the extent ends before it starts", "swap start and end");
        for (std::size_t j = 0; j < i; ++j)
            if (devices[j].path == path && !path.empty())
                at.warning(node + "/@path", Fault::duplicate, fmt::format("device {} is '{}' too", j + 1, path),
                           "remove one");
    }
    auto const takes_one = pool.type == PoolType::fs || pool.type == PoolType::disk || is_iscsi;
    if (takes_one && devices.size() > 1)
        at.warning("/pool/source/device[2]", Fault::ignored,
                   fmt::format("a pool of type '{}' uses one device, and there are {}", type(), devices.size()),
                   "remove all but one");
}

/// A World Wide Name: 16 hex digits.
auto is_wwn(std::string_view text) -> bool
{
    if (text.starts_with("0x"))
        text.remove_prefix(2);
    return text.size() == 16 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

void scsi_host(ScsiHostAdapter const& host, std::string const& node, Findings const& at)
{
    if (host.name.empty() && !host.parent)
        at.error(node, Fault::missing, "the adapter is not named", "add name='host0', or <parentaddr unique_id='…'>");
    if (!host.name.empty() && host.parent)
        at.error(node + "/parentaddr", Fault::conflict,
                 fmt::format("the adapter is named twice, by '{}' and by an address", host.name), "remove one");
    if (!host.parent)
        return;
    if (!host.parent->unique_id)
        at.error(node + "/parentaddr", Fault::missing, "the address has no unique_id", "add unique_id='…'");
    auto const& address = host.parent->address;
    if (!address)
        return at.error(node + "/parentaddr", Fault::missing, "the controller has no PCI address",
                        "add <address domain='…' bus='…' slot='…' function='…'/>");
    check_pci(*address, node + "/parentaddr/address", at);
}

void fc_host(FcHostAdapter const& host, std::string const& node, Findings const& at)
{
    if (host.wwnn.empty() || host.wwpn.empty())
        at.error(node, Fault::missing, "the virtual port has no name", "add wwnn='…' and wwpn='…'");
    auto const check_wwn = [&](std::string const& text, std::string_view name) {
        if (!text.empty() && !is_wwn(text))
            at.error(fmt::format("{}/@{}", node, name), Fault::bad_text, fmt::format("'{}' is not a World Wide Name", text),
                     "give 16 hex digits");
    };
    check_wwn(host.wwnn, "wwnn");
    check_wwn(host.wwpn, "wwpn");
    check_wwn(host.parent_wwnn, "parent_wwnn");
    check_wwn(host.parent_wwpn, "parent_wwpn");
    check_wwn(host.parent_fabric_wwn, "parent_fabric_wwn");
    if (host.parent_wwnn.empty() != host.parent_wwpn.empty())
        at.error(node, Fault::missing, "a parent is named by wwnn and wwpn together",
                 host.parent_wwnn.empty() ? "add parent_wwnn='…'" : "add parent_wwpn='…'");
}

void Rules::adapter() const
{
    constexpr auto node = "/pool/source/adapter";
    if (!pool.source.adapter)
        return;
    if (auto const* host = std::get_if<ScsiHostAdapter>(&*pool.source.adapter))
        scsi_host(*host, node, at);
    else
        fc_host(std::get<FcHostAdapter>(*pool.source.adapter), node, at);
}

void Rules::auth() const
{
    if (!pool.source.auth)
        return;
    auto const& auth = *pool.source.auth;
    auto const is_iscsi = pool.type == PoolType::iscsi || pool.type == PoolType::iscsi_direct;
    if (auth.username.empty())
        at.error("/pool/source/auth", Fault::missing, "the authentication has no user", "add username='…'");
    check_secret_name(auth.secret, "/pool/source/auth/secret", at);
    if (!is_iscsi && pool.type != PoolType::rbd)
        at.warning("/pool/source/auth", Fault::ignored, fmt::format("a pool of type '{}' logs in nowhere", type()),
                   remove_it());
    else if ((auth.type == PoolAuthType::chap) != is_iscsi)
        at.warning("/pool/source/auth/@type", Fault::conflict,
                   fmt::format("a pool of type '{}' does not log in with '{}'", type(), to_string(auth.type)),
                   is_iscsi ? "use chap" : "use ceph");
}

void Rules::options() const
{
    if (pool.cow && pool.type != PoolType::dir && pool.type != PoolType::fs)
        at.error("/pool/features/cow", Fault::not_supported,
                 fmt::format("a pool of type '{}' cannot choose whether it is copy-on-write", type()),
                 "remove it; it is for dir and fs");
    auto const& version = pool.source.protocol_version;
    if (!version.empty() && pool.type != PoolType::netfs)
        at.warning("/pool/source/protocol", Fault::ignored, "only NFS has a version to choose", remove_it());
    else if (version.find_first_not_of("0123456789.") != std::string::npos)
        at.warning("/pool/source/protocol/@ver", Fault::bad_text, fmt::format("'{}' is not a version of NFS", version),
                   "as 4.2");
    if (!pool.mount_options.names.empty() && pool.type != PoolType::fs && pool.type != PoolType::netfs)
        at.warning("/pool/fs:mount_opts", Fault::ignored, fmt::format("a pool of type '{}' mounts nothing", type()),
                   remove_it());
    for (std::size_t i = 0; i < pool.mount_options.names.size(); ++i)
        if (pool.mount_options.names[i].empty())
            at.error(fmt::format("/pool/fs:mount_opts/fs:option[{}]", i + 1), Fault::missing, "the option has no name",
                     "add name='…'");
    if (!pool.rbd_options.list.empty() && pool.type != PoolType::rbd)
        at.warning("/pool/rbd:config_opts", Fault::ignored, fmt::format("a pool of type '{}' has no librados", type()),
                   remove_it());
    for (std::size_t i = 0; i < pool.rbd_options.list.size(); ++i)
        if (pool.rbd_options.list[i].name.empty() || pool.rbd_options.list[i].value.empty())
            at.error(fmt::format("/pool/rbd:config_opts/rbd:option[{}]", i + 1), Fault::missing,
                     "an option has a name and a value", "add name='…' and value='…'");
    if (pool.target)
        check_permissions(pool.target->permissions, "/pool/target/permissions", at);
}

} // namespace
} // namespace detail::pool_check

auto check(PoolConfig const& pool) -> Diagnostics
{
    Diagnostics out;
    detail::Findings const at{out};
    detail::pool_check::Rules const rules{pool, detail::traits_of(pool.type), at};
    rules.names();
    rules.parts();
    rules.hosts();
    rules.devices();
    rules.adapter();
    rules.auth();
    rules.options();
    return out;
}

} // namespace vmwright::inline v0
