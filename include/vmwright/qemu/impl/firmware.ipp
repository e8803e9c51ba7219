// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/disk.hpp>
#include <vmwright/qemu/detail/firmware.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

namespace firmware
{
namespace
{

auto is_pflash(Os const& os) -> bool
{
    return os.loader && os.loader->type == LoaderType::pflash && !os.loader->path.empty();
}

/// UEFI as libvirt knows it: an image for all guests, and variables for each one.
auto needs_variables(Os const& os) -> bool
{
    return is_pflash(os) && os.loader->read_only == true && os.loader->stateless != true;
}

auto has_place(LoaderNvram const& nvram) -> bool
{
    return nvram.source || !nvram.path.empty();
}

/// The file that holds the variables; empty for other storage.
auto file_of(LoaderNvram const& nvram) -> std::string
{
    if (!nvram.source)
        return nvram.path;
    auto const* file = std::get_if<FileSource>(&*nvram.source);
    return file ? file->file : std::string{};
}

auto default_variables(DomainConfig const& config, HostFacts const& facts) -> std::string
{
    return fmt::format("{}/{}_VARS.fd", facts.directories.nvram, config.name);
}

auto feature(Os const& os, FirmwareFeatureName name) -> std::optional<bool>
{
    auto const found = std::ranges::find(os.firmware_features, name, &FirmwareFeature::name);
    return found == os.firmware_features.end() ? std::nullopt : std::optional{found->enabled};
}

void check_choice(Os const& os, Checking const& at)
{
    auto const forbid = [&](bool is_said, std::string node, std::string_view what) {
        if (is_said)
            at.error(std::move(node), Fault::conflict,
                     fmt::format("{} cannot be given when the firmware is chosen by the host's descriptors", what),
                     "leave it out, or leave out <os firmware='…'>");
    };
    if (os.loader) {
        forbid(os.loader->read_only.has_value(), "/domain/os/loader/@readonly", "readonly");
        forbid(os.loader->type.has_value(), "/domain/os/loader/@type", "the loader's type");
        forbid(!os.loader->path.empty(), "/domain/os/loader", "the loader's path");
    }
    forbid(os.nvram && !os.nvram->template_path.empty(), "/domain/os/nvram/@template", "a template");
    using enum FirmwareFeatureName;
    if (feature(os, enrolled_keys) == true && feature(os, secure_boot) == false)
        at.error("/domain/os/firmware", Fault::conflict, "firmware without secure-boot has no use for enrolled-keys",
                 "enable secure-boot, or disable enrolled-keys");
}

void check_stateless(Os const& os, Checking const& at)
{
    auto const& loader = *os.loader;
    if (loader.stateless == true && os.nvram && (has_place(*os.nvram) || !os.nvram->template_path.empty()))
        at.error("/domain/os/nvram", Fault::conflict, "a stateless loader has no NVRAM",
                 "remove <nvram>, or stateless='yes'");
    if (loader.stateless != false)
        return;
    if (os.firmware ? os.firmware != FirmwareKind::efi : loader.type != LoaderType::pflash)
        at.error("/domain/os/loader/@stateless", Fault::conflict,
                 os.firmware ? "only firmware='efi' has NVRAM" : "only a loader of type pflash has NVRAM",
                 "remove stateless='no'");
}

void check_secure(Os const& os, Checking const& at)
{
    if (!os.loader || os.loader->secure != true)
        return;
    auto const refuse = [&](std::string message, std::string hint) {
        at.error("/domain/os/loader/@secure", Fault::not_supported, std::move(message), std::move(hint));
    };
    auto const& smm = at.config.features.smm;
    auto const board = board_of(at.config);
    if (board.family != BoardFamily::q35)
        refuse("secure boot needs a q35 machine", "use machine='q35', or remove secure='yes'");
    else if (board.arch != "x86_64")
        refuse(fmt::format("secure boot is not possible on {}", board.arch), "use arch='x86_64'");
    else if (!os.firmware && !(smm && smm->enabled != false))
        refuse("secure boot needs system management mode", "add <smm state='on'/> to <features>");
}

/// On x86 UEFI finds the devices by ACPI's tables, which on aarch64 come through UEFI alone.
void check_acpi(Os const& os, Checking const& at)
{
    auto const board = board_of(at.config);
    auto const is_uefi = os.firmware == FirmwareKind::efi || (os.loader && os.loader->type == LoaderType::pflash);
    if (is_uefi && board.is_x86() && !at.config.features.acpi)
        at.error(os.firmware ? "/domain/os/@firmware" : "/domain/os/loader", Fault::missing,
                 fmt::format("UEFI needs ACPI on {}", board.arch), "add <acpi/> to <features>");
    if (!is_uefi && board.arch == "aarch64" && at.config.features.acpi)
        at.error("/domain/features/acpi", Fault::not_supported, "ACPI needs UEFI on aarch64",
                 "remove it, or add firmware='efi' to <os>");
}

void check_nvram(Os const& os, Checking const& at)
{
    if (!os.nvram || !os.nvram->source)
        return;
    auto const& source = *os.nvram->source;
    auto const& options = os.nvram->options;
    if (!std::holds_alternative<FileSource>(source) && !std::holds_alternative<BlockSource>(source) &&
        !std::holds_alternative<NetworkSource>(source))
        return at.error("/domain/os/nvram/@type", Fault::not_supported,
                        fmt::format("NVRAM cannot be of type '{}'", disk_source_names[source.index()]),
                        "use file, block or network");
    if (options.slice)
        at.error("/domain/os/nvram/source/slices", Fault::not_supported, "NVRAM cannot be a part of its storage",
                 "remove <slices>");
    if (options.reservations)
        at.error("/domain/os/nvram/source/reservations", Fault::not_supported, "NVRAM cannot have persistent reservations",
                 "remove <reservations>");
    check_source(source, options, "/domain/os/nvram", at);
    if (options.auth)
        check_auth(*options.auth, source, "/domain/os/nvram/source/auth", at);
    if (options.encryption)
        check_encryption(*options.encryption, source, "raw", "/domain/os/nvram/source/encryption", at);
}

void check_menu(Os const& os, Checking const& at)
{
    constexpr std::uint32_t longest = 65535;
    if (os.boot_menu && os.boot_menu->enabled == true && os.boot_menu->timeout.value_or(0) > longest)
        at.error("/domain/os/bootmenu/@timeout", Fault::bad_number,
                 fmt::format("{} is not a timeout of the boot menu", *os.boot_menu->timeout),
                 fmt::format("give 0 to {} milliseconds", longest));
    if (os.bios && os.bios->use_serial == true && !at.board().is_x86())
        at.error("/domain/os/bios/@useserial", Fault::not_supported, "only the BIOS of a PC talks on a serial port",
                 "remove it");
    else if (os.bios && os.bios->use_serial == true && !has_serial_port(at.config))
        at.error("/domain/os/bios/@useserial", Fault::missing, "the BIOS has no serial port to talk on",
                 "add a <serial> device");
    if (os.acpi_tables.size() > 1)
        at.error("/domain/os/acpi/table[2]", Fault::not_supported, "a domain can have one ACPI table", "remove the others");
    for (auto const& table : os.acpi_tables)
        if (table.path.empty())
            at.error("/domain/os/acpi/table", Fault::missing, "the ACPI table has no file", "name one");
}

/// What containers have.
void check_init(Init const& init, Checking const& at)
{
    auto const ignored = [&](bool is_said, std::string_view name) {
        if (is_said)
            at.warning(fmt::format("/domain/os/{}", name), Fault::ignored,
                       "a virtual machine has no init process of the host's", remove_it());
    };
    ignored(!init.path.empty(), "init");
    ignored(!init.arguments.empty(), "initarg");
    ignored(!init.environment.empty(), "initenv");
    ignored(!init.directory.empty(), "initdir");
    ignored(!init.user.empty(), "inituser");
    ignored(!init.group.empty(), "initgroup");
}

void check_smm(Checking const& at)
{
    auto const& smm = at.config.features.smm;
    if (!smm)
        return;
    auto const machine = at.config.os.machine.value_or("");
    if (!machine.empty() && at.capabilities.find_machine(machine) && !at.capabilities.machine_has(machine, "smm"))
        at.warning("/domain/features/smm", Fault::not_supported,
                   fmt::format("machine '{}' has no system management mode", machine), "remove <smm>");
    if (smm->enabled == false || !smm->tseg)
        return;
    constexpr std::uint64_t mib = 1024 * 1024;
    if (board_of(at.config).family != BoardFamily::q35)
        at.error("/domain/features/smm/tseg", Fault::not_supported, "only a q35 machine has TSEG",
                 "remove <tseg>, or use machine='q35'");
    else if (smm->tseg->bytes % mib != 0)
        at.error("/domain/features/smm/tseg", Fault::bad_number,
                 fmt::format("{} bytes of TSEG are not whole MiB", smm->tseg->bytes), "give a multiple of 1 MiB");
}

} // namespace
} // namespace firmware

void check_firmware(Checking const& at)
{
    auto const& os = at.config.os;
    if (os.firmware)
        firmware::check_choice(os, at);
    else {
        if (!os.firmware_features.empty())
            at.error("/domain/os/firmware", Fault::conflict,
                     "features of the firmware mean nothing when it is not chosen by the host's descriptors",
                     "add firmware='efi' to <os>, or remove <firmware>");
        if ((os.loader || os.nvram) && (!os.loader || os.loader->path.empty()))
            at.error(os.loader ? "/domain/os/loader" : "/domain/os/nvram", Fault::missing,
                     "the firmware has no path and is not chosen either",
                     "give <loader> the path of an image, or add firmware='efi' to <os>");
    }
    if (os.loader)
        firmware::check_stateless(os, at);
    firmware::check_secure(os, at);
    firmware::check_acpi(os, at);
    firmware::check_nvram(os, at);
    firmware::check_menu(os, at);
    firmware::check_smm(at);
    firmware::check_init(os.init, at);
    if (!at.config.bootloader.empty() || !at.config.bootloader_args.empty())
        at.error(at.config.bootloader.empty() ? "/domain/bootloader_args" : "/domain/bootloader", Fault::not_supported,
                 "QEMU has no boot loader on the host", "use <kernel>, or the guest's own");
}

void complete_firmware(Resolving& at)
{
    auto& os = at.config.os;
    os.init = {};
    std::ranges::stable_sort(os.firmware_features, {}, &FirmwareFeature::name);
    if (os.loader && !os.loader->path.empty())
        at.choose(os.loader->type, LoaderType::rom, "/domain/os/loader/@type", "a loader is a ROM");
    if (os.nvram && os.nvram->source)
        complete_source(*os.nvram->source, os.nvram->options, "/domain/os/nvram", at);
    if (os.nvram && *os.nvram == LoaderNvram{})
        os.nvram.reset();
    if (!os.firmware && firmware::needs_variables(os) && !(os.nvram && firmware::has_place(*os.nvram))) {
        if (!os.nvram)
            os.nvram.emplace();
        os.nvram->path = firmware::default_variables(at.config, at.facts);
        at.origins.chose("/domain/os/nvram", "variables beside a read-only UEFI image");
    }
    if (os.smbios == SmbiosMode::none)
        os.smbios.reset();
    if (os.boot_menu && os.boot_menu->enabled != true)
        os.boot_menu->timeout.reset();
    if (os.boot_menu && !os.boot_menu->enabled)
        os.boot_menu.reset();
    if (auto& smm = at.config.features.smm; smm && (smm->enabled == false || smm->tseg == Size{}))
        smm->tseg.reset();
}

auto files_of_firmware(DomainConfig const& config) -> std::vector<PlannedFile>
{
    auto const& nvram = config.os.nvram;
    if (!firmware::is_pflash(config.os) || !nvram || nvram->template_path.empty() || firmware::file_of(*nvram).empty())
        return {};
    return {{.path = firmware::file_of(*nvram), .copy_of = nvram->template_path}};
}

namespace firmware
{
namespace
{

void add_flash(int unit, LoaderNvram const& flash, bool read_only, std::string const& node, Translating& at)
{
    auto const storage = fmt::format("libvirt-pflash{}-storage", unit);
    auto const format = fmt::format("libvirt-pflash{}-format", unit);
    auto const& encryption = flash.options.encryption;
    auto const is_luks = encryption && encryption->engine != EncryptionEngine::librbd;
    auto properties = storage_properties(flash.source.value_or(FileSource{flash.path}), flash.options, storage, node, at);
    auto& lower = at.add("blockdev", node);
    lower.properties = std::move(properties);
    lower.set("node-name", storage).set("auto-read-only", true).set("discard", "unmap");
    auto const key = is_luks ? add_secret(format, "encryption", node, at) : std::string{};
    auto& upper = at.add("blockdev", node);
    upper.set("node-name", format).set("read-only", read_only).set("driver", is_luks ? "luks" : "raw");
    if (is_luks)
        upper.set("key-secret", key);
    upper.set("file", storage);
}

} // namespace
} // namespace firmware

void set_firmware(Option& machine, DomainConfig const& config)
{
    if (!firmware::is_pflash(config.os))
        return;
    machine.set("pflash0", "libvirt-pflash0-format");
    if (config.os.nvram && firmware::has_place(*config.os.nvram))
        machine.set("pflash1", "libvirt-pflash1-format");
}

void translate_flash(Translating& at)
{
    auto const& os = at.config.os;
    if (!firmware::is_pflash(os))
        return;
    firmware::add_flash(0, {.path = os.loader->path}, os.loader->read_only == true, "/domain/os/loader", at);
    if (os.nvram && firmware::has_place(*os.nvram))
        firmware::add_flash(1, *os.nvram, false, "/domain/os/nvram", at);
}

void translate_firmware(Translating& at)
{
    auto const& os = at.config.os;
    if (os.loader && !os.loader->path.empty() && os.loader->type != LoaderType::pflash)
        at.add("bios", "/domain/os/loader").set("", os.loader->path);
    if (os.loader && os.loader->secure == true)
        at.add("global", "/domain/os/loader/@secure")
            .set("driver", "cfi.pflash01")
            .set("property", "secure")
            .set("value", true);
    if (auto const& smm = at.config.features.smm; smm && smm->tseg)
        at.add("global", "/domain/features/smm/tseg").set("mch.extended-tseg-mbytes", smm->tseg->mib());
    for (auto const& table : os.acpi_tables)
        at.add("acpitable", "/domain/os/acpi/table").set("sig", "SLIC").set("file", table.path);
}

} // namespace vmwright::inline v0::qemu::detail
