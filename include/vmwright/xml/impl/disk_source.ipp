// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/disk_source.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/chardev.ipp>
#include <vmwright/xml/impl/device.ipp>
#include <vmwright/xml/impl/encryption.ipp>
#include <vmwright/xml/impl/source_seclabel.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<FileSource> auto& v)
{
    at("source/@file", v.file);
    at("source/@fdgroup", v.fdgroup);
}

void map(auto& at, Like<BlockSource> auto& v)
{
    at("source/@dev", v.dev);
}

void map(auto& at, Like<DirSource> auto& v)
{
    at("source/@dir", v.dir);
}

void map(auto& at, Like<DiskHost> auto& v)
{
    at("@name", v.name);
    at("@port", v.port);
    at("@transport", v.transport);
    at("@socket", v.socket);
}

void map(auto& at, Like<HttpCookie> auto& v)
{
    at("@name", v.name);
    at(".", v.value);
}

void map(auto& at, Like<NfsIdentity> auto& v)
{
    at("@user", v.user);
    at("@group", v.group);
}

void map(auto& at, Like<NetworkSource> auto& v)
{
    at("source/@protocol", v.protocol);
    at("source/@name", v.name);
    at("source/@query", v.query);
    at("source/@tls", v.tls);
    at("source/@tlsHostname", v.tls_hostname);
    at("source/host", v.hosts);
    at("source/snapshot/@name", v.snapshot);
    at("source/config/@file", v.config);
    at("source/initiator/iqn/@name", v.initiator);
    at("source/ssl/@verify", v.ssl_verify);
    at("source/cookies/cookie", v.cookies);
    at("source/readahead/@size", v.readahead);
    at("source/timeout/@seconds", v.timeout);
    at("source/identity", v.identity);
}

void map(auto& at, Like<VolumeSource> auto& v)
{
    at("source/@pool", v.pool);
    at("source/@volume", v.volume);
    at("source/@mode", v.mode);
}

void map(auto& at, Like<NvmeSource> auto& v)
{
    at("source/@type", v.type);
    at("source/@managed", v.managed);
    at("source/@namespace", v.namespace_id);
    at("source/address", v.address);
}

void map(auto& at, Like<VhostUserSource> auto& v)
{
    at("source/@type", v.type);
    at("source/@path", v.path);
    at("source/reconnect", v.reconnect);
}

void map(auto&, Like<EndOfChain> auto&) {}

void map(auto& at, Like<DiskAuth> auto& v)
{
    at("@username", v.username);
    at("secret", v.secret);
}

void map(auto& at, Like<ReservationsSource> auto& v)
{
    at("@type", v.type);
    at("@path", v.path);
    at("@mode", v.mode);
}

void map(auto& at, Like<Reservations> auto& v)
{
    at("@managed", v.managed);
    at("source", v.source);
}

void map(auto& at, Like<StorageSlice> auto& v)
{
    at("@type", v.type);
    at("@offset", v.offset);
    at("@size", v.size);
}

void map(auto& at, Like<SourceOptions> auto& v)
{
    at("@index", v.index);
    at("seclabel", v.seclabels);
    at("slices/slice", v.slice);
    at("auth", v.auth);
    at("encryption", v.encryption);
    at("reservations", v.reservations);
}

void map(auto& at, Like<BackingStore> auto& v)
{
    at.pick("@type", v.source, backing_source_names);
    at("@index", v.index);
    at("format/@type", v.format);
    at.scaled("format/metadata_cache/max_size", v.metadata_cache_size, "bytes");
    at.picked(v.source);
    at("source", v.options);
    at("backingStore", v.backing);
}

} // namespace vmwright::inline v0::xml::detail
