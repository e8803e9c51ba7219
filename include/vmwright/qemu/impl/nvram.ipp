// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

void translate(Nvram const& n, std::string const& node, Translating& at)
{
    if (auto const* address = address_as<SpaprVioAddress>(n.info); address && address->reg)
        at.add("global", node).set("spapr-nvram.reg", fmt::format("{:#x}", *address->reg));
}

void check(Nvram const&, std::string const& node, Checking const& at)
{
    if (!at.machine_contains("pseries"))
        at.error(node, Fault::not_supported, "only a pSeries machine has an nvram device",
                 "remove it; <nvram> of UEFI firmware stands in <os>");
}

} // namespace vmwright::inline v0::qemu::detail
