// SPDX-License-Identifier: BSL-1.0
#include "trial.hpp"

#include "catch.hpp"
#include "fake_guest.hpp"
#include "monitor_talk.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <sys/wait.h>
#include <thread>

namespace fs = std::filesystem;
using namespace vmwright;

auto emulators_in(std::string const& root) -> std::set<int>
{
    std::set<int> pids;
    std::error_code ended;
    for (auto const& entry : fs::directory_iterator{"/proc", ended}) {
        auto const name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != name.npos)
            continue;
        std::ifstream file{entry.path() / "cmdline"};
        std::string line; // stays empty for one that ends meanwhile
        std::getline(file, line);
        if ((line.starts_with(VMWRIGHT_FAKE_QEMU) || line.starts_with("/usr/bin/qemu-system-")) &&
            line.find(root + "/run/") != line.npos)
            pids.insert(std::stoi(name));
    }
    return pids;
}

namespace
{

/// Files that only a program that was killed leaves behind.
auto unfinished_in(std::string const& root) -> std::vector<std::string>
{
    std::vector<std::string> list;
    std::error_code gone;
    for (auto entry = fs::recursive_directory_iterator{root, gone}; !gone && entry != fs::recursive_directory_iterator{};
         entry.increment(gone))
        if (entry->path().filename().string().starts_with(".vmwright-"))
            list.push_back(entry->path());
    for (auto const* const leaf : {"swept", "intents"})
        for (auto const& entry : fs::directory_iterator{fs::path{root} / leaf})
            list.push_back(entry.path());
    return list;
}

auto leaves(fs::path const& directory) -> std::set<std::string>
{
    std::set<std::string> names;
    for (auto const& entry : fs::directory_iterator{directory})
        if (auto const name = entry.path().stem().string(); !name.starts_with(".vmwright-"))
            names.insert(name);
    return names;
}

auto const changed_memory = MiB(48);

auto guest(Emulator emulator = Emulator::fake) -> DomainConfig
{
    return guest_for(emulator, "guest");
}

/// The emulator says on another monitor whether it runs.
void agrees(Domain const& domain, std::string const& root)
{
    auto answer = answer_of(root, domain.name(), R"({"execute": "query-status"})");
    std::erase(answer, ' ');
    INFO(answer);
    auto const* const running = domain.state().phase == RunPhase::running ? "true" : "false";
    CHECK(answer.find(std::string{R"("running":)"} + running) != answer.npos);
}

void is_off(Host const& host)
{
    auto const domain = host.find_domain("guest");
    CHECK_FALSE(domain.is_active());
    CHECK(domain.state().phase == RunPhase::shutoff);
    // It can be started: nothing of the attempt stands in its way.
    domain.start();
    CHECK(domain.state() == state_of(RunningReason::booted));
    domain.destroy();
}

void runs(Host const& host)
{
    auto const domain = host.find_domain("guest");
    CHECK(domain.state() == state_of(RunningReason::booted));
    agrees(domain, host.root());
}

/// Judges an operation after which it is as this, paused, or as it was, running, or the other way round.
auto is_paused_or(RunningReason reason)
{
    return [reason](Host const& host) {
        auto const domain = host.find_domain("guest");
        auto const state = domain.state();
        INFO(reason_name(state));
        CHECK((state == state_of(PausedReason::user) || state == state_of(reason)));
        agrees(domain, host.root());
    };
}

} // namespace

auto trials(Emulator emulator) -> std::vector<Trial>
{
    using boost::asio::awaitable;
    using boost::asio::use_awaitable;
    auto const define = [=](Host const& host) { host.define(guest(emulator)); };
    auto const start = [=](Host const& host) { host.define(guest(emulator)).start(); };
    auto const undefine = [](Host host) -> awaitable<void> {
        auto const domain = host.find_domain("guest");
        co_await domain.async_undefine(use_awaitable);
    };
    auto const is_known = [](Host const& host) {
        auto const all = host.domains();
        return std::ranges::any_of(all, [](Domain const& domain) { return domain.name() == "guest"; });
    };
    std::vector<Trial> all{
        {"define", [](Host const&) {},
         [=](Host host) -> awaitable<void> { co_await host.async_define(guest(emulator), use_awaitable); },
         [=](Host const& host) {
             if (is_known(host))
                 is_off(host);
         }},
        {"redefine", define,
         [=](Host host) -> awaitable<void> {
             auto config = guest(emulator);
             config.uuid = host.find_domain("guest").uuid();
             config.memory = changed_memory;
             co_await host.async_define(config, use_awaitable);
         },
         [](Host const& host) {
             auto const memory = host.find_domain("guest").info().max_memory;
             CHECK((memory == changed_memory || memory == guest().memory));
             is_off(host);
         }},
        {"start", define,
         [](Host host) -> awaitable<void> {
             auto const domain = host.find_domain("guest");
             co_await domain.async_start(use_awaitable);
         },
         [](Host const& host) { host.find_domain("guest").is_active() ? runs(host) : is_off(host); }},
        {"create", [](Host const&) {},
         [=](Host host) -> awaitable<void> { co_await host.async_create(guest(emulator), {}, use_awaitable); },
         [=](Host const& host) {
             if (is_known(host))
                 runs(host);
         }},
        {"destroy", start,
         [](Host host) -> awaitable<void> {
             auto const domain = host.find_domain("guest");
             co_await domain.async_destroy(use_awaitable);
         },
         [](Host const& host) { host.find_domain("guest").is_active() ? runs(host) : is_off(host); }},
        {"suspend", start,
         [](Host host) -> awaitable<void> {
             auto const domain = host.find_domain("guest");
             co_await domain.async_suspend(use_awaitable);
         },
         is_paused_or(RunningReason::booted)},
        {"resume", [=](Host const& host) { host.define(guest(emulator)).start({.paused = true}); },
         [](Host host) -> awaitable<void> {
             auto const domain = host.find_domain("guest");
             co_await domain.async_resume(use_awaitable);
         },
         is_paused_or(RunningReason::unpaused)},
        {"undefine", define, undefine,
         [=](Host const& host) {
             if (is_known(host))
                 is_off(host);
         }},
        {"undefine a running one", start, undefine, [](Host const& host) { runs(host); }},
    };
    for (auto& trial : all)
        trial.emulator = emulator;
    return all;
}

namespace
{

/// The guest does this, and its host sees to what is to follow; ends when that is done.
auto guest_does(std::string const& deed, LifecycleKind last)
{
    return [deed, last](Host host) -> boost::asio::awaitable<void> {
        using boost::asio::use_awaitable;
        auto const domain = host.find_domain("guest");
        auto events = host.events();
        auto config = guest();
        config.uuid = domain.uuid();
        // Passes through the Host's executor, and so comes after the begin of the watch.
        co_await host.async_define(config, use_awaitable);
        co_await domain.async_qmp_command(R"({"execute": "x-guest", "arguments": {"does": ")" + deed + R"("}})",
                                          use_awaitable);
        for (;;) {
            auto const event = co_await events.async_next(use_awaitable);
            auto const* const life = event ? std::get_if<LifecycleEvent>(&event->data) : nullptr;
            if (life && event->domain == "guest" && life->kind == last)
                break;
        }
        // Takes the domain's lock, and so comes after the end of what is being done.
        co_await host.async_define(config, use_awaitable);
    };
}

auto dumps_in(Host const& host) -> std::size_t
{
    auto const directory = fs::path{host.root()} / "dump";
    return fs::exists(directory) ? leaves(directory).size() : 0;
}

} // namespace

auto kept_trials() -> std::vector<Trial>
{
    auto const started = [](auto const& change) {
        return [change](Host const& host) {
            auto config = guest();
            change(config);
            host.define(config).start();
        };
    };
    auto const crash = [=](CrashAction action) {
        return started([action](DomainConfig& config) { config.on_crash = action; });
    };
    auto const poweroff = started([](DomainConfig& config) { config.on_poweroff = LifecycleAction::restart; });
    auto const both = started([](DomainConfig& config) {
        config.on_poweroff = LifecycleAction::restart;
        config.on_crash = CrashAction::destroy;
    });
    // A program that dies before the guest does anything leaves one that runs.
    auto const off_or_running = [](Host const& host) {
        if (host.find_domain("guest").is_active())
            runs(host);
        else
            is_off(host);
    };
    return {
        {"on_poweroff=restart", poweroff, guest_does("poweroff", LifecycleKind::resumed), runs},
        {"on_crash=restart", crash(CrashAction::restart), guest_does("panic", LifecycleKind::resumed), runs},
        {"on_crash=destroy of a guest that is kept", both, guest_does("panic", LifecycleKind::stopped), off_or_running},
        {"on_crash=coredump-restart", crash(CrashAction::coredump_restart), guest_does("panic", LifecycleKind::resumed),
         [](Host const& host) {
             runs(host);
             CHECK(dumps_in(host) <= 1);
         }},
        {"on_crash=coredump-destroy", crash(CrashAction::coredump_destroy), guest_does("panic", LifecycleKind::stopped),
         [=](Host const& host) {
             off_or_running(host);
             CHECK(dumps_in(host) <= 1);
         }},
    };
}

struct Arena::State
{
    TemporaryDirectory root{};
    Trial const& trial;
    std::string bystander{}; ///< its definition
    int bystander_pid{};

    explicit State(Trial const& t)
        : trial{t}
    {
    }
};

Arena::Arena(Trial const& trial)
    : state_{std::make_unique<State>(trial)}
{
    auto const host = Host::open(options());
    auto const bystander = host.define(guest_for(trial.emulator, "bystander"));
    state_->bystander_pid = bystander.start().pid;
    state_->bystander = bystander.definition();
    trial.prepare(host);
}

Arena::~Arena()
{
    for (auto const pid : emulators_in(root())) {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    }
}

auto Arena::root() const -> std::string const&
{
    return state_->root.path();
}

auto Arena::options() const -> HostOptions
{
    return options_for(state_->trial.emulator, root());
}

void Arena::renew() const
{
    auto const host = Host::open(options());
    for (auto const& domain : host.domains()) {
        if (domain.name() != "guest")
            continue;
        auto const persistent = domain.is_persistent();
        auto const pid = domain.pid();
        if (pid)
            domain.destroy();
        if (persistent)
            domain.undefine();
        if (pid)
            ::waitpid(*pid, nullptr, 0); // where it is our child by adoption
    }
    state_->trial.prepare(host);
}

void Arena::judge() const
{
    auto options = this->options();
    std::string warnings;
    std::mutex mutex;
    options.log = [&](LogLevel level, std::string_view, std::string_view text) {
        std::lock_guard const lock{mutex};
        if (level == LogLevel::warning)
            warnings.append(text).append("\n");
    };
    auto const host = Host::open(options);
    // Orphans of a program that was killed are children of this one; see leak_check.cpp.
    auto const reap = [] {
        while (::waitpid(-1, nullptr, WNOHANG) > 0)
            ;
    };
    reap();
    // What this Host itself is at work on in the background comes to its end.
    auto const until = std::chrono::steady_clock::now() + std::chrono::seconds{2};
    auto left = unfinished_in(root());
    for (; !left.empty() && std::chrono::steady_clock::now() < until; left = unfinished_in(root()))
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    {
        std::lock_guard const lock{mutex};
        INFO(warnings);
        CHECK(left == std::vector<std::string>{});
    }
    std::set<int> promised;
    std::set<std::string> known;
    for (auto const& domain : host.domains()) {
        known.insert(domain.name());
        if (auto const pid = domain.pid())
            promised.insert(*pid);
    }
    CHECK(emulators_in(root()) == promised);
    for (auto const* const leaf : {"run", "autostart", "ended", "log", "hints", "locks"})
        for (auto const& name : leaves(fs::path{root()} / leaf)) {
            INFO(leaf << "/" << name);
            CHECK(known.contains(name));
        }
    auto const bystander = host.find_domain("bystander");
    CHECK(bystander.definition() == state_->bystander);
    CHECK(bystander.pid() == state_->bystander_pid);
    CHECK(bystander.state() == state_of(RunningReason::booted));
    agrees(bystander, root());
    state_->trial.judge(host);
    reap();
}
