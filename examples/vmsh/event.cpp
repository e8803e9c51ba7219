// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"
#include "shell.hpp"
#include "signals.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <map>
#include <mutex>

#include <poll.h>
#include <sys/eventfd.h>

namespace
{

using Clock = std::chrono::steady_clock;

/// What virsh can wait for.
constexpr auto virsh_events = std::to_array<std::string_view>({"lifecycle",
                                                               "reboot",
                                                               "rtc-change",
                                                               "watchdog",
                                                               "io-error",
                                                               "graphics",
                                                               "io-error-reason",
                                                               "control-error",
                                                               "block-job",
                                                               "disk-change",
                                                               "tray-change",
                                                               "pm-wakeup",
                                                               "pm-suspend",
                                                               "balloon-change",
                                                               "pm-suspend-disk",
                                                               "device-removed",
                                                               "block-job-2",
                                                               "tunable",
                                                               "agent-lifecycle",
                                                               "device-added",
                                                               "migration-iteration",
                                                               "job-completed",
                                                               "device-removal-failed",
                                                               "metadata-change",
                                                               "block-threshold",
                                                               "memory-failure",
                                                               "memory-device-size-change"});

/// What virsh says of an event after the domain's name.
struct Words
{
    auto operator()(vw::LifecycleEvent const& e) const -> std::string
    {
        return fmt::format(": {} {}", to_string(e.kind), detail_name(e));
    }
    auto operator()(vw::RtcChangeEvent const& e) const -> std::string { return fmt::format(": {}", e.offset); }
    auto operator()(vw::WatchdogEvent const& e) const -> std::string { return fmt::format(": {}", to_string(e.outcome)); }
    auto operator()(vw::IoErrorEvent const& e) const -> std::string
    {
        return fmt::format(": {} ({}) {}", e.path, e.alias, to_string(e.outcome));
    }
    auto operator()(vw::GraphicsEvent const& e) const -> std::string
    {
        auto text = fmt::format(": {} local[{} {} {}] remote[{} {} {}] {}", to_string(e.phase), to_string(e.local.family),
                                e.local.node, e.local.service, to_string(e.remote.family), e.remote.node, e.remote.service,
                                e.auth_scheme);
        if (e.x509_name)
            text += fmt::format("\n\tx509dname={}", *e.x509_name);
        if (e.sasl_name)
            text += fmt::format("\n\tsaslUsername={}", *e.sasl_name);
        return text;
    }
    auto operator()(vw::BalloonChangeEvent const& e) const -> std::string { return fmt::format(": {}KiB", e.actual.kib()); }
    auto operator()(vw::TrayChangeEvent const& e) const -> std::string
    {
        return fmt::format(" disk {}: {}", e.alias, e.is_open ? "opened" : "closed");
    }
    auto operator()(vw::DeviceRemovedEvent const& e) const -> std::string { return fmt::format(": {}", e.alias); }
    auto operator()(vw::DeviceRemovalFailedEvent const& e) const -> std::string { return fmt::format(": {}", e.alias); }
    auto operator()(vw::AgentLifecycleEvent const& e) const -> std::string
    {
        return fmt::format(": state: '{}' reason: 'channel event'", e.is_connected ? "connected" : "disconnected");
    }
    auto operator()(vw::MemoryFailureEvent const& e) const -> std::string
    {
        return fmt::format(":\nrecipient: {}\naction: {}\nflags:\n\taction required: {:d}\n\trecursive: {:d}",
                           to_string(e.recipient), to_string(e.outcome), e.action_required, e.recursive);
    }
    auto operator()(vw::BlockThresholdEvent const& e) const -> std::string
    {
        return fmt::format(": dev: {}({}) {} {}", e.device, e.path, e.threshold, e.excess);
    }
    auto operator()(vw::MemoryDeviceSizeChangeEvent const& e) const -> std::string
    {
        return fmt::format(":\nalias: {}\nsize: {}", e.alias, e.size.bytes);
    }
    auto operator()(vw::MetadataChangeEvent const& e) const -> std::string
    {
        return fmt::format(": type {}, uri {}", to_string(e.type), e.uri.empty() ? "<null>" : e.uri);
    }
    template <class E>
    auto operator()(E const&) const -> std::string
    {
        return {};
    }
};

/// The lines of an event, each with its type in virsh, which tells some of our events twice.
auto lines_of(vw::Event const& event) -> std::vector<std::pair<std::string_view, std::string>>
{
    auto const line = [&](std::string_view type, std::string const& words) {
        return std::pair{type, fmt::format("event '{}' for domain '{}'{}\n", type, event.domain, words)};
    };
    auto const words = std::visit(Words{}, event.data);
    std::vector<std::pair<std::string_view, std::string>> lines{line(event_name(event), words)};
    if (auto const* const error = std::get_if<vw::IoErrorEvent>(&event.data))
        lines.push_back(line("io-error-reason", fmt::format("{} due to {}", words, error->reason)));
    return lines;
}

/// Brings the events from the Host's thread to one that waits for several things.
class Inbox
{
public:
    void put(vw::Event const& event)
    {
        std::lock_guard const lock{mutex_};
        events_.push_back(event);
        eventfd_write(arrival_.get(), 1);
    }
    [[nodiscard]] auto take() -> std::vector<vw::Event>
    {
        std::lock_guard const lock{mutex_};
        eventfd_t count{};
        eventfd_read(arrival_.get(), &count);
        return std::exchange(events_, {});
    }
    /// Readable when there is something to take.
    [[nodiscard]] auto fd() const -> int { return arrival_.get(); }

private:
    std::mutex mutex_;
    std::vector<vw::Event> events_;
    vw::UniqueFd arrival_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
};

/// `2026-11-22 21:34:45.123+0000: `.
auto timestamp(vw::Event const& event) -> std::string
{
    auto const ms = std::chrono::duration_cast<std::chrono::milliseconds>(event.time.time_since_epoch()).count();
    auto const seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}+0000: ", parts.tm_year + 1900, parts.tm_mon + 1,
                       parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, ms % 1000);
}

class Watch
{
public:
    Watch(Shell& shell, Arguments const& arguments)
        : shell_{shell}
        , loops_{arguments.has("loop")}
        , stamps_{arguments.has("timestamp")}
    {
        if (auto const seconds = arguments.number("timeout"))
            deadline_ = Clock::now() + std::chrono::seconds{*seconds};
        if (arguments.has("domain"))
            only_ = shell.find_domain(arguments);
        if (auto const type = arguments.text("event"))
            type_ = *type;
    }

    /// Whether anything came.
    auto run() -> bool
    {
        EndingSignals signals;
        auto const subscription = shell_.host().on_event([this](vw::Event const& event) { inbox_.put(event); });
        for (auto const& domain : shell_.host().domains())
            known_[domain.name()] = domain;
        while (!is_over_) {
            std::array<pollfd, 2> ready{{{inbox_.fd(), POLLIN, 0}, {signals.fd(), POLLIN, 0}}};
            auto const count = poll(ready.data(), ready.size(), time_left());
            if (count < 0 && errno != EINTR)
                throw Refusal{"cannot wait for events"};
            print_news();
            if (is_over_)
                break;
            if (ready[1].revents != 0) {
                // Any other signal ends the program once it is let through again.
                if (auto const signal = signals.take(); signal != SIGINT)
                    raise(signal);
                catch_up();
                end("event loop interrupted\n");
            } else if (count == 0) {
                end("event loop timed out\n");
            }
        }
        shell_.print("events received: {}\n", received_);
        return received_ > 0;
    }

private:
    /// In poll's measure.
    [[nodiscard]] auto time_left() const -> int
    {
        if (!deadline_)
            return -1;
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(*deadline_ - Clock::now()).count();
        return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1 << 30));
    }

    void end(std::string_view words)
    {
        is_over_ = true;
        shell_.print("{}", words);
    }

    void print_news()
    {
        for (auto const& event : inbox_.take()) {
            if (auto const* const missed = std::get_if<vw::MissedEvents>(&event.data)) {
                fmt::print(stderr, "warning: events {} to {} are no longer known\n", missed->first, missed->last);
                continue;
            }
            remember(event.domain);
            if (only_ && (event.domain != only_->name() || event.uuid != only_->uuid()))
                continue;
            for (auto const& [type, line] : lines_of(event)) {
                if (is_over_ || (!type_.empty() && type_ != type))
                    continue;
                shell_.print("{}{}", stamps_ ? timestamp(event) : "", line);
                ++received_;
                is_over_ = !loops_;
            }
        }
        std::fflush(stdout);
    }

    void remember(std::string const& name)
    {
        try {
            known_[name] = shell_.host().find_domain(name);
        } catch (vw::Error const&) {
            // It is gone already. What was known of it is enough.
        }
    }

    /// What had happened before the interruption is still told: the Host answers a question after what it knew before, and
    /// what the kernel has told it meanwhile gets a moment.
    void catch_up()
    {
        for (auto const& [name, domain] : known_)
            try {
                [[maybe_unused]] auto const state = domain.state();
            } catch (vw::Error const&) {
                // It is gone.
            }
        constexpr auto a_moment = 100;
        pollfd arrival{inbox_.fd(), POLLIN, 0};
        while (!is_over_ && poll(&arrival, 1, a_moment) > 0)
            print_news();
    }

    Shell& shell_;
    bool loops_;
    bool stamps_;
    std::optional<Clock::time_point> deadline_{};
    std::optional<vw::Domain> only_{};
    std::string type_{}; ///< of virsh's; all when empty
    Inbox inbox_{};
    std::map<std::string, vw::Domain> known_{};
    int received_{};
    bool is_over_{};
};

auto event(Shell& shell, Arguments const& arguments) -> bool
{
    if (arguments.has("list")) {
        for (auto const name : virsh_events)
            shell.print("{}\n", name);
        return true;
    }
    arguments.exclude("all", "event");
    if (auto const type = arguments.text("event")) {
        if (std::ranges::find(virsh_events, *type) == virsh_events.end())
            throw Refusal{fmt::format("unknown event type {}", *type)};
        if (*type != "io-error-reason" && std::ranges::find(vw::event_names, *type) == vw::event_names.end())
            throw Refusal{fmt::format("not supported yet: event type {}", *type)};
    } else if (!arguments.has("all")) {
        throw Refusal{"one of --list, --all, or --event <type> is required"};
    }
    return Watch{shell, arguments}.run();
}

/// `12 2026-11-22 21:34:45.123+0000: demo: Started Booted (start by vmsh, pid 4711)`.
auto event_log(Shell& shell, Arguments const& arguments) -> bool
{
    auto const since = static_cast<std::uint64_t>(std::max(arguments.number("since").value_or(0), 0));
    auto const only = arguments.text("domain");
    for (auto const& event : shell.host().events_since(since)) {
        if (auto const* const missed = std::get_if<vw::MissedEvents>(&event.data)) {
            fmt::print(stderr, "warning: events {} to {} are no longer known\n", missed->first, missed->last);
            continue;
        }
        if (only && event.domain != *only)
            continue;
        auto const* const life = std::get_if<vw::LifecycleEvent>(&event.data);
        auto const& [call, program, pid] = event.cause;
        shell.print("{} {}{}{}{}\n", event.number, timestamp(event), to_string(event),
                    call.empty() ? "" : fmt::format(" ({} by {}, pid {})", call, program, pid),
                    life == nullptr || life->reason.empty() ? "" : fmt::format(": {}", life->reason));
    }
    return true;
}

} // namespace

auto event_commands() -> std::vector<Command>
{
    return {{.name = "event",
             .summary = "wait for what happens to domains",
             .description = "Prints the event that comes first, or all with --loop until an interrupt.",
             .options = {text("domain", "of this domain only: its name, id or uuid"),
                         text("event", "the type of event to wait for"), flag("all", "wait for events of any type"),
                         flag("loop", "go on after the first"), number("timeout", "seconds to wait at most"),
                         flag("list", "print the types of events"), flag("timestamp", "print the time of each, too")},
             .run = event},
            {.name = "event-log",
             .summary = "print what has happened to domains",
             .description =
                 "Prints what the root's log has, whoever was there then: the number of each event, its time, and whose\n"
                 "call led to it. It keeps the last thousand at least.",
             .options = {text("domain", "of this domain only, by its name"),
                         number("since", "begin after the event of this number")},
             .run = event_log}};
}
