// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/helper.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

namespace swtpm_helper
{
namespace
{

/// As libvirt's log of swtpm_setup shows them.
auto banks(PcrBanks const& active) -> std::string
{
    std::string list;
    for (auto const& [is_active, name] : {std::pair{active.sha1, "sha1"}, std::pair{active.sha256, "sha256"},
                                          std::pair{active.sha384, "sha384"}, std::pair{active.sha512, "sha512"}})
        if (is_active)
            list += fmt::format("{}{}", list.empty() ? "" : ",", name);
    return list;
}

/// A TPM's certificates are signed by an authority of this state directory's own, which swtpm_localca makes when it signs
/// the first: the host's may be for other users.
auto authority(std::string const& directory, std::string const& setup) -> std::vector<PlannedFile>
{
    auto const programs = setup.substr(0, setup.rfind('/') + 1);
    return {{.path = directory + "/swtpm_setup.conf",
             .text = fmt::format("create_certs_tool = {0}swtpm_localca\n"
                                 "create_certs_tool_config = {1}/swtpm-localca.conf\n"
                                 "create_certs_tool_options = {1}/swtpm-localca.options\n"
                                 "active_pcr_banks = sha256\n",
                                 programs, directory)},
            {.path = directory + "/swtpm-localca.conf",
             .text = fmt::format("statedir = {0}/keys\n"
                                 "signingkey = {0}/keys/signkey.pem\n"
                                 "issuercert = {0}/keys/issuercert.pem\n"
                                 "certserial = {0}/keys/certserial\n",
                                 directory)},
            {.path = directory + "/swtpm-localca.options",
             .text = "--platform-manufacturer QEMU\n--platform-version 2.1\n--platform-model QEMU\n"}};
}

} // namespace
} // namespace swtpm_helper

auto swtpm(Tpm const& tpm, std::string const& node, Translating& at) -> Helper
{
    auto const emulator = std::get<EmulatedTpm>(tpm.backend);
    auto const is_2_0 = emulator.version != TpmVersion::v1_2;
    auto const uuid = to_string(at.config.uuid.value_or(Uuid{}));
    auto const& directory = at.facts.directories.tpm;
    auto helper = helper_for(HelperKind::swtpm, at.facts.helpers.swtpm, tpm.info, node);
    helper.state = fmt::format("{}/{}/{}", directory, uuid, is_2_0 ? "tpm2" : "tpm1.2");
    if (helper.state.find(',') != helper.state.npos)
        at.error(node + "/backend", Fault::not_supported,
                 fmt::format("swtpm takes no directory with a comma in its name, as '{}'", helper.state),
                 "use another directory for this host's state");

    add_option(helper.options, "socket", node).raw = true;
    add_option(helper.options, "ctrl", node, "the emulator's connection")
        .set("type", "unixio")
        .set("clientfd", Slot{helper.slot, "0"});
    add_option(helper.options, "tpmstate", node).set("dir", helper.state).set("mode", "0600");
    add_option(helper.options, "terminate", node, "a helper ends with the emulator");
    if (is_2_0)
        add_option(helper.options, "tpm2", node);

    auto const authority = directory + "/ca";
    helper.files = swtpm_helper::authority(authority, at.facts.helpers.swtpm_setup);
    auto const begin = [&](bool once) -> HelperStep& {
        helper.steps.push_back({.program = at.facts.helpers.swtpm_setup, .once = once});
        auto& step = helper.steps.back();
        if (is_2_0)
            add_option(step.options, "tpm2", node);
        add_option(step.options, "config", node, "an authority of the host's own").set("", authority + "/swtpm_setup.conf");
        add_option(step.options, "tpm-state", node).set("", helper.state);
        return step;
    };
    constexpr auto rule = std::string_view{"a new TPM has keys and certificates"};
    auto& make = begin(true);
    add_option(make.options, "vmid", node, rule).set("", fmt::format("{}:{}", at.config.name, uuid));
    for (auto const* const name : {"createek", "create-ek-cert", "create-platform-cert", "lock-nvram", "not-overwrite"})
        add_option(make.options, name, node, rule);
    if (auto const list = swtpm_helper::banks(emulator.active_pcr_banks.value_or(PcrBanks{})); !list.empty()) {
        auto& change = begin(false);
        add_option(change.options, "pcr-banks", node + "/backend/active_pcr_banks").set("", list);
        add_option(change.options, "reconfigure", node + "/backend/active_pcr_banks");
    }
    return helper;
}

} // namespace vmwright::inline v0::qemu::detail
