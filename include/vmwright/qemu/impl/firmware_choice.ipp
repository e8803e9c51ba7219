// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/board.hpp>
#include <vmwright/qemu/detail/firmware.hpp>
#include <vmwright/qemu/impl/firmware.ipp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

namespace firmware
{
namespace
{

/// `*` and `?` as in file names.
auto matches(std::string_view text, std::string_view pattern) -> bool
{
    if (pattern.empty())
        return text.empty();
    if (pattern.front() == '*')
        return matches(text, pattern.substr(1)) || (!text.empty() && matches(text.substr(1), pattern));
    return !text.empty() && (pattern.front() == '?' || pattern.front() == text.front()) &&
           matches(text.substr(1), pattern.substr(1));
}

auto fits_machine(FirmwareDescriptor const& image, DomainConfig const& config) -> bool
{
    return runs_on(image, board_of(config).arch, config.os.machine.value_or(""));
}

/// What the configuration asks of the image is what the image has.
auto fits(FirmwareDescriptor const& image, DomainConfig const& config) -> bool
{
    auto const& os = config.os;
    auto const has = [&](std::string_view name) { return std::ranges::find(image.features, name) != image.features.end(); };
    auto const wanted = os.firmware == FirmwareKind::efi ? std::string_view{"uefi"} : std::string_view{"bios"};
    if (std::ranges::find(image.interfaces, wanted) == image.interfaces.end() || !fits_machine(image, config))
        return false;
    if ((config.pm.suspend_to_mem == true && !has("acpi-s3")) || (config.pm.suspend_to_disk == true && !has("acpi-s4")))
        return false;
    for (auto const& [enabled, name] : os.firmware_features)
        if (has(to_string(name)) != enabled)
            return false;
    if (os.loader && os.loader->secure == true && !has("requires-smm"))
        return false;
    if (image.device == "flash") {
        auto const stateless = os.loader && os.loader->stateless == true;
        if (image.mode != (stateless ? "stateless" : "split") || image.format != "raw" ||
            (!stateless && image.nvram_format != "raw"))
            return false;
    }
    if (config.launch_security)
        if (auto const* sev = std::get_if<SevGuest>(&config.launch_security->type)) {
            constexpr std::uint32_t needs_encrypted_state = 4;
            return has("amd-sev") && ((sev->policy.value_or(0) & needs_encrypted_state) == 0 || has("amd-sev-es"));
        }
    return true;
}

void take(FirmwareDescriptor const& image, Live& live, HostFacts const& facts)
{
    auto& os = live.config.os;
    if (image.device == "kernel") {
        os.kernel = image.executable;
        return;
    }
    if (!os.loader)
        os.loader.emplace();
    os.loader->path = image.executable;
    os.loader->type = image.device == "flash" ? LoaderType::pflash : LoaderType::rom;
    if (image.device != "flash")
        return;
    os.loader->read_only = true;
    if (image.mode != "split")
        return;
    if (!os.nvram)
        os.nvram.emplace();
    os.nvram->template_path = image.nvram_template;
    if (!has_place(*os.nvram))
        os.nvram->path = default_variables(live.config, facts);
}

void enable_smm(FirmwareDescriptor const& image, Live& live, Diagnostics& out)
{
    auto& smm = live.config.features.smm;
    if (smm && smm->enabled == false)
        out.add({.fault = Fault::conflict,
                 .node = "/domain/features/smm/@state",
                 .message = fmt::format("the chosen firmware, {}, needs system management mode", image.executable),
                 .hint = "say state='on', or ask for firmware without secure-boot"});
    if (!smm)
        smm = Smm{.enabled = true};
    if (live.config.os.loader)
        live.config.os.loader->secure = true;
}

/// What the variables of an image begin as.
auto template_for(std::string const& loader, HostFacts const& facts) -> std::string
{
    auto const described = std::ranges::find(facts.firmware, loader, &FirmwareDescriptor::executable);
    if (described != facts.firmware.end() && !described->nvram_template.empty())
        return described->nvram_template;
    auto const usual = std::ranges::find(facts.nvram_templates, loader, &NvramTemplate::loader);
    return usual != facts.nvram_templates.end() ? usual->path : std::string{};
}

} // namespace
} // namespace firmware

auto runs_on(FirmwareDescriptor const& image, std::string_view arch, std::string_view machine) -> bool
{
    return std::ranges::any_of(image.targets, [&](FirmwareTarget const& target) {
        return target.architecture == arch && std::ranges::any_of(target.machines, [&](std::string const& pattern) {
                   return firmware::matches(machine, pattern);
               });
    });
}

void choose_firmware(Live& live, HostFacts const& facts, Diagnostics& out)
{
    auto& os = live.config.os;
    if (!os.firmware) {
        if (firmware::needs_variables(os) && os.nvram && os.nvram->template_path.empty())
            os.nvram->template_path = firmware::template_for(os.loader->path, facts);
        return;
    }
    auto const found = std::ranges::find_if(
        facts.firmware, [&](FirmwareDescriptor const& image) { return firmware::fits(image, live.config); });
    if (found == facts.firmware.end())
        return out.add({.fault = Fault::missing,
                        .node = "/domain/os/@firmware",
                        .message = fmt::format("the host has no firmware that satisfies '{}' for machine '{}'",
                                               to_string(*os.firmware), os.machine.value_or("")),
                        .hint = "install one with its descriptor, ask for less, or name an image in <loader>"});
    firmware::take(*found, live, facts);
    live.origins.chose("/domain/os/loader", "the first firmware of the host's descriptors that fits");
    if (std::ranges::find(found->features, "requires-smm") != found->features.end())
        firmware::enable_smm(*found, live, out);
    os.firmware.reset();
    os.firmware_features.clear();
}

} // namespace vmwright::inline v0::qemu::detail
