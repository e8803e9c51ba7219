// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "documents.hpp"

#include <vmwright/qemu/domain_capabilities.hpp>
#include <vmwright/xml/capabilities.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

using namespace vmwright;
using documents::profile;

namespace
{

/// The host that virsh's answers in tests/data were recorded on: see tests/capabilities.
auto recorded_host() -> qemu::HostFacts
{
    auto facts = qemu::debian12();
    facts.helpers.swtpm = "/usr/bin/swtpm";
    facts.firmware_files = {"/usr/share/AAVMF/AAVMF_CODE.ms.fd",    "/usr/share/AAVMF/AAVMF_CODE.fd",
                            "/usr/share/OVMF/OVMF_CODE_4M.ms.fd",   "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd",
                            "/usr/share/OVMF/OVMF_CODE_4M.fd",      "/usr/share/OVMF/OVMF_CODE.fd",
                            "/usr/share/OVMF/OVMF_CODE.secboot.fd", "/usr/share/OVMF/OVMF_CODE.ms.fd"};
    std::erase_if(facts.firmware, [](qemu::FirmwareDescriptor const& image) {
        return std::ranges::any_of(image.targets, [](auto const& target) { return target.architecture == "arm"; });
    });
    return facts;
}

auto const folder = std::filesystem::path{VMWRIGHT_TEST_DATA} / "capabilities";

auto text_of(std::filesystem::path const& file) -> std::string
{
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

auto capabilities_of(CapabilitiesQuery const& query, qemu::HostFacts const& facts = recorded_host()) -> DomainCapabilities
{
    auto const emulator = query.arch.empty() ? std::string_view{"x86_64"} : qemu::emulator_arch(query.arch);
    return qemu::domain_capabilities(profile(emulator), facts, query).value();
}

auto refusal(CapabilitiesQuery const& query, qemu::HostFacts const& facts = recorded_host()) -> std::string
{
    auto const answer = qemu::domain_capabilities(profile("x86_64"), facts, query);
    REQUIRE(answer.has_error());
    return answer.error().what();
}

} // namespace

TEST_CASE("Domain capabilities are virsh's, but for what the host's processor decides")
{
    auto count = 0;
    for (auto const& entry : std::filesystem::directory_iterator{folder}) {
        auto const name = entry.path().stem().string(); // ARCH.TYPE.MACHINE
        if (name == "guests")
            continue;
        INFO(name);
        ++count;
        auto const first = name.find('.');
        auto const second = name.find('.', first + 1);
        auto const capabilities =
            capabilities_of({.arch = name.substr(0, first),
                             .machine = name.substr(second + 1),
                             .type = from_string<DomainType>(name.substr(first + 1, second - first - 1))});
        CHECK(xml::write_domain_capabilities(capabilities) == text_of(entry.path()));
    }
    CHECK(count == 13);
}

TEST_CASE("Guests of the shipped profiles are those that virsh tells of")
{
    std::vector<qemu::Capabilities> profiles;
    for (auto const arch : {"x86_64", "i386", "aarch64", "arm", "riscv64", "s390x"})
        profiles.push_back(profile(arch));
    std::vector<qemu::Capabilities const*> emulators;
    for (auto const& each : profiles)
        emulators.push_back(&each);
    auto facts = recorded_host();
    facts.kvm.usable = false;
    auto host = qemu::host_capabilities(emulators, facts);
    std::string guests;
    for (auto& guest : host.guests) {
        CHECK(guest.machines.front().name != "none");
        std::ranges::sort(guest.machines, {}, &GuestMachine::name);
        auto const text = xml::write_host_capabilities({.arch = "x86_64", .guests = {guest}});
        auto const begin = text.find("  <guest>");
        auto element = text.substr(begin, text.find("</capabilities>") - begin);
        // Without the margin of the document.
        for (std::string_view rest = element; !rest.empty();) {
            auto const end = rest.find('\n');
            guests.append(rest.substr(2, end - 1));
            rest.remove_prefix(end + 1);
        }
    }
    CHECK(guests == text_of(folder / "guests.xml"));
}

TEST_CASE("What the host has shows in the capabilities")
{
    auto facts = recorded_host();
    facts.helpers.swtpm.clear();
    facts.iommu = facts.vfio = true;
    facts.firmware_files = {"/usr/share/OVMF/OVMF_CODE_4M.fd"};
    facts.sev = qemu::SevFact{.cbitpos = 51, .reduced_phys_bits = 1, .max_guests = 15, .max_es_guests = 4};
    auto const capabilities = capabilities_of({.machine = "q35"}, facts);
    CHECK(capabilities.type == DomainType::kvm);
    CHECK(capabilities.machine.starts_with("pc-q35-"));
    CHECK(capabilities.devices.tpm.backends == std::vector<std::string>{"passthrough"});
    CHECK(capabilities.devices.tpm.versions.empty());
    CHECK(capabilities.devices.hostdev.pci_backends == std::vector<std::string>{"default", "vfio"});
    CHECK(capabilities.os.loader.paths == facts.firmware_files);
    REQUIRE(capabilities.features.sev);
    CHECK(capabilities.features.sev->max_es_guests == 4);
    auto const text = xml::write_domain_capabilities(capabilities);
    CHECK_THAT(text, Catch::Contains("    <sev supported='yes'>\n"
                                     "      <cbitpos>51</cbitpos>\n"
                                     "      <reducedPhysBits>1</reducedPhysBits>\n"
                                     "      <maxGuests>15</maxGuests>\n"
                                     "      <maxESGuests>4</maxESGuests>\n"
                                     "    </sev>\n"));
    CHECK_FALSE(documents::has(text, "backendVersion"));

    facts.kvm.usable = false;
    auto const emulated = capabilities_of({}, facts);
    CHECK(emulated.type == DomainType::qemu);
    CHECK(emulated.machine.starts_with("pc-i440fx-"));
    CHECK_FALSE(emulated.cpu.host_passthrough);
    CHECK_FALSE(emulated.features.sev);
}

TEST_CASE("Without a default machine, the one that is made for guests is taken")
{
    CHECK(capabilities_of({.arch = "riscv64"}).machine == "spike"); // which QEMU calls its default
    CHECK(capabilities_of({.arch = "aarch64"}).machine == "virt-7.2");
    CHECK(capabilities_of({.arch = "aarch64"}).type == DomainType::qemu);
    CHECK(capabilities_of({.arch = "armv6l"}).arch == "armv6l");
}

TEST_CASE("A wrong word for a kind of domain is refused with the nearest right one")
{
    CHECK(refusal({.machine = "q36"}) == "the emulator for x86_64 has no machine 'q36'; did you mean 'q35'?");
    CHECK(refusal({.machine = "none"}) == "the emulator for x86_64 has no machine 'none'");
    CHECK(refusal({.arch = "x86-64"}) == "the emulator for x86_64 has no guests of 'x86-64'; did you mean 'x86_64'?");
    CHECK(refusal({.arch = "aarch64"}) == "the emulator for x86_64 has no guests of 'aarch64'; it is one of 'x86_64'");
    CHECK(refusal({.type = DomainType::xen}) == "the emulator runs no domains of type 'xen'; it is one of 'qemu', 'kvm'");
    auto facts = recorded_host();
    facts.kvm = {.usable = false, .reason = "there is no /dev/kvm"};
    CHECK(refusal({.type = DomainType::kvm}, facts) == "KVM cannot be used: there is no /dev/kvm; use the type 'qemu'");
    facts.arch = "aarch64";
    CHECK(refusal({.type = DomainType::kvm}, facts) ==
          "a host of aarch64 has no KVM for guests of x86_64; use the type 'qemu'");
}
