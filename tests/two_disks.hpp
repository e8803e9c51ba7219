// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/domain.hpp>

#include <string>

/// A domain with the disks vda and vdb, for documents that are about one and do not have it in them.
inline auto two_disks() -> vmwright::DomainConfig
{
    vmwright::DomainConfig domain{.name = "d"};
    for (auto const* letter : {"a", "b"}) {
        vmwright::Disk disk;
        disk.source = vmwright::FileSource{.file = std::string{"/var/lib/libvirt/images/"} + letter + ".qcow2"};
        disk.target.dev = std::string{"vd"} + letter;
        domain.devices.disks.push_back(disk);
    }
    return domain;
}
