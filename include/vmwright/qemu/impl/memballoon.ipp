// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

namespace vmwright::inline v0::qemu::detail
{

void check(Memballoon const& b, std::string const& node, Checking const& at)
{
    if (b.model == MemballoonModel::xen)
        at.error(node + "/@model", Fault::not_supported, "QEMU has no memory balloon 'xen'", "use virtio or none");
}

void complete(Memballoon& b, std::string const&, Resolving const&)
{
    if (b.stats_period == 0U) // as if nothing were said
        b.stats_period.reset();
}

auto pci_needs(Memballoon const& b) -> unsigned
{
    if (b.model == MemballoonModel::none || b.model == MemballoonModel::xen)
        return pci_none;
    return b.model == MemballoonModel::virtio_transitional ? pci_ordinary : pcie_ordinary;
}

void translate(Memballoon const& b, std::string const& node, Translating& at)
{
    if (b.model == MemballoonModel::none || b.model == MemballoonModel::xen)
        return;
    auto& device = at.device(virtio_driver("virtio-balloon", b.info, b.model == MemballoonModel::virtio_transitional,
                                           b.model == MemballoonModel::virtio_non_transitional),
                             node)
                       .set("id", b.info.alias);
    at.place(device, b.info);
    device.set("deflate-on-oom", b.autodeflate).set("free-page-reporting", b.free_page_reporting);
    set_virtio(device, b.virtio);
}

} // namespace vmwright::inline v0::qemu::detail
