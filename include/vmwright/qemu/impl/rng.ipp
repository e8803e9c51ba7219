// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

auto pci_needs(Rng const& r) -> unsigned
{
    return r.model == RngModel::virtio_transitional ? pci_ordinary : pcie_ordinary;
}

void complete(Rng& r, std::string const& node, Resolving const& at)
{
    if (r.rate_bytes.value_or(0) == 0) { // no limit, and nothing that libvirt would keep
        r.rate_bytes.reset();
        r.rate_period.reset();
    }
    auto* random = std::get_if<RandomBackend>(&r.backend);
    if (!random || !random->device.empty())
        return;
    random->device = "/dev/random";
    at.origins.chose(node + "/backend", "entropy of /dev/random");
}

void translate(Rng const& r, std::string const& node, Translating& at)
{
    auto const alias = r.info.alias.value_or("");
    auto const source = fmt::format("obj{}", alias);
    if (auto const* egd = std::get_if<EgdBackend>(&r.backend)) {
        auto const chardev = add_chardev(egd->source, std::nullopt, alias, node, at);
        at.object("rng-egd", source, node).set("chardev", chardev);
    } else if (auto const* random = std::get_if<RandomBackend>(&r.backend))
        at.object("rng-random", source, node).set("filename", random->device);
    else
        at.object("rng-builtin", source, node);
    auto& device = at.device(virtio_driver("virtio-rng", r.info, r.model == RngModel::virtio_transitional,
                                           r.model == RngModel::virtio_non_transitional),
                             node)
                       .set("rng", source)
                       .set("id", r.info.alias);
    if (r.rate_bytes) {
        constexpr std::uint32_t usual_period = 1000; // milliseconds
        device.set("max-bytes", *r.rate_bytes).set("period", r.rate_period.value_or(usual_period));
    }
    set_virtio(device, r.virtio);
    at.place(device, r.info);
}

void check(Rng const& r, std::string const& node, Checking const& at)
{
    if (r.rate_period && r.rate_bytes.value_or(0) == 0)
        at.warning(node + "/rate/@period", Fault::ignored, "a period means nothing without an amount of bytes",
                   "add bytes='…'");
}

} // namespace vmwright::inline v0::qemu::detail
