// SPDX-License-Identifier: BSL-1.0
// Eight programs at work on the same domains at once.
#include "catch.hpp"
#include "fake_guest.hpp"
#include "temporary_directory.hpp"
#include "trial.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

using namespace vmwright;
using namespace std::chrono_literals;

namespace
{

constexpr auto programs = 8;
constexpr auto guests = 3;

auto seconds() -> int
{
    auto const* const text = std::getenv("VMWRIGHT_HAMMER_SECONDS");
    return text != nullptr ? std::atoi(text) : 8;
}

auto guest_name(int number) -> std::string
{
    return fmt::format("guest{}", number);
}

constexpr auto opening = std::string_view{"<title>"};

auto count_in(std::string const& definition) -> int
{
    return std::stoi(definition.substr(definition.find(opening) + opening.size()));
}

/// Adds one to the number that is the domain's title; false when somebody else was quicker.
auto increment(Domain const& domain) -> bool
{
    auto const text = domain.definition();
    auto next = text;
    auto const at = next.find(opening) + opening.size();
    next.replace(at, next.find('<', at) - at, fmt::format("{}", count_in(text) + 1));
    try {
        domain.redefine(next, text);
        return true;
    } catch (Error const& error) {
        if (error.code() != Errc::wrong_state)
            throw;
        return false;
    }
}

/// What one program did and heard.
struct Account
{
    std::map<std::string, int> increments{};
    std::map<std::string, int> done{};
    std::vector<std::string> wrong{};
    std::vector<std::string> heard{};
};

auto line_of(Event const& event) -> std::string
{
    return fmt::format("{} {} {}", event.number, to_string(event), event.time.time_since_epoch().count());
}

void work(Host const& host, int number, Account& account)
{
    std::mt19937 random{static_cast<unsigned>(20261128 + number)};
    auto const until = std::chrono::steady_clock::now() + std::chrono::seconds{seconds()};
    while (std::chrono::steady_clock::now() < until) {
        auto const name = guest_name(static_cast<int>(random() % guests));
        auto const action = std::array{"start", "destroy", "suspend", "resume", "increment", "increment"}[random() % 6];
        try {
            auto const domain = host.find_domain(name);
            if (action == std::string_view{"start"})
                domain.start();
            else if (action == std::string_view{"destroy"})
                domain.destroy();
            else if (action == std::string_view{"suspend"})
                domain.suspend();
            else if (action == std::string_view{"resume"})
                domain.resume();
            else if (increment(domain))
                ++account.increments[name];
            ++account.done[action];
        } catch (Error const& error) {
            auto const code = error.code();
            // The last two where another program destroyed it meanwhile.
            if (code != Errc::already_running && code != Errc::not_running && code != Errc::wrong_state &&
                code != Errc::monitor_failed && code != Errc::emulator_failed)
                account.wrong.push_back(fmt::format("{} {}: {}", action, name, error.what()));
        }
    }
}

/// A program of its own: works, says so, hears the rest when all have worked, and writes its account.
[[noreturn]] void run_program(std::string const& root, int number, std::string const& file, int say, int hear)
{
    auto status = 1;
    try {
        auto options = fake_options(root);
        options.program = fmt::format("program {}", number);
        auto const host = Host::open(options);
        Account account;
        std::mutex mutex;
        auto const subscription = host.on_event(
            [&](Event const& event) {
                std::lock_guard const lock{mutex};
                account.heard.push_back(line_of(event));
            },
            0);
        work(host, number, account);
        char byte{};
        if (::write(say, "x", 1) != 1 || ::read(hear, &byte, 1) != 1)
            ::_exit(2);
        auto const last = line_of(host.events_since(0).back());
        auto const is_complete = [&] {
            std::lock_guard const lock{mutex};
            return !account.heard.empty() && account.heard.back() == last;
        };
        for (auto const until = std::chrono::steady_clock::now() + 10s;
             !is_complete() && std::chrono::steady_clock::now() < until;)
            std::this_thread::sleep_for(10ms);
        std::lock_guard const lock{mutex};
        std::ofstream out{file};
        for (auto const& [name, count] : account.increments)
            out << "increments " << name << " " << count << "\n";
        for (auto const& [action, count] : account.done)
            out << "done " << action << " " << count << "\n";
        for (auto const& line : account.wrong)
            out << "wrong " << line << "\n";
        for (auto const& line : account.heard)
            out << "heard " << line << "\n";
        status = 0;
    } catch (std::exception const& error) {
        std::cerr << error.what() << "\n";
    }
    ::_exit(status);
}

struct Pipe
{
    UniqueFd in{}, out{};

    Pipe()
    {
        int ends[2]{};
        REQUIRE(::pipe(ends) == 0);
        in.reset(ends[0]);
        out.reset(ends[1]);
    }
};

} // namespace

TEST_CASE("Eight programs on one root lose no change, start nothing twice, and hear the same in the same order")
{
    TemporaryDirectory const root, accounts;
    for (auto i = 0; i < guests; ++i) {
        auto config = fake_guest(guest_name(i));
        config.title = "0";
        Host::open(fake_options(root.path())).define(config);
    }
    Pipe done, go;
    std::vector<pid_t> children;
    for (auto i = 0; i < programs; ++i) {
        auto const child = ::fork();
        if (child == 0)
            run_program(root.path(), i, accounts / std::to_string(i), done.out.get(), go.in.get());
        children.push_back(child);
    }
    std::string bytes(programs, '\0');
    for (auto count = 0; count < programs;) {
        auto const size = ::read(done.in.get(), bytes.data(), bytes.size());
        REQUIRE(size > 0);
        count += static_cast<int>(size);
    }
    {
        auto const host = Host::open(fake_options(root.path()));
        for (auto i = 0; i < guests; ++i)
            if (auto const domain = host.find_domain(guest_name(i)); domain.is_active())
                domain.destroy();
        REQUIRE(::write(go.out.get(), bytes.data(), bytes.size()) == programs);
    }
    for (auto const child : children) {
        int status{};
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }
    CHECK(emulators_in(root.path()).empty());

    auto const host = Host::open(fake_options(root.path()));
    auto const history = host.events_since(0);
    std::map<std::string, int> increments, acts;
    std::vector<std::string> told;
    for (auto const& event : history)
        told.push_back(line_of(event));
    for (auto i = 0; i < programs; ++i) {
        std::ifstream in{accounts / std::to_string(i)};
        std::vector<std::string> heard;
        for (std::string line; std::getline(in, line);) {
            auto const kind = line.substr(0, line.find(' '));
            auto const rest = line.substr(line.find(' ') + 1);
            auto const last = rest.rfind(' ');
            if (kind == "increments")
                increments[rest.substr(0, last)] += std::stoi(rest.substr(last));
            else if (kind == "done")
                acts[rest.substr(0, last)] += std::stoi(rest.substr(last));
            else if (kind == "wrong")
                FAIL_CHECK(rest);
            else
                heard.push_back(rest);
        }
        INFO("program " << i << " heard " << heard.size());
        // Of what has been turned over since, the log has no more to compare with.
        REQUIRE(heard.size() >= told.size());
        CHECK(std::equal(told.rbegin(), std::prev(told.rend()), heard.rbegin()));
    }
    for (auto i = 0; i < guests; ++i)
        CHECK(count_in(host.find_domain(guest_name(i)).definition()) == increments[guest_name(i)]);
    std::map<std::string, bool> runs;
    for (auto const& event : history) {
        auto const* const life = std::get_if<LifecycleEvent>(&event.data);
        INFO(line_of(event));
        if (life != nullptr && life->kind == LifecycleKind::started) {
            CHECK_FALSE(std::exchange(runs[event.domain], true));
            CHECK(event.cause.call == "start");
        } else if (life != nullptr && life->kind == LifecycleKind::stopped) {
            runs[event.domain] = false;
            // A guest may be destroyed before its start has come to its end, which that is then told, too.
            CHECK((event.cause.call == "destroy" || (!life->reason.empty() && event.cause.call == "start")));
        }
    }
    std::cout << programs << " programs, " << seconds() << " s: " << acts["start"] << " starts, " << acts["destroy"]
              << " ends, " << acts["suspend"] << " pauses, " << acts["increment"] << " edits, "
              << (history.empty() ? 0 : history.back().number) << " events\n";
    while (::waitpid(-1, nullptr, WNOHANG) > 0)
        ;
}
