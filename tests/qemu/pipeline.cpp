// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/xml/domain.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace vmwright;

namespace
{

auto profile() -> qemu::Capabilities const&
{
    static auto const value = qemu::load_capabilities(qemu::profile_text(qemu::shipped_profile("x86_64"))).value();
    return value;
}

auto text_of_file(std::string_view name) -> std::string
{
    std::ifstream in{std::filesystem::path{VMWRIGHT_TEST_DATA} / name, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

auto small() -> DomainConfig
{
    DomainConfig config{.name = "small", .memory = MiB(64)};
    config.os.arch = "x86_64";
    config.os.machine = "q35";
    return config;
}

/// The messages of check and resolve, each with its node.
auto faults(DomainConfig const& config) -> std::vector<std::string>
{
    std::vector<std::string> list;
    for (auto const& diagnostic : qemu::plan(config, profile(), qemu::debian12()).diagnostics)
        list.push_back(format(diagnostic));
    return list;
}

auto resolved(DomainConfig const& config) -> DomainConfig
{
    return qemu::resolve(config, profile(), qemu::debian12()).value().config;
}

auto argument_after(std::vector<std::string> const& argv, std::string_view option) -> std::string
{
    auto const found = std::ranges::find(argv, option);
    return found == argv.end() || found + 1 == argv.end() ? std::string{} : *(found + 1);
}

} // namespace

TEST_CASE("what resolve chooses is what libvirt shows after define")
{
    for (std::string const name : {"example", "test_vm"}) {
        auto const parsed = xml::read_domain(text_of_file(name + ".xml"));
        CHECK(xml::write_domain(resolved(parsed.value())) == text_of_file(name + ".dump.xml"));
    }
}

TEST_CASE("explain names the lines that gave accelerator, memory and CPUs")
{
    auto const parsed = xml::read_domain(text_of_file("example.xml"));
    auto const plan = qemu::plan(parsed.value(), profile(), qemu::debian12()).value();
    auto const line_of = [&](std::string_view start) -> std::size_t {
        for (auto const& [program, argument, origin] : qemu::explain(plan))
            if (argument.starts_with(start))
                return parsed.document.locate(origin.node).line;
        return 0;
    };
    auto const text = text_of_file("example.xml");
    auto const expected = [&](std::string_view needle) {
        return static_cast<std::size_t>(
                   std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find(needle)), '\n')) +
               1;
    };
    CHECK(line_of("-accel ") == expected("<domain type"));
    CHECK(line_of("-m ") == expected("<memory "));
    CHECK(line_of("-smp ") == expected("<vcpu "));
    CHECK(line_of("-device {\"driver\":\"virtio-blk-pci\"") == expected("<disk "));
}

TEST_CASE("a device added to a resolved configuration moves no other")
{
    auto config = small();
    config.devices.disks.push_back(Disk::file("/a.qcow2", "vda"));
    auto const before = resolved(config);
    auto more = before;
    more.devices.interfaces.push_back(Interface::user());
    more.devices.disks.push_back(Disk::file("/b.qcow2", "vdb"));
    auto const after = resolved(more);
    CHECK(after.devices.disks[0] == before.devices.disks[0]);
    CHECK(after.devices.memballoon == before.devices.memballoon);
    for (std::size_t i = 0; i < before.devices.controllers.size(); ++i)
        CHECK(after.devices.controllers[i] == before.devices.controllers[i]);
}

TEST_CASE("nothing chooses KVM by itself")
{
    auto const argv = qemu::arguments(qemu::plan(small(), profile(), qemu::debian12()).value());
    CHECK(argument_after(argv, "-accel") == "tcg");
}

TEST_CASE("a path with commas reaches QEMU whole")
{
    auto config = small();
    config.name = "a,b";
    config.os.kernel = "/boot/k,1";
    config.devices.disks.push_back(Disk::file("/x,y.raw", "vda"));
    config.devices.serials.push_back({.source = FileChar{.path = "/log,1"}});
    auto const argv = qemu::arguments(qemu::plan(config, profile(), qemu::debian12()).value());
    CHECK(argument_after(argv, "-name") == "guest=a,,b,debug-threads=on");
    CHECK(argument_after(argv, "-kernel") == "/boot/k,1");
    CHECK(argument_after(argv, "-blockdev").find("\"filename\":\"/x,y.raw\"") != std::string::npos);
    CHECK(std::ranges::find(argv, "file,id=charserial0,path=/log,,1") != argv.end());
}

TEST_CASE("what cannot work is told with its node and a remedy")
{
    auto const only = [](DomainConfig const& config, std::string_view expected) {
        auto const list = faults(config);
        REQUIRE(list.size() == 1);
        CHECK(list.front() == expected);
    };
    auto config = small();
    config.name.clear();
    only(config, "error: /domain/name: the domain has no name; add <name>");

    config = small();
    config.name = "../x";
    only(config,
         "error: /domain/name: the name '../x' cannot be a file's name; leave out '/' and do not call it '.' or '..'");

    config = small();
    config.memory = {};
    only(config, "error: /domain/memory: the domain has no memory; give an amount, as 512 with unit='MiB'");

    config = small();
    config.current_memory = MiB(65);
    only(config,
         "warning: /domain/currentMemory: the current memory of 66560 KiB is more than the maximum of 65536 KiB; all of it "
         "is used; raise <memory> or lower <currentMemory>");

    config = small();
    config.os.machine = "pc-q35-7.3";
    only(config, "error: /domain/os/type/@machine: QEMU 7.2.22 has no machine 'pc-q35-7.3'; did you mean 'pc-q35-7.2'?");

    config = small();
    config.cpu = Cpu{.mode = CpuMode::host_passthrough};
    only(config,
         "error: /domain/cpu/@mode: host-passthrough needs KVM, and the domain's type is qemu; use mode='maximum', or "
         "type='kvm'");

    config = small();
    config.type = DomainType::xen;
    only(config, "error: /domain/@type: a domain of type 'xen' cannot run under QEMU; use qemu or kvm");

    config = small();
    config.on_crash = CrashAction::rename_restart;
    only(config, "error: /domain/on_crash: 'rename-restart' is not possible for on_crash under QEMU; use destroy, restart, "
                 "preserve, coredump-destroy or coredump-restart");

    config = small();
    config.devices.disks = {Disk::file("/a", "vda"), Disk::file("/b", "vda")};
    only(config,
         "error: /domain/devices/disk[2]/target/@dev: the target 'vda' is that of disk 1 already; give each disk its own");

    config = small();
    config.devices.interfaces.push_back(Interface::user());
    config.devices.interfaces[0].model = "virtoi";
    only(config, "warning: /domain/devices/interface[1]/model/@type: QEMU 7.2.22 has no network card 'virtoi'; did you mean "
                 "'virtio'?");
}

TEST_CASE("two devices at one PCI address, and one where the chipset is")
{
    auto config = small();
    config.devices.disks = {Disk::file("/a", "vda"), Disk::file("/b", "vdb")};
    config.devices.disks[0].info.address = PciAddress{.slot = 5};
    config.devices.disks[1].info.address = PciAddress{.slot = 5};
    CHECK(faults(config) ==
          std::vector<std::string>{"error: /domain/devices/disk[2]/address: PCI address 0000:00:05.0 is that of "
                                   "/domain/devices/disk[1] already; give another address, or leave it out"});
    config.devices.disks[1].info.address = PciAddress{.slot = 0x1f};
    CHECK(faults(config) ==
          std::vector<std::string>{"error: /domain/devices/disk[2]/address: PCI address 0000:00:1f.0 belongs to "
                                   "the board's chipset; give another address, or leave it out"});
}

TEST_CASE("disks out of order keep the origin of their text")
{
    auto const parsed =
        xml::read_domain("<domain type='qemu'><name>x</name><memory>65536</memory><os><type>hvm</type></os><devices>\n"
                         "<disk type='file' device='disk'><source file='/b'/><target dev='vdb'/></disk>\n"
                         "<disk type='file' device='disk'><source file='/a'/><target dev='vda'/></disk>\n"
                         "</devices></domain>");
    auto const plan = qemu::plan(parsed.value(), profile(), qemu::debian12()).value();
    for (auto const& [program, argument, origin] : qemu::explain(plan)) {
        if (argument.find("\"filename\":\"/a\"") != std::string::npos)
            CHECK(parsed.document.locate(origin.node).line == 3);
        if (argument.find("\"filename\":\"/b\"") != std::string::npos)
            CHECK(parsed.document.locate(origin.node).line == 2);
    }
}
