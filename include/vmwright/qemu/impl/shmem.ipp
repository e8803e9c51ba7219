// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

void check(Shmem const& shmem, std::string const& node, Checking const& at)
{
    auto const model = to_string(shmem.model);
    if (!at.capabilities.has_device(model))
        at.error(node + "/model/@type", Fault::not_supported,
                 fmt::format("QEMU {} has no device '{}'", to_string(at.capabilities.version), model),
                 "use ivshmem-plain or ivshmem-doorbell");
    if (shmem.name.find('/') != std::string::npos || shmem.name.empty() || shmem.name == "." || shmem.name == "..")
        at.error(node + "/@name", Fault::bad_text, fmt::format("'{}' cannot be a file's name", shmem.name),
                 "leave out '/', and do not call it '.' or '..'");
    auto const is_plain = shmem.model == ShmemModel::ivshmem_plain;
    if (is_plain && shmem.server)
        at.error(node + "/server", Fault::not_supported, "ivshmem-plain has no server", "use ivshmem-doorbell");
    else if (is_plain && shmem.msi)
        at.error(node + "/msi", Fault::not_supported, "ivshmem-plain has no interrupts", "use ivshmem-doorbell");
    if (shmem.model == ShmemModel::ivshmem_doorbell && !shmem.server)
        at.error(node, Fault::missing, "ivshmem-doorbell needs a server", "add <server path='…'/>");
    if (shmem.model == ShmemModel::ivshmem_doorbell && shmem.size)
        at.error(node + "/size", Fault::not_supported, "the server of ivshmem-doorbell knows the size", "leave it out");
    else if (shmem.size && (shmem.size->bytes & (shmem.size->bytes - 1)) != 0)
        at.error(node + "/size", Fault::bad_number, fmt::format("{} bytes are no power of two", shmem.size->bytes),
                 "give 1, 2, 4, 8… with unit='M'");
    else if (shmem.size && shmem.size->bytes != 0 && *shmem.size < MiB(1))
        at.error(node + "/size", Fault::bad_number, fmt::format("{} bytes are less than 1 MiB", shmem.size->bytes),
                 "give 1 MiB or more");
}

auto pci_needs(Shmem const&) -> unsigned
{
    return pci_ordinary;
}

void complete(Shmem& shmem, std::string const& node, Resolving const& at)
{
    if (shmem.model != ShmemModel::ivshmem_doorbell) {
        if (shmem.size == Size{})
            shmem.size.reset();
        at.choose(shmem.size, MiB(4), node + "/size", "libvirt's size of shared memory");
        return;
    }
    at.choose(shmem.msi, ShmemMsi{}, node + "/msi", "doorbells are interrupts");
    at.choose(shmem.msi->ioeventfd, true, node + "/msi/@ioeventfd", "doorbells ring in the kernel");
}

void translate(Shmem const& shmem, std::string const& node, Translating& at)
{
    auto const alias = shmem.info.alias.value_or("");
    auto const memory = fmt::format("shmmem-{}", alias);
    std::string chardev;
    if (shmem.server)
        chardev =
            add_chardev(UnixChar{.mode = SocketMode::client, .path = shmem.server->path}, std::nullopt, alias, node, at);
    else
        at.object("memory-backend-file", memory, node)
            .set("mem-path", fmt::format("/dev/shm/{}", shmem.name))
            .set("size", shmem.size.value_or(MiB(4)).bytes)
            .set("share", true);
    auto& device = at.device(to_string(shmem.model), node).set("id", shmem.info.alias);
    if (shmem.server)
        device.set("chardev", chardev);
    else
        device.set("memdev", memory);
    if (shmem.msi) {
        device.set_if(shmem.msi->vectors.value_or(0) != 0, "vectors", shmem.msi->vectors.value_or(0));
        device.set("ioeventfd", shmem.msi->ioeventfd);
    }
    if (shmem.role)
        device.set("master", *shmem.role == ShmemRole::master);
    at.place(device, shmem.info);
}

} // namespace vmwright::inline v0::qemu::detail
