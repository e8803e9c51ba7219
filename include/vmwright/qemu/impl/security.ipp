// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/security.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace vmwright::inline v0::qemu::detail
{

namespace security
{
namespace
{

auto is_none(SecurityLabel const& label) -> bool
{
    return label.type == SecurityLabelType::none || label.model == "none";
}

void check_label(SecurityLabel const& label, std::string const& node, Checking const& at)
{
    using enum SecurityLabelType;
    if (label.model == "none")
        return;
    if (label.type == none && label.relabel == true)
        at.error(node + "/@relabel", Fault::conflict, "nothing is relabelled for a label of type none", "say relabel='no'");
    if (label.type == dynamic && label.relabel == false)
        at.error(node + "/@relabel", Fault::conflict, "what a dynamic label names is relabelled", "say relabel='yes'");
    if (label.type == static_ && label.label.empty())
        at.error(node, Fault::missing, "a static label needs a <label>", "add it, or use type='dynamic'");
    if (label.model.empty() && !is_none(label) &&
        (label.type == static_ || !label.base_label.empty() || at.config.security_labels.size() > 1))
        at.error(node, Fault::missing, "the label names no security model", "add model='selinux', 'apparmor' or 'dac'");
    else if (!label.model.empty() && !is_none(label))
        at.warning(
            node, Fault::ignored,
            fmt::format("no security driver labels anything here; the label of model '{}' has no effect", label.model));
}

void check_labels(Checking const& at)
{
    auto const& labels = at.config.security_labels;
    std::set<std::string> models;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        auto const node = fmt::format("/domain/seclabel[{}]", i + 1);
        check_label(labels[i], node, at);
        if (labels[i].model.empty() && labels.size() > 1 && is_none(labels[i]))
            at.error(node, Fault::missing, "of several labels each names its security model", "add @model");
        else if (!labels[i].model.empty() && !models.insert(labels[i].model).second)
            at.error(node + "/@model", Fault::duplicate,
                     fmt::format("there is a label of model '{}' already", labels[i].model), "remove one of them");
    }
}

void check_key_wrap(Checking const& at)
{
    auto const& ciphers = at.config.key_wrap;
    auto const machine = at.config.os.machine.value_or("");
    for (std::size_t i = 0; i < ciphers.size(); ++i) {
        auto const node = fmt::format("/domain/keywrap/cipher[{}]", i + 1);
        auto const name = to_string(ciphers[i].name);
        if (std::ranges::count(ciphers, ciphers[i].name, &KeyWrapCipher::name) > 1)
            at.error(node, Fault::duplicate, fmt::format("the cipher '{}' is named twice", name), "remove one of them");
        else if (!at.capabilities.machine_has(machine, fmt::format("{}-key-wrap", name)))
            at.error(node, Fault::not_supported, fmt::format("machine '{}' does not wrap keys", machine),
                     "remove <keywrap>; only s390 machines do");
    }
}

void check_launch(Checking const& at)
{
    if (!at.config.launch_security)
        return;
    constexpr auto node = "/domain/launchSecurity/@type";
    if (std::holds_alternative<SevGuest>(at.config.launch_security->type)) {
        if (!at.facts.sev || !at.capabilities.has_object("sev-guest"))
            at.error(node, Fault::not_supported, "this host and its emulator cannot run SEV guests",
                     "remove <launchSecurity>, or use a host of AMD EPYC processors with SEV enabled");
    } else if (!at.capabilities.has_object("s390-pv-guest"))
        at.error(node, Fault::not_supported, "the emulator cannot run protected s390 guests", "remove <launchSecurity>");
}

void complete(SecurityLabel& label, bool is_only_one)
{
    using enum SecurityLabelType;
    // nothing labels here, as with a libvirt that has no security driver
    if (is_only_one && label.model.empty() && (label.type == none || (label.type == dynamic && label.base_label.empty())))
        label.model = "none";
    if (is_none(label)) {
        label = {.type = none, .model = label.model};
        return;
    }
    label.relabel = label.relabel.value_or(label.type == dynamic);
    label.image_label.clear();
    (label.type == dynamic ? label.label : label.base_label).clear();
}

} // namespace
} // namespace security

void check_security(Checking const& at)
{
    security::check_labels(at);
    security::check_key_wrap(at);
    security::check_launch(at);
}

void complete_security(Resolving& at)
{
    auto& labels = at.config.security_labels;
    for (auto& label : labels)
        security::complete(label, labels.size() == 1);
    std::ranges::stable_sort(at.config.key_wrap, {}, &KeyWrapCipher::name);
}

void choose_launch_security(DomainConfig& config, HostFacts const& facts)
{
    auto* sev = config.launch_security ? std::get_if<SevGuest>(&config.launch_security->type) : nullptr;
    if (!sev || !facts.sev)
        return;
    sev->cbitpos = sev->cbitpos.value_or(facts.sev->cbitpos);
    sev->reduced_phys_bits = sev->reduced_phys_bits.value_or(facts.sev->reduced_phys_bits);
}

auto files_of_launch_security(DomainConfig const& config, HostFacts const& facts) -> std::vector<PlannedFile>
{
    std::vector<PlannedFile> files;
    auto const* sev = config.launch_security ? std::get_if<SevGuest>(&config.launch_security->type) : nullptr;
    if (sev && !sev->dh_cert.empty())
        files.push_back({.path = fmt::format("{}/dh_cert.base64", facts.directories.lib), .text = sev->dh_cert});
    if (sev && !sev->session.empty())
        files.push_back({.path = fmt::format("{}/session.base64", facts.directories.lib), .text = sev->session});
    return files;
}

void set_security(Option& machine, DomainConfig const& config)
{
    for (auto const& cipher : config.key_wrap)
        machine.set(fmt::format("{}-key-wrap", to_string(cipher.name)), cipher.enabled);
    if (config.launch_security)
        machine.set("confidential-guest-support", "lsec0");
}

void translate_security(Translating& at)
{
    auto const& launch = at.config.launch_security;
    if (!launch)
        return;
    constexpr auto node = "/domain/launchSecurity";
    auto const* sev = std::get_if<SevGuest>(&launch->type);
    if (!sev) {
        at.object("s390-pv-guest", "lsec0", node);
        return;
    }
    auto& object = at.object("sev-guest", "lsec0", node)
                       .set("cbitpos", sev->cbitpos)
                       .set("reduced-phys-bits", sev->reduced_phys_bits)
                       .set("policy", sev->policy.value_or(0));
    if (!sev->dh_cert.empty())
        object.set("dh-cert-file", fmt::format("{}/dh_cert.base64", at.facts.directories.lib));
    if (!sev->session.empty())
        object.set("session-file", fmt::format("{}/session.base64", at.facts.directories.lib));
    object.set("kernel-hashes", sev->kernel_hashes);
}

} // namespace vmwright::inline v0::qemu::detail
