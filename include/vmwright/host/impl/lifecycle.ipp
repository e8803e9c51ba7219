// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/lifecycle.hpp>

#include <boost/json/parse.hpp>

#include <cstdint>

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

} // namespace
} // namespace lifecycle

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

Lifecycle::Lifecycle(bool started_paused)
    : started_paused_{started_paused}
{
}

auto Lifecycle::begin(std::chrono::system_clock::time_point time) const -> std::vector<Change>
{
    if (!started_paused_)
        return {};
    return {{EventKind::started, lifecycle::booted, time}, {EventKind::suspended, lifecycle::paused_by_user, time}};
}

auto Lifecycle::feed(std::string_view bytes) -> std::vector<Change>
{
    std::vector<Change> out;
    for (auto end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n')) {
        partial_.append(bytes.substr(0, end));
        bytes.remove_prefix(end + 1);
        if (auto const event = lifecycle::event_in(partial_))
            take(*event, out);
        partial_.clear();
    }
    partial_.append(bytes);
    return out;
}

void Lifecycle::take(qmp::Event const& event, std::vector<Change>& out)
{
    using namespace lifecycle;
    namespace on = qmp::events;
    auto const tell = [&](EventKind kind, unsigned detail) { out.push_back({kind, detail, event.timestamp}); };
    auto const& name = event.name;

    if (name == on::resume::name) {
        auto const boots = !has_run_ && !started_paused_;
        tell(EventKind::resumed, unpaused);
        if (boots)
            tell(EventKind::started, booted);
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
        tell(EventKind::suspended, paused_ == PausedReason::io_error   ? paused_by_io_error
                                   : paused_ == PausedReason::watchdog ? paused_by_watchdog
                                                                       : paused_by_user);
    } else if (auto const shutdown = qmp::as<on::shutdown>(event)) {
        shutdown_ = shutdown;
        tell(EventKind::shutdown, shutdown->guest ? by_guest : by_host);
    } else if (auto const panic = qmp::as<on::guest_panicked>(event)) {
        is_kept_ = panic->action == qmp::GuestPanicAction::pause;
        crashed_ = event.timestamp;
        tell(EventKind::crashed, panicked);
    } else if (name == on::guest_crashloaded::name) {
        tell(EventKind::crashed, crashloaded);
    } else if (auto const io_error = qmp::as<on::block_io_error>(event)) {
        if (io_error->action == qmp::BlockErrorAction::stop)
            paused_ = PausedReason::io_error;
    } else if (auto const watchdog = qmp::as<on::watchdog>(event)) {
        if (watchdog->action == qmp::WatchdogExpirationAction::pause)
            paused_ = PausedReason::watchdog;
    } else if (name == on::suspend::name) {
        tell(EventKind::pmsuspended, slept_memory);
    } else if (name == on::suspend_disk::name) {
        tell(EventKind::pmsuspended, slept_disk);
    } else if (name == on::wakeup::name) {
        tell(EventKind::started, woken);
        running_ = RunningReason::wakeup;
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
