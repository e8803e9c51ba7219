// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/driver.hpp>
#include <vmwright/host/detail/event_log.hpp>
#include <vmwright/host/detail/events.hpp>
#include <vmwright/host/detail/nurse.hpp>
#include <vmwright/host/detail/runtime.hpp>
#include <vmwright/host/detail/signal.hpp>
#include <vmwright/host/detail/store.hpp>
#include <vmwright/host/domain.hpp>
#include <vmwright/host/host.hpp>
#include <vmwright/machine/file_watch.hpp>
#include <vmwright/xml/domain.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vmwright::inline v0::detail
{

template <class T>
using Awaitable = boost::asio::awaitable<T>;

/// What all handles of one open() share. The coroutines run on the Host's executor; the functions that are not coroutines
/// read files, and any thread may call them.
class HostCore : public std::enable_shared_from_this<HostCore>
{
public:
    HostCore(HostOptions options, std::string uri);
    ~HostCore();

    [[nodiscard]] auto runtime() const -> std::shared_ptr<Runtime> const& { return runtime_; }
    [[nodiscard]] auto store() const -> Store const& { return store_; }
    [[nodiscard]] auto uri() const -> std::string const& { return uri_; }

    /// An operation that runs `body` and keeps this object until it has ended. It begins when what was found at the
    /// opening has been judged.
    template <class T>
    auto operation(std::function<Awaitable<T>()> body) -> Operation<T>
    {
        return Operation<T>{[self = shared_from_this(), body = std::move(body)](typename Operation<T>::Handler handler) {
            self->runtime_->template launch<T>(
                self, [self, body]() { return self->after_recovery<T>(body); }, std::move(handler));
        }};
    }
    /// Finds what runs and makes good what killed programs left. Blocks for it on a Host with a thread of its own.
    void begin_recovery();

    /// Name and uuid of a domain.
    using Known = std::pair<std::string, Uuid>;
    [[nodiscard]] auto list() const -> std::vector<Known>;
    /// Nothing when there is no such domain.
    [[nodiscard]] auto find(std::string_view name) const -> std::optional<Known>;
    [[nodiscard]] auto xml(std::string const& name, DomainXml which) const -> std::string;
    [[nodiscard]] auto console(std::string const& name, std::string_view alias) const -> std::string;

    [[nodiscard]] auto define(DomainConfig config, std::string text) -> Awaitable<Known>;
    /// `replaced` is what the definition must still be.
    [[nodiscard]] auto redefine(std::string name, Uuid uuid, std::string text, std::string replaced) -> Awaitable<void>;
    [[nodiscard]] auto create(DomainConfig config, std::string text, StartOptions options) -> Awaitable<Known>;
    [[nodiscard]] auto undefine(std::string name, UndefineOptions options) -> Awaitable<void>;
    [[nodiscard]] auto start(std::string name, StartOptions options) -> Awaitable<StartReport>;
    [[nodiscard]] auto shutdown(std::string name, std::chrono::milliseconds deadline) -> Awaitable<ShutdownOutcome>;
    [[nodiscard]] auto reboot(std::string name) -> Awaitable<void>;
    [[nodiscard]] auto reset(std::string name) -> Awaitable<void>;
    [[nodiscard]] auto destroy(std::string name, std::chrono::milliseconds grace) -> Awaitable<void>;
    [[nodiscard]] auto suspend(std::string name) -> Awaitable<void>;
    [[nodiscard]] auto resume(std::string name) -> Awaitable<void>;
    [[nodiscard]] auto state(std::string name) -> Awaitable<DomainState>;
    [[nodiscard]] auto info(std::string name) -> Awaitable<DomainInfo>;
    [[nodiscard]] auto wait_until_off(std::string name, std::chrono::milliseconds deadline) -> Awaitable<bool>;
    [[nodiscard]] auto qmp_command(std::string name, std::string json) -> Awaitable<std::string>;
    [[nodiscard]] auto hmp_command(std::string name, std::string line) -> Awaitable<std::string>;
    [[nodiscard]] auto rename(std::string name, std::string to) -> Awaitable<Known>;
    [[nodiscard]] auto set_memory(std::string name, Size memory, Affects affects) -> Awaitable<void>;
    [[nodiscard]] auto set_max_memory(std::string name, Size memory, Affects affects) -> Awaitable<void>;
    [[nodiscard]] auto set_vcpus(std::string name, std::uint32_t count, Affects affects, VcpuCount which) -> Awaitable<void>;
    /// The new text of what a change is made to.
    using Edit = std::function<std::string(xml::Parsed<DomainConfig>&)>;
    [[nodiscard]] auto change(std::string name, Affects affects, Edit edit) -> Awaitable<void>;
    [[nodiscard]] auto metadata(std::string const& name, std::string_view uri, DomainXml which) const
        -> std::optional<std::string>;
    [[nodiscard]] auto wake_up(std::string name) -> Awaitable<void>;
    [[nodiscard]] auto inject_nmi(std::string name) -> Awaitable<void>;
    [[nodiscard]] auto send_keys(std::string name, std::vector<std::uint32_t> keys, std::chrono::milliseconds hold)
        -> Awaitable<void>;
    [[nodiscard]] auto screenshot(std::string name, std::string file, unsigned screen) -> Awaitable<void>;
    [[nodiscard]] auto dump(std::string name, std::string file, DumpOptions options) -> Awaitable<void>;
    [[nodiscard]] auto set_autostart(std::string name, bool on) -> Awaitable<void>;
    [[nodiscard]] auto start_autostart() -> Awaitable<std::vector<AutostartFailure>>;
    [[nodiscard]] auto emulator(std::string arch) -> Awaitable<EmulatorInfo>;
    [[nodiscard]] auto domain_capabilities(CapabilitiesQuery query) -> Awaitable<DomainCapabilities>;
    [[nodiscard]] auto capabilities() -> Awaitable<HostCapabilities>;
    [[nodiscard]] auto plan(DomainConfig config) -> Awaitable<qemu::Plan>;

    [[nodiscard]] auto listen(std::function<void(Event const&)> callback, std::optional<std::uint64_t> since)
        -> std::shared_ptr<Listener>;
    [[nodiscard]] auto stream(std::optional<std::uint64_t> since) -> std::shared_ptr<EventQueue>;

    /// Any thread, once: no operation begins after it.
    void close();

private:
    struct Gate;
    struct Locked;
    struct Run;
    using RunPtr = std::shared_ptr<Run>;

    template <class T>
    auto after_recovery(std::function<Awaitable<T>()> body) -> Awaitable<T>
    {
        co_await recovered_.wait();
        co_return co_await body();
    }
    [[nodiscard]] auto recover() -> Awaitable<void>;
    /// Judges a run that this Host knows nothing of.
    [[nodiscard]] auto recover_run(std::string name) -> Awaitable<void>;
    /// Removes a run that is over or was left unfinished. Under the domain's lock.
    [[nodiscard]] auto clear_run(std::string name) -> Awaitable<void>;
    /// Ends an emulator whose start, or end, was left unfinished.
    [[nodiscard]] auto end_unfinished(std::string name) -> Awaitable<void>;
    [[nodiscard]] auto end_emulators(std::string name) -> Awaitable<void>;

    /// `purpose` is for those who wait: `to start it`.
    [[nodiscard]] auto lock(std::string path, std::string object, std::string purpose) -> Awaitable<Locked>;
    [[nodiscard]] auto driver_for(DomainConfig const& config) const -> Driver&;
    /// The definition as a value; throws Errc::corrupt_state when it cannot be read any more.
    [[nodiscard]] auto definition(std::string_view name) const -> DomainConfig;
    void refuse_conflicts(DomainConfig const& config, bool has_uuid) const;
    void choose_identities(DomainConfig& config) const;
    [[nodiscard]] auto resolved_text(DomainConfig config, std::string text)
        -> Awaitable<std::pair<DomainConfig, std::string>>;
    [[nodiscard]] auto launch(StartOrder order, std::string_view call) -> Awaitable<StartReport>;
    [[nodiscard]] auto try_launch(StartOrder& order) -> Awaitable<StartReport>;

    /// What a change is made to, of what there is.
    struct Reach
    {
        bool live{};
        bool config{};
    };
    [[nodiscard]] auto reach_of(std::string const& name, Affects affects) const -> Reach;
    [[nodiscard]] auto live_text(std::string const& name) const -> std::string;
    void write_live(std::string const& name, std::string const& text) const;
    [[nodiscard]] auto plug_vcpus(std::string name, std::uint32_t count) -> Awaitable<void>;
    /// Writes down which vCPUs a run has. Under the domain's lock.
    [[nodiscard]] auto record_vcpus(RunPtr run) -> Awaitable<void>;
    /// Does that where a program was killed between a vCPU's coming and that.
    [[nodiscard]] auto finish_plugging(RunPtr run) -> Awaitable<void>;

    /// Follows a running domain until it ends; null when it does not run.
    [[nodiscard]] auto follow(std::string const& name) -> RunPtr;
    auto adopt(std::string const& name, RunStatus const& status, Process process, std::vector<Process> helpers) -> RunPtr;
    [[nodiscard]] auto running(std::string const& name) -> RunPtr;
    /// Lets our own look at a run come to its end, before which its emulator is gone.
    [[nodiscard]] auto await_end(std::string name) -> Awaitable<void>;
    /// Lets a run that has ended be over: told, written down and swept, whoever watched it.
    [[nodiscard]] auto settle(std::string name) -> Awaitable<void>;
    [[nodiscard]] auto watch_run(RunPtr run) -> Awaitable<void>;
    /// Does what is left to do with a guest that is over, unless somebody else has done it.
    [[nodiscard]] auto finish(RunPtr run) -> Awaitable<void>;
    [[nodiscard]] auto finish_locked(RunPtr run) -> Awaitable<void>;
    [[nodiscard]] auto end_run(RunPtr run) -> Awaitable<void>;
    /// Whether the end of a run is its owner's work, or that of somebody who wrote it down. An owner that is just being
    /// killed is waited for.
    [[nodiscard]] auto was_killed(RunStatus status) -> Awaitable<bool>;
    /// Sweeps what a run left that ended while nobody watched. Under the domain's lock.
    [[nodiscard]] auto sweep(std::string name) -> Awaitable<void>;
    /// What a run was started with; nothing where its start got not so far.
    [[nodiscard]] auto live_config(std::string const& name) const -> DomainConfig;

    /// Throws Errc::cancelled once the Host is closed.
    [[nodiscard]] auto files() -> FileWatch&;
    void begin_watching();
    [[nodiscard]] auto watch_root() -> Awaitable<void>;
    void observe_all();
    /// Calls `begin` on the executor with the events that came before: after that number, else after this call.
    void begin_listening(std::optional<std::uint64_t> since, std::function<void(std::vector<Event> const&)> begin);
    /// Brings into the log what its guest has done, and how it ended.
    void note_run(Run& run, DomainEnd const* end = nullptr, unsigned detail = 0);
    void note_call(std::string const& name, std::string_view call);
    void note_definition(std::string const& name);
    void note_failure(StartOrder const& order, std::string const& reason);
    auto write_log(std::function<void()> const& write) -> bool;
    /// Tells those who listen what has come into the log, from whomever.
    void publish();

    HostOptions options_;
    std::string uri_;
    Store store_;
    std::shared_ptr<Runtime> runtime_;
    Nurse nurse_;
    std::vector<std::unique_ptr<Driver>> drivers_;
    EventHub hub_;
    EventLog log_;
    std::optional<FileWatch> files_;
    std::map<std::string, std::weak_ptr<Gate>> gates_;
    std::map<std::string, RunPtr> runs_;
    std::shared_ptr<Signal> root_changed_;
    Signal recovered_;
    bool is_watching_{};
    bool is_closed_{};
};

/// Held by every handle; the last one closes the Host.
struct Lease
{
    explicit Lease(std::shared_ptr<HostCore> shared)
        : core{std::move(shared)}
    {
    }
    Lease(Lease const&) = delete;
    auto operator=(Lease const&) -> Lease& = delete;
    ~Lease();

    std::shared_ptr<HostCore> core;
};

} // namespace vmwright::inline v0::detail
