// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/event_cause.hpp>
#include <vmwright/host/detail/lifecycle.hpp>
#include <vmwright/host/detail/store.hpp>
#include <vmwright/host/event.hpp>
#include <vmwright/machine/fd.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::detail
{

/// What somebody has seen of a run.
struct RunNews
{
    std::string domain{};
    Uuid uuid{};
    int id{};
    std::vector<Lifecycle::Change> changes{};
    std::optional<LifecycleEvent> end{};
    std::chrono::system_clock::time_point ended{};
};

/// Where a log ended at some time.
struct LogPosition
{
    std::uint64_t file{};
    std::uint64_t size{};
};

/// The events of a root, numbered in one order for all programs. Whoever sees that something has happened that the log does
/// not tell adds it, under the log's lock, so each event is in it once, also when several programs see it and when the one
/// whose doing it was is gone.
///
///     events/log     lines of JSON: first what is known of all domains, then events and calls as they come
///     events/old     the same, before
///     events.lock    held by whoever writes
///
/// On the Host's executor, but for the static functions.
class EventLog
{
public:
    /// `uuid_of` reads the uuid in a definition.
    EventLog(Store const& store, std::string program, std::function<Uuid(std::string const& name)> uuid_of);

    /// What came since the last call, from whomever.
    [[nodiscard]] auto read() -> std::vector<Event>;
    /// Of the last event read.
    [[nodiscard]] auto last_number() const -> std::uint64_t { return last_; }
    /// The names of all domains that it tells of.
    [[nodiscard]] auto domains() const -> std::vector<std::string>;
    /// Whether its definition is not what the log last told of.
    [[nodiscard]] auto is_redefined(std::string const& name) const -> bool;

    /// Adds what is new about the domain's definition.
    void note_definition(std::string const& name);
    /// Adds what it does not tell yet of a run.
    void note_run(RunNews const& news);
    /// Adds that a start came to nothing; `id` is that of its run, 0 when it got not so far.
    void note_failed_start(std::string const& name, Uuid const& uuid, int id, std::string reason);
    /// Says who is about to do what.
    void note_call(std::string const& name, std::string_view call);

    /// Any thread: where it ends now.
    [[nodiscard]] static auto end(Store const& store) -> LogPosition;
    /// Any thread: the events after a position, or after the one of that number, up to `last`. It begins with MissedEvents
    /// where some are not there any more.
    [[nodiscard]] static auto history(Store const& store, LogPosition after, std::uint64_t last = no_limit)
        -> std::vector<Event>;
    [[nodiscard]] static auto history(Store const& store, std::uint64_t after, std::uint64_t last = no_limit)
        -> std::vector<Event>;

private:
    static constexpr auto no_limit = ~std::uint64_t{};

    struct Batch;
    [[nodiscard]] auto logged(std::string const& name) const -> LoggedDomain;
    template <class Make>
    void write(Make const& make);
    void turn_over();
    void catch_up();
    void take(std::string_view line);
    void take_snapshot(boost::json::object const& snapshot);
    [[nodiscard]] auto snapshot() const -> std::string;

    Store const& store_;
    std::string program_;
    std::function<Uuid(std::string const& name)> uuid_of_;
    UniqueFd file_;
    std::uint64_t inode_{};
    std::uint64_t read_{};
    bool has_begun_{};
    std::uint64_t last_{};
    std::map<std::string, LoggedDomain> domains_;
    std::vector<Event> unread_;
};

} // namespace vmwright::inline v0::detail
