// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <map>

namespace vmwright::inline v0::qemu::detail
{

namespace panic
{
namespace
{

auto usual_model(std::string_view arch) -> PanicModel
{
    return arch == "s390x" ? PanicModel::s390 : arch == "ppc64" ? PanicModel::pseries : PanicModel::isa;
}

} // namespace
} // namespace panic

void complete(Panic& p, std::string const& node, Resolving const& at)
{
    at.choose(p.model, panic::usual_model(at.board.arch), node + "/@model", "the architecture's panic device");
}

void translate(Panic const& p, std::string const& node, Translating& at)
{
    if (p.model != PanicModel::isa) // the others are the machine's or the CPU's own
        return;
    auto& device = at.device("pvpanic", node);
    if (auto const* isa = address_as<IsaAddress>(p.info))
        device.set("ioport", isa->iobase);
}

void check(Panic const& p, std::string const& node, Checking const& at)
{
    auto const arch = std::string_view{at.capabilities.arch};
    auto const model = p.model.value_or(panic::usual_model(arch));
    auto const need = [&](bool holds, std::string_view who) {
        if (!holds)
            at.error(node + (p.model ? "/@model" : ""), Fault::not_supported,
                     fmt::format("only {} has a panic device '{}'", who, to_string(model)), "remove it");
        if (p.info.address)
            at.error(node + "/address", Fault::conflict,
                     fmt::format("the panic device '{}' has no address", to_string(model)), "leave the address out");
    };
    switch (model) {
    case PanicModel::s390: return need(arch == "s390x", "s390");
    case PanicModel::hyperv: return need(arch == "x86_64" || arch == "i386", "x86");
    case PanicModel::pseries: return need(at.machine_contains("pseries"), "a pSeries machine");
    case PanicModel::isa:
        if (!at.capabilities.has_device("pvpanic"))
            at.error(node + (p.model ? "/@model" : ""), Fault::not_supported,
                     fmt::format("QEMU {} for {} has no panic device 'isa'", to_string(at.capabilities.version), arch),
                     "remove it");
        if (p.info.address && !address_as<IsaAddress>(p.info))
            at.error(node + "/address/@type", Fault::conflict, "the panic device 'isa' sits on ISA only",
                     "use type='isa', or leave the address out");
    }
}

void check_all(std::vector<Panic> const& panics, Checking const& at)
{
    std::map<PanicModel, std::size_t> seen;
    for (std::size_t i = 0; i < panics.size(); ++i) {
        auto const model = panics[i].model.value_or(panic::usual_model(at.capabilities.arch));
        if (auto const [first, is_new] = seen.emplace(model, i); !is_new)
            at.error(device_node("panic", i), Fault::duplicate,
                     fmt::format("there is a panic device '{}' already", to_string(model)), "remove one of them");
    }
}

} // namespace vmwright::inline v0::qemu::detail
