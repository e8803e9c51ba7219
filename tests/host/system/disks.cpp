// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "host/support.hpp"

#include <fstream>
#include <string>

using namespace vmwright;

namespace
{

/// An image of a MiB.
auto image_in(TemporaryDirectory const& root, std::string const& name) -> std::string
{
    std::string const path = root / name;
    std::ofstream{path} << std::string(std::size_t{1} << 20, '\0');
    return path;
}

} // namespace

TEST_CASE("The limits of disks on each bus are in force when the guest begins")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto config = small_guest("demo");
    for (auto const& [target, bus] : {std::pair{"vda", DiskBus::virtio}, std::pair{"sda", DiskBus::sata},
                                      std::pair{"sdb", DiskBus::scsi}, std::pair{"sdc", DiskBus::usb}}) {
        auto disk = Disk::file(image_in(root, target), target);
        disk.target.bus = bus;
        disk.iotune = IoTune{.read_iops_sec = 11, .write_iops_sec = 22, .group_name = "together"};
        config.devices.disks.push_back(std::move(disk));
    }
    auto const domain = host.define(config);
    Ended const ended{domain};
    domain.start({.paused = true});
    auto const answer = domain.qmp_command(R"({"execute":"query-block"})");
    std::size_t limited = 0;
    for (auto at = answer.find(R"("iops_rd":11)"); at != std::string::npos; at = answer.find(R"("iops_rd":11)", at + 1))
        ++limited;
    INFO(answer);
    CHECK(limited == 4);
}

TEST_CASE("A medium that may be missing leaves its drive empty, and a disk is left out")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto config = small_guest("demo");
    auto medium = Disk::file("/no/such.iso", "sda");
    medium.device = DiskDevice::cdrom;
    medium.target.bus = DiskBus::sata;
    medium.startup_policy = StartupPolicy::optional;
    auto disk = Disk::file("/no/such.raw", "vda");
    disk.startup_policy = StartupPolicy::optional;
    config.devices.disks = {medium, disk};
    auto const domain = host.define(config);
    Ended const ended{domain};
    domain.start({.paused = true});
    auto const answer = domain.qmp_command(R"({"execute":"query-block"})");
    CHECK(answer.find("sata0-0-0") != std::string::npos);
    CHECK(answer.find("virtio-disk0") == std::string::npos);
    CHECK(answer.find("no/such") == std::string::npos);
}

TEST_CASE("What would lose or tell something is refused before anything runs")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto config = small_guest("demo");
    config.devices.disks.push_back(Disk::file(image_in(root, "a"), "vda"));
    auto& disk = config.devices.disks.front();
    auto const refusal = [&](std::string const& name) {
        config.name = name;
        auto const domain = host.define(config);
        return error_of([&] { return domain.start(); })->message();
    };
    disk.transient = Transient{};
    CHECK(refusal("transient") == "not supported yet: disk 'vda' is transient, and what the guest writes would stay");
    disk.transient.reset();
    disk.encryption = Encryption{.format = EncryptionFormat::luks, .secrets = {{.type = "passphrase", .usage = "a"}}};
    CHECK(refusal("secret") == "not supported yet: disk 'vda' needs a secret, and no secrets are kept");
}
