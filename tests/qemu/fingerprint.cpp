// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/qemu/fingerprint.hpp>
#include <vmwright/qemu/profiles.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

using namespace vmwright;

namespace
{

auto server() -> DomainConfig
{
    DomainConfig config{.name = "server", .memory = MiB(512), .vcpus = {.count = 2}};
    config.os.arch = "x86_64";
    config.os.machine = "q35";
    config.features.acpi = true;
    config.uuid = Uuid::parse("5f1c9a52-7d3e-4c1b-9a64-0d2f3b8e6a10");
    config.devices.disks.push_back(Disk::file("/images/a.qcow2", "vda"));
    config.devices.disks.push_back(Disk::file("/images/b.qcow2", "sda"));
    config.devices.interfaces.push_back(Interface::user());
    config.devices.interfaces.back().mac = Mac::parse("52:54:00:11:22:33");
    config.devices.consoles.emplace_back();
    config.devices.graphics.push_back({.type = VncGraphics{.autoport = true}});
    return config;
}

auto fingerprint_of(std::function<void(DomainConfig&)> const& change) -> std::string
{
    static auto const profile = qemu::load_capabilities(qemu::profile_text(qemu::shipped_profile("x86_64"))).value();
    auto config = server();
    change(config);
    return qemu::fingerprint(qemu::plan(config, profile, qemu::debian12()).value());
}

auto const unchanged = [](DomainConfig&) {};

} // namespace

TEST_CASE("what is behind the devices, names and ids leave the fingerprint as it is")
{
    auto const same = fingerprint_of(unchanged);
    CHECK(same.size() == 16);
    CHECK(same.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(fingerprint_of([](auto& c) { c.name = "other"; }) == same);
    CHECK(fingerprint_of([](auto& c) { c.title = "a title"; }) == same);
    CHECK(fingerprint_of([](auto& c) { c.devices.disks[0].source = FileSource{.file = "/images/c.qcow2"}; }) == same);
    CHECK(fingerprint_of([](auto& c) { c.devices.disks[0].info.alias = "ua-system"; }) == same);
    CHECK(fingerprint_of([](auto& c) { c.devices.graphics[0].type = VncGraphics{.port = 5999, .autoport = false}; }) ==
          same);
    CHECK(fingerprint_of([](auto& c) { c.devices.consoles[0].source = NullChar{}; }) == same);
}

TEST_CASE("what the guest sees changes the fingerprint")
{
    std::function<void(DomainConfig&)> const changes[] = {
        unchanged,
        [](auto& c) { c.memory = MiB(513); },
        [](auto& c) { c.vcpus.count = 3; },
        [](auto& c) { c.os.machine = "pc"; },
        [](auto& c) { c.os.machine = "pc-q35-7.1"; },
        [](auto& c) { c.features.acpi = false; },
        [](auto& c) { c.uuid = Uuid::parse("5f1c9a52-7d3e-4c1b-9a64-0d2f3b8e6a11"); },
        [](auto& c) { c.cpu = Cpu{.mode = CpuMode::maximum}; },
        [](auto& c) { c.clock.offset = ClockOffset::localtime; },
        [](auto& c) { c.devices.disks.pop_back(); },
        [](auto& c) { c.devices.disks[0].read_only = true; },
        [](auto& c) { c.devices.disks[0].serial = "S1"; },
        [](auto& c) { c.devices.disks[0].target.bus = DiskBus::scsi; },
        [](auto& c) { c.devices.disks[0].info.address = PciAddress{.bus = 0, .slot = 9}; },
        [](auto& c) { c.devices.interfaces[0].model = "e1000e"; },
        [](auto& c) { c.devices.interfaces[0].mac = Mac::parse("52:54:00:11:22:34"); },
        [](auto& c) { c.devices.rngs.emplace_back(); },
        [](auto& c) { c.os.boot = {BootDevice::network}; },
        [](auto& c) { c.devices.memballoon = Memballoon{.model = MemballoonModel::none}; },
    };
    std::vector<std::string> seen;
    for (auto const& change : changes) {
        auto const print = fingerprint_of(change);
        CAPTURE(seen.size());
        CHECK(std::find(seen.begin(), seen.end(), print) == seen.end());
        seen.push_back(print);
    }
}
