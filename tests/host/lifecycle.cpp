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
        list.push_back(std::string{to_string(change.kind)} + " " +
                       std::string{detail_name({.kind = change.kind, .detail = change.detail})});
    return list;
}

using Words = std::vector<std::string>;

} // namespace

TEST_CASE("A start is told as libvirt tells it: resumed, then started; a paused one started, then suspended")
{
    Lifecycle running{false};
    CHECK(words(running.begin({})).empty());
    CHECK(words(running.feed(preamble + line("RESUME"))) == Words{"Resumed Unpaused", "Started Booted"});
    CHECK(running.state(qmp::RunState::running) == state_of(RunningReason::booted));

    Lifecycle paused{true};
    CHECK(words(paused.begin({})) == Words{"Started Booted", "Suspended Paused"});
    CHECK(paused.state(qmp::RunState::prelaunch) == state_of(PausedReason::user));
    CHECK(words(paused.feed(preamble + line("RESUME"))) == Words{"Resumed Unpaused"});
    CHECK(paused.state(qmp::RunState::running) == state_of(RunningReason::unpaused));
}

TEST_CASE("The journal may come in pieces of any size, and tells QEMU's time")
{
    auto const text = preamble + line("RESUME") + line("STOP") + line("RESUME");
    for (std::size_t piece = 1; piece < text.size(); ++piece) {
        Lifecycle life{false};
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
        Lifecycle life{false};
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
    Lifecycle life{false};
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
    Lifecycle ended{false};
    CHECK(words(ended.feed(line("RESUME") + line("SHUTDOWN", R"({"guest": true, "reason": "guest-shutdown"})") +
                           line("STOP"))) ==
          Words{"Resumed Unpaused", "Started Booted", "Shutdown Finished after guest request"});
    CHECK(ended.is_kept());
    CHECK(ended.state(qmp::RunState::shutdown) == state_of(ShutdownReason::user));

    Lifecycle crashed{false};
    CHECK(words(crashed.feed(line("RESUME") + line("GUEST_PANICKED", R"({"action": "pause"})") + line("STOP"))) ==
          Words{"Resumed Unpaused", "Started Booted", "Crashed Panicked"});
    CHECK(crashed.state(qmp::RunState::guest_panicked) == state_of(CrashedReason::panicked));
}

TEST_CASE("Lines that are no events, and broken ones, are passed over")
{
    Lifecycle life{false};
    CHECK(life.feed("rubbish\n{\"event\": 5}\n[]\n{}\n\n" + line("NO_SUCH_EVENT")).empty());
}
