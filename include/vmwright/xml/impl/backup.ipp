// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/backup.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/encryption.ipp>
#include <vmwright/xml/impl/source_seclabel.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<BackupServer> auto& v)
{
    at("@transport", v.transport);
    at("@tls", v.tls);
    at("@name", v.name);
    at("@port", v.port);
    at("@socket", v.socket);
}

void map(auto& at, Like<BackupStore> auto& v)
{
    at("@file", v.file);
    at("@dev", v.dev);
    at("seclabel", v.seclabels);
    at("encryption", v.encryption);
}

void map(auto& at, Like<BackupDisk> auto& v)
{
    at("@name", v.name);
    at("@backup", v.backup);
    at("@type", v.type);
    at("@backupmode", v.mode);
    at("@incremental", v.incremental);
    at("@exportname", v.export_name);
    at("@exportbitmap", v.export_bitmap);
    at("@index", v.index);
    at("driver/@type", v.format);
    at("target", v.target);
    at("scratch", v.scratch);
}

void map(auto& at, Like<BackupConfig> auto& v)
{
    at("@mode", v.mode);
    at("incremental", v.incremental);
    at("server", v.server);
    at("disks/disk", v.disks);
}

} // namespace vmwright::inline v0::xml::detail
