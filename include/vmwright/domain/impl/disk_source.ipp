// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/disk_source.hpp>

namespace vmwright::inline v0
{

auto source_path(DiskSource const& source) -> std::string const&
{
    static std::string const none;
    if (auto const* file = std::get_if<FileSource>(&source))
        return file->file;
    if (auto const* block = std::get_if<BlockSource>(&source))
        return block->dev;
    auto const* dir = std::get_if<DirSource>(&source);
    return dir ? dir->dir : none;
}

auto is_empty(DiskSource const& source) -> bool
{
    if (auto const* network = std::get_if<NetworkSource>(&source))
        return !network->protocol && network->name.empty() && network->hosts.empty();
    if (auto const* volume = std::get_if<VolumeSource>(&source))
        return volume->pool.empty() && volume->volume.empty();
    auto const is_local = source.index() <= DiskSource{DirSource{}}.index();
    return is_local && source_path(source).empty();
}

} // namespace vmwright::inline v0
