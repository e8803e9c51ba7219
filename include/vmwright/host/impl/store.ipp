// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/store.hpp>
#include <vmwright/machine/machine.hpp>
#include <vmwright/xml/domain.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <set>
#include <system_error>
#include <utility>

namespace vmwright::inline v0::detail
{

namespace store
{
namespace
{

constexpr auto format_version = std::string_view{"1\n"};
constexpr auto definition_suffix = std::string_view{".xml"};
constexpr auto unfinished = std::string_view{".vmwright-"}; ///< begins the names that write_file gives at first
constexpr auto starting = std::string_view{"start"};
constexpr auto undefining = std::string_view{"undefine"};
constexpr auto renaming = std::string_view{"rename"};

auto microseconds(std::chrono::system_clock::time_point time) -> std::int64_t
{
    return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

auto time_point(std::int64_t us) -> std::chrono::system_clock::time_point
{
    return std::chrono::system_clock::time_point{std::chrono::microseconds{us}};
}

/// Nothing where the domain is not bound.
auto owner_in(boost::json::object const& status) -> std::optional<RunOwner>
{
    auto const* const owner = status.if_contains("owner");
    if (owner == nullptr)
        return std::nullopt;
    return RunOwner{.program = std::string{owner->at("program").as_string()},
                    .process = {.pid = owner->at("pid").to_number<int>(),
                                .start_time = owner->at("start_time").to_number<std::uint64_t>()}};
}

/// The JSON object in a file of ours that is written in one step; nothing when there is none.
auto read_object(Machine& machine, std::string const& path) -> std::optional<boost::json::object>
{
    if (!machine.status(path))
        return std::nullopt;
    try {
        return boost::json::parse(machine.read_file(path)).as_object();
    } catch (Error const& error) {
        if (error.context().cause == std::errc::no_such_file_or_directory)
            return std::nullopt;
        throw;
    } catch (std::exception const& error) {
        throw Error{Errc::corrupt_state, fmt::format("'{}' is not what was written there", path), {.detail = error.what()}};
    }
}

/// Calls `read` with the object; what is missing or of another type is a corrupt file.
template <class Read>
auto interpret(std::string const& path, boost::json::object const& object, Read const& read)
{
    try {
        return read(object);
    } catch (std::exception const& error) {
        throw Error{Errc::corrupt_state, fmt::format("'{}' is not what was written there", path), {.detail = error.what()}};
    }
}

} // namespace
} // namespace store

void require_usable_name(std::string_view name)
{
    auto const refuse = [](std::string message) { throw Error{Errc::invalid_argument, message}; };
    // Room for ".xml" in the 255 bytes of a file's name.
    constexpr std::size_t limit = 250;
    if (name.empty())
        refuse("a domain needs a name");
    if (name.size() > limit)
        refuse(fmt::format("a domain's name of {} bytes is longer than {}", name.size(), limit));
    if (name == "." || name == "..")
        refuse(fmt::format("'{}' cannot be a domain's name", name));
    if (name.find('/') != name.npos)
        refuse(fmt::format("the name '{}' contains a '/'", name));
    if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
        refuse("a domain's name contains a line end or another control character");
}

auto domain_object(std::string_view name) -> std::string
{
    return fmt::format("domain '{}'", name);
}

Store::Store(std::shared_ptr<Machine> machine, std::string root)
    : machine_{std::move(machine)}
    , root_{std::move(root)}
{
}

void Store::open() const
{
    for (auto const* const leaf :
         {"domains", "run", "autostart", "ended", "log", "locks", "hints", "cache", "swept", "intents", "events"})
        machine_->make_directories(path(leaf));
    if (!machine_->status(path("format")))
        machine_->write_file(path("format"), store::format_version);
    auto found = machine_->read_file(path("format"), 64);
    if (found != store::format_version)
        throw Error{Errc::corrupt_state,
                    fmt::format("'{}' is a state directory of another version", root_),
                    {.hint = "open it with the version of the library that made it", .detail = std::move(found)}};
}

void Store::sweep(std::string_view program) const
{
    for (auto const* const leaf : {"", "domains", "autostart", "ended", "log", "cache", "intents", "events"})
        machine_->remove_unfinished(path(leaf));
    for (auto const& name : machine_->list_directory(path("swept")))
        remove_tree(path("swept/" + name));
    for (auto const& uuid : machine_->list_directory(path("intents")))
        carry_out_intent(uuid, program);
    for (auto const& leaf : machine_->list_directory(path("cache")))
        if (auto const file = path("cache/" + leaf);
            leaf.starts_with("ask-") && machine_->connect(file).outcome == ConnectOutcome::refused)
            machine_->remove(file);

    std::set<std::string> names;
    for (auto const* const leaf : {"autostart", "ended", "hints", "locks"})
        std::ranges::copy(machine_->list_directory(path(leaf)), std::inserter(names, names.end()));
    for (auto const& file : machine_->list_directory(path("log")))
        names.insert(file.substr(0, file.rfind('.')));
    auto const is_known = [this](std::string const& name) {
        return is_defined(name) || machine_->status(run_path(name)).has_value();
    };
    // What somebody is just writing there has no name yet.
    std::erase_if(names, [&](std::string const& name) {
        return name.empty() || name.starts_with(store::unfinished) || is_known(name);
    });
    for (auto const& name : names)
        if (auto const lock = try_lock(lock_path(name), program, "to sweep what it left"); lock && !is_known(name))
            forget(name);
}

/// Under the domain's lock, whose file goes last: who waits for it makes another.
void Store::forget(std::string const& name) const
{
    set_autostart(name, false);
    machine_->remove(path(fmt::format("ended/{}", name)));
    machine_->remove(path(fmt::format("log/{}.log", name)));
    machine_->remove(path(fmt::format("hints/{}", name)));
    machine_->remove(lock_path(name));
}

auto Store::path(std::string_view leaf) const -> std::string
{
    return fmt::format("{}/{}", root_, leaf);
}

auto Store::run_path(std::string_view name, std::string_view leaf) const -> std::string
{
    return leaf.empty() ? fmt::format("{}/run/{}", root_, name) : fmt::format("{}/run/{}/{}", root_, name, leaf);
}

auto Store::lock_path(std::string_view name) const -> std::string
{
    return fmt::format("{}/locks/{}", root_, name);
}

auto Store::id_lock_path() const -> std::string
{
    return path("last-id.lock");
}

auto Store::defined_names() const -> std::vector<std::string>
{
    auto names = machine_->list_directory(path("domains"));
    std::erase_if(names, [](auto const& file) { return !file.ends_with(store::definition_suffix); });
    for (auto& name : names)
        name.resize(name.size() - store::definition_suffix.size());
    std::erase(names, "");
    return names;
}

auto Store::is_defined(std::string_view name) const -> bool
{
    return machine_->status(path(fmt::format("domains/{}.xml", name))).has_value();
}

auto Store::read_definition(std::string_view name) const -> std::string
{
    if (!is_defined(name))
        throw Error{Errc::not_found, "there is no definition", {.object = domain_object(name)}};
    return machine_->read_file(path(fmt::format("domains/{}.xml", name)), std::size_t{64} << 20);
}

void Store::write_definition(std::string_view name, std::string_view text) const
{
    machine_->write_file(path(fmt::format("domains/{}.xml", name)), text);
}

void Store::remove_definition(std::string_view name, std::vector<Uuid> const& tpms) const
{
    // Written first: once the definition is gone nothing else tells whose the state was.
    for (auto const& uuid : tpms)
        machine_->write_file(path(fmt::format("intents/{}", to_string(uuid))),
                             fmt::format("{}\n{}", store::undefining, name));
    machine_->remove(path(fmt::format("domains/{}.xml", name)));
    for (auto const& uuid : tpms) {
        remove_tpm_state(uuid);
        forget_intent(uuid);
    }
    set_autostart(name, false);
    machine_->remove(path(fmt::format("ended/{}", name)));
    machine_->remove(path(fmt::format("log/{}.log", name)));
}

void Store::rename_definition(std::string_view name, std::string_view to, Uuid const& uuid, std::string_view text) const
{
    // What goes along has both names first. Of an unknown name it means nothing, and is swept.
    set_autostart(to, is_autostarted(name));
    for (auto const* const kept : {"ended/{}", "log/{}.log"}) {
        auto const from = path(fmt::format(fmt::runtime(kept), name));
        auto const copy = path(fmt::format(fmt::runtime(kept), to));
        if (machine_->status(from))
            machine_->write_file(copy, machine_->read_file(from, std::size_t{256} << 20), {.durable = false});
        else
            machine_->remove(copy);
    }
    // The file's name is the domain's. For the one within there is no step at which both could change.
    machine_->write_file(path(fmt::format("intents/{}", to_string(uuid))), fmt::format("{}\n{}", store::renaming, to));
    machine_->rename(path(fmt::format("domains/{}.xml", name)), path(fmt::format("domains/{}.xml", to)));
    write_definition(to, text);
    forget_intent(uuid);
    forget(std::string{name});
}

void Store::finish_renaming(std::string const& name) const
{
    if (!is_defined(name))
        return;
    auto parsed = xml::read_domain(read_definition(name));
    if (std::exchange(parsed.result.name, name) != name)
        write_definition(name, xml::update_domain(parsed.document, parsed.result));
}

/// An intent says what is being done, and to which domain, in a line each.
void Store::carry_out_intent(std::string const& uuid, std::string_view program) const
{
    auto const file = path("intents/" + uuid);
    auto const read = [&] { return machine_->status(file) ? machine_->read_file(file, 4096) : std::string{}; };
    auto const text = read();
    auto const name = text.substr(std::min(text.find('\n') + 1, text.size()));
    if (name.empty())
        return;
    auto const lock = try_lock(lock_path(name), program, "to finish what was begun with it");
    if (!lock || read() != text)
        return;
    if (text.starts_with(store::renaming)) {
        finish_renaming(name);
        machine_->remove(file);
        return;
    }
    auto const stays = text.starts_with(store::starting)
                           ? running(name).has_value()
                           : is_defined(name) && read_definition(name).find(uuid) != std::string::npos;
    if (auto const tpm = Uuid::parse(uuid); tpm && !stays)
        remove_tpm_state(*tpm);
    machine_->remove(file);
}

auto Store::is_autostarted(std::string_view name) const -> bool
{
    return machine_->status(path(fmt::format("autostart/{}", name))).has_value();
}

auto Store::autostarted_names() const -> std::vector<std::string>
{
    auto names = machine_->list_directory(path("autostart"));
    std::erase_if(names, [this](auto const& name) { return !is_defined(name); });
    return names;
}

void Store::set_autostart(std::string_view name, bool on) const
{
    auto const file = path(fmt::format("autostart/{}", name));
    if (!on)
        machine_->remove(file);
    else if (!machine_->status(file))
        machine_->write_file(file, "");
}

auto Store::definition_stamp(std::string_view name) const -> std::string
{
    auto const found = machine_->status(path(fmt::format("domains/{}.xml", name)));
    return found ? fmt::format("{} {} {}", found->inode, found->modified.time_since_epoch().count(), found->size)
                 : std::string{};
}

auto Store::run_names() const -> std::vector<std::string>
{
    return machine_->list_directory(path("run"));
}

auto Store::running(std::string_view name) const -> std::optional<RunStatus>
{
    if (!machine_->is_locked(run_path(name, "alive")))
        return std::nullopt;
    // The lock alone would do, but for a child that the one who started it forked just then.
    auto status = run_status(name);
    if (status && (!status->is_complete || !machine_->open_process(status->process)))
        status.reset();
    return status;
}

auto Store::run_status(std::string_view name) const -> std::optional<RunStatus>
{
    auto const file = run_path(name, "status");
    auto const object = store::read_object(*machine_, file);
    if (!object)
        return std::nullopt;
    return store::interpret(file, *object, [](boost::json::object const& o) {
        auto const uuid = Uuid::parse(o.at("uuid").as_string());
        if (!uuid)
            throw std::invalid_argument{"uuid"};
        return RunStatus{
            .boot_id = std::string{o.at("boot").as_string()},
            .process = {.pid = o.at("pid").to_number<int>(), .start_time = o.at("start_time").to_number<std::uint64_t>()},
            .id = o.at("id").to_number<int>(),
            .uuid = *uuid,
            .emulator = std::string{o.at("emulator").as_string()},
            .started = store::time_point(o.at("started").to_number<std::int64_t>()),
            .started_paused = o.at("started_paused").as_bool(),
            .is_complete = o.at("complete").as_bool(),
            .reboot_pending = o.at("reboot_pending").as_bool(),
            .booting = o.at("booting").as_bool(),
            .killed = o.at("killed").as_bool(),
            .owner = store::owner_in(o),
        };
    });
}

void Store::write_run_status(std::string_view name, RunStatus const& status) const
{
    auto object = boost::json::object{
        {"boot", status.boot_id},
        {"pid", status.process.pid},
        {"start_time", status.process.start_time},
        {"id", status.id},
        {"uuid", to_string(status.uuid)},
        {"emulator", status.emulator},
        {"started", store::microseconds(status.started)},
        {"started_paused", status.started_paused},
        {"complete", status.is_complete},
        {"reboot_pending", status.reboot_pending},
        {"booting", status.booting},
        {"killed", status.killed},
    };
    if (status.owner)
        object["owner"] = boost::json::object{{"program", status.owner->program},
                                              {"pid", status.owner->process.pid},
                                              {"start_time", status.owner->process.start_time}};
    machine_->write_file(run_path(name, "status"), boost::json::serialize(object), {.durable = false});
}

auto Store::helpers(std::string_view name) const -> std::vector<Process>
{
    auto const file = run_path(name, "helpers");
    auto const object = store::read_object(*machine_, file);
    if (!object)
        return {};
    return store::interpret(file, *object, [this](boost::json::object const& o) {
        std::vector<Process> list;
        if (o.at("boot").as_string() != machine_->boot_id())
            return list;
        for (auto const& helper : o.at("helpers").as_array())
            if (auto process = machine_->open_process({.pid = helper.at("pid").to_number<int>(),
                                                       .start_time = helper.at("start_time").to_number<std::uint64_t>()}))
                list.push_back(std::move(process));
        return list;
    });
}

void Store::write_helpers(std::string_view name, std::vector<ProcessId> const& helpers) const
{
    boost::json::array list;
    for (auto const& helper : helpers)
        list.push_back(boost::json::object{{"pid", helper.pid}, {"start_time", helper.start_time}});
    auto const object = boost::json::object{{"boot", machine_->boot_id()}, {"helpers", std::move(list)}};
    machine_->write_file(run_path(name, "helpers"), boost::json::serialize(object), {.durable = false});
}

auto Store::block_nodes(std::string_view name) const -> std::map<std::string, std::string>
{
    auto const file = run_path(name, "nodes");
    auto const object = store::read_object(*machine_, file);
    if (!object)
        return {};
    return store::interpret(file, *object, [](boost::json::object const& o) {
        std::map<std::string, std::string> nodes;
        for (auto const& [stem, alias] : o)
            nodes.emplace(stem, alias.as_string());
        return nodes;
    });
}

void Store::write_block_nodes(std::string_view name, std::map<std::string, std::string> const& nodes) const
{
    boost::json::object object;
    for (auto const& [stem, alias] : nodes)
        object[stem] = alias;
    machine_->write_file(run_path(name, "nodes"), boost::json::serialize(object), {.durable = false});
}

void Store::sweep_run(std::string_view name) const
{
    if (is_defined(name) && machine_->status(run_path(name, "log")))
        machine_->rename(run_path(name, "log"), path(fmt::format("log/{}.log", name)));
    if (!machine_->status(run_path(name)))
        return;
    // In one step, so that no half of a run is ever taken for one.
    auto const doomed = path(fmt::format("swept/{}", name));
    remove_tree(doomed);
    machine_->rename(run_path(name), doomed);
    remove_tree(doomed);
}

void Store::remove_tpm_state(Uuid const& uuid) const
{
    remove_tree(path(fmt::format("tpm/{}", to_string(uuid))));
}

void Store::begin_tpm_state(std::string_view name, Uuid const& uuid) const
{
    machine_->write_file(path(fmt::format("intents/{}", to_string(uuid))), fmt::format("{}\n{}", store::starting, name));
}

void Store::forget_intent(Uuid const& uuid) const
{
    machine_->remove(path(fmt::format("intents/{}", to_string(uuid))));
}

void Store::remove_tree(std::string const& directory) const
{
    if (!machine_->status(directory))
        return;
    try {
        for (auto const& leaf : machine_->list_directory(directory)) {
            auto const child = fmt::format("{}/{}", directory, leaf);
            auto const found = machine_->status(child);
            if (found && found->type == FileType::directory)
                remove_tree(child);
            else
                machine_->remove(child);
        }
    } catch (Error const& error) {
        // Somebody else removes the same.
        if (error.context().cause != std::errc::no_such_file_or_directory)
            throw;
    }
    machine_->remove(directory);
}

auto Store::last_end(std::string_view name) const -> std::optional<DomainEnd>
{
    auto const file = path(fmt::format("ended/{}", name));
    auto const object = store::read_object(*machine_, file);
    if (!object)
        return std::nullopt;
    return store::interpret(file, *object, [](boost::json::object const& o) {
        DomainEnd end{
            .reason =
                from_string<ShutoffReason>(std::string_view{o.at("reason").as_string()}).value_or(ShutoffReason::unknown),
            .cause = std::string{o.at("cause").as_string()},
            .time = store::time_point(o.at("time").to_number<std::int64_t>()),
            .id = o.at("id").to_number<int>(),
        };
        if (auto const* const code = o.if_contains("exit_code"))
            end.exit_code = code->to_number<int>();
        return end;
    });
}

void Store::write_last_end(std::string_view name, DomainEnd const& end) const
{
    auto object = boost::json::object{
        {"reason", to_string(end.reason)}, {"cause", end.cause}, {"time", store::microseconds(end.time)}, {"id", end.id}};
    if (end.exit_code)
        object["exit_code"] = *end.exit_code;
    machine_->write_file(path(fmt::format("ended/{}", name)), boost::json::serialize(object), {.durable = false});
}

auto Store::next_id() const -> int
{
    auto const file = path("last-id");
    int last{};
    if (machine_->status(file)) {
        auto const text = machine_->read_file(file, 64);
        if (std::from_chars(text.data(), text.data() + text.size(), last).ec != std::errc{})
            throw Error{Errc::corrupt_state, fmt::format("'{}' is not a number", file), {.detail = text}};
    }
    machine_->write_file(file, fmt::format("{}\n", last + 1), {.durable = false});
    return last + 1;
}

auto format(LockHolder const& holder) -> std::string
{
    auto const since = std::chrono::floor<std::chrono::seconds>(holder.since);
    return fmt::format("{} (pid {}, since {:%F %T} UTC, {})", holder.program, holder.process.pid, since, holder.purpose);
}

auto Store::try_lock(std::string const& lock_path, std::string_view program, std::string_view purpose) const -> UniqueFd
{
    auto const own_namespace = machine_->status("/proc/self/ns/pid");
    auto const self = machine_->self();
    auto const text = boost::json::serialize(boost::json::object{
        {"program", program},
        {"purpose", purpose},
        {"pid", self.pid},
        {"start_time", self.start_time},
        {"pid_namespace", own_namespace ? own_namespace->inode : 0},
        {"since", store::microseconds(std::chrono::system_clock::now())},
    });
    // Under the guard the file's text is always that of whoever has the lock.
    auto const guard = machine_->wait_for_lock(path("guard"));
    if (auto lock = machine_->try_lock(lock_path)) {
        overwrite(lock.get(), text);
        return lock;
    }
    if (auto const holder = lock_holder(lock_path); holder && is_dead(*holder))
        return machine_->replace_lock(lock_path, text);
    return {};
}

auto Store::lock_holder(std::string const& lock_path) const -> std::optional<LockHolder>
{
    if (!machine_->status(lock_path))
        return std::nullopt;
    boost::system::error_code failed;
    auto const text = boost::json::parse(machine_->read_file(lock_path, 4096), failed);
    if (failed) // killed between the lock and its text
        return std::nullopt;
    return store::interpret(lock_path, text.as_object(), [](boost::json::object const& o) {
        return LockHolder{
            .program = std::string{o.at("program").as_string()},
            .purpose = std::string{o.at("purpose").as_string()},
            .process = {.pid = o.at("pid").to_number<int>(), .start_time = o.at("start_time").to_number<std::uint64_t>()},
            .pid_namespace = o.at("pid_namespace").to_number<std::uint64_t>(),
            .since = store::time_point(o.at("since").to_number<std::int64_t>()),
        };
    });
}

/// A process of another pid namespace cannot be seen from here, so it counts as alive.
auto Store::is_dead(LockHolder const& holder) const -> bool
{
    auto const own_namespace = machine_->status("/proc/self/ns/pid");
    if (holder.pid_namespace != (own_namespace ? own_namespace->inode : 0) || holder.process == machine_->self())
        return false;
    return !machine_->open_process(holder.process);
}

void Store::hint(std::string_view name) const
{
    [[maybe_unused]] auto const touched =
        machine_->open_file(path(fmt::format("hints/{}", name)), {.write = true, .create = true, .truncate = true});
}

} // namespace vmwright::inline v0::detail
