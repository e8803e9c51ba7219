// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/domain/detail/moments.hpp>
#include <vmwright/domain/snapshot.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0
{

namespace detail::snapshot
{
namespace
{

constexpr auto root = "/domainsnapshot";

/// Whether something of it is kept in files of its own.
auto is_external(SnapshotConfig const& snapshot) -> bool
{
    return snapshot.state == SnapshotState::disk_snapshot ||
           (snapshot.memory && snapshot.memory->mode == DiskSnapshot::external) ||
           std::ranges::any_of(snapshot.disks, [](auto const& d) { return d.mode == DiskSnapshot::external; });
}

auto path_of(SnapshotSource const& source) -> std::string const*
{
    if (auto const* file = std::get_if<FileSource>(&source))
        return &file->file;
    auto const* block = std::get_if<BlockSource>(&source);
    return block ? &block->dev : nullptr;
}

void check_memory(SnapshotMemory const& memory, Findings const& at)
{
    auto const node = fmt::format("{}/memory", root);
    auto const mode = memory.mode.value_or(memory.file.empty() ? DiskSnapshot::no : DiskSnapshot::external);
    if (mode == DiskSnapshot::manual)
        at.error(node + "/@snapshot", Fault::unknown_value, "'manual' is not a way to keep memory",
                 "use no, internal or external");
    else if (mode == DiskSnapshot::external && memory.file.empty())
        at.error(node, Fault::missing, "memory that is kept outside has no file", "add file='…'");
    else if (mode != DiskSnapshot::external && !memory.file.empty())
        at.error(node + "/@file", Fault::conflict,
                 fmt::format("memory in the file '{}' is kept outside, not '{}'", memory.file, to_string(mode)),
                 "use snapshot='external'");
    else if (!memory.file.empty() && !memory.file.starts_with('/'))
        at.error(node + "/@file", Fault::bad_text, fmt::format("'{}' is not an absolute path", memory.file),
                 "begin it with a slash");
}

void check_disk(SnapshotDisk const& disk, std::string const& node, Findings const& at)
{
    constexpr auto formats = name_list("cow", "qcow", "qcow2", "qed", "vmdk");
    constexpr auto images = name_list("raw", "bochs", "cloop", "dmg", "iso", "vpc", "vdi", "fat", "vhd", "ploop");
    auto const* path = path_of(disk.source);
    auto const has_source = path ? !path->empty() : true;
    if (disk.mode && *disk.mode != DiskSnapshot::external && has_source)
        at.error(node + "/source", Fault::conflict,
                 fmt::format("the disk '{}' is kept '{}', and has a new image", disk.name, to_string(*disk.mode)),
                 "use snapshot='external', or remove the source");
    if (path && has_source && !path->starts_with('/'))
        at.error(node + "/source", Fault::bad_text, fmt::format("'{}' is not an absolute path", *path),
                 "begin it with a slash");
    if (disk.format.empty() || std::ranges::find(formats, disk.format) != formats.end())
        return;
    auto const place = node + "/driver/@type";
    if (std::ranges::find(images, disk.format) != images.end())
        at.warning(place, Fault::not_supported,
                   fmt::format("an image of format '{}' cannot be based on another one", disk.format), "use qcow2");
    else
        at.error(place, Fault::unknown_value, fmt::format("'{}' is not an image format", disk.format),
                 suggestion(disk.format, formats));
}

auto check(SnapshotConfig const& snapshot, DomainConfig const* domain) -> Diagnostics
{
    Diagnostics out;
    Findings const at{out};
    check_moment_name(snapshot.name, "snapshot", at);
    if (!snapshot.parent.empty() && snapshot.parent == snapshot.name)
        at.error(fmt::format("{}/parent/name", root), Fault::conflict,
                 fmt::format("the snapshot '{}' is its own parent", snapshot.name), "name another one");
    if (snapshot.memory)
        check_memory(*snapshot.memory, at);
    std::vector<std::string> names;
    for (auto const& disk : snapshot.disks) {
        names.push_back(disk.name);
        check_disk(disk, fmt::format("{}/disks/disk[{}]", root, names.size()), at);
    }
    check_disk_names(names, domain, root, at);
    return out;
}

/// The image's path with the snapshot's name in place of its suffix.
auto new_path(std::string path, std::string_view name) -> std::string
{
    auto const dot = path.rfind('.');
    if (dot != std::string::npos && path.find('/', dot) == std::string::npos)
        path.resize(dot);
    return fmt::format("{}.{}", path, name);
}

} // namespace
} // namespace detail::snapshot

auto check(SnapshotConfig const& snapshot) -> Diagnostics
{
    return detail::snapshot::check(snapshot, nullptr);
}

auto check(SnapshotConfig const& snapshot, DomainConfig const& domain) -> Diagnostics
{
    return detail::snapshot::check(snapshot, &domain);
}

auto complete(SnapshotConfig snapshot, DomainConfig const& domain) -> SnapshotConfig
{
    auto const is_off =
        snapshot.state == SnapshotState::shutoff || snapshot.state == SnapshotState::disk_snapshot || !snapshot.state;
    if (!snapshot.memory)
        snapshot.memory = SnapshotMemory{.mode = is_off ? DiskSnapshot::no : DiskSnapshot::internal};
    else if (!snapshot.memory->mode)
        snapshot.memory->mode = snapshot.memory->file.empty() ? DiskSnapshot::no : DiskSnapshot::external;
    auto const usual = detail::snapshot::is_external(snapshot) ? DiskSnapshot::external : DiskSnapshot::internal;
    snapshot.disks = detail::in_order_of(domain, std::move(snapshot.disks), [](auto const&) { return SnapshotDisk{}; });
    for (std::size_t i = 0; i < snapshot.disks.size(); ++i) {
        auto& disk = snapshot.disks[i];
        auto const& of_domain = domain.devices.disks[i];
        if (!disk.mode)
            disk.mode = is_empty(of_domain.source) ? DiskSnapshot::no : of_domain.snapshot.value_or(usual);
        auto* file = std::get_if<FileSource>(&disk.source);
        auto const* old = std::get_if<FileSource>(&of_domain.source);
        if (*disk.mode == DiskSnapshot::external && file && file->file.empty() && old && !snapshot.name.empty())
            file->file = detail::snapshot::new_path(old->file, snapshot.name);
    }
    return snapshot;
}

} // namespace vmwright::inline v0
