// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/event_codec.hpp>
#include <vmwright/host/detail/event_log.hpp>
#include <vmwright/machine/machine.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <ranges>
#include <utility>

namespace vmwright::inline v0::detail
{

namespace event_log
{
namespace
{

/// How long a file of it gets before the next one begins.
constexpr std::uint64_t most_bytes = 512 << 10;

/// libvirt's detail of a run that ended without its emulator's word.
constexpr unsigned failed = 5;

/// How many calls of a domain are remembered.
constexpr std::size_t most_calls = 32;

auto path(Store const& store) -> std::string
{
    return store.path("events/log");
}

auto old_path(Store const& store) -> std::string
{
    return store.path("events/old");
}

/// The snapshot of a new file, until it takes the place of the one that is full.
auto next_path(Store const& store) -> std::string
{
    return store.path("events/next");
}

auto lock(Store const& store) -> UniqueFd
{
    auto held = store.machine().wait_for_lock(store.path("events.lock"));
    // Whoever turned the log over may have been killed between its two renames.
    if (!store.machine().status(path(store)) && store.machine().status(next_path(store)))
        store.machine().rename(next_path(store), path(store));
    return held;
}

auto microseconds(std::chrono::system_clock::time_point time) -> std::int64_t
{
    return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

auto line_of(boost::json::object const& object) -> std::string
{
    return boost::json::serialize(object) + "\n";
}

/// The object in a line; nothing for one that is damaged.
auto object_in(std::string_view line) -> std::optional<boost::json::object>
{
    boost::system::error_code failed;
    auto value = boost::json::parse({line.data(), line.size()}, failed);
    if (failed || !value.is_object())
        return std::nullopt;
    return std::move(value.get_object());
}

/// An event in a line; nothing when it is none, or one of a kind that a newer library has.
auto event_in(boost::json::object const& object) -> std::optional<Event>
{
    if (!object.contains("event"))
        return std::nullopt;
    try {
        return decode_event(object);
    } catch (std::exception const&) {
        return std::nullopt;
    }
}

/// What the log then knows of the domain.
void apply(Event const& event, boost::json::object const& line, LoggedDomain& domain)
{
    domain.uuid = event.uuid;
    if (auto const* const stamp = line.if_contains("definition"))
        domain.definition = stamp->as_string();
    if (auto const* const run = line.if_contains("run")) {
        domain.run = run->to_number<int>();
        domain.place = line.at("place").to_number<std::uint64_t>();
        domain.is_over = line.contains("over");
    }
    forget_calls(event, domain);
}

auto numbered(std::vector<Event> events, std::uint64_t after, std::uint64_t last) -> std::vector<Event>
{
    std::erase_if(events, [=](Event const& e) { return e.number <= after || e.number > last; });
    return events;
}

/// All that a file tells from some place on.
auto events_of(Store const& store, std::string const& file, std::uint64_t from = 0) -> std::vector<Event>
{
    std::vector<Event> events;
    if (!store.machine().status(file))
        return events;
    auto const text = store.machine().read_file(file);
    auto rest = std::string_view{text};
    rest.remove_prefix(std::min<std::size_t>(from, rest.size()));
    for (auto end = rest.find('\n'); end != rest.npos; end = rest.find('\n')) {
        if (auto const object = object_in(rest.substr(0, end)))
            if (auto event = event_in(*object))
                events.push_back(std::move(*event));
        rest.remove_prefix(end + 1);
    }
    return events;
}

/// The number of the last event before a file began.
auto number_before(Store const& store, std::string const& file) -> std::uint64_t
{
    if (!store.machine().status(file))
        return 0;
    auto const text = store.machine().read_file(file);
    auto const first = object_in(std::string_view{text}.substr(0, text.find('\n')));
    auto const* const last = first ? first->if_contains("last") : nullptr;
    return last != nullptr ? last->to_number<std::uint64_t>() : 0;
}

auto missed(std::uint64_t first, std::uint64_t last) -> Event
{
    return {.number = last, .time = std::chrono::system_clock::now(), .data = MissedEvents{first, last}};
}

} // namespace
} // namespace event_log

/// The lines of one writer, and what is known once they are written.
struct EventLog::Batch
{
    std::uint64_t number{};
    std::string lines{};

    void add(LoggedDomain& domain, Event event, boost::json::object more)
    {
        event.number = ++number;
        auto calls = domain;
        event.cause = cause_of(event, calls);
        auto line = encode_event(event);
        for (auto& [key, value] : more)
            line[key] = value;
        event_log::apply(event, line, domain);
        lines += event_log::line_of(line);
    }
};

EventLog::EventLog(Store const& store, std::string program, std::function<Uuid(std::string const& name)> uuid_of)
    : store_{store}
    , program_{std::move(program)}
    , uuid_of_{std::move(uuid_of)}
{
}

auto EventLog::read() -> std::vector<Event>
{
    catch_up();
    return std::exchange(unread_, {});
}

auto EventLog::domains() const -> std::vector<std::string>
{
    std::vector<std::string> names;
    for (auto const& [name, domain] : domains_)
        names.push_back(name);
    return names;
}

auto EventLog::logged(std::string const& name) const -> LoggedDomain
{
    auto const found = domains_.find(name);
    return found == domains_.end() ? LoggedDomain{} : found->second;
}

auto EventLog::is_redefined(std::string const& name) const -> bool
{
    return store_.definition_stamp(name) != logged(name).definition;
}

template <class Make>
void EventLog::write(Make const& make)
{
    auto const lock = event_log::lock(store_);
    catch_up();
    if (read_ > event_log::most_bytes)
        turn_over();
    Batch batch{.number = last_};
    make(batch);
    if (batch.lines.empty())
        return;
    if (!has_begun_)
        batch.lines.insert(0, snapshot());
    store_.machine().append_lines(event_log::path(store_), batch.lines);
    catch_up();
}

void EventLog::note_definition(std::string const& name)
{
    constexpr unsigned added = 0, updated = 1, renamed = 2, removed = 0, renamed_away = 1;
    write([&](Batch& batch) {
        auto known = logged(name);
        auto const stamp = store_.definition_stamp(name);
        if (stamp == known.definition)
            return;
        Event event{.domain = name, .uuid = known.uuid, .time = std::chrono::system_clock::now()};
        LifecycleEvent life{LifecycleKind::undefined, removed};
        if (!stamp.empty()) {
            event.uuid = uuid_of_(name);
            life = {LifecycleKind::defined, known.definition.empty() ? added : updated};
        }
        event.data = life;
        auto calls = known;
        if (cause_of(event, calls).call == "domrename")
            life.detail = stamp.empty() ? renamed_away : renamed;
        event.data = std::move(life);
        batch.add(known, std::move(event), {{"definition", stamp}});
    });
}

void EventLog::note_run(RunNews const& news)
{
    write([&](Batch& batch) {
        auto known = logged(news.domain);
        if (news.id < known.run || (news.id == known.run && known.is_over))
            return;
        auto const add = [&](EventData data, std::chrono::system_clock::time_point time, boost::json::object more) {
            Event event{.domain = news.domain, .uuid = news.uuid, .time = time, .data = std::move(data)};
            batch.add(known, std::move(event), std::move(more));
        };
        if (news.id > known.run && !known.is_over)
            add(LifecycleEvent{LifecycleKind::stopped, event_log::failed, "nobody saw the end of its run"}, news.ended,
                {{"run", known.run}, {"place", known.place}, {"over", true}});
        if (news.id > known.run)
            known.place = 0;
        for (auto const& change : news.changes)
            if (change.place > known.place)
                add(change.data, change.time, {{"run", news.id}, {"place", change.place}});
        if (news.end)
            add(*news.end, news.ended, {{"run", news.id}, {"place", known.place}, {"over", true}});
    });
}

void EventLog::note_failed_start(std::string const& name, Uuid const& uuid, int id, std::string reason)
{
    write([&](Batch& batch) {
        auto known = logged(name);
        // Somebody else saw it run already, and its end.
        if (id != 0 && (id < known.run || (id == known.run && known.is_over)))
            return;
        boost::json::object more;
        if (id != 0)
            more = {{"run", id}, {"place", id == known.run ? known.place : 0}, {"over", true}};
        batch.add(known,
                  {.domain = name,
                   .uuid = uuid,
                   .time = std::chrono::system_clock::now(),
                   .data = LifecycleEvent{LifecycleKind::stopped, event_log::failed, std::move(reason)}},
                  std::move(more));
    });
}

void EventLog::note_call(std::string const& name, std::string_view call)
{
    write([&](Batch& batch) {
        batch.lines = event_log::line_of({{"call", call},
                                          {"domain", name},
                                          {"program", program_},
                                          {"pid", store_.machine().self().pid},
                                          {"time", event_log::microseconds(std::chrono::system_clock::now())}});
    });
}

/// Under the lock, all of it read.
void EventLog::turn_over()
{
    auto& machine = store_.machine();
    // A domain that is not there any more could only be told of by somebody who has slept since.
    std::erase_if(domains_, [](auto const& each) { return each.second.definition.empty() && each.second.is_over; });
    machine.write_file(event_log::next_path(store_), snapshot(), {.durable = false});
    machine.rename(event_log::path(store_), event_log::old_path(store_));
    machine.rename(event_log::next_path(store_), event_log::path(store_));
    catch_up();
}

auto EventLog::snapshot() const -> std::string
{
    boost::json::object known;
    for (auto const& [name, domain] : domains_) {
        boost::json::array calls;
        for (auto const& call : domain.calls)
            calls.push_back({{"call", call.cause.call},
                             {"program", call.cause.program},
                             {"pid", call.cause.pid},
                             {"time", event_log::microseconds(call.time)}});
        known[name] = {{"uuid", to_string(domain.uuid)}, {"definition", domain.definition}, {"run", domain.run},
                       {"place", domain.place},          {"over", domain.is_over},          {"calls", std::move(calls)}};
    }
    return event_log::line_of({{"last", last_}, {"domains", std::move(known)}});
}

void EventLog::catch_up()
{
    auto& machine = store_.machine();
    auto const path = event_log::path(store_);
    for (;;) {
        if (!file_) {
            auto const found = machine.status(path);
            if (!found)
                return;
            file_ = machine.open_file(path);
            inode_ = found->inode;
            read_ = 0;
        }
        constexpr std::size_t piece = 1 << 16;
        for (;;) {
            auto const bytes = read_at(file_.get(), read_, piece);
            auto const whole = bytes.rfind('\n');
            if (whole == bytes.npos)
                break;
            auto rest = std::string_view{bytes}.substr(0, whole + 1);
            read_ += rest.size();
            for (auto end = rest.find('\n'); end != rest.npos; end = rest.find('\n')) {
                take(rest.substr(0, end));
                rest.remove_prefix(end + 1);
            }
        }
        // It may have been turned over, after which nobody writes into this file.
        auto const now = machine.status(path);
        if (!now || now->inode == inode_)
            return;
        file_.reset();
    }
}

void EventLog::take(std::string_view line)
{
    auto const object = event_log::object_in(line);
    if (!object)
        return;
    try {
        if (object->contains("domains")) {
            take_snapshot(*object);
            return;
        }
        auto const name = std::string{object->at("domain").as_string()};
        auto& domain = domains_[name];
        if (auto const* const call = object->if_contains("call")) {
            EventCause cause{.call = std::string{call->as_string()},
                             .program = std::string{object->at("program").as_string()},
                             .pid = object->at("pid").to_number<std::int32_t>()};
            // Of calls that came to nothing only the last ones are of use.
            if (domain.calls.size() >= event_log::most_calls)
                domain.calls.erase(domain.calls.begin());
            domain.calls.push_back({std::move(cause), std::chrono::system_clock::time_point{std::chrono::microseconds{
                                                          object->at("time").to_number<std::int64_t>()}}});
            return;
        }
        last_ = object->at("number").to_number<std::uint64_t>();
        if (auto event = event_log::event_in(*object)) {
            event_log::apply(*event, *object, domain);
            unread_.push_back(std::move(*event));
        }
    } catch (std::exception const&) {
        // A line that nobody of ours has written tells nothing.
    }
}

void EventLog::take_snapshot(boost::json::object const& snapshot)
{
    auto const before = snapshot.at("last").to_number<std::uint64_t>();
    // Two files have been filled since we looked.
    if (has_begun_ && before > last_)
        unread_.push_back(event_log::missed(last_ + 1, before));
    has_begun_ = true;
    last_ = before;
    domains_.clear();
    for (auto const& [key, value] : snapshot.at("domains").as_object()) {
        auto const& object = value.as_object();
        LoggedDomain domain{.uuid = Uuid::parse(std::string_view{object.at("uuid").as_string()}).value_or(Uuid{}),
                            .definition = std::string{object.at("definition").as_string()},
                            .run = object.at("run").to_number<int>(),
                            .place = object.at("place").to_number<std::uint64_t>(),
                            .is_over = object.at("over").as_bool()};
        for (auto const& each : object.at("calls").as_array()) {
            auto const& call = each.as_object();
            domain.calls.push_back({{.call = std::string{call.at("call").as_string()},
                                     .program = std::string{call.at("program").as_string()},
                                     .pid = call.at("pid").to_number<std::int32_t>()},
                                    std::chrono::system_clock::time_point{
                                        std::chrono::microseconds{call.at("time").to_number<std::int64_t>()}}});
        }
        domains_[std::string{key}] = std::move(domain);
    }
}

auto EventLog::end(Store const& store) -> LogPosition
{
    auto const found = store.machine().status(event_log::path(store));
    return found ? LogPosition{found->inode, found->size} : LogPosition{};
}

auto EventLog::history(Store const& store, LogPosition after, std::uint64_t last) -> std::vector<Event>
{
    using namespace event_log;
    auto const lock = event_log::lock(store);
    if (end(store).file == after.file)
        return numbered(events_of(store, path(store), after.size), 0, last);
    auto const old = store.machine().status(old_path(store));
    auto events =
        old && old->inode == after.file ? events_of(store, old_path(store), after.size) : events_of(store, old_path(store));
    if (after.file != 0 && (!old || old->inode != after.file) && !events.empty())
        events.insert(events.begin(), missed(0, events.front().number - 1));
    std::ranges::move(events_of(store, path(store)), std::back_inserter(events));
    return numbered(std::move(events), 0, last);
}

auto EventLog::history(Store const& store, std::uint64_t after, std::uint64_t last) -> std::vector<Event>
{
    using namespace event_log;
    auto const lock = event_log::lock(store);
    auto events = events_of(store, old_path(store));
    std::ranges::move(events_of(store, path(store)), std::back_inserter(events));
    auto const has_old = store.machine().status(old_path(store)).has_value();
    auto const before = number_before(store, has_old ? old_path(store) : path(store));
    auto const newest = std::max(before, events.empty() ? 0 : events.back().number);
    auto found = numbered(std::move(events), after, last);
    if (after < before)
        found.insert(found.begin(), missed(after + 1, before));
    else if (after > newest) // of another log
        found.insert(found.begin(), missed(newest + 1, after));
    return found;
}

} // namespace vmwright::inline v0::detail
