// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/host/detail/lifecycle.hpp>

#include <string>
#include <vector>

using namespace vmwright;
using detail::Lifecycle;

namespace
{

constexpr auto when = R"("timestamp": {"seconds": 5, "microseconds": 7}, )";

auto line(std::string const& name, std::string const& data = {}) -> std::string
{
    return "{" + std::string{when} + "\"event\": \"" + name + "\"" + (data.empty() ? "" : ", \"data\": " + data) + "}\r\n";
}

auto const preamble = std::string{R"({"QMP": {"version": {}, "capabilities": []}})"} + "\r\n" + R"({"return": {}})" + "\r\n";

auto words(std::vector<Lifecycle::Change> const& changes) -> std::vector<std::string>
{
    std::vector<std::string> list;
    for (auto const& change : changes)
        list.push_back(to_string(Event{.domain = "demo", .data = change.data}).substr(6));
    return list;
}

using Words = std::vector<std::string>;

} // namespace

TEST_CASE("A start is told as libvirt tells it: resumed, then started; a paused one started, then suspended")
{
    Lifecycle running{false, {}};
    CHECK(words(running.begin({})).empty());
    CHECK(words(running.feed(preamble + line("RESUME"))) == Words{"Resumed Unpaused", "Started Booted"});
    CHECK(running.state(qmp::RunState::running) == state_of(RunningReason::booted));

    Lifecycle paused{true, {}};
    CHECK(words(paused.begin({})) == Words{"Started Booted", "Suspended Paused"});
    CHECK(paused.state(qmp::RunState::prelaunch) == state_of(PausedReason::user));
    CHECK(words(paused.feed(preamble + line("RESUME"))) == Words{"Resumed Unpaused"});
    CHECK(paused.state(qmp::RunState::running) == state_of(RunningReason::unpaused));
}

TEST_CASE("The journal may come in pieces of any size, and tells QEMU's time")
{
    auto const text = preamble + line("RESUME") + line("STOP") + line("RESUME");
    for (std::size_t piece = 1; piece < text.size(); ++piece) {
        Lifecycle life{false, {}};
        std::vector<Lifecycle::Change> all;
        for (std::size_t at = 0; at < text.size(); at += piece)
            for (auto const& change : life.feed(std::string_view{text}.substr(at, piece)))
                all.push_back(change);
        REQUIRE(words(all) == Words{"Resumed Unpaused", "Started Booted", "Suspended Paused", "Resumed Unpaused"});
        REQUIRE(all.back().time.time_since_epoch() == std::chrono::seconds{5} + std::chrono::microseconds{7});
    }
}

TEST_CASE("How a run ended is told by its last SHUTDOWN")
{
    auto const end_after = [](std::string const& journal, bool killed = false) {
        Lifecycle life{false, {}};
        [[maybe_unused]] auto const changes = life.feed(preamble + line("RESUME") + journal);
        return life.end(killed);
    };
    auto const shutdown = [](std::string const& guest, std::string const& reason) {
        return line("SHUTDOWN", "{\"guest\": " + guest + ", \"reason\": \"" + reason + "\"}");
    };
    CHECK(end_after(shutdown("true", "guest-shutdown")).reason == ShutoffReason::shutdown);
    CHECK(end_after(shutdown("false", "host-signal")) == Lifecycle::End{ShutoffReason::destroyed, "host-signal", 1});
    CHECK(end_after(shutdown("false", "host-qmp-quit")).reason == ShutoffReason::destroyed);
    CHECK(end_after(shutdown("true", "guest-panic")) == Lifecycle::End{ShutoffReason::crashed, "guest-panic", 2});
    CHECK(end_after("") == Lifecycle::End{ShutoffReason::crashed, "", 5});
    CHECK(end_after("", true) == Lifecycle::End{ShutoffReason::destroyed, "", 1});
    CHECK(end_after(shutdown("true", "guest-shutdown") + line("RESET") + line("RESUME")).cause.empty());
}

TEST_CASE("A pause tells its reason")
{
    Lifecycle life{false, {}};
    [[maybe_unused]] auto const start = life.feed(preamble + line("RESUME"));
    auto const io_error = line("BLOCK_IO_ERROR", R"({"device": "", "qom-path": "/", "operation": "write", "action": "stop",
        "reason": "No space left on device"})");
    auto one_line = io_error;
    std::erase(one_line, '\n');
    CHECK(words(life.feed(one_line + "\n" + line("STOP"))).empty() == false);
    CHECK(life.state(qmp::RunState::io_error) == state_of(PausedReason::io_error));
    CHECK(words(life.feed(line("RESUME"))) == Words{"Resumed Unpaused"});
    CHECK(words(life.feed(line("STOP"))) == Words{"Suspended Paused"});
}

TEST_CASE("A guest that ended or crashed is not said to be suspended, too")
{
    Lifecycle ended{false, {}};
    CHECK(words(ended.feed(line("RESUME") + line("SHUTDOWN", R"({"guest": true, "reason": "guest-shutdown"})") +
                           line("STOP"))) ==
          Words{"Resumed Unpaused", "Started Booted", "Shutdown Finished after guest request"});
    CHECK(ended.is_kept());
    CHECK(ended.state(qmp::RunState::shutdown) == state_of(ShutdownReason::user));

    Lifecycle crashed{false, {}};
    CHECK(words(crashed.feed(line("RESUME") + line("GUEST_PANICKED", R"({"action": "pause"})") + line("STOP"))) ==
          Words{"Resumed Unpaused", "Started Booted", "Crashed Panicked"});
    CHECK(crashed.state(qmp::RunState::guest_panicked) == state_of(CrashedReason::panicked));
}

TEST_CASE("Lines that are no events, and broken ones, are passed over")
{
    Lifecycle life{false, {}};
    CHECK(life.feed("rubbish\n{\"event\": 5}\n[]\n{}\n\n" + line("NO_SUCH_EVENT")).empty());
}

TEST_CASE("What QEMU tells of devices is told of the domain's devices")
{
    Lifecycle life{false,
                   {.agent = "channel0",
                    .disks = {{"virtio-disk0", {"vda", "/images/a.qcow2"}}},
                    .by_node = {{"libvirt-1", "virtio-disk0"}},
                    .clock_adjustment = 3600}};
    auto const one = [&](std::string const& name, std::string const& data) { return words(life.feed(line(name, data))); };
    CHECK(one("BLOCK_IO_ERROR", R"({"device": "", "node-name": "libvirt-1-format", "operation": "write", "action": "stop",
        "nospace": true, "reason": "x"})")
              .empty()); // of several lines
    CHECK(
        one("BLOCK_IO_ERROR",
            R"({"device": "", "node-name": "libvirt-1-format", "operation": "write", "action": "report", "nospace": true, "reason": "x"})") ==
        Words{"io-error /images/a.qcow2 (virtio-disk0) report"});
    CHECK(
        one("BLOCK_WRITE_THRESHOLD", R"({"node-name": "libvirt-1-storage", "amount-exceeded": 5, "write-threshold": 9})") ==
        Words{"block-threshold vda 9 5"});
    CHECK(one("BLOCK_WRITE_THRESHOLD", R"({"node-name": "libvirt-7-storage", "amount-exceeded": 5, "write-threshold": 9})")
              .empty());
    CHECK(one("RTC_CHANGE", R"({"offset": 5, "qom-path": "/"})") == Words{"rtc-change 3605"});
    CHECK(one("BALLOON_CHANGE", R"({"actual": 1048576})") == Words{"balloon-change 1024KiB"});
    CHECK(one("DEVICE_TRAY_MOVED", R"({"device": "", "id": "sata0-0-0", "tray-open": true})") ==
          Words{"tray-change sata0-0-0 opened"});
    CHECK(one("DEVICE_DELETED", R"({"device": "net0", "path": "/machine/peripheral/net0"})") ==
          Words{"device-removed net0"});
    CHECK(one("DEVICE_DELETED", R"({"path": "/machine/peripheral/net0/virtio-backend"})").empty());
    CHECK(one("DEVICE_UNPLUG_GUEST_ERROR", R"({"path": "/machine/peripheral/net1"})") ==
          Words{"device-removal-failed net1"});
    CHECK(one("VSERPORT_CHANGE", R"({"id": "channel0", "open": true})") == Words{"agent-lifecycle connected"});
    CHECK(one("VSERPORT_CHANGE", R"({"id": "channel1", "open": true})").empty());
    CHECK(one("MEMORY_FAILURE",
              R"({"recipient": "guest", "action": "inject", "flags": {"action-required": true, "recursive": false}})") ==
          Words{"memory-failure guest inject"});
    CHECK(one("MEMORY_DEVICE_SIZE_CHANGE", R"({"id": "ua-m", "size": 5, "qom-path": "/"})") ==
          Words{"memory-device-size-change ua-m 5"});
    CHECK(one("WATCHDOG", R"({"action": "inject-nmi"})") == Words{"watchdog inject-nmi"});
    CHECK(one("RESET", R"({"guest": true, "reason": "guest-reset"})") == Words{"reboot"});
    CHECK(one("SUSPEND", "{}") == Words{"pm-suspend", "PMSuspended Memory"});
    CHECK(one("WAKEUP", "{}") == Words{"pm-wakeup", "Started Event wakeup"});
    CHECK(one("SUSPEND_DISK", "{}") == Words{"pm-suspend-disk", "PMSuspended Disk"});
    CHECK(
        one("VNC_CONNECTED",
            R"({"server": {"host": "::1", "service": "5900", "family": "ipv6", "websocket": false, "auth": "none"}, "client": {"host": "::2", "service": "4", "family": "ipv6", "websocket": false}})") ==
        Words{"graphics connect from ::2"});
    CHECK(
        one("SPICE_DISCONNECTED",
            R"({"server": {"host": "127.0.0.1", "port": "5900", "family": "ipv4"}, "client": {"host": "127.0.0.2", "port": "4", "family": "ipv4"}})") ==
        Words{"graphics disconnect from 127.0.0.2"});
}

TEST_CASE("Each change has a place in the journal of its own, the same for whoever reads it")
{
    auto const text = preamble + line("RESUME") + line("SUSPEND") + line("RTC_CHANGE", R"({"offset": 5})") + line("WAKEUP");
    Lifecycle whole{false, {}};
    auto const all = whole.feed(text);
    REQUIRE(all.size() == 7);
    for (std::size_t i = 1; i < all.size(); ++i)
        CHECK(all[i - 1].place < all[i].place);
    for (std::size_t piece = 1; piece < 60; piece += 7) {
        Lifecycle life{false, {}};
        std::vector<Lifecycle::Change> again;
        for (std::size_t at = 0; at < text.size(); at += piece)
            for (auto const& change : life.feed(std::string_view{text}.substr(at, piece)))
                again.push_back(change);
        CHECK(again == all);
    }
}
