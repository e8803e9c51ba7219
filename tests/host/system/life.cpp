// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "host/support.hpp"

#include <vmwright/machine/process.hpp>
#include <vmwright/machine/unix_socket.hpp>
#include <vmwright/xml/domain.hpp>

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace fs = std::filesystem;
using namespace vmwright;
using namespace std::chrono_literals;

TEST_CASE("A defined domain starts, pauses, goes on, is reset and ends, and its definition stays")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto const domain = host.define(small_guest("demo"));
    CHECK(domain.state() == state_of(ShutoffReason::unknown));
    CHECK_FALSE(domain.id());

    Ended const ended{domain};
    auto const report = domain.start();
    CHECK(report.id == 1);
    CHECK(domain.id() == 1);
    CHECK(domain.pid() == report.pid);
    REQUIRE(find_process(report.pid));
    CHECK_FALSE(report.command_line.empty());
    CHECK(domain.state() == state_of(RunningReason::booted));

    domain.suspend();
    CHECK(domain.state() == state_of(PausedReason::user));
    domain.resume();
    CHECK(domain.state() == state_of(RunningReason::unpaused));
    domain.reset();
    CHECK(domain.state() == state_of(RunningReason::unpaused));

    auto const console = domain.console();
    CHECK(console.starts_with("/dev/pts/"));
    CHECK(domain.xml().find("<source path='" + console + "'/>") != std::string::npos);
    CHECK(domain.xml().starts_with("<domain type='qemu' id='1'>"));
    CHECK(domain.xml(DomainXml::inactive).starts_with("<domain type='qemu'>"));

    auto const info = domain.info();
    CHECK(info.max_memory == MiB(32));
    CHECK(info.vcpus == 1);
    CHECK(info.cpu_time.has_value());

    CHECK(domain.qmp_command(R"({"execute":"query-name"})") == R"({"return":{"name":"demo"}})");
    CHECK(domain.qmp_command(R"({"execute":"nonsense"})").starts_with(R"({"error":{"class":"CommandNotFound")"));
    CHECK(domain.hmp_command("info status").starts_with("VM status: running"));

    domain.destroy();
    CHECK_FALSE(find_process(report.pid));
    CHECK(domain.state() == state_of(ShutoffReason::destroyed));
    CHECK(domain.last_end()->cause == "host-signal");
    CHECK_FALSE(fs::exists(root / "run/demo"));
    CHECK(host.domains().size() == 1);

    domain.undefine();
    CHECK(host.domains().empty());
}

TEST_CASE("A cable that is not plugged in is not plugged in when the guest begins")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto config = small_guest("demo");
    auto nic = Interface::user();
    nic.model = "e1000e";
    nic.link = LinkState::down;
    config.devices.interfaces.push_back(nic);
    config.qemu.command_line.arguments = {"-trace", "e1000e_link_status_changed"}; // no query of QEMU tells a link's state
    auto const domain = host.define(config);
    Ended const ended{domain};
    domain.start({.paused = true});
    CHECK(text_of(root / "run/demo/log").find("New link status: 0") != std::string::npos);
    domain.destroy();
}

TEST_CASE("The balloon knows what it is to leave the guest, and how often to ask it")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto config = small_guest("demo");
    config.current_memory = Size{config.memory.bytes / 2};
    config.devices.memballoon = Memballoon{.stats_period = 7};
    config.qemu.command_line.arguments = {"-trace", "virtio_balloon_to_target"};
    auto const domain = host.define(config);
    Ended const ended{domain};
    domain.start({.paused = true});
    auto const target = fmt::format("balloon target: {:#x}", config.current_memory->bytes);
    CHECK(text_of(root / "run/demo/log").find(target) != std::string::npos);
    auto const answer = domain.qmp_command(
        R"({"execute":"qom-get","arguments":{"path":"/machine/peripheral/balloon0","property":"guest-stats-polling-interval"}})");
    CHECK(answer.find(R"("return":7)") != std::string::npos);
    domain.destroy();
}

TEST_CASE("A channel's own socket is there however long its path is")
{
    TemporaryDirectory const directory;
    auto const root = directory / std::string(150, 'r');
    auto const host = Host::open(options_in(root));
    auto config = small_guest("demo");
    Channel channel;
    channel.source = UnixChar{.mode = SocketMode::server};
    channel.target_type = "virtio";
    channel.name = "org.qemu.guest_agent.0";
    config.devices.channels.push_back(channel);
    auto const domain = host.define(config);
    Ended const ended{domain};
    domain.start({.paused = true});
    auto const live = xml::read_domain(domain.xml(DomainXml::live)).value();
    auto const path = std::get<UnixChar>(live.devices.channels.at(0).source).path.value();
    CHECK(path.starts_with(root));
    CHECK(path.size() > 108);
    CHECK(connect_unix(path).outcome == ConnectOutcome::connected);
    domain.destroy();
    CHECK_FALSE(fs::exists(path));
}
