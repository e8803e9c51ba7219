// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/device_name.hpp>
#include <vmwright/host/detail/qemu_disks.hpp>
#include <vmwright/host/detail/qemu_launch.hpp>
#include <vmwright/host/detail/signal.hpp>
#include <vmwright/host/detail/start_diagnosis.hpp>
#include <vmwright/host/detail/start_failure.hpp>
#include <vmwright/machine/machine.hpp>
#include <vmwright/qmp/commands/chardev.hpp>
#include <vmwright/qmp/commands/net.hpp>
#include <vmwright/qmp/commands/password.hpp>
#include <vmwright/qmp/commands/run_state.hpp>
#include <vmwright/xml/domain.hpp>

#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>
#include <variant>

namespace vmwright::inline v0::detail
{

namespace qemu_launch
{
namespace
{

/// The numbers that QEMU finds its descriptors under.
constexpr auto first_listener = 10;
constexpr auto alive_number = first_listener + monitor_slots;

/// How long an emulator whose monitor is gone may take to be gone itself.
constexpr auto exit_deadline = std::chrono::seconds{2};

using boost::asio::use_awaitable;

auto option(std::string name) -> qemu::Option
{
    qemu::Option option;
    option.name = std::move(name);
    option.rule = qemu::monitor_rule;
    return option;
}

/// Our monitors: sockets that are bound already, and the journal, a monitor that writes to a file.
auto monitor_options(std::string const& journal) -> std::vector<qemu::Option>
{
    std::vector<qemu::Option> options;
    auto const monitor = [&](std::string const& id) {
        options.push_back(option("mon").set("chardev", id).set("mode", "control"));
    };
    for (auto slot = 0; slot < monitor_slots; ++slot) {
        auto const id = fmt::format("qmp{}", slot);
        options.push_back(option("chardev")
                              .set("", "socket")
                              .set("id", id)
                              .set("fd", fmt::format("{}", first_listener + slot))
                              .set("server", true)
                              .set("wait", false));
        monitor(id);
    }
    options.push_back(option("chardev").set("", "pipe").set("id", "journal").set("path", journal));
    monitor("journal");
    return options;
}

void replace_monitor(std::vector<qemu::Option>& options, std::vector<qemu::Option> ours)
{
    auto const is_monitor = [](qemu::Option const& o) { return o.rule == qemu::monitor_rule; };
    auto const at = std::ranges::find_if(options, is_monitor) - options.begin();
    std::erase_if(options, is_monitor);
    options.insert(options.begin() + std::min<std::ptrdiff_t>(at, std::ssize(options)),
                   std::make_move_iterator(ours.begin()), std::make_move_iterator(ours.end()));
}

/// QEMU opens /dev/vhost-vsock itself where no descriptor of it is named.
void drop_vsock_slots(std::vector<qemu::Option>& options)
{
    for (auto& option : options)
        std::erase_if(option.properties, [](auto const& property) {
            auto const* const slot = std::get_if<qemu::Slot>(&property.second.data());
            return slot && slot->name.starts_with("vsock:");
        });
}

/// The terminals that QEMU has opened, into the devices that asked for one.
void place_terminals(DomainConfig& config, std::vector<qmp::ChardevInfo> const& chardevs)
{
    auto const path_of = [&](DeviceInfo const& info) -> std::optional<std::string> {
        constexpr auto prefix = std::string_view{"pty:"};
        auto const label = "char" + info.alias.value_or("");
        auto const found = std::ranges::find(chardevs, label, &qmp::ChardevInfo::label);
        if (found == chardevs.end() || !found->filename.starts_with(prefix))
            return std::nullopt;
        return found->filename.substr(prefix.size());
    };
    auto const place = [&](auto& device) {
        if (auto* const pty = std::get_if<PtyChar>(&device.source))
            pty->path = path_of(device.info);
    };
    auto& devices = config.devices;
    std::ranges::for_each(devices.serials, place);
    std::ranges::for_each(devices.parallels, place);
    std::ranges::for_each(devices.consoles, place);
    std::ranges::for_each(devices.channels, place);
    for (auto& console : devices.consoles)
        if (auto const* const pty = std::get_if<PtyChar>(&console.source))
            console.tty = pty->path;
}

/// The path of a socket that a character device listens on in our own directory; null for any other option.
auto own_socket(qemu::Option& option, std::string_view directory) -> qemu::Value*
{
    auto const is = [&](std::string_view property, qemu::Value const& value) {
        auto const* const found = option.find(property);
        return found != nullptr && *found == value;
    };
    if (option.name != "chardev" || !is("", "socket") || !is("server", true))
        return nullptr;
    for (auto& [name, value] : option.properties)
        if (auto const* const path = std::get_if<std::string>(&value.data());
            name == "path" && path != nullptr && path->starts_with(directory))
            return &value;
    return nullptr;
}

auto has_terminal(DomainConfig const& config) -> bool
{
    auto const is_pty = [](auto const& device) { return std::holds_alternative<PtyChar>(device.source); };
    auto const& devices = config.devices;
    return std::ranges::any_of(devices.serials, is_pty) || std::ranges::any_of(devices.parallels, is_pty) ||
           std::ranges::any_of(devices.consoles, is_pty) || std::ranges::any_of(devices.channels, is_pty);
}

/// QEMU no longer knows `-soundhw`; the board's beeper is told where its sound goes.
void connect_beeper(std::vector<qemu::Option>& options, DomainConfig const& config)
{
    auto const by_name = [](std::string_view name) { return [name](qemu::Option const& o) { return o.name == name; }; };
    auto const machine = std::ranges::find_if(options, by_name("machine"));
    auto const beeper = std::ranges::find_if(options, by_name("soundhw"));
    if (machine == options.end() || beeper == options.end() || config.devices.audios.empty())
        return;
    machine->set("pcspk-audiodev", fmt::format("audio{}", config.devices.audios.front().id));
    options.erase(beeper);
}

/// `2030-12-31T23:59:59` in seconds since 1970.
auto seconds_since_1970(std::string_view time) -> std::string
{
    auto const number = [&](std::size_t at, std::size_t length) {
        auto value = 0;
        for (auto const c : time.substr(at, length))
            value = value * 10 + (c - '0');
        return value;
    };
    using namespace std::chrono;
    sys_days const day{year{number(0, 4)} / month{static_cast<unsigned>(number(5, 2))} /
                       std::chrono::day{static_cast<unsigned>(number(8, 2))}};
    auto const moment = sys_seconds{day} + hours{number(11, 2)} + minutes{number(14, 2)} + seconds{number(17, 2)};
    return fmt::format("{}", moment.time_since_epoch().count());
}

/// Which disk the emulator's block nodes belong to, by what their names begin with.
auto disks_by_node(std::vector<qemu::Option> const& options) -> std::map<std::string, std::string>
{
    std::map<std::string, std::string> disks;
    for (auto const& option : options) {
        auto const* const drive = option.name == "device" ? option.find("drive") : nullptr;
        auto const* const node = drive ? std::get_if<std::string>(&drive->data()) : nullptr;
        auto const* const id = node ? option.find("id") : nullptr;
        if (auto const* const alias = id ? std::get_if<std::string>(&id->data()) : nullptr)
            disks.emplace(node->substr(0, node->rfind('-')), *alias);
    }
    return disks;
}

/// The kernel forgets at an exec that changes who the process is what it was to do at its parent's end.
void refuse_setuid(Machine& machine, std::string const& emulator, std::string_view name)
{
    constexpr std::uint32_t setuid_or_setgid = 06000;
    auto const found = machine.status(emulator);
    if (found && (found->mode & setuid_or_setgid) != 0)
        throw Error{Errc::not_supported,
                    fmt::format("'{}' is setuid or setgid, so the domain cannot be bound to this program", emulator),
                    {.object = domain_object(name), .hint = "start it detached, or with an emulator that is not"}};
}

auto tail(std::string text) -> std::string
{
    constexpr std::size_t most = 4096;
    while (text.ends_with('\n'))
        text.pop_back();
    return text.size() <= most ? text : "…" + text.substr(text.size() - most);
}

} // namespace
} // namespace qemu_launch

Launch::Launch(Store const& store, std::shared_ptr<Runtime> runtime, Nurse& nurse, HostOptions const& options,
               StartOrder const& order, qemu::Capabilities const& capabilities, qemu::Plan plan, DomainConfig live,
               Stopwatch watch)
    : store_{store}
    , runtime_{std::move(runtime)}
    , nurse_{nurse}
    , options_{options}
    , order_{order}
    , capabilities_{capabilities}
    , plan_{std::move(plan)}
    , live_{std::move(live)}
    , watch_{watch}
{
    qemu_launch::connect_beeper(plan_.options, live_);
    qemu_launch::replace_monitor(plan_.options, qemu_launch::monitor_options(run_path("journal")));
    qemu_launch::drop_vsock_slots(plan_.options);
}

Launch::~Launch()
{
    if (is_complete_)
        return;
    monitor_.reset();
    // The sweep needs a few descriptors, and these may be all that there are.
    listeners_.clear();
    sockets_.clear();
    for (auto* const file : {&alive_, &log_, &journal_input_})
        file->reset();
    try {
        // Waits only for the kernel: the guest has no memory worth writing.
        if (started_.process && started_.process.kill())
            started_.process.wait();
        kill_helpers(started_.helpers);
        store_.sweep_run(order_.name);
        if (!store_.is_defined(order_.name))
            forget_tpm(store_, live_);
        if (has_new_tpm_)
            store_.forget_intent(*live_.uuid);
    } catch (std::exception const& error) {
        runtime_->log(LogLevel::warning, error.what());
    }
}

auto Launch::run_path(std::string_view leaf) const -> std::string
{
    return store_.run_path(order_.name, leaf);
}

void Launch::make_files()
{
    auto& machine = store_.machine();
    machine.make_directories(store_.run_path(order_.name));
    alive_ = machine.try_lock(run_path("alive"));
    for (auto slot = 0; slot < monitor_slots; ++slot)
        listeners_.push_back(machine.listen(slot_path(store_, order_.name, slot)));
    log_ = machine.open_file(run_path("log"), {.append = true, .create = true});
    // QEMU opens the fifo for both directions, so what we leave in it stays until it reads.
    machine.make_fifo(run_path("journal.in"));
    journal_input_ = machine.open_file(run_path("journal.in"), {.write = true});
    write_all(journal_input_.get(), "{\"execute\":\"qmp_capabilities\"}\n");
    machine.write_file(run_path("journal.out"), "", {.durable = false});
    for (auto const& directory : plan_.directories)
        machine.make_directories(directory);
    for (auto const& file : plan_.files) {
        machine.make_directories(file.path.substr(0, file.path.rfind('/')));
        if (file.copy_of.empty())
            machine.write_file(file.path, file.text);
        else if (!machine.status(file.path))
            machine.write_file(file.path, machine.read_file(file.copy_of, std::size_t{256} << 20));
    }
    bind_sockets();
}

void Launch::bind_sockets()
{
    for (auto& option : plan_.options)
        if (auto* const path = qemu_launch::own_socket(option, run_path(""))) {
            sockets_.push_back(store_.machine().listen(std::get<std::string>(path->data())));
            for (auto& [name, value] : option.properties)
                if (name == "path")
                    name = "fd";
            *path = fmt::format("{}", qemu_launch::alive_number + static_cast<int>(sockets_.size()));
        }
}

auto Launch::start_helpers() -> boost::asio::awaitable<void>
{
    std::vector<ProcessId> ids;
    for (auto& helper : plan_.helpers) {
        if (!helper.state.empty() && live_.uuid && !store_.machine().status(helper.state)) {
            store_.begin_tpm_state(order_.name, *live_.uuid);
            has_new_tpm_ = true;
        }
        auto started = co_await start_helper_for(helper);
        ids.push_back(started.process.id());
        started_.helpers.push_back(std::move(started.process));
        store_.write_helpers(order_.name, ids);
        sockets_.push_back(std::move(started.connection));
        qemu::fill_slot(plan_.options, helper.slot, qemu_launch::alive_number + static_cast<int>(sockets_.size()));
    }
}

auto Launch::start_helper_for(qemu::Helper& helper) -> boost::asio::awaitable<StartedHelper>
{
    std::optional<Error> failed;
    try {
        auto started = co_await start_helper(store_, *runtime_, nurse_, order_.options.owner, order_.name, helper);
        co_return started;
    } catch (Error const& error) {
        if (error.code() == Errc::cancelled)
            throw;
        failed = error;
    }
    if (failed->code() == Errc::helper_failed)
        throw helper_error(helper, failed->message(), failed->context().detail);
    throw step_error(store_, order_, *failed, device_name(helper.node, live_));
}

/// The emulator itself goes on without some of them.
void Launch::require_helpers() const
{
    for (std::size_t i = 0; i < started_.helpers.size(); ++i)
        if (started_.helpers[i].has_ended())
            throw helper_error(plan_.helpers[i], fmt::format("{} ended while the domain started", plan_.helpers[i].program),
                               {});
}

auto Launch::failed_helper() const -> qemu::Helper const*
{
    for (std::size_t i = 0; i < started_.helpers.size(); ++i)
        if (auto const status = started_.helpers[i].exit_status(); status && !status->success())
            return &plan_.helpers[i];
    return nullptr;
}

auto Launch::helper_error(qemu::Helper const& helper, std::string_view what, std::string words) const -> Error
{
    return {Errc::helper_failed,
            what,
            {.object = fmt::format("{}, {}", domain_object(order_.name), device_name(helper.node, live_)),
             .step = "start",
             .hint = fmt::format("its own words tell more; see {}", place_of(order_, plan_.origins.find(helper.node).node)),
             .detail = std::move(words)}};
}

auto Launch::words_of_helpers() const -> std::string
{
    std::string words;
    for (std::size_t i = 0; i < started_.helpers.size(); ++i)
        if (auto const log = helper_log(store_, order_.name, plan_.helpers[i]);
            started_.helpers[i].has_ended() && !log.empty())
            words += fmt::format("\n{}: {}", plan_.helpers[i].program, qemu_launch::tail(log));
    return words;
}

void Launch::spawn()
{
    auto& machine = store_.machine();
    auto argv = qemu::arguments(plan_);
    ProcessSpec spec{.executable = plan_.emulator, .new_session = true};
    spec.arguments.assign(std::make_move_iterator(argv.begin() + 1), std::make_move_iterator(argv.end()));
    spec.more_environment = plan_.environment;
    spec.fds = {{.number = 1, .ours = log_.get()}, {.number = 2, .ours = log_.get()}};
    for (auto slot = 0; slot < monitor_slots; ++slot)
        spec.fds.push_back(
            {.number = qemu_launch::first_listener + slot, .ours = listeners_[static_cast<std::size_t>(slot)].get()});
    spec.fds.push_back({.number = qemu_launch::alive_number, .ours = alive_.get()});
    for (auto const& socket : sockets_)
        spec.fds.push_back({.number = spec.fds.back().number + 1, .ours = socket.get()});
    auto const owner = order_.options.owner;
    if (owner != OwnerPolicy::detached)
        qemu_launch::refuse_setuid(machine, spec.executable, order_.name);
    started_.process = nurse_.spawn(std::move(spec), owner);
    // From here on they are QEMU's alone: its end closes the sockets and frees the lock.
    listeners_.clear();
    sockets_.clear();
    alive_.reset();
    log_.reset();
    started_.status = {
        .boot_id = machine.boot_id(),
        .process = started_.process.id(),
        .id = order_.id,
        .uuid = live_.uuid.value_or(Uuid{}),
        .emulator = plan_.emulator,
        .started = std::chrono::system_clock::now(),
        .started_paused = order_.options.paused,
    };
    if (owner != OwnerPolicy::detached)
        started_.status.owner = RunOwner{.program = options_.program, .process = machine.self()};
    if (owner == OwnerPolicy::bound)
        nurse_.took(order_.name, order_.id);
}

auto Launch::greet() -> boost::asio::awaitable<void>
{
    // Written while QEMU is busy with itself.
    store_.write_run_status(order_.name, started_.status);
    monitor_ = take_monitor(store_, *runtime_, options_.program, order_.name, options_.log);
    co_await monitor_->client.async_handshake(order_.options.deadline, qemu_launch::use_awaitable);
}

auto Launch::limit_disks() -> boost::asio::awaitable<void>
{
    for (auto& limits : throttles(live_))
        co_await monitor_->client.async_execute("block_set_io_throttle", std::move(limits), order_.options.deadline,
                                                qemu_launch::use_awaitable);
}

/// QEMU has no option for a cable that is not plugged in.
auto Launch::pull_cables() -> boost::asio::awaitable<void>
{
    for (auto const& interface : live_.devices.interfaces)
        if (interface.link == LinkState::down && interface.info.alias) {
            qmp::set_link const pull{.name_ = *interface.info.alias, .up = false};
            co_await monitor_->client.async_execute(pull, order_.options.deadline, qemu_launch::use_awaitable);
        }
}

/// How much the balloon leaves the guest, and how often it tells what the guest makes of it.
auto Launch::set_balloon() -> boost::asio::awaitable<void>
{
    auto const& balloon = live_.devices.memballoon;
    if (!balloon || balloon->model == MemballoonModel::none || !balloon->info.alias)
        co_return;
    auto const deadline = order_.options.deadline;
    if (live_.current_memory && *live_.current_memory < live_.memory) {
        boost::json::object target;
        target["value"] = live_.current_memory->bytes;
        co_await monitor_->client.async_execute("balloon", std::move(target), deadline, qemu_launch::use_awaitable);
    }
    if (balloon->stats_period) {
        boost::json::object period;
        period["path"] = fmt::format("/machine/peripheral/{}", *balloon->info.alias);
        period["property"] = "guest-stats-polling-interval";
        period["value"] = *balloon->stats_period;
        co_await monitor_->client.async_execute("qom-set", std::move(period), deadline, qemu_launch::use_awaitable);
    }
}

auto Launch::set_passwords() -> boost::asio::awaitable<void>
{
    auto const deadline = order_.options.deadline;
    for (auto const& graphics : live_.devices.graphics) {
        auto const* const vnc = std::get_if<VncGraphics>(&graphics.type);
        auto const* const spice = std::get_if<SpiceGraphics>(&graphics.type);
        auto const password = vnc ? vnc->password : spice ? spice->password : std::nullopt;
        if (!password)
            continue;
        auto const protocol = vnc ? qmp::DisplayProtocol::vnc : qmp::DisplayProtocol::spice;
        qmp::set_password set{.protocol = protocol, .password = *password};
        if (auto const connected = vnc ? vnc->connected : spice->connected)
            set.connected = from_string<qmp::SetPasswordAction>(to_string(*connected));
        co_await monitor_->client.async_execute(set, deadline, qemu_launch::use_awaitable);
        auto const valid_to = vnc ? vnc->password_valid_to : spice->password_valid_to;
        if (!valid_to)
            continue;
        qmp::expire_password const expire{.protocol = protocol, .time = qemu_launch::seconds_since_1970(*valid_to)};
        co_await monitor_->client.async_execute(expire, deadline, qemu_launch::use_awaitable);
    }
}

auto Launch::record() -> boost::asio::awaitable<void>
{
    journal_input_.reset();
    store_.machine().remove(run_path("journal.in"));
    if (qemu_launch::has_terminal(live_)) {
        auto const chardevs = co_await monitor_->client.async_execute(qmp::query_chardev{}, order_.options.deadline,
                                                                      qemu_launch::use_awaitable);
        qemu_launch::place_terminals(live_, chardevs);
    }
    store_.machine().write_file(run_path("live.xml"), xml::write_domain(live_), {.durable = false});
    if (auto const disks = qemu_launch::disks_by_node(plan_.options); !disks.empty())
        store_.write_block_nodes(order_.name, disks);
    // From here on it stands: whoever comes when we are gone lets the guest go.
    started_.status.is_complete = true;
    store_.write_run_status(order_.name, started_.status);
    if (has_new_tpm_)
        store_.forget_intent(*live_.uuid);
}

auto Launch::failure(Error const& error) -> boost::asio::awaitable<Error>
{
    monitor_.reset();
    auto const timed_out = error.code() == Errc::timed_out;
    auto const lost = error.code() == Errc::monitor_failed || error.code() == Errc::not_running;
    auto const by_helper = error.code() == Errc::helper_failed;
    if (!timed_out && !lost && !by_helper)
        co_return step_error(store_, order_, error);
    if (lost && started_.process) {
        // Its connection ended a little before the emulator itself.
        auto const exited = std::make_shared<Signal>(runtime_->executor());
        started_.process.async_wait(runtime_->executor(), [exited](std::exception_ptr, ExitStatus) { exited->raise(); });
        co_await exited->wait(deadline_after(qemu_launch::exit_deadline));
    }
    auto const log = store_.machine().read_file(run_path("log"), std::size_t{64} << 20);
    auto words = qemu_launch::tail(log) + words_of_helpers();
    if (by_helper)
        co_return error.with({.detail = std::move(words)});
    if (timed_out) {
        auto late = timeout_error(store_, order_, started_.process.id(), doing_, std::move(words));
        co_return late;
    }
    auto const ended = started_.process ? started_.process.exit_status() : std::nullopt;
    auto cause = judge({.log = log, .ended = ended, .plan = plan_, .live = live_, .capabilities = capabilities_});
    if (auto const* const helper = failed_helper(); helper != nullptr && cause.code == Errc::emulator_failed)
        co_return helper_error(*helper, fmt::format("{} failed while the domain started", helper->program),
                               std::move(words));
    auto told = start_error(store_, order_, std::move(cause), std::move(words));
    co_return told;
}

void Launch::take_step(void (Launch::*step)())
{
    try {
        (this->*step)();
    } catch (Error const& error) {
        throw step_error(store_, order_, error);
    }
}

auto Launch::run() -> boost::asio::awaitable<Started>
{
    take_step(&Launch::make_files);
    co_await start_helpers();
    take_step(&Launch::spawn);
    watch_.end_of(StartPhase::spawn);
    std::optional<Error> failed;
    try {
        co_await greet();
        require_helpers();
        doing_ = "when the passwords of its displays were set";
        co_await set_passwords();
        watch_.end_of(StartPhase::build);
        doing_ = "when the limits of its disks were set";
        co_await limit_disks();
        doing_ = "when cables were pulled out of its interfaces";
        co_await pull_cables();
        doing_ = "when its balloon was set";
        co_await set_balloon();
        doing_ = "when its terminals were asked for";
        co_await record();
        watch_.end_of(StartPhase::record);
        doing_ = "when the guest was to run";
        if (!order_.options.paused)
            co_await monitor_->client.async_execute(qmp::cont{}, order_.options.deadline, qemu_launch::use_awaitable);
        watch_.end_of(StartPhase::run);
    } catch (Error const& error) {
        if (error.code() == Errc::cancelled)
            throw;
        failed = error;
    }
    if (failed) {
        auto told = co_await failure(*failed);
        throw told;
    }
    started_.report = {
        .id = order_.id, .pid = started_.process.pid(), .timings = watch_.timings(), .command_line = qemu::explain(plan_)};
    is_complete_ = true;
    co_return std::move(started_);
}

} // namespace vmwright::inline v0::detail
