// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/disk.hpp>

namespace vmwright::inline v0
{

auto Disk::file(std::string_view path, std::string_view target) -> Disk
{
    Disk disk;
    disk.source = FileSource{std::string{path}};
    disk.driver = DiskDriver{.name = "qemu", .type = path.ends_with(".qcow2") ? "qcow2" : "raw"};
    disk.target.dev = target;
    return disk;
}

} // namespace vmwright::inline v0
