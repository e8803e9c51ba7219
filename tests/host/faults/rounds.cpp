// SPDX-License-Identifier: BSL-1.0
// Guests whose emulators and owners are killed in turns, and what the one who comes next says of them.
#include "catch.hpp"
#include "fake_guest.hpp"
#include "monitor_talk.hpp"
#include "trial.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <poll.h>
#include <random>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace vmwright;
using namespace std::chrono_literals;

namespace
{

/// Who is killed, in which order; the owner is, in each round.
enum class Killing
{
    owner,
    emulator_under_owner, ///< the owner is asked before it is killed
    emulator_then_owner,
    owner_then_emulator,
    owner_then_term, ///< the emulator is told to end
    owner_then_quit, ///< the same on a monitor
};
constexpr auto enum_names(Killing)
{
    return name_list("the owner", "the emulator, and the owner looks", "the emulator and then the owner",
                     "the owner and then the emulator", "the owner, and the emulator gets SIGTERM",
                     "the owner, and the emulator is told to quit");
}

/// What the owner does in a round.
enum class Deed
{
    start,
    start_paused,
    suspend,
    resume,
};
constexpr auto enum_names(Deed)
{
    return name_list("start", "start paused", "suspend", "resume");
}

/// What is known of a domain without asking a Host.
struct Known
{
    DomainState state{state_of(ShutoffReason::unknown)};
    int pid{};
    std::vector<std::string> events{}; ///< of this round

    [[nodiscard]] auto is_off() const -> bool { return state.phase == RunPhase::shutoff; }
    [[nodiscard]] auto can(Deed deed) const -> bool
    {
        switch (deed) {
        case Deed::start:
        case Deed::start_paused: return is_off();
        case Deed::suspend: return state.phase == RunPhase::running;
        case Deed::resume: return state.phase == RunPhase::paused;
        }
        return false;
    }
    void take(Deed deed)
    {
        switch (deed) {
        case Deed::start:
            state = state_of(RunningReason::booted);
            tell({"Resumed Unpaused", "Started Booted"});
            break;
        case Deed::start_paused:
            state = state_of(PausedReason::user);
            tell({"Started Booted", "Suspended Paused"});
            break;
        case Deed::suspend:
            state = state_of(PausedReason::user);
            tell({"Suspended Paused"});
            break;
        case Deed::resume:
            state = state_of(RunningReason::unpaused);
            tell({"Resumed Unpaused"});
            break;
        }
    }
    void take(Killing killing)
    {
        switch (killing) {
        case Killing::owner: break;
        case Killing::emulator_under_owner:
        case Killing::emulator_then_owner:
        case Killing::owner_then_emulator:
            state = state_of(ShutoffReason::crashed);
            tell({"Stopped Failed"});
            break;
        case Killing::owner_then_term:
        case Killing::owner_then_quit:
            state = state_of(ShutoffReason::destroyed);
            tell({"Shutdown Finished after host request", "Stopped Destroyed"});
            break;
        }
    }
    void tell(std::vector<std::string> const& words) { events.insert(events.end(), words.begin(), words.end()); }
};

auto words_of(DomainState const& state) -> std::string
{
    return fmt::format("{} ({})", to_string(state.phase), reason_name(state));
}

/// One at a time, in a process of its own.
class Owner
{
public:
    Owner(std::string const& root, std::string const& domain, std::vector<Deed> const& deeds)
    {
        int up[2]{}, down[2]{};
        REQUIRE(::pipe(up) == 0);
        REQUIRE(::pipe(down) == 0);
        pid_ = ::fork();
        if (pid_ == 0)
            work(root, domain, deeds, down[0], up[1]);
        hear_.reset(up[0]);
        say_.reset(down[1]);
        ::close(up[1]);
        ::close(down[0]);
    }
    Owner(Owner const&) = delete;
    auto operator=(Owner const&) -> Owner& = delete;
    ~Owner() { kill(); }

    /// When its deeds are done, its emulator's pid.
    [[nodiscard]] auto emulator() const -> int { return std::stoi(line()); }
    [[nodiscard]] auto state() const -> std::string
    {
        REQUIRE(::write(say_.get(), "?", 1) == 1);
        return line();
    }
    void kill()
    {
        if (pid_ == 0)
            return;
        ::kill(pid_, SIGKILL);
        ::waitpid(std::exchange(pid_, 0), nullptr, 0);
    }

private:
    [[noreturn]] static void work(std::string const& root, std::string const& name, std::vector<Deed> const& deeds, int in,
                                  int out)
    {
        try {
            auto const host = Host::open(fake_options(root));
            auto const domain = host.find_domain(name);
            for (auto const deed : deeds)
                switch (deed) {
                case Deed::start: domain.start(); break;
                case Deed::start_paused: domain.start({.paused = true}); break;
                case Deed::suspend: domain.suspend(); break;
                case Deed::resume: domain.resume(); break;
                }
            write_all(out, fmt::format("{}\n", domain.pid().value()));
            for (char byte{}; ::read(in, &byte, 1) == 1;)
                write_all(out, words_of(domain.state()) + "\n");
        } catch (std::exception const& error) {
            std::cerr << error.what() << '\n';
        }
        ::_exit(1);
    }

    [[nodiscard]] auto line() const -> std::string
    {
        std::string text;
        for (;;) {
            pollfd ready{hear_.get(), POLLIN, 0};
            REQUIRE(::poll(&ready, 1, 30'000) == 1);
            char byte{};
            REQUIRE(::read(hear_.get(), &byte, 1) == 1);
            if (byte == '\n')
                return text;
            text += byte;
        }
    }

    int pid_{};
    UniqueFd hear_{}, say_{};
};

/// Waits for the emulator, which is our child by adoption, or was reaped by the owner before that was killed.
void await_end(int emulator)
{
    ::waitpid(emulator, nullptr, 0);
}

void carry_out(Killing killing, std::string const& root, std::string const& name, Owner& owner, Known& known)
{
    known.take(killing);
    switch (killing) {
    case Killing::owner: owner.kill(); return;
    case Killing::emulator_under_owner:
        ::kill(known.pid, SIGKILL);
        CHECK(owner.state() == words_of(known.state));
        owner.kill();
        break;
    case Killing::emulator_then_owner:
        ::kill(known.pid, SIGKILL);
        owner.kill();
        break;
    case Killing::owner_then_emulator:
        owner.kill();
        ::kill(known.pid, SIGKILL);
        break;
    case Killing::owner_then_term:
        owner.kill();
        ::kill(known.pid, SIGTERM);
        break;
    case Killing::owner_then_quit: {
        owner.kill();
        [[maybe_unused]] auto const answer = answer_of(root, name, R"({"execute": "quit"})");
        break;
    }
    }
    await_end(known.pid);
}

/// Opens the root anew and compares all that is told with what is known.
void judge(std::string const& root, std::map<std::string, Known>& all, std::uint64_t& last_event)
{
    auto const host = Host::open(fake_options(root));
    std::set<int> running;
    std::map<std::string, std::vector<std::string>> told;
    for (auto const& event : host.events_since(last_event)) {
        CHECK(event.number == ++last_event);
        auto const text = to_string(event);
        told[event.domain].push_back(text.substr(event.domain.size() + 2));
    }
    for (auto& [name, known] : all) {
        INFO(name);
        auto const domain = host.find_domain(name);
        CHECK(words_of(domain.state()) == words_of(known.state));
        CHECK(domain.is_active() == !known.is_off());
        CHECK(told[name] == known.events);
        known.events.clear();
        if (known.is_off()) {
            CHECK_FALSE(domain.pid());
            if (auto const end = domain.last_end())
                CHECK(state_of(end->reason) == known.state);
            else
                CHECK(known.pid == 0);
            continue;
        }
        CHECK(domain.pid() == known.pid);
        running.insert(known.pid);
        auto answer = answer_of(root, name, R"({"execute": "query-status"})");
        std::erase(answer, ' ');
        INFO(answer);
        CHECK((answer.find(R"("running":true)") != answer.npos) == (known.state.phase == RunPhase::running));
    }
    CHECK(emulators_in(root) == running);
}

auto rounds() -> int
{
    auto const* const text = std::getenv("VMWRIGHT_KILL_PAIRS");
    return text != nullptr ? std::atoi(text) : 200;
}

} // namespace

TEST_CASE("Whoever comes after an emulator, its owner or both were killed says what has happened")
{
    constexpr auto seed = 20261128U;
    constexpr auto real_every = 10;
    std::mt19937 random{seed};
    TemporaryDirectory const root;
    std::map<std::string, Known> all{{"fake", {}}, {"real", {}}};
    std::uint64_t last_event{};
    {
        auto const host = Host::open(fake_options(root.path()));
        host.define(fake_guest("fake"));
        host.define(small_guest("real"));
        last_event = host.events_since(0).back().number;
    }
    for (auto round = 0; round < rounds(); ++round) {
        auto const* const name = round % real_every == 0 ? "real" : "fake";
        auto& known = all[name];
        std::vector<Deed> deeds;
        std::string words;
        for (auto count = random() % 4 + (known.is_off() ? 1 : 0); deeds.size() < count;)
            if (auto const deed = static_cast<Deed>(random() % 4); known.can(deed)) {
                deeds.push_back(deed);
                known.take(deed);
                words += std::string{to_string(deed)} + ", ";
            }
        auto const killing = static_cast<Killing>(random() % static_cast<unsigned>(enum_names(Killing{}).size()));
        INFO("seed " << seed << ", round " << round << ", " << name << ": " << words << "killed: " << to_string(killing));
        Owner owner{root.path(), name, deeds};
        auto const emulator = owner.emulator();
        if (deeds.empty() || (deeds.front() != Deed::start && deeds.front() != Deed::start_paused))
            CHECK(emulator == known.pid);
        known.pid = emulator;
        carry_out(killing, root.path(), name, owner, known);
        judge(root.path(), all, last_event);
    }
    for (auto const pid : emulators_in(root.path())) {
        ::kill(pid, SIGKILL);
        await_end(pid);
    }
    while (::waitpid(-1, nullptr, WNOHANG) > 0)
        ;
    std::cout << rounds() << " rounds of killing (seed " << seed << ")\n";
}
