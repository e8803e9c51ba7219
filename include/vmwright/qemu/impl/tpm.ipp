// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/helper.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

namespace tpm
{
namespace
{

auto is_arm(std::string_view arch) -> bool
{
    return arch == "aarch64" || arch == "arm";
}

auto usual_model(Tpm const& t, std::string_view arch) -> TpmModel
{
    if (arch != "ppc64")
        return TpmModel::tis;
    return std::holds_alternative<PassthroughTpm>(t.backend) ? TpmModel::spapr_proxy : TpmModel::spapr;
}

/// On an ISA bus, or on the system bus of a board that has none.
auto driver_of(TpmModel model, std::string_view arch) -> std::string_view
{
    return model == TpmModel::tis && arch != "x86_64" && arch != "i386" ? "tpm-tis-device" : to_string(model);
}

auto usual_version(TpmModel model, std::string_view arch) -> TpmVersion
{
    return model == TpmModel::tis && !is_arm(arch) ? TpmVersion::v1_2 : TpmVersion::v2_0;
}

void check_emulator(EmulatedTpm const& emulator, TpmModel model, std::string const& node, Checking const& at)
{
    auto const arch = std::string_view{at.capabilities.arch};
    if (emulator.version.value_or(usual_version(model, arch)) != TpmVersion::v1_2)
        return;
    if (model != TpmModel::tis)
        at.error(node + "/@model", Fault::conflict, fmt::format("a TPM 1.2 has no interface '{}'", to_string(model)),
                 "use tpm-tis, or version='2.0'");
    if (is_arm(arch))
        at.error(node + "/backend/@version", Fault::not_supported, "there is no TPM 1.2 for ARM", "use version='2.0'");
    if (emulator.active_pcr_banks && emulator.active_pcr_banks != PcrBanks{})
        at.error(node + "/backend/active_pcr_banks", Fault::conflict, "a TPM 1.2 has no choice of PCR banks",
                 "use version='2.0'");
}

/// QEMU's words for the back end; the chardev of an emulator is its helper's connection.
void add_backend(Tpm const& t, std::string const& id, std::string const& node, Translating& at)
{
    constexpr std::string_view chardev = "chrtpm";
    if (auto const* passthrough = std::get_if<PassthroughTpm>(&t.backend)) {
        at.add("tpmdev", node).set("", "passthrough").set("id", id).set("path", passthrough->device);
        return;
    }
    auto& socket = at.add("chardev", node);
    if (auto const* external = std::get_if<ExternalTpm>(&t.backend))
        socket.set("", "socket").set("id", chardev).set("path", external->path);
    else {
        auto helper = swtpm(t, node, at);
        socket.set("", Slot{helper.slot, "null"}).set("id", chardev);
        at.add_helper(std::move(helper));
    }
    at.add("tpmdev", node).set("", "emulator").set("id", id).set("chardev", chardev);
}

} // namespace
} // namespace tpm

void complete(Tpm& t, std::string const& node, Resolving const& at)
{
    at.choose(t.model, tpm::usual_model(t, at.board.arch), node + "/@model", "the architecture's TPM");
    if (auto* passthrough = std::get_if<PassthroughTpm>(&t.backend); passthrough && passthrough->device.empty()) {
        passthrough->device = "/dev/tpm0";
        at.origins.chose(node + "/backend/device/@path", "the host's first TPM");
    }
    if (auto* emulator = std::get_if<EmulatedTpm>(&t.backend)) {
        at.choose(emulator->version, tpm::usual_version(*t.model, at.board.arch), node + "/backend/@version",
                  "the version that goes with the TPM's model");
        if (emulator->persistent_state == false)
            emulator->persistent_state.reset();
    }
    if (auto* external = std::get_if<ExternalTpm>(&t.backend))
        at.choose(external->mode, SocketMode::client, node + "/backend/source/@mode", "QEMU connects to the emulator");
}

void translate(Tpm const& t, std::string const& node, Translating& at)
{
    auto const model = t.model.value_or(TpmModel::tis);
    if (model == TpmModel::spapr_proxy) {
        auto const* passthrough = std::get_if<PassthroughTpm>(&t.backend);
        at.device(to_string(model), node).set("id", t.info.alias).set("host-path", passthrough ? passthrough->device : "");
        return;
    }
    auto const backend = fmt::format("tpm-{}", t.info.alias.value_or(""));
    tpm::add_backend(t, backend, node, at);
    auto& device = at.device(tpm::driver_of(model, at.board.arch), node).set("tpmdev", backend).set("id", t.info.alias);
    at.place(device, t.info);
}

void check(Tpm const& t, std::string const& node, Checking const& at)
{
    auto const arch = std::string_view{at.capabilities.arch};
    auto const model = t.model.value_or(tpm::usual_model(t, arch));
    if (auto const* emulator = std::get_if<EmulatedTpm>(&t.backend))
        tpm::check_emulator(*emulator, model, node, at);
    if (auto const* external = std::get_if<ExternalTpm>(&t.backend)) {
        if (external->mode == SocketMode::server)
            at.error(node + "/backend/source/@mode", Fault::not_supported, "QEMU does not wait for an external TPM",
                     "use mode='connect'");
        if (external->path.empty())
            at.error(node + "/backend/source/@path", Fault::missing, "the external TPM has no socket", "add path='…'");
    }
    if (model == TpmModel::spapr_proxy && !std::holds_alternative<PassthroughTpm>(t.backend))
        at.error(node + "/backend/@type", Fault::conflict, "a TPM proxy needs the host's own TPM", "use type='passthrough'");
    if (!at.capabilities.has_device(tpm::driver_of(model, arch)))
        at.error(node + (t.model ? "/@model" : ""), Fault::not_supported,
                 fmt::format("QEMU {} for {} has no TPM '{}'", to_string(at.capabilities.version), arch, to_string(model)),
                 tpm::is_arm(arch) ? "use tpm-tis" : "remove it, or use another model");
}

void check_all(std::vector<Tpm> const& tpms, Checking const& at)
{
    std::size_t count[2]{};
    for (std::size_t i = 0; i < tpms.size(); ++i) {
        auto const model = tpms[i].model.value_or(tpm::usual_model(tpms[i], at.capabilities.arch));
        if (++count[model == TpmModel::spapr_proxy ? 1 : 0] > 1)
            at.error(device_node("tpm", i), Fault::duplicate,
                     model == TpmModel::spapr_proxy ? "there is a TPM proxy already" : "there is a TPM already",
                     "remove one of them");
    }
}

} // namespace vmwright::inline v0::qemu::detail
