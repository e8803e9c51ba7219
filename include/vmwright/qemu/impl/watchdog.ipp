// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

auto pci_needs(Watchdog const& w) -> unsigned
{
    return w.model == WatchdogModel::i6300esb ? pci_ordinary : pci_none;
}

void complete(Watchdog& w, std::string const& node, Resolving const& at)
{
    at.choose(w.action, WatchdogAction::reset, node + "/@action", "a watchdog resets the guest");
}

void translate(Watchdog const& w, std::string const& node, Translating& at)
{
    auto& device = at.device(to_string(w.model), node).set("id", w.info.alias);
    at.place(device, w.info);
    // QEMU cannot write a dump: it stops the guest, and who watches it does
    auto const action = w.action.value_or(WatchdogAction::reset);
    at.add("watchdog-action", node + "/@action")
        .set("", to_string(action == WatchdogAction::dump ? WatchdogAction::pause : action));
}

void check(Watchdog const& w, std::string const& node, Checking const& at)
{
    auto const& address = w.info.address;
    auto const refuse = [&](std::string_view what) {
        at.error(node + "/address/@type", Fault::conflict, fmt::format("the watchdog '{}' {}", to_string(w.model), what),
                 "leave the address out");
    };
    switch (w.model) {
    case WatchdogModel::i6300esb:
        if (address && !address_as<PciAddress>(w.info))
            refuse("sits on PCI only");
        break;
    case WatchdogModel::ib700:
        if (address && !address_as<IsaAddress>(w.info))
            refuse("sits on ISA only");
        break;
    case WatchdogModel::diag288:
        if (address)
            refuse("has no address");
        break;
    }
    if (w.action == WatchdogAction::dump)
        at.note(node + "/@action", Fault::needs_watcher,
                "QEMU cannot dump the guest's memory by itself: it pauses the guest for a program that does",
                "keep one that watches the domain, or use reset");
    auto const is_s390 = at.capabilities.arch == "s390x";
    if (w.model == WatchdogModel::diag288 && !is_s390)
        at.error(node + "/@model", Fault::not_supported, "only s390 has the watchdog 'diag288'", "use i6300esb");
    else if (!at.capabilities.has_device(to_string(w.model)))
        at.error(node + "/@model", Fault::not_supported,
                 fmt::format("QEMU {} for {} has no watchdog '{}'", to_string(at.capabilities.version), at.capabilities.arch,
                             to_string(w.model)),
                 is_s390 ? "use diag288" : "use i6300esb");
}

} // namespace vmwright::inline v0::qemu::detail
