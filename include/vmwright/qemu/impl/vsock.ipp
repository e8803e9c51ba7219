// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

auto pci_needs(Vsock const& v) -> unsigned
{
    return v.model == VsockModel::virtio_transitional ? pci_ordinary : pcie_ordinary;
}

void complete(Vsock& v, std::string const& node, Resolving const& at)
{
    at.choose(v.model, VsockModel::virtio, node + "/@model", "the usual vsock device");
    at.choose(v.cid.auto_, !v.cid.address, node + "/cid/@auto", "a number is chosen where none is given");
}

void translate(Vsock const& v, std::string const& node, Translating& at)
{
    auto& device = at.device(virtio_driver("vhost-vsock", v.info, v.model == VsockModel::virtio_transitional,
                                           v.model == VsockModel::virtio_non_transitional),
                             node)
                       .set("id", v.info.alias)
                       .set("guest-cid", v.cid.address.value_or(0));
    device.set("vhostfd", Slot{fmt::format("vsock:{}", v.info.alias.value_or("")), "-1"});
    set_virtio(device, v.virtio);
    at.place(device, v.info);
}

void check(Vsock const& v, std::string const& node, Checking const& at)
{
    constexpr std::uint32_t first_cid = 3;
    if (v.cid.address && *v.cid.address < first_cid)
        at.error(node + "/cid/@address", Fault::bad_number, fmt::format("{} is not the number of a guest", *v.cid.address),
                 "give 3 or more");
    if (v.cid.auto_ == false && !v.cid.address)
        at.warning(node + "/cid", Fault::missing, "the vsock has no number, and none is chosen for it",
                   "add address='3' or more, or use auto='yes'");
}

} // namespace vmwright::inline v0::qemu::detail
