// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/helper_start.hpp>
#include <vmwright/host/detail/host_core.hpp>
#include <vmwright/host/detail/qemu_driver.hpp>
#include <vmwright/host/detail/start_diagnosis.hpp>
#include <vmwright/machine/local_machine.hpp>

#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <variant>

namespace vmwright::inline v0::detail
{

namespace host_core
{
namespace
{

/// How long an operation waits for another one's lock.
constexpr auto lock_deadline = std::chrono::seconds{10};

auto with_machine(HostOptions options) -> HostOptions
{
    if (!options.machine)
        options.machine = std::make_shared<LocalMachine>();
    return options;
}

auto busy(Store const& store, std::string const& path, std::string const& object) -> Error
{
    auto const holder = store.lock_holder(path);
    return {Errc::timed_out,
            fmt::format("{} has its lock", holder ? format(*holder) : "somebody"),
            {.object = object, .step = "lock", .hint = "wait for that program, or end it"}};
}

auto not_running(std::string_view name) -> Error
{
    return {Errc::not_running, "domain is not running", {.object = domain_object(name)}};
}

} // namespace
} // namespace host_core

/// Lets the operations of this Host on one thing come one after the other.
struct HostCore::Gate
{
    explicit Gate(boost::asio::any_io_executor executor)
        : free{std::move(executor)}
    {
        free.raise();
    }
    Signal free;
};

struct HostCore::Locked
{
    std::shared_ptr<Gate> gate{};
    UniqueFd file{};

    Locked(std::shared_ptr<Gate> g, UniqueFd f)
        : gate{std::move(g)}
        , file{std::move(f)}
    {
    }
    Locked(Locked&&) noexcept = default;
    auto operator=(Locked&&) -> Locked& = delete;
    ~Locked()
    {
        file.reset();
        if (gate)
            gate->free.raise();
    }
};

struct HostCore::Run
{
    std::string name{};
    RunStatus status{};
    Process process{};
    std::vector<Process> helpers{};
    std::shared_ptr<Guest> guest{};
    std::vector<Lifecycle::Change> untold{}; ///< what the log has not taken yet
    Signal changed;
    Signal ended;
    bool has_exited{};

    explicit Run(boost::asio::any_io_executor const& executor)
        : changed{executor}
        , ended{executor}
    {
    }
};

HostCore::HostCore(HostOptions options, std::string uri)
    : options_{host_core::with_machine(std::move(options))}
    , uri_{std::move(uri)}
    , store_{options_.machine, options_.root}
    , runtime_{Runtime::make(options_.executor, options_.log)}
    , nurse_{store_}
    , hub_{runtime_}
    , log_{store_, options_.program, [this](std::string const& name) { return definition(name).uuid.value_or(Uuid{}); }}
    , root_changed_{std::make_shared<Signal>(runtime_->executor())}
    , recovered_{runtime_->executor()}
{
    drivers_.push_back(std::make_unique<QemuDriver>(store_, options_, runtime_, nurse_));
}

HostCore::~HostCore() = default;

Lease::~Lease()
{
    core->close();
}

void HostCore::close()
{
    // In one step with the cancelling of all that runs: what ran between the two would begin to wait anew.
    runtime_->close([self = shared_from_this()] {
        self->is_closed_ = true;
        self->hub_.close();
        self->files_.reset();
    });
    nurse_.end();
}

auto HostCore::files() -> FileWatch&
{
    if (is_closed_)
        std::rethrow_exception(cancelled());
    if (!files_)
        files_.emplace(runtime_->executor());
    return *files_;
}

auto HostCore::lock(std::string path, std::string object, std::string purpose) -> Awaitable<Locked>
{
    auto const deadline = deadline_after(host_core::lock_deadline);
    auto gate = gates_[path].lock();
    if (!gate) {
        gate = std::make_shared<Gate>(runtime_->executor());
        gates_[path] = gate;
    }
    if (!co_await gate->free.wait(deadline))
        throw host_core::busy(store_, path, object);
    gate->free.lower();
    Locked locked{gate, {}};
    locked.file = store_.try_lock(path, options_.program, purpose);
    if (!locked.file) {
        // Another program has it. Closing the lock's file, which ends the lock, is seen as a change of it.
        auto const changed = std::make_shared<Signal>(runtime_->executor());
        auto const watch = files().add(path, [changed] { changed->raise(); });
        while (!locked.file) {
            changed->lower();
            locked.file = store_.try_lock(path, options_.program, purpose);
            if (!locked.file && !co_await changed->wait(deadline))
                break;
        }
        if (files_)
            files_->remove(watch);
        if (!locked.file)
            throw host_core::busy(store_, path, object);
    }
    co_return locked;
}

auto HostCore::driver_for(DomainConfig const& config) const -> Driver&
{
    for (auto const& driver : drivers_)
        if (driver->runs(config.type))
            return *driver;
    throw Error{Errc::not_supported_yet,
                fmt::format("not supported yet: domain type '{}'", to_string(config.type)),
                {.object = domain_object(config.name)}};
}

auto HostCore::definition(std::string_view name) const -> DomainConfig
{
    auto parsed = xml::read_domain(store_.read_definition(name));
    if (parsed.has_errors())
        throw Error{Errc::corrupt_state,
                    "its definition cannot be read",
                    {.object = domain_object(name), .detail = ConfigError{parsed.diagnostics}.what()}};
    parsed.result.name = name;
    return std::move(parsed.result);
}

auto HostCore::list() const -> std::vector<Known>
{
    std::map<std::string, Uuid> found;
    // One that cannot be read hides no other.
    auto const take = [&](std::string const& name, auto const& uuid_of) {
        try {
            if (auto const uuid = uuid_of())
                found.emplace(name, *uuid);
        } catch (Error const& error) {
            runtime_->log(LogLevel::warning, error.what());
        }
    };
    for (auto const& name : store_.run_names())
        take(name, [&] {
            auto const status = store_.running(name);
            return status ? std::optional{status->uuid} : std::nullopt;
        });
    for (auto const& name : store_.defined_names())
        if (!found.contains(name))
            take(name, [&] { return std::optional{definition(name).uuid.value_or(Uuid{})}; });
    return {found.begin(), found.end()};
}

auto HostCore::find(std::string_view name) const -> std::optional<Known>
{
    if (name.empty() || name == "." || name == ".." || name.find('/') != name.npos)
        return std::nullopt;
    if (auto const status = store_.running(name))
        return Known{name, status->uuid};
    if (store_.is_defined(name))
        return Known{name, definition(name).uuid.value_or(Uuid{})};
    return std::nullopt;
}

auto HostCore::xml(std::string const& name, DomainXml which) const -> std::string
{
    auto const status = store_.running(name);
    if (which == DomainXml::live && !status)
        throw host_core::not_running(name);
    auto const live_file = store_.run_path(name, "live.xml");
    if (!status || (which == DomainXml::inactive && store_.is_defined(name)))
        return xml::write_domain(definition(name));
    auto text = store_.machine().read_file(live_file);
    // A guest obeys its balloon when nobody may be there to see it.
    if (auto const left = drivers_.front()->told_memory(name)) {
        auto parsed = xml::read_domain(text);
        parsed.result.current_memory = *left;
        text = xml::update_domain(parsed.document, parsed.result);
    }
    // The id belongs to the run and not to the configuration, so its place is here.
    constexpr auto tag = std::string_view{"<domain type='"};
    if (auto const quote = text.find('\'', tag.size()); text.starts_with(tag) && quote != text.npos)
        text.insert(quote + 1, fmt::format(" id='{}'", status->id));
    return text;
}

auto HostCore::console(std::string const& name, std::string_view alias) const -> std::string
{
    if (!store_.running(name))
        throw host_core::not_running(name);
    auto const config = xml::read_domain(store_.machine().read_file(store_.run_path(name, "live.xml"))).result;
    auto const path_of = [&](auto const& device) -> std::optional<std::string> {
        auto const* const pty = std::get_if<PtyChar>(&device.source);
        return pty != nullptr && (alias.empty() || device.info.alias == alias) ? pty->path : std::nullopt;
    };
    for (auto const& console : config.devices.consoles)
        if (auto path = path_of(console))
            return *path;
    for (auto const& serial : config.devices.serials)
        if (auto path = path_of(serial))
            return *path;
    throw Error{Errc::not_found,
                alias.empty() ? "it has no console on a terminal" : fmt::format("it has no terminal '{}'", alias),
                {.object = domain_object(name), .hint = "give it <console type='pty'/>"}};
}

void HostCore::refuse_conflicts(DomainConfig const& config, bool has_uuid) const
{
    for (auto const& [name, uuid] : list()) {
        if (name == config.name && (!has_uuid || uuid != config.uuid))
            throw Error{Errc::already_exists, fmt::format("domain '{}' already exists with uuid {}", name, to_string(uuid))};
        if (name != config.name && has_uuid && uuid == config.uuid)
            throw Error{Errc::already_exists,
                        fmt::format("domain '{}' is already defined with uuid {}", name, to_string(uuid))};
    }
}

void HostCore::choose_identities(DomainConfig& config) const
{
    auto& machine = store_.machine();
    auto const random_uuid = [&] {
        std::array<std::uint8_t, 16> random{};
        machine.fill_random(std::as_writable_bytes(std::span{random}));
        return Uuid::from_random(random);
    };
    if (!config.uuid)
        config.uuid = smbios_uuid(config.sysinfos).value_or(random_uuid());
    if (config.genid == Uuid{})
        config.genid = random_uuid();
    for (auto& interface : config.devices.interfaces)
        if (!interface.mac) {
            std::array<std::uint8_t, 3> random{};
            machine.fill_random(std::as_writable_bytes(std::span{random}));
            interface.mac = Mac::from_random(random);
        }
}

auto HostCore::resolved_text(DomainConfig config, std::string text) -> Awaitable<std::pair<DomainConfig, std::string>>
{
    choose_identities(config);
    auto& driver = driver_for(config);
    auto checked = co_await driver.resolve(std::move(config));
    auto const parsed = text.empty() ? xml::Parsed<DomainConfig>{} : xml::read_domain(text);
    parsed.document.place(checked.diagnostics);
    for (auto const& diagnostic : checked.diagnostics)
        if (diagnostic.severity == Severity::warning)
            runtime_->log(LogLevel::warning, format(diagnostic));
    auto resolved = std::move(checked).value();
    auto stored = text.empty() ? xml::write_domain(resolved) : xml::update_domain(parsed.document, resolved);
    co_return std::pair{std::move(resolved), std::move(stored)};
}

auto HostCore::define(DomainConfig config, std::string text) -> Awaitable<Known>
{
    require_usable_name(config.name);
    auto const has_uuid = config.uuid.has_value();
    auto const name = config.name;
    auto const locked = co_await lock(store_.lock_path(name), domain_object(name), "to define it");
    refuse_conflicts(config, has_uuid);
    auto const resolved = co_await resolved_text(std::move(config), std::move(text));
    // What a domain of that name left that was undefined while it ran.
    if (!store_.is_defined(name))
        store_.set_autostart(name, false);
    note_call(name, "define");
    store_.write_definition(name, resolved.second);
    note_definition(name);
    co_return Known{name, *resolved.first.uuid};
}

auto HostCore::redefine(std::string name, Uuid uuid, std::string text, std::string replaced) -> Awaitable<void>
{
    auto config = xml::read_domain(text).value();
    if (config.name != name || config.uuid.value_or(uuid) != uuid)
        throw Error{Errc::invalid_config, "a definition's name and uuid cannot be edited", {.object = domain_object(name)}};
    config.uuid = uuid;
    auto const locked = co_await lock(store_.lock_path(name), domain_object(name), "to redefine it");
    if (store_.read_definition(name) != replaced)
        throw Error{
            Errc::wrong_state, "its definition was changed by somebody else meanwhile", {.object = domain_object(name)}};
    auto const resolved = co_await resolved_text(std::move(config), std::move(text));
    note_call(name, "define");
    store_.write_definition(name, resolved.second);
    note_definition(name);
}

auto HostCore::undefine(std::string name, UndefineOptions options) -> Awaitable<void>
{
    auto const locked = co_await lock(store_.lock_path(name), domain_object(name), "to undefine it");
    if (!store_.is_defined(name))
        throw Error{store_.running(name) ? Errc::wrong_state : Errc::not_found,
                    store_.running(name) ? "cannot undefine transient domain" : "there is no such domain",
                    {.object = domain_object(name)}};
    // The TPM of a domain that runs goes when that ends.
    auto const tpms = store_.running(name)
                          ? std::vector<Uuid>{}
                          : tpms_to_forget(xml::read_domain(store_.read_definition(name)).result, options.keep_tpm);
    note_call(name, "undefine");
    store_.remove_definition(name, tpms);
    note_definition(name);
}

auto HostCore::launch(StartOrder order, std::string_view call) -> Awaitable<StartReport>
{
    if (store_.running(order.name))
        throw Error{Errc::already_running, "domain is already running", {.object = domain_object(order.name)}};
    note_call(order.name, call);
    try {
        auto report = co_await try_launch(order);
        co_return report;
    } catch (Error const& error) {
        if (error.code() == Errc::cancelled)
            throw;
        if (error.code() != Errc::io_failed) {
            note_failure(order, error.what());
            throw;
        }
        auto const told = step_error(store_, order, error);
        note_failure(order, told.what());
        throw told;
    }
}

auto HostCore::try_launch(StartOrder& order) -> Awaitable<StartReport>
{
    auto const name = order.name;
    co_await clear_run(name);
    auto& driver = driver_for(order.config);
    co_await driver.check_start(order);
    {
        auto const id_lock = co_await lock(store_.id_lock_path(), "the domain ids", "to take one");
        order.id = store_.next_id();
    }
    auto started = co_await driver.start(order);
    store_.hint(name);
    adopt(name, started.status, std::move(started.process), std::move(started.helpers));
    co_return std::move(started.report);
}

auto HostCore::start(std::string name, StartOptions options) -> Awaitable<StartReport>
{
    co_await await_end(name);
    StartOrder order{.name = name, .options = options};
    try {
        auto const locked = co_await lock(store_.lock_path(name), domain_object(name), "to start it");
        order.text = store_.read_definition(name);
        order.config = definition(name);
        auto report = co_await launch(order, options.paused ? "start --paused" : "start");
        co_return report;
    } catch (Error const& error) {
        // What a disk that is full, or a program without descriptors, says before the start itself.
        if (error.code() != Errc::io_failed)
            throw;
        throw step_error(store_, order, error);
    }
}

auto HostCore::create(DomainConfig config, std::string text, StartOptions options) -> Awaitable<Known>
{
    require_usable_name(config.name);
    auto const name = config.name;
    auto const has_uuid = config.uuid.has_value();
    co_await await_end(name);
    auto const locked = co_await lock(store_.lock_path(name), domain_object(name), "to start it");
    refuse_conflicts(config, has_uuid);
    if (store_.running(name))
        throw Error{Errc::already_running, "domain is already running", {.object = domain_object(name)}};
    auto resolved = co_await resolved_text(std::move(config), text);
    auto const uuid = *resolved.first.uuid;
    StartOrder order{.name = name, .text = std::move(text), .config = std::move(resolved.first), .options = options};
    co_await launch(std::move(order), options.paused ? "create --paused" : "create");
    co_return Known{name, uuid};
}

auto HostCore::running(std::string const& name) -> RunPtr
{
    auto run = follow(name);
    if (!run)
        throw host_core::not_running(name);
    return run;
}

auto HostCore::plan(DomainConfig config) -> Awaitable<qemu::Plan>
{
    choose_identities(config);
    auto& driver = driver_for(config);
    auto checked = co_await driver.plan(std::move(config));
    co_return std::move(checked).value();
}

auto HostCore::emulator(std::string arch) -> Awaitable<EmulatorInfo>
{
    auto info = co_await drivers_.front()->emulator(std::move(arch));
    co_return info;
}

auto HostCore::domain_capabilities(CapabilitiesQuery query) -> Awaitable<DomainCapabilities>
{
    auto capabilities = co_await drivers_.front()->domain_capabilities(std::move(query));
    co_return capabilities;
}

auto HostCore::capabilities() -> Awaitable<HostCapabilities>
{
    auto capabilities = co_await drivers_.front()->capabilities();
    co_return capabilities;
}

} // namespace vmwright::inline v0::detail
