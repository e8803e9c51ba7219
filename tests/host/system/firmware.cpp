// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "host/support.hpp"
#include "skip.hpp"

#include <vmwright/xml/domain.hpp>

#include <filesystem>
#include <fstream>
#include <string>

using namespace vmwright;

TEST_CASE("The variables of a UEFI guest begin as its template and outlive the run")
{
    constexpr auto code = "/usr/share/OVMF/OVMF_CODE_4M.fd";
    constexpr auto variables = "/usr/share/OVMF/OVMF_VARS_4M.fd";
    if (!std::filesystem::exists(code))
        return skip("there is no OVMF");
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto config = small_guest("demo");
    config.memory = MiB(128);
    config.os.loader = Loader{.read_only = true, .type = LoaderType::pflash, .path = code};
    config.genid = Uuid{};
    config.qemu.command_line = {.arguments = {"-fw_cfg", "name=opt/a,string=b"}};
    auto const domain = host.define(config);
    auto const kept = xml::read_domain(domain.definition()).value();
    CHECK(kept.genid != Uuid{});
    REQUIRE(kept.os.nvram);
    {
        Ended const ended{domain};
        domain.start({.paused = true});
        CHECK(text_of(kept.os.nvram->path) == text_of(variables));
    }
    std::ofstream{kept.os.nvram->path, std::ios::in | std::ios::binary} << "changed";
    Ended const ended{domain};
    domain.start({.paused = true});
    CHECK(text_of(kept.os.nvram->path).starts_with("changed"));
}

TEST_CASE("A UEFI guest gets the host's own firmware")
{
    if (!std::filesystem::exists("/usr/share/qemu/firmware/60-edk2-x86_64.json"))
        return skip("the host describes no firmware");
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto config = small_guest("demo");
    config.memory = MiB(128);
    config.os.firmware = FirmwareKind::efi;
    auto const domain = host.define(config);
    Ended const ended{domain};
    domain.start({.paused = true});
    auto const answer = domain.qmp_command(R"({"execute":"query-block"})");
    INFO(answer);
    CHECK(answer.find("OVMF_CODE") != std::string::npos);
}
