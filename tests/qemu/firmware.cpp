// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>

#include <algorithm>

using namespace vmwright;

namespace
{

auto profile() -> qemu::Capabilities const&
{
    static auto const value = qemu::load_capabilities(qemu::profile_text(qemu::shipped_profile("x86_64"))).value();
    return value;
}

auto small() -> DomainConfig
{
    DomainConfig config{.name = "small", .memory = MiB(64)};
    config.os.arch = "x86_64";
    config.os.machine = "pc-q35-7.2";
    config.features.acpi = true;
    return config;
}

auto efi() -> DomainConfig
{
    auto config = small();
    config.os.firmware = FirmwareKind::efi;
    return config;
}

auto pflash(std::string path) -> DomainConfig
{
    auto config = small();
    config.os.loader = {.read_only = true, .type = LoaderType::pflash, .path = std::move(path)};
    return config;
}

auto faults(DomainConfig const& config, qemu::HostFacts const& facts = qemu::debian12()) -> std::vector<std::string>
{
    std::vector<std::string> list;
    for (auto const& diagnostic : qemu::plan(config, profile(), facts).diagnostics)
        list.push_back(format(diagnostic));
    return list;
}

auto only_fault(DomainConfig const& config, qemu::HostFacts const& facts = qemu::debian12()) -> std::string
{
    auto const list = faults(config, facts);
    REQUIRE(list.size() == 1);
    return list.front();
}

/// What a start makes of the choice.
auto chosen(DomainConfig const& config, qemu::HostFacts const& facts = qemu::debian12()) -> Os
{
    return qemu::prepare(qemu::resolve(config, profile(), facts).value(), facts).value().config.os;
}

} // namespace

TEST_CASE("The first image of the host's that has what is asked is the firmware")
{
    CHECK(chosen(efi()).loader->path == "/usr/share/OVMF/OVMF_CODE_4M.ms.fd");
    CHECK(chosen(efi()).nvram->path == "/var/lib/libvirt/qemu/nvram/small_VARS.fd");

    auto config = efi();
    config.os.firmware_features = {{false, FirmwareFeatureName::enrolled_keys}};
    CHECK(chosen(config).loader->path == "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd");

    config.os.firmware_features = {{false, FirmwareFeatureName::secure_boot}};
    CHECK(chosen(config).loader->path == "/usr/share/OVMF/OVMF_CODE_4M.fd");
    CHECK_FALSE(chosen(config).loader->secure);

    config = efi();
    config.os.machine = "pc-i440fx-7.2";
    CHECK(chosen(config).loader->path == "/usr/share/OVMF/OVMF_CODE_4M.fd");
}

TEST_CASE("What no image of the host has is told at the choice")
{
    auto config = efi();
    config.os.firmware = FirmwareKind::bios;
    CHECK(only_fault(config) ==
          "error: /domain/os/@firmware: the host has no firmware that satisfies 'bios' for machine 'pc-q35-7.2'; install "
          "one with its descriptor, ask for less, or name an image in <loader>");

    config = efi();
    config.pm.suspend_to_disk = true; // no image of Debian's has acpi-s4
    CHECK_THAT(only_fault(config), Catch::Contains("no firmware that satisfies 'efi'"));

    auto facts = qemu::debian12();
    std::erase_if(facts.firmware, [](auto const& image) { return image.executable.find("ms.fd") != std::string::npos; });
    config = efi();
    config.os.firmware_features = {{true, FirmwareFeatureName::enrolled_keys}};
    CHECK_THAT(only_fault(config, facts), Catch::Contains("no firmware that satisfies 'efi'"));
}

TEST_CASE("Firmware that needs system management mode enables it, unless it is off")
{
    auto const live = qemu::prepare(qemu::resolve(efi(), profile(), qemu::debian12()).value(), qemu::debian12()).value();
    CHECK(live.config.features.smm == Smm{.enabled = true});
    CHECK(live.config.os.loader->secure == true);

    auto config = efi();
    config.features.smm = {.enabled = false};
    CHECK_THAT(only_fault(config), Catch::StartsWith("error: /domain/features/smm/@state: the chosen firmware, "));
}

TEST_CASE("Variables begin as a copy of the image's own template")
{
    auto const plan = [](DomainConfig const& config) { return qemu::plan(config, profile(), qemu::debian12()).value(); };
    CHECK(plan(pflash("/usr/share/OVMF/OVMF_CODE_4M.fd")).files ==
          std::vector<qemu::PlannedFile>{
              {.path = "/var/lib/libvirt/qemu/nvram/small_VARS.fd", .copy_of = "/usr/share/OVMF/OVMF_VARS_4M.fd"}});
    CHECK(plan(pflash("/usr/share/OVMF/OVMF_CODE.fd")).files.at(0).copy_of == "/usr/share/OVMF/OVMF_VARS.fd");
    CHECK(plan(pflash("/srv/own.fd")).files.empty());

    auto config = pflash("/srv/own.fd");
    config.os.nvram = {.template_path = "/srv/own-vars.fd", .path = "/srv/small.fd"};
    CHECK(plan(config).files.at(0) == qemu::PlannedFile{.path = "/srv/small.fd", .copy_of = "/srv/own-vars.fd"});
}

TEST_CASE("What the host chooses cannot be given as well")
{
    auto config = efi();
    config.os.loader = {.read_only = true, .type = LoaderType::pflash, .path = "/a.fd"};
    config.os.nvram = {.template_path = "/b.fd"};
    CHECK(faults(config).size() == 4);

    config = small();
    config.os.firmware_features = {{true, FirmwareFeatureName::secure_boot}};
    CHECK_THAT(only_fault(config), Catch::StartsWith("error: /domain/os/firmware: features of the firmware mean nothing"));

    config = small();
    config.os.loader = {.read_only = true};
    CHECK_THAT(only_fault(config), Catch::StartsWith("error: /domain/os/loader: the firmware has no path"));

    config = efi();
    config.os.firmware_features = {{true, FirmwareFeatureName::enrolled_keys}, {false, FirmwareFeatureName::secure_boot}};
    CHECK_THAT(only_fault(config), Catch::StartsWith("error: /domain/os/firmware: firmware without secure-boot"));
}

TEST_CASE("A stateless loader has no variables")
{
    auto config = pflash("/a.fd");
    config.os.loader->stateless = true;
    CHECK_FALSE(chosen(config).nvram);
    config.os.nvram = {.path = "/b.fd"};
    CHECK_THAT(only_fault(config), Catch::Contains("a stateless loader has no NVRAM"));

    config = small();
    config.os.loader = {.stateless = false, .path = "/bios.bin"};
    CHECK_THAT(only_fault(config), Catch::Contains("only a loader of type pflash has NVRAM"));
}

TEST_CASE("Secure boot needs a q35 machine with system management mode")
{
    auto config = pflash("/a.fd");
    config.os.loader->secure = true;
    CHECK_THAT(only_fault(config), Catch::Contains("secure boot needs system management mode"));
    config.features.smm.emplace();
    CHECK(faults(config).empty());
    config.os.machine = "pc-i440fx-7.2";
    CHECK_THAT(only_fault(config), Catch::Contains("secure boot needs a q35 machine"));
}

TEST_CASE("UEFI needs ACPI on x86")
{
    auto config = efi();
    config.features.acpi = false;
    CHECK_THAT(only_fault(config), Catch::StartsWith("error: /domain/os/@firmware: UEFI needs ACPI on x86_64"));
    config = pflash("/a.fd");
    config.features.acpi = false;
    CHECK_THAT(only_fault(config), Catch::StartsWith("error: /domain/os/loader: UEFI needs ACPI"));
}

TEST_CASE("Variables are on a file, a block device or the network, as a whole")
{
    auto config = pflash("/a.fd");
    config.os.nvram = {.source = DirSource{"/vars"}};
    CHECK_THAT(only_fault(config), Catch::Contains("NVRAM cannot be of type 'dir'"));
    config.os.nvram = {.source = FileSource{"/vars"}, .options = {.slice = StorageSlice{.offset = 0, .size = 1}}};
    CHECK_THAT(only_fault(config), Catch::Contains("NVRAM cannot be a part of its storage"));
}

TEST_CASE("TSEG is whole MiB of a q35 machine")
{
    auto config = small();
    config.features.smm = {.tseg = KiB(1500)};
    CHECK_THAT(only_fault(config), Catch::Contains("1536000 bytes of TSEG are not whole MiB"));
    config.features.smm->tseg = MiB(16);
    CHECK(faults(config).empty());
    config.os.machine = "pc-i440fx-7.2";
    CHECK_THAT(only_fault(config), Catch::Contains("only a q35 machine has TSEG"));
    config.features.smm->enabled = false; // then nothing is asked of it
    CHECK(faults(config).empty());
}

TEST_CASE("A boot menu waits at most 65535 ms, and the BIOS talks on a serial port that is there")
{
    auto config = small();
    config.os.boot_menu = {.enabled = true, .timeout = 65536};
    CHECK_THAT(only_fault(config), Catch::StartsWith("error: /domain/os/bootmenu/@timeout: 65536"));
    config.os.boot_menu->enabled = false;
    CHECK(faults(config).empty());
    config.os.bios = {.use_serial = true};
    CHECK_THAT(only_fault(config), Catch::StartsWith("error: /domain/os/bios/@useserial"));
}

TEST_CASE("QEMU has no boot loader on the host and no init process")
{
    auto config = small();
    config.bootloader = "/usr/bin/pygrub";
    CHECK_THAT(only_fault(config), Catch::StartsWith("error: /domain/bootloader: QEMU has no boot loader"));
    config = small();
    config.os.init.path = "/sbin/init";
    CHECK_THAT(only_fault(config), Catch::StartsWith("warning: /domain/os/init: "));
    CHECK(chosen(config).init == Init{});
}

TEST_CASE("A descriptor of QEMU's format is read")
{
    auto const image = qemu::read_firmware_descriptor(R"({
        "description": "UEFI", "interface-types": ["uefi"],
        "mapping": {"device": "flash",
                    "executable": {"filename": "/code.fd", "format": "raw"},
                    "nvram-template": {"filename": "/vars.fd", "format": "raw"}},
        "targets": [{"architecture": "x86_64", "machines": ["pc-q35-*"]}],
        "features": ["acpi-s3"], "tags": []})")
                           .value();
    CHECK(image == qemu::FirmwareDescriptor{.interfaces = {"uefi"},
                                            .device = "flash",
                                            .mode = "split",
                                            .executable = "/code.fd",
                                            .format = "raw",
                                            .nvram_template = "/vars.fd",
                                            .nvram_format = "raw",
                                            .targets = {{.architecture = "x86_64", .machines = {"pc-q35-*"}}},
                                            .features = {"acpi-s3"}});
    CHECK(
        qemu::read_firmware_descriptor(R"({"mapping": {"device": "memory", "filename": "/bios.bin"}})").value().executable ==
        "/bios.bin");
    CHECK(qemu::read_firmware_descriptor("{}").has_error());
    CHECK(qemu::read_firmware_descriptor("[").has_error());
}
