// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/lifecycle.hpp>

#include <boost/json/parse.hpp>

#include <charconv>
#include <cstdint>
#include <utility>
#include <variant>

namespace vmwright::inline v0::detail
{

namespace lifecycle
{
namespace
{

/// The numbers of virDomainEvent…DetailType that QEMU's events lead to; names in event.ipp.
constexpr unsigned booted = 0, woken = 4;
constexpr unsigned paused_by_user = 0, paused_by_io_error = 2, paused_by_watchdog = 3;
constexpr unsigned unpaused = 0;
constexpr unsigned stopped_shutdown = 0, stopped_destroyed = 1, stopped_crashed = 2, stopped_failed = 5;
constexpr unsigned by_guest = 1, by_host = 2;
constexpr unsigned slept_memory = 0, slept_disk = 1;
constexpr unsigned panicked = 0, crashloaded = 1;

/// An event in one line of the journal; nothing for the greeting and the answer to qmp_capabilities.
auto event_in(std::string_view line) -> std::optional<qmp::Event>
{
    boost::system::error_code failed;
    auto const value = boost::json::parse(line, failed);
    auto const* const object = failed ? nullptr : value.if_object();
    auto const* const name = object != nullptr ? object->if_contains("event") : nullptr;
    if (name == nullptr || !name->is_string())
        return std::nullopt;
    qmp::Event event{.name = std::string{name->get_string()}};
    if (auto const* const data = object->if_contains("data"); data != nullptr && data->is_object())
        event.data = data->get_object();
    if (auto const* const at = object->if_contains("timestamp"); at != nullptr && at->is_object()) {
        auto const part = [&](char const* key) -> std::int64_t {
            auto const* const number = at->get_object().if_contains(key);
            return number != nullptr && number->is_int64() ? number->get_int64() : 0;
        };
        event.timestamp = std::chrono::sys_time<std::chrono::microseconds>{std::chrono::seconds{part("seconds")} +
                                                                           std::chrono::microseconds{part("microseconds")}};
    }
    return event;
}

/// The alias of the device at `/machine/peripheral/ALIAS/…`.
auto alias_at(std::string_view path) -> std::string
{
    constexpr auto devices = std::string_view{"/machine/peripheral/"};
    if (!path.starts_with(devices))
        return {};
    path.remove_prefix(devices.size());
    return std::string{path.substr(0, path.find('/'))};
}

/// The word of QEMU's that is also one of ours.
template <NamedEnum Ours, NamedEnum Theirs>
auto same_word(Theirs word) -> Ours
{
    return from_string<Ours>(to_string(word)).value_or(Ours{});
}

auto outcome_of(qmp::BlockErrorAction action) -> IoErrorOutcome
{
    switch (action) {
    case qmp::BlockErrorAction::stop: return IoErrorOutcome::pause;
    case qmp::BlockErrorAction::report: return IoErrorOutcome::report;
    case qmp::BlockErrorAction::ignore:
    case qmp::BlockErrorAction::unknown: break;
    }
    return IoErrorOutcome::none;
}

auto address_of(qmp::events::DisplayAddress const& address) -> GraphicsAddress
{
    auto const family = address.family == "ipv6"   ? GraphicsFamily::ipv6
                        : address.family == "unix" ? GraphicsFamily::unix_socket
                                                   : GraphicsFamily::ipv4;
    return {.family = family, .node = address.host, .service = address.service.value_or(address.port.value_or(""))};
}

template <class E>
auto display_event(qmp::Event const& event, GraphicsPhase phase) -> std::optional<GraphicsEvent>
{
    auto const display = qmp::as<E>(event);
    if (!display)
        return std::nullopt;
    return GraphicsEvent{.phase = phase,
                         .local = address_of(display->server),
                         .remote = address_of(display->client),
                         .auth_scheme = display->server.auth.value_or(""),
                         .x509_name = display->client.x509_dname,
                         .sasl_name = display->client.sasl_username};
}

auto graphics_event(qmp::Event const& event) -> std::optional<GraphicsEvent>
{
    namespace on = qmp::events;
    using enum GraphicsPhase;
    if (auto vnc = display_event<on::vnc_connected>(event, connect))
        return vnc;
    if (auto vnc = display_event<on::vnc_initialized>(event, initialize))
        return vnc;
    if (auto vnc = display_event<on::vnc_disconnected>(event, disconnect))
        return vnc;
    if (auto spice = display_event<on::spice_connected>(event, connect))
        return spice;
    if (auto spice = display_event<on::spice_initialized>(event, initialize))
        return spice;
    return display_event<on::spice_disconnected>(event, disconnect);
}

} // namespace
} // namespace lifecycle

auto GuestNames::disk_of(std::string_view node) const -> std::string
{
    auto const found = by_node.find(std::string{node.substr(0, node.rfind('-'))});
    return found == by_node.end() ? std::string{} : found->second;
}

auto guest_names(DomainConfig const& live, std::map<std::string, std::string> by_node) -> GuestNames
{
    GuestNames names{.by_node = std::move(by_node)};
    for (auto const& disk : live.devices.disks)
        if (disk.info.alias)
            names.disks[*disk.info.alias] = {.target = disk.target.dev, .path = source_path(disk.source)};
    for (auto const& channel : live.devices.channels)
        if (channel.target_type == "virtio" && channel.name == "org.qemu.guest_agent.0")
            names.agent = channel.info.alias.value_or("");
    if (live.clock.offset == ClockOffset::variable && live.clock.adjustment) {
        auto const& text = *live.clock.adjustment;
        std::from_chars(text.data(), text.data() + text.size(), names.clock_adjustment);
    }
    return names;
}

auto finish_of(Kept const& guest) -> Finish
{
    if (guest.state == qmp::RunState::shutdown)
        return guest.booting || guest.reboot_pending || guest.on_poweroff == LifecycleAction::restart ? Finish::boot
                                                                                                      : Finish::quit;
    if (guest.state == qmp::RunState::guest_panicked && !guest.booting)
        switch (guest.on_crash) {
        case CrashAction::destroy: return Finish::quit;
        case CrashAction::restart: return Finish::boot;
        case CrashAction::coredump_destroy: return Finish::dump_and_quit;
        case CrashAction::coredump_restart: return Finish::dump_and_boot;
        case CrashAction::preserve:
        case CrashAction::rename_restart: return Finish::nothing;
        }
    // What it is in after a reset, or still crashed when that did not happen any more.
    if (guest.booting && guest.state != qmp::RunState::running)
        return Finish::boot;
    return Finish::nothing;
}

Lifecycle::Lifecycle(bool started_paused, GuestNames names)
    : started_paused_{started_paused}
    , names_{std::move(names)}
{
}

auto Lifecycle::begin(std::chrono::system_clock::time_point time) const -> std::vector<Change>
{
    if (!started_paused_)
        return {};
    // No event is in the first line, QEMU's greeting.
    return {{LifecycleEvent{LifecycleKind::started, lifecycle::booted}, time, 1},
            {LifecycleEvent{LifecycleKind::suspended, lifecycle::paused_by_user}, time, 2}};
}

auto Lifecycle::feed(std::string_view bytes) -> std::vector<Change>
{
    std::vector<Change> out;
    for (auto end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n')) {
        partial_.append(bytes.substr(0, end));
        bytes.remove_prefix(end + 1);
        if (auto const event = lifecycle::event_in(partial_)) {
            auto const first = out.size();
            take(*event, out);
            for (auto i = first; i < out.size(); ++i)
                out[i].place = line_ + (i - first);
        }
        line_ += partial_.size() + 1;
        partial_.clear();
    }
    partial_.append(bytes);
    return out;
}

void Lifecycle::take(qmp::Event const& event, std::vector<Change>& out)
{
    using namespace lifecycle;
    namespace on = qmp::events;
    auto const tell = [&](EventData data) { out.push_back({std::move(data), event.timestamp}); };
    auto const live = [&](LifecycleKind kind, unsigned detail) { tell(LifecycleEvent{kind, detail}); };
    auto const& name = event.name;

    if (name == on::resume::name) {
        auto const boots = !has_run_ && !started_paused_;
        live(LifecycleKind::resumed, unpaused);
        if (boots)
            live(LifecycleKind::started, booted);
        running_ = boots || is_kept_ ? RunningReason::booted : RunningReason::unpaused;
        has_run_ = true;
        paused_ = PausedReason::user;
        shutdown_.reset();
        crashed_.reset();
        is_kept_ = false;
    } else if (name == on::stop::name) {
        // As with libvirt, a guest that has ended or crashed is not said to be suspended as well.
        if (shutdown_ || crashed_) {
            is_kept_ = is_kept_ || shutdown_;
            return;
        }
        live(LifecycleKind::suspended, paused_ == PausedReason::io_error   ? paused_by_io_error
                                       : paused_ == PausedReason::watchdog ? paused_by_watchdog
                                                                           : paused_by_user);
    } else if (auto const shutdown = qmp::as<on::shutdown>(event)) {
        shutdown_ = shutdown;
        live(LifecycleKind::shutdown, shutdown->guest ? by_guest : by_host);
    } else if (auto const panic = qmp::as<on::guest_panicked>(event)) {
        is_kept_ = panic->action == qmp::GuestPanicAction::pause;
        crashed_ = event.timestamp;
        live(LifecycleKind::crashed, panicked);
    } else if (name == on::guest_crashloaded::name) {
        live(LifecycleKind::crashed, crashloaded);
    } else if (name == on::reset::name) {
        tell(RebootEvent{});
    } else if (auto const io_error = qmp::as<on::block_io_error>(event)) {
        if (io_error->action == qmp::BlockErrorAction::stop)
            paused_ = PausedReason::io_error;
        auto const alias = names_.disk_of(io_error->node_name.value_or(""));
        auto const disk = names_.disks.find(alias);
        tell(IoErrorEvent{.path = disk == names_.disks.end() ? "" : disk->second.path,
                          .alias = alias,
                          .outcome = outcome_of(io_error->action),
                          .reason = io_error->nospace.value_or(false) ? "enospc" : ""});
    } else if (auto const watchdog = qmp::as<on::watchdog>(event)) {
        if (watchdog->action == qmp::WatchdogExpirationAction::pause)
            paused_ = PausedReason::watchdog;
        tell(WatchdogEvent{same_word<WatchdogOutcome>(watchdog->action)});
    } else if (name == on::suspend::name) {
        tell(PmSuspendEvent{});
        live(LifecycleKind::pmsuspended, slept_memory);
    } else if (name == on::suspend_disk::name) {
        tell(PmSuspendDiskEvent{});
        live(LifecycleKind::pmsuspended, slept_disk);
    } else if (name == on::wakeup::name) {
        tell(PmWakeupEvent{});
        live(LifecycleKind::started, woken);
        running_ = RunningReason::wakeup;
    } else {
        take_other(event, tell);
    }
}

/// What changes nothing about its state.
void Lifecycle::take_other(qmp::Event const& event, std::function<void(EventData)> const& tell) const
{
    using namespace lifecycle;
    namespace on = qmp::events;
    if (auto const rtc = qmp::as<on::rtc_change>(event)) {
        tell(RtcChangeEvent{rtc->offset + names_.clock_adjustment});
    } else if (auto const balloon = qmp::as<on::balloon_change>(event)) {
        tell(BalloonChangeEvent{Size{static_cast<std::uint64_t>(balloon->actual)}});
    } else if (auto const tray = qmp::as<on::device_tray_moved>(event)) {
        tell(TrayChangeEvent{.alias = tray->id, .is_open = tray->tray_open});
    } else if (auto const removed = qmp::as<on::device_deleted>(event)) {
        if (removed->device)
            tell(DeviceRemovedEvent{*removed->device});
    } else if (auto const refused = qmp::as<on::device_unplug_guest_error>(event)) {
        tell(DeviceRemovalFailedEvent{refused->device.value_or(alias_at(refused->path))});
    } else if (auto const port = qmp::as<on::vserport_change>(event)) {
        if (!names_.agent.empty() && port->id == names_.agent)
            tell(AgentLifecycleEvent{port->open});
    } else if (auto const failure = qmp::as<on::memory_failure>(event)) {
        tell(MemoryFailureEvent{.recipient = same_word<MemoryFailureRecipient>(failure->recipient),
                                .outcome = same_word<MemoryFailureOutcome>(failure->action),
                                .action_required = failure->flags.action_required,
                                .recursive = failure->flags.recursive});
    } else if (auto const mark = qmp::as<on::block_write_threshold>(event)) {
        auto const disk = names_.disks.find(names_.disk_of(mark->node_name));
        if (disk != names_.disks.end())
            tell(BlockThresholdEvent{.device = disk->second.target,
                                     .path = disk->second.path,
                                     .threshold = mark->write_threshold,
                                     .excess = mark->amount_exceeded});
    } else if (auto const size = qmp::as<on::memory_device_size_change>(event)) {
        if (size->id)
            tell(MemoryDeviceSizeChangeEvent{.alias = *size->id, .size = Size{size->size}});
    } else if (auto const graphics = graphics_event(event)) {
        tell(*graphics);
    }
}

auto Lifecycle::state(qmp::RunState status) const -> DomainState
{
    using enum qmp::RunState;
    switch (status) {
    case running: return state_of(running_);
    case qmp::RunState::shutdown: return state_of(ShutdownReason::user);
    case guest_panicked: return state_of(CrashedReason::panicked);
    case suspended: return {RunPhase::pmsuspended, 0};
    case io_error: return state_of(PausedReason::io_error);
    case qmp::RunState::watchdog: return state_of(PausedReason::watchdog);
    case prelaunch: return state_of(started_paused_ ? PausedReason::user : PausedReason::starting_up);
    case inmigrate:
    case postmigrate:
    case finish_migrate: return state_of(PausedReason::migration);
    case save_vm: return state_of(PausedReason::save);
    case restore_vm: return state_of(PausedReason::from_snapshot);
    case paused: return state_of(PausedReason::user);
    case debug:
    case internal_error:
    case colo:
    case unknown: break;
    }
    return state_of(PausedReason::unknown);
}

auto Lifecycle::end(bool killed) const -> End
{
    using namespace lifecycle;
    using enum qmp::ShutdownCause;
    if (!shutdown_)
        return killed ? End{ShutoffReason::destroyed, {}, stopped_destroyed}
                      : End{ShutoffReason::crashed, {}, stopped_failed};
    auto cause = std::string{to_string(shutdown_->reason)};
    switch (shutdown_->reason) {
    case guest_panic: return {ShutoffReason::crashed, std::move(cause), stopped_crashed};
    case host_qmp_quit:
    case host_signal: return {ShutoffReason::destroyed, std::move(cause), stopped_destroyed};
    case host_error: return {ShutoffReason::crashed, std::move(cause), stopped_failed};
    default:
        // A guest that waited in "shutdown" for its end was told to quit without a second SHUTDOWN.
        return {ShutoffReason::shutdown, std::move(cause), stopped_shutdown};
    }
}

} // namespace vmwright::inline v0::detail
