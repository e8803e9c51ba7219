// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/domain/backup.hpp>
#include <vmwright/domain/detail/checking.hpp>
#include <vmwright/domain/detail/moments.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0
{

namespace detail::backup
{
namespace
{

constexpr auto root = "/domainbackup";

void check_server(BackupServer const& server, Findings const& at)
{
    constexpr std::uint32_t highest_port = 65535;
    auto const node = fmt::format("{}/server", root);
    auto const transport = server.transport.value_or(HostTransport::tcp);
    if (transport == HostTransport::rdma)
        at.error(node + "/@transport", Fault::not_supported, "no NBD server listens by 'rdma'", "use tcp or unix");
    if (transport == HostTransport::unix_) {
        if (server.socket.empty())
            at.error(node, Fault::missing, "a server of transport 'unix' has a socket", "add socket='…'");
        else if (!server.socket.starts_with('/'))
            at.error(node + "/@socket", Fault::bad_text, fmt::format("'{}' is not an absolute path", server.socket),
                     "begin it with a slash");
        return;
    }
    if (server.name.empty())
        at.error(node, Fault::missing, "the server has no address", "add name='localhost'");
    if (!server.port)
        at.error(node, Fault::missing, "the server has no port", "add port='10809'");
    else if (*server.port == 0 || *server.port > highest_port)
        at.error(node + "/@port", Fault::bad_number, fmt::format("{} is not a port", *server.port), "give 1 to 65535");
    if (!server.socket.empty())
        at.error(node + "/@socket", Fault::conflict, "a server of transport 'tcp' has no socket", "use transport='unix'");
}

void check_store(BackupStore const& store, std::optional<BackupStoreType> type, std::string const& node, Findings const& at)
{
    auto const is_block = type == BackupStoreType::block;
    auto const& path = is_block ? store.dev : store.file;
    auto const name = is_block ? "dev" : "file";
    if (path.empty())
        at.error(node, Fault::missing, fmt::format("a store of type '{}' has a path", is_block ? "block" : "file"),
                 fmt::format("add {}='…'", name));
    else if (!path.starts_with('/'))
        at.error(fmt::format("{}/@{}", node, name), Fault::bad_text, fmt::format("'{}' is not an absolute path", path),
                 "begin it with a slash");
    if (!(is_block ? store.file : store.dev).empty())
        at.error(fmt::format("{}/@{}", node, is_block ? "file" : "dev"), Fault::conflict,
                 fmt::format("a store of type '{}' is named by {}", is_block ? "block" : "file", name), "remove it");
    if (store.encryption)
        check_new_encryption(*store.encryption, node + "/encryption", at);
}

/// The disk with all that is about it.
struct Rules
{
    BackupConfig const& backup;
    BackupDisk const& disk;
    std::string const& node;
    Findings const& at;

    void stores() const;
    void increment() const;
};

void Rules::stores() const
{
    constexpr auto formats = name_list("raw", "dir", "bochs", "cloop", "dmg", "iso", "vpc", "vdi", "fat", "vhd", "ploop",
                                       "luks", "cow", "qcow", "qcow2", "qed", "vmdk");
    auto const is_pull = backup.mode == BackupMode::pull;
    auto const& store = is_pull ? disk.scratch : disk.target;
    auto const wrong = [&](bool is_said, std::string_view path, std::string_view what) {
        if (is_said)
            at.error(fmt::format("{}/{}", node, path), Fault::not_supported,
                     fmt::format("a backup of mode '{}' has no {}", is_pull ? "pull" : "push", what), "remove it");
    };
    wrong(is_pull && disk.target, "target", "target");
    wrong(!is_pull && disk.scratch, "scratch", "scratch");
    wrong(!is_pull && !disk.export_name.empty(), "@exportname", "export");
    wrong(!is_pull && !disk.export_bitmap.empty(), "@exportbitmap", "export");
    if (disk.backup == false) {
        if (disk.type || store || !disk.format.empty())
            at.error(node, Fault::conflict, fmt::format("the disk '{}' is not in the backup, and has a store", disk.name),
                     "use backup='yes'");
        return;
    }
    if (store)
        check_store(*store, disk.type, fmt::format("{}/{}", node, is_pull ? "scratch" : "target"), at);
    else if (disk.type == BackupStoreType::block)
        at.error(node, Fault::missing, "a store of type 'block' has a path",
                 is_pull ? "add <scratch dev='…'/>" : "add <target dev='…'/>");
    if (disk.format.empty())
        return;
    if (is_pull && disk.format != "qcow2")
        at.error(node + "/driver/@type", Fault::not_supported,
                 fmt::format("a pull keeps nothing in format '{}'", disk.format), "use qcow2");
    else if (std::ranges::find(formats, disk.format) == formats.end())
        at.error(node + "/driver/@type", Fault::unknown_value, fmt::format("'{}' is not an image format", disk.format),
                 suggestion(disk.format, formats));
}

void Rules::increment() const
{
    auto const since = !disk.incremental.empty() || !backup.incremental.empty();
    if (disk.mode == BackupDiskMode::full && !disk.incremental.empty())
        at.error(node + "/@incremental", Fault::conflict,
                 fmt::format("the disk '{}' is backed up in full, and since '{}'", disk.name, disk.incremental),
                 "remove one of them");
    if (disk.mode == BackupDiskMode::incremental && !since)
        at.error(node, Fault::missing, fmt::format("since when the disk '{}' is backed up is not said", disk.name),
                 "add incremental='…', a checkpoint");
}

auto check(BackupConfig const& backup, DomainConfig const* domain) -> Diagnostics
{
    Diagnostics out;
    Findings const at{out};
    auto const is_pull = backup.mode == BackupMode::pull;
    if (is_pull && !backup.server)
        at.error(root, Fault::missing, "a backup of mode 'pull' has a server",
                 "add <server name='localhost' port='10809'/>");
    else if (!is_pull && backup.server)
        at.error(fmt::format("{}/server", root), Fault::not_supported, "a backup of mode 'push' has no server", "remove it");
    else if (backup.server)
        check_server(*backup.server, at);
    std::vector<std::string> names;
    for (auto const& disk : backup.disks) {
        names.push_back(disk.name);
        auto const node = fmt::format("{}/disks/disk[{}]", root, names.size());
        Rules const rules{backup, disk, node, at};
        rules.stores();
        rules.increment();
    }
    check_disk_names(names, domain, root, at);
    return out;
}

} // namespace
} // namespace detail::backup

auto check(BackupConfig const& backup) -> Diagnostics
{
    return detail::backup::check(backup, nullptr);
}

auto check(BackupConfig const& backup, DomainConfig const& domain) -> Diagnostics
{
    return detail::backup::check(backup, &domain);
}

auto complete(BackupConfig backup, DomainConfig const& domain) -> BackupConfig
{
    backup.mode = backup.mode.value_or(BackupMode::push);
    if (backup.server)
        backup.server->transport = backup.server->transport.value_or(HostTransport::tcp);
    auto const are_all_meant = backup.disks.empty();
    for (auto const& disk : domain.devices.disks)
        if (std::ranges::find(backup.disks, disk.target.dev, &BackupDisk::name) == backup.disks.end())
            backup.disks.push_back(
                {.name = disk.target.dev, .backup = are_all_meant && !is_empty(disk.source) && !disk.read_only});
    for (auto& disk : backup.disks) {
        disk.backup = disk.backup.value_or(true);
        if (!*disk.backup)
            continue;
        auto const* since = disk.incremental.empty() ? &backup.incremental : &disk.incremental;
        disk.type = disk.type.value_or(BackupStoreType::file);
        disk.mode = disk.mode.value_or(since->empty() ? BackupDiskMode::full : BackupDiskMode::incremental);
        if (*disk.mode == BackupDiskMode::incremental && disk.incremental.empty())
            disk.incremental = *since;
        if (disk.format.empty())
            disk.format = "qcow2";
        if (*backup.mode == BackupMode::pull && disk.export_name.empty())
            disk.export_name = disk.name;
    }
    return backup;
}

} // namespace vmwright::inline v0
