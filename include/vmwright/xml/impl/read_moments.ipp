// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/backup.hpp>
#include <vmwright/xml/checkpoint.hpp>
#include <vmwright/xml/snapshot.hpp>

#include <vmwright/xml/detail/read.hpp>
#include <vmwright/xml/impl/backup.ipp>
#include <vmwright/xml/impl/checkpoint.ipp>
#include <vmwright/xml/impl/snapshot.ipp>

namespace vmwright::inline v0::xml
{

auto read_snapshot(std::string_view text, Limits limits) -> Parsed<SnapshotConfig>
{
    return detail::read<SnapshotConfig>(text, "domainsnapshot", limits);
}

auto write_snapshot(SnapshotConfig const& config) -> std::string
{
    return detail::write(config, "domainsnapshot");
}

auto update_snapshot(Document const& document, SnapshotConfig const& config) -> std::string
{
    return detail::update(document, config);
}

auto read_checkpoint(std::string_view text, Limits limits) -> Parsed<CheckpointConfig>
{
    return detail::read<CheckpointConfig>(text, "domaincheckpoint", limits);
}

auto write_checkpoint(CheckpointConfig const& config) -> std::string
{
    return detail::write(config, "domaincheckpoint");
}

auto update_checkpoint(Document const& document, CheckpointConfig const& config) -> std::string
{
    return detail::update(document, config);
}

auto read_backup(std::string_view text, Limits limits) -> Parsed<BackupConfig>
{
    return detail::read<BackupConfig>(text, "domainbackup", limits);
}

auto write_backup(BackupConfig const& config) -> std::string
{
    return detail::write(config, "domainbackup");
}

auto update_backup(Document const& document, BackupConfig const& config) -> std::string
{
    return detail::update(document, config);
}

} // namespace vmwright::inline v0::xml
