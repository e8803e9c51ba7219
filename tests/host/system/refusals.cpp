// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "host/support.hpp"

#include <vmwright/host/host_facts.hpp>
#include <vmwright/machine/local_machine.hpp>

#include <filesystem>
#include <string>

namespace fs = std::filesystem;
using namespace vmwright;

namespace
{

/// This machine, which counts what it starts.
class CountingMachine final : public LocalMachine
{
public:
    int spawned{};
    std::string missing{}; ///< a program that it does not have

    auto find_program(std::string_view name) -> std::optional<std::string> override
    {
        return name == missing ? std::nullopt : LocalMachine::find_program(name);
    }
    auto spawn(ProcessSpec const& spec) -> Process override
    {
        ++spawned;
        return LocalMachine::spawn(spec);
    }

protected:
    void start_run(RunSpec spec, boost::asio::any_io_executor executor, RunHandler handler) override
    {
        ++spawned;
        LocalMachine::start_run(std::move(spec), std::move(executor), std::move(handler));
    }
};

} // namespace

TEST_CASE("No process but the emulator is started on the way to a guest whose emulator a profile knows")
{
    TemporaryDirectory const root;
    auto const machine = std::make_shared<CountingMachine>();
    auto options = options_in(root.path());
    options.machine = machine;
    auto const host = Host::open(options);
    CHECK(machine->spawned == 0);
    auto const domain = host.define(small_guest("demo"));
    CHECK(machine->spawned == 0);
    Ended const ended{domain};
    domain.start({.paused = true});
    CHECK(machine->spawned == 1);
    domain.destroy();
    CHECK(machine->spawned == 1);
}

TEST_CASE("An emulator without a profile is asked once, and remembered in the root")
{
    TemporaryDirectory const root;
    auto const machine = std::make_shared<CountingMachine>();
    auto options = options_in(root / "state");
    options.machine = machine;
    options.profile_text = nullptr;
    auto const info = Host::open(options).emulator();
    CHECK(machine->spawned == 1);
    CHECK(to_string(info.version).starts_with("7.2."));
    CHECK(Host::open(options).emulator() == info);
    CHECK(machine->spawned == 1);
    options.profile_text = &qemu::profile_text;
    options.root = root / "other";
    CHECK(Host::open(options).emulator() == info);
    CHECK(machine->spawned == 1);
}

TEST_CASE("A missing image is named with its place in the definition")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto config = small_guest("demo");
    config.devices.disks.push_back(Disk::file("/no/such.qcow2", "vda"));
    auto const domain = host.define(config);
    auto const error = error_of([&] { return domain.start(); });
    REQUIRE(error);
    CHECK(error->code() == Errc::not_found);
    CHECK(error->context().object == "domain 'demo', disk 'vda'");
    CHECK(error->message() == "there is no file '/no/such.qcow2'");
    CHECK(error->context().hint.find("; see /domain/devices/disk[1]/source, line ") != std::string::npos);
    CHECK_FALSE(fs::exists(root / "run/demo"));
}

TEST_CASE("A missing emulator is named")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto config = small_guest("demo");
    config.devices.emulator = "/no/such/qemu";
    auto const domain = host.define(config);
    auto const error = error_of([&] { return domain.start(); });
    REQUIRE(error);
    CHECK(error->code() == Errc::not_installed);
    CHECK(error->message() == "there is no emulator '/no/such/qemu'");
}

TEST_CASE("An unknown network is named before KVM is looked at")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto config = small_guest("demo");
    config.type = DomainType::kvm;
    Interface interface;
    interface.source = NetworkNetwork{.network = "default"};
    config.devices.interfaces.push_back(interface);
    auto const domain = host.define(config);
    auto const error = error_of([&] { return domain.start(); });
    REQUIRE(error);
    CHECK(error->message() == "network 'default' is not defined");
}

TEST_CASE("An emulator that refuses to start is quoted, and nothing of the start is left")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto config = small_guest("demo");
    // Exists, and is no qcow2.
    auto disk = Disk::file(root / "image,with,commas.qcow2", "vda");
    std::ofstream{root / "image,with,commas.qcow2"} << "not an image";
    config.devices.disks.push_back(disk);
    auto const domain = host.define(config);
    auto const error = error_of([&] { return domain.start(); });
    REQUIRE(error);
    CHECK(error->code() == Errc::bad_file);
    CHECK(error->context().detail.find("qcow2") != std::string::npos);
    CHECK_FALSE(fs::exists(root / "run/demo"));
    CHECK_FALSE(domain.is_active());
}

TEST_CASE("Operations on a domain in the wrong state say so")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto const domain = host.define(small_guest("demo"));
    CHECK(error_of([&] { domain.destroy(); })->code() == Errc::not_running);
    CHECK(error_of([&] { domain.suspend(); })->code() == Errc::not_running);
    CHECK(error_of([&] { return domain.console(); })->code() == Errc::not_running);
    Ended const ended{domain};
    domain.start();
    CHECK(error_of([&] { domain.resume(); })->code() == Errc::wrong_state);
    CHECK(error_of([&] { return domain.start(); })->code() == Errc::already_running);
    CHECK(error_of([&] { return domain.qmp_command("stop"); })->code() == Errc::invalid_argument);
    domain.undefine();
    CHECK(domain.is_active());
    CHECK_FALSE(domain.is_persistent());
    domain.destroy();
    CHECK(host.domains().empty());
}

TEST_CASE("A device that would have to be taken from the host's driver is told before anything runs")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto config = small_guest("demo");
    config.devices.hostdevs.push_back({.managed = true, .source = PciHostdev{.address = {.bus = 6, .slot = 0x12}}});
    auto const error = error_of([&, domain = host.define(config)] { return domain.start(); });
    REQUIRE(error);
    CHECK(error->code() == Errc::not_supported_yet);
}

TEST_CASE("A helper that is not installed is named with its package and with what asks for it, before anything runs")
{
    TemporaryDirectory const root;
    auto const machine = std::make_shared<CountingMachine>();
    auto options = options_in(root.path());
    machine->missing = "swtpm_setup";
    options.machine = machine;
    auto facts = read_host_facts(*machine);
    CHECK(facts.helpers.swtpm_setup.empty());
    facts.helpers.swtpm = "/usr/bin/swtpm";
    options.facts = facts;
    auto const host = Host::open(options);
    auto config = small_guest("demo");
    config.devices.tpms.push_back({.backend = EmulatedTpm{}});
    auto const domain = host.define(config);
    auto const error = error_of([&] { return domain.start(); });
    REQUIRE(error);
    CHECK(error->code() == Errc::not_installed);
    CHECK(error->message() == "there is no swtpm_setup on this host: it is in no directory of PATH");
    CHECK(error->context().hint.starts_with(
        "install Debian's package swtpm-tools; /domain/devices/tpm[1]/backend/@type, line "));
    CHECK(machine->spawned == 0);
    CHECK_FALSE(fs::exists(root / "tpm"));
}
