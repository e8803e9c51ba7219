// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/qemu_guest.hpp>
#include <vmwright/host/detail/signal.hpp>
#include <vmwright/machine/machine.hpp>
#include <vmwright/qmp/commands/machine.hpp>
#include <vmwright/qmp/commands/monitor.hpp>
#include <vmwright/qmp/commands/run_state.hpp>
#include <vmwright/qmp/error.hpp>
#include <vmwright/qmp/events.hpp>
#include <vmwright/xml/domain.hpp>

#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace vmwright::inline v0::detail
{

namespace qemu_guest
{
namespace
{

/// How long a QEMU whose socket could be had may take to say its first word.
constexpr auto greeting_deadline = std::chrono::seconds{10};

/// How long firmware may take from a reset to its own, on a machine that has much else to do.
constexpr auto firmware_deadline = std::chrono::seconds{2};

using boost::asio::use_awaitable;

auto lock_slot(Store const& store, std::string const& path, std::string const& program, std::string_view name) -> UniqueFd
{
    try {
        return store.try_lock(path + ".lock", program, "to talk to QEMU");
    } catch (Error const& error) {
        // Its run has been swept meanwhile.
        if (error.context().cause == std::errc::no_such_file_or_directory)
            throw Error{Errc::not_running, "domain is not running", {.object = domain_object(name)}};
        throw;
    }
}

} // namespace
} // namespace qemu_guest

auto slot_path(Store const& store, std::string_view name, int slot) -> std::string
{
    return store.run_path(name, fmt::format("qmp{}", slot));
}

auto take_monitor(Store const& store, Runtime const& runtime, std::string const& program, std::string_view name, LogHook log)
    -> std::shared_ptr<Monitor>
{
    std::string holders;
    for (auto slot = 0; slot < monitor_slots; ++slot) {
        auto const path = slot_path(store, name, slot);
        if (!store.machine().status(path)) { // its run has been swept, perhaps just now
            holders.clear();
            break;
        }
        auto lock = qemu_guest::lock_slot(store, path, program, name);
        if (!lock) {
            auto const holder = store.lock_holder(path + ".lock");
            holders += fmt::format("{}{}", holders.empty() ? "" : ", ", holder ? format(*holder) : "somebody");
            continue;
        }
        auto connection = store.machine().connect(path);
        if (connection.outcome == ConnectOutcome::connected)
            return std::make_shared<Monitor>(
                std::move(lock), qmp::Client{runtime.executor(), connection.fd.release(), {.log = std::move(log)}});
        if (connection.outcome != ConnectOutcome::busy)
            throw Error{Errc::not_running, "domain is not running", {.object = domain_object(name)}};
        holders += fmt::format("{}somebody without a lock", holders.empty() ? "" : ", ");
    }
    if (holders.empty())
        throw Error{Errc::not_running, "domain is not running", {.object = domain_object(name)}};
    throw Error{Errc::unresponsive,
                fmt::format("all {} of its monitors are taken", monitor_slots),
                {.object = domain_object(name), .hint = fmt::format("wait for {}", holders)}};
}

QemuGuest::QemuGuest(Store const& store, std::shared_ptr<Runtime> runtime, HostOptions const& options, std::string name,
                     RunStatus const& status)
    : store_{store}
    , runtime_{std::move(runtime)}
    , options_{options}
    , name_{std::move(name)}
    , status_{status}
    , journal_{store_.machine().open_file(journal_path())}
    , lifecycle_{status.started_paused, guest_names(config(), store_.block_nodes(name_))}
    , untold_{lifecycle_.begin(status.started)}
{
}

auto QemuGuest::journal_path() const -> std::string
{
    return store_.run_path(name_, "journal.out");
}

void QemuGuest::read_journal()
{
    constexpr std::size_t piece = 1 << 16;
    for (;;) {
        auto const bytes = read_at(journal_.get(), journal_read_, piece);
        journal_read_ += bytes.size();
        std::ranges::move(lifecycle_.feed(bytes), std::back_inserter(untold_));
        if (bytes.size() < piece)
            return;
    }
}

auto QemuGuest::changes() -> std::vector<Lifecycle::Change>
{
    read_journal();
    return std::exchange(untold_, {});
}

auto QemuGuest::monitor() -> boost::asio::awaitable<std::shared_ptr<Monitor>>
{
    if (auto shared = monitor_.lock(); shared && shared->client.is_open())
        co_return shared;
    auto taken = take_monitor(store_, *runtime_, options_.program, name_, options_.log);
    try {
        co_await taken->client.async_handshake(qemu_guest::greeting_deadline, qemu_guest::use_awaitable);
    } catch (Error const& error) {
        if (error.code() == Errc::timed_out)
            throw Error{Errc::unresponsive, "the emulator does not answer", {.object = domain_object(name_)}};
        throw;
    }
    // What has the lock, the pid and the sockets of our domain could only be another one if somebody had meddled.
    if (!is_verified_) {
        auto const reply = co_await taken->client.async_execute(qmp::query_uuid{}, {}, qemu_guest::use_awaitable);
        if (Uuid::parse(reply.uuid) != status_.uuid)
            throw Error{Errc::corrupt_state,
                        fmt::format("the emulator of pid {} says that its uuid is {}", status_.process.pid, reply.uuid),
                        {.object = domain_object(name_), .hint = "end that process"}};
        is_verified_ = true;
    }
    monitor_ = taken;
    co_return taken;
}

auto QemuGuest::take_over() -> boost::asio::awaitable<void>
{
    auto const connection = co_await monitor();
    auto const reply = co_await connection->client.async_execute(qmp::query_status{}, {}, qemu_guest::use_awaitable);
    read_journal();
    if (reply.status == qmp::RunState::prelaunch && !lifecycle_.has_run() && !status_.started_paused)
        co_await connection->client.async_execute(qmp::cont{}, {}, qemu_guest::use_awaitable);
}

auto QemuGuest::state() -> boost::asio::awaitable<DomainState>
{
    auto const connection = co_await monitor();
    auto const reply = co_await connection->client.async_execute(qmp::query_status{}, {}, qemu_guest::use_awaitable);
    read_journal();
    co_return lifecycle_.state(reply.status);
}

auto QemuGuest::memory() -> boost::asio::awaitable<std::optional<Size>>
{
    auto const connection = co_await monitor();
    try {
        auto const reply = co_await connection->client.async_execute(qmp::query_balloon{}, {}, qemu_guest::use_awaitable);
        co_return Size{static_cast<std::uint64_t>(reply.actual)};
    } catch (qmp::CommandError const&) {
        co_return std::nullopt;
    }
}

auto QemuGuest::suspend() -> boost::asio::awaitable<void>
{
    auto const connection = co_await monitor();
    co_await connection->client.async_execute(qmp::stop{}, {}, qemu_guest::use_awaitable);
}

auto QemuGuest::resume() -> boost::asio::awaitable<void>
{
    auto const connection = co_await monitor();
    auto const reply = co_await connection->client.async_execute(qmp::query_status{}, {}, qemu_guest::use_awaitable);
    switch (reply.status) {
    case qmp::RunState::running:
        throw Error{Errc::wrong_state, "domain is already running", {.object = domain_object(name_)}};
    case qmp::RunState::guest_panicked:
        // QEMU would run the crashed guest on.
        throw Error{
            Errc::wrong_state, "the guest has crashed", {.object = domain_object(name_), .hint = "reset or destroy it"}};
    case qmp::RunState::shutdown:
        throw Error{
            Errc::wrong_state, "the guest has powered off", {.object = domain_object(name_), .hint = "reset or destroy it"}};
    case qmp::RunState::suspended:
        throw Error{Errc::wrong_state, "the guest sleeps", {.object = domain_object(name_), .hint = "wake it"}};
    default: break;
    }
    co_await connection->client.async_execute(qmp::cont{}, {}, qemu_guest::use_awaitable);
}

auto QemuGuest::config() const -> DomainConfig
{
    return xml::read_domain(store_.machine().read_file(store_.run_path(name_, "live.xml"))).result;
}

auto QemuGuest::reset() -> boost::asio::awaitable<void>
{
    auto const connection = co_await monitor();
    co_await reset_by(connection, false);
}

auto QemuGuest::reset_by(std::shared_ptr<Monitor> connection, bool boots) -> boost::asio::awaitable<void>
{
    auto const ends_by_reboot = config().on_reboot == LifecycleAction::destroy;
    // A QEMU that is told to end when the guest reboots would take our reset for that, and also the one with which SeaBIOS
    // begins anew when it finds that it has run before.
    auto const again = std::make_shared<Signal>(runtime_->executor());
    qmp::set_action action;
    if (ends_by_reboot) {
        auto const events = std::make_shared<qmp::Subscription>(connection->client.subscribe());
        runtime_->launch_background(events, [events, again]() -> boost::asio::awaitable<void> {
            while (auto const event = co_await events->async_next(qemu_guest::use_awaitable))
                if (auto const reset = qmp::as<qmp::events::reset>(*event); reset && reset->guest)
                    again->raise();
        });
        action.reboot = qmp::RebootAction::reset;
        co_await connection->client.async_execute(action, {}, qemu_guest::use_awaitable);
    }
    co_await connection->client.async_execute(qmp::system_reset{}, {}, qemu_guest::use_awaitable);
    if (boots)
        co_await connection->client.async_execute(qmp::cont{}, {}, qemu_guest::use_awaitable);
    if (ends_by_reboot) {
        co_await again->wait(deadline_after(qemu_guest::firmware_deadline));
        action.reboot = qmp::RebootAction::shutdown;
        co_await connection->client.async_execute(action, {}, qemu_guest::use_awaitable);
    }
}

auto QemuGuest::power_down(bool keep) -> boost::asio::awaitable<void>
{
    auto const connection = co_await monitor();
    auto const always_keeps = config().on_poweroff == LifecycleAction::restart;
    if (!always_keeps) {
        qmp::set_action action;
        action.shutdown = keep ? qmp::ShutdownAction::pause : qmp::ShutdownAction::poweroff;
        co_await connection->client.async_execute(action, {}, qemu_guest::use_awaitable);
    }
    co_await connection->client.async_execute(qmp::system_powerdown{}, {}, qemu_guest::use_awaitable);
}

auto QemuGuest::finish(bool reboot_pending, bool booting) -> boost::asio::awaitable<Finish>
{
    auto const connection = co_await monitor();
    auto const reply = co_await connection->client.async_execute(qmp::query_status{}, {}, qemu_guest::use_awaitable);
    auto const live = config();
    co_return finish_of({.state = reply.status,
                         .on_poweroff = live.on_poweroff.value_or(LifecycleAction::destroy),
                         .on_crash = live.on_crash.value_or(CrashAction::destroy),
                         .reboot_pending = reboot_pending,
                         .booting = booting});
}

auto QemuGuest::dump_core(std::string directory) -> boost::asio::awaitable<void>
{
    auto const connection = co_await monitor();
    store_.machine().make_directories(directory);
    // Of the crash and not of this moment: one that is written twice is there once.
    auto const crashed = std::chrono::floor<std::chrono::microseconds>(lifecycle_.crashed().value_or(status_.started));
    boost::json::object dump;
    dump["paging"] = false;
    dump["protocol"] = fmt::format("file:{}/{}-{:%F-%H:%M:%S}", directory, name_, crashed);
    co_await connection->client.async_execute("dump-guest-memory", std::move(dump), {}, qemu_guest::use_awaitable);
}

auto QemuGuest::quit() -> boost::asio::awaitable<void>
{
    auto const connection = co_await monitor();
    co_await connection->client.async_execute(qmp::quit{}, {}, qemu_guest::use_awaitable);
}

auto QemuGuest::boot_again() -> boost::asio::awaitable<void>
{
    auto const connection = co_await monitor();
    co_await reset_by(connection, true);
    if (config().on_poweroff != LifecycleAction::restart) {
        qmp::set_action action;
        action.shutdown = qmp::ShutdownAction::poweroff;
        co_await connection->client.async_execute(action, {}, qemu_guest::use_awaitable);
    }
}

auto QemuGuest::qmp_command(std::string json) -> boost::asio::awaitable<std::string>
{
    boost::system::error_code failed;
    auto const parsed = boost::json::parse(json, failed);
    auto const* const object = failed ? nullptr : parsed.if_object();
    auto const* const name = object != nullptr ? object->if_contains("execute") : nullptr;
    auto const* const arguments = object != nullptr ? object->if_contains("arguments") : nullptr;
    if (name == nullptr || !name->is_string() || (arguments != nullptr && !arguments->is_object()))
        throw Error{Errc::invalid_argument, "not a QMP command", {.hint = R"(write {"execute": "NAME", "arguments": {…}})"}};
    auto command = std::string{name->get_string()};
    auto members = arguments != nullptr ? arguments->get_object() : boost::json::object{};
    auto const connection = co_await monitor();
    boost::json::object answer;
    try {
        auto value =
            co_await connection->client.async_execute(std::move(command), std::move(members), {}, qemu_guest::use_awaitable);
        answer["return"] = std::move(value);
    } catch (qmp::CommandError const& refusal) {
        answer["error"] = boost::json::object{{"class", refusal.error_class()}, {"desc", refusal.description()}};
    }
    co_return boost::json::serialize(answer);
}

auto QemuGuest::hmp_command(std::string line) -> boost::asio::awaitable<std::string>
{
    auto const connection = co_await monitor();
    qmp::human_monitor_command command;
    command.command_line = std::move(line);
    auto reply = co_await connection->client.async_execute(command, {}, qemu_guest::use_awaitable);
    co_return reply;
}

} // namespace vmwright::inline v0::detail
