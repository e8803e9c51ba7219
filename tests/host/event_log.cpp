// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/host/detail/event_codec.hpp>
#include <vmwright/host/detail/event_log.hpp>
#include <vmwright/machine/fake_machine.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

using namespace vmwright;
using namespace std::chrono_literals;
using detail::EventLog;
using detail::Lifecycle;
using detail::RunNews;
using detail::Store;

namespace
{

auto const uuid = *Uuid::parse("5f1c9a52-7d3e-4c1b-9a64-0d2f3b8e6a10");
auto const noon = std::chrono::system_clock::time_point{1'000'000s};

/// A root with one domain 'demo' that is defined.
struct Root
{
    std::shared_ptr<FakeMachine> machine{std::make_shared<FakeMachine>()};
    Store store{machine, "/state"};

    Root()
    {
        store.open();
        store.write_definition("demo", "first");
    }
    [[nodiscard]] auto log(std::string program) const -> EventLog
    {
        return {store, std::move(program), [](std::string const&) { return uuid; }};
    }
};

using Words = std::vector<std::string>;

auto words(std::vector<Event> const& events) -> Words
{
    Words list;
    for (auto const& event : events)
        list.push_back(std::to_string(event.number) + " " + to_string(event));
    return list;
}

auto change(std::uint64_t place, EventData data) -> Lifecycle::Change
{
    return {.data = std::move(data), .time = noon + std::chrono::seconds{place}, .place = place};
}

auto const resumed = LifecycleEvent{LifecycleKind::resumed, 0};
auto const started = LifecycleEvent{LifecycleKind::started, 0};
auto const suspended = LifecycleEvent{LifecycleKind::suspended, 0};
auto const destroyed = LifecycleEvent{LifecycleKind::stopped, 1};

auto news(int id, std::vector<Lifecycle::Change> changes, std::optional<LifecycleEvent> end = {}) -> RunNews
{
    return {.domain = "demo", .uuid = uuid, .id = id, .changes = std::move(changes), .end = std::move(end), .ended = noon};
}

} // namespace

TEST_CASE("Each kind of event is read from the log as it was")
{
    std::vector<EventData> const all{
        LifecycleEvent{LifecycleKind::stopped, 5, "no room"},
        RebootEvent{},
        RtcChangeEvent{-3600},
        WatchdogEvent{WatchdogOutcome::inject_nmi},
        IoErrorEvent{"/a b", "virtio-disk0", IoErrorOutcome::pause, "enospc"},
        GraphicsEvent{GraphicsPhase::initialize,
                      {GraphicsFamily::ipv4, "127.0.0.1", "5900"},
                      {GraphicsFamily::unix_socket, "/s", ""},
                      "none",
                      "CN=x",
                      {}},
        BalloonChangeEvent{MiB(3)},
        TrayChangeEvent{"ide0-0-0", true},
        PmSuspendEvent{},
        PmSuspendDiskEvent{},
        PmWakeupEvent{},
        DeviceRemovedEvent{"net0"},
        DeviceRemovalFailedEvent{"net1"},
        AgentLifecycleEvent{true},
        MemoryFailureEvent{MemoryFailureRecipient::guest, MemoryFailureOutcome::fatal, true, false},
        BlockThresholdEvent{"vda", "/disk", 100, 7},
        MemoryDeviceSizeChangeEvent{"ua-mem", GiB(1)},
        MetadataChangeEvent{MetadataType::element, "urn:x"},
        MissedEvents{4, 9},
    };
    REQUIRE(all.size() == event_names.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(all[i].index() == i);
        Event const event{
            .number = 7, .domain = "a\n\"b", .uuid = uuid, .time = noon, .data = all[i], .cause = {"start", "p", 3}};
        auto const line = boost::json::serialize(detail::encode_event(event));
        CHECK(line.find('\n') == line.npos);
        CHECK(detail::decode_event(boost::json::parse(line).as_object()) == event);
    }
}

TEST_CASE("An event is in the log once, whoever has seen it, and all read the same")
{
    Root const root;
    auto mine = root.log("mine"), theirs = root.log("theirs");
    mine.note_definition("demo");
    theirs.note_definition("demo");
    mine.note_run(news(1, {change(5, resumed), change(6, started)}));
    theirs.note_run(news(1, {change(5, resumed), change(6, started), change(9, suspended)}));
    mine.note_run(news(1, {change(9, suspended)}, destroyed));
    theirs.note_run(news(1, {}, destroyed));
    root.store.write_definition("demo", "second");
    CHECK(theirs.is_redefined("demo"));
    theirs.note_definition("demo");
    root.store.remove_definition("demo");
    mine.note_definition("demo");
    Words const all{"1 demo: Defined Added",    "2 demo: Resumed Unpaused",  "3 demo: Started Booted",
                    "4 demo: Suspended Paused", "5 demo: Stopped Destroyed", "6 demo: Defined Updated",
                    "7 demo: Undefined Removed"};
    CHECK(words(mine.read()) == all);
    CHECK(words(theirs.read()) == all);
    CHECK(mine.read().empty());
    CHECK(words(EventLog::history(root.store, 0)) == all);
    CHECK(words(EventLog::history(root.store, 5)) == Words{all[5], all[6]});
    CHECK(words(EventLog::history(root.store, 5, 6)) == Words{all[5]});
    CHECK(EventLog::history(root.store, 7).empty());
    // A number that this log never gave is of another one.
    CHECK(EventLog::history(root.store, 9).at(0).data == EventData{MissedEvents{8, 9}});
    CHECK(mine.read().empty());
}

TEST_CASE("A run whose end nobody told is over when the next one begins, and an old one tells nothing more")
{
    Root const root;
    auto log = root.log("mine");
    log.note_run(news(1, {change(5, resumed)}));
    log.note_run(news(2, {change(5, resumed)}));
    log.note_run(news(1, {change(9, suspended)}, destroyed));
    auto const events = log.read();
    CHECK(words(events) == Words{"1 demo: Resumed Unpaused", "2 demo: Stopped Failed", "3 demo: Resumed Unpaused"});
    CHECK_FALSE(std::get<LifecycleEvent>(events[1].data).reason.empty());
}

TEST_CASE("A start that fails is told, unless its run was seen and is over")
{
    Root const root;
    auto log = root.log("mine");
    log.note_call("demo", "start");
    log.note_failed_start("demo", uuid, 0, "no emulator");
    log.note_failed_start("demo", uuid, 1, "no memory");
    log.note_run(news(2, {change(5, LifecycleEvent{LifecycleKind::shutdown, 2})}));
    log.note_failed_start("demo", uuid, 2, "ended");
    log.note_run(news(2, {}, destroyed));
    log.note_run(news(3, {}, destroyed));
    log.note_failed_start("demo", uuid, 3, "ended");
    auto const events = log.read();
    CHECK(words(events) == Words{"1 demo: Stopped Failed", "2 demo: Stopped Failed",
                                 "3 demo: Shutdown Finished after host request", "4 demo: Stopped Failed",
                                 "5 demo: Stopped Destroyed"});
    CHECK(std::get<LifecycleEvent>(events[0].data).reason == "no emulator");
    CHECK(events[0].cause.call == "start");
}

TEST_CASE("An event tells whose call led to it")
{
    Root const root;
    auto log = root.log("mine"), theirs = root.log("theirs");
    auto const now = std::chrono::system_clock::now();
    auto const at = [&](std::chrono::seconds after, std::uint64_t place, EventData data) {
        return Lifecycle::Change{.data = std::move(data), .time = now + after, .place = place};
    };
    log.note_call("demo", "define");
    log.note_definition("demo");
    theirs.note_call("demo", "start");
    // Of an hour ago, when nobody had called.
    log.note_run(news(1, {at(-3600s, 1, suspended)}));
    log.note_run(news(1, {at(3600s, 2, resumed), at(3600s, 3, started)}));
    theirs.note_call("demo", "suspend");
    log.note_run(news(
        1, {at(3601s, 4, LifecycleEvent{LifecycleKind::suspended, 2}), at(3602s, 5, suspended), at(3603s, 6, suspended)}));
    log.note_call("demo", "destroy");
    // Who waits for the end of this run to start the next.
    log.note_call("demo", "start --paused");
    auto end = news(1, {}, destroyed);
    end.ended = now + 3700s;
    theirs.note_run(end);
    log.note_run(news(2, {at(3800s, 1, started), at(3800s, 2, suspended), at(3801s, 3, suspended)}));
    Words causes;
    for (auto const& event : log.read())
        causes.push_back(event.cause.program + " " + event.cause.call);
    CHECK(causes == Words{"mine define", " ", "theirs start", "theirs start", " ", "theirs suspend", " ", "mine destroy",
                          "mine start --paused", "mine start --paused", " "});
    CHECK(EventLog::history(root.store, 7).at(0).cause == EventCause{"destroy", "mine", root.machine->self().pid});
}

TEST_CASE("The log is turned over when it is full; who has slept since is told what was missed")
{
    Root const root;
    auto const logged = [&](EventLog& log, std::uint64_t count, std::uint64_t from) {
        for (std::uint64_t i = 0; i < count; ++i)
            log.note_run(news(1, {change(from + i, suspended)}));
    };
    auto log = root.log("mine"), sleeper = root.log("sleeper"), dozer = root.log("dozer");
    log.note_definition("demo");
    log.note_call("demo", "suspend");
    CHECK(sleeper.read().size() == 1);
    auto const position = EventLog::end(root.store);
    std::vector<Lifecycle::Change> many;
    std::uint64_t place = 10;
    auto const fill = [&] {
        many.clear();
        for (auto i = 0; i < 3000; ++i, ++place)
            many.push_back(change(place, suspended));
        log.note_run(news(1, many));
    };
    fill();
    logged(log, 1, place++); // turns over
    CHECK(root.machine->status("/state/events/old"));
    // All of the old file and of the new one.
    CHECK(sleeper.read().size() == 3001);
    CHECK(EventLog::history(root.store, position).size() == 3001);
    CHECK(EventLog::history(root.store, 0).size() == 3002);
    CHECK(dozer.read().size() == 1);

    fill();
    logged(log, 1, place++);
    fill();
    logged(log, 1, place++);
    auto const events = sleeper.read();
    // It had the file open that was the log then, and not the one after that.
    auto const gap =
        std::ranges::find_if(events, [](Event const& event) { return std::holds_alternative<MissedEvents>(event.data); });
    REQUIRE(gap != events.end());
    auto const missed = std::get<MissedEvents>(gap->data);
    CHECK(missed.first == std::prev(gap)->number + 1);
    CHECK(missed.last + 1 == std::next(gap)->number);
    CHECK(events.back().number == log.last_number());
    auto const history = EventLog::history(root.store, 5);
    CHECK(std::get<MissedEvents>(history.at(0).data).first == 6);
    CHECK(std::get<MissedEvents>(history.at(0).data).last + 1 == history.at(1).number);
    CHECK(history.back().number == log.last_number());

    // What was told before the turn is not told again by somebody who comes after it.
    auto late = root.log("late");
    late.note_run(news(1, {change(place - 1, suspended)}));
    late.note_definition("demo");
    CHECK(late.last_number() == log.last_number());
}

TEST_CASE("A log that a killed program left in the middle of something goes on")
{
    Root const root;
    auto& machine = *root.machine;
    auto log = root.log("mine");
    log.note_definition("demo");
    log.note_run(news(1, {change(5, resumed)}));

    // In the middle of a line.
    machine.append_lines("/state/events/log", "{\"number\": 3, \"dom");
    auto next = root.log("next");
    CHECK(next.read().size() == 2);
    next.note_run(news(1, {change(6, started)}));
    CHECK(words(log.read()).back() == "3 demo: Started Booted");

    // Between the two renames of a turn.
    auto const text = machine.read_file("/state/events/log");
    machine.write_file("/state/events/next", text.substr(0, text.find('\n') + 1));
    machine.rename("/state/events/log", "/state/events/old");
    auto third = root.log("third");
    third.note_run(news(2, {change(5, resumed)}));
    CHECK(machine.status("/state/events/log"));
    CHECK_FALSE(machine.status("/state/events/next"));

    // Lines of nobody tell nothing.
    machine.append_lines("/state/events/log", "rubbish\n{}\n[]\n{\"number\":\"x\",\"domain\":1}\n");
    auto const before = third.last_number();
    third.note_run(news(2, {change(9, suspended)}));
    CHECK(third.last_number() == before + 1);
}
