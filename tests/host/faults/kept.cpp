// SPDX-License-Identifier: BSL-1.0
// What becomes of a guest that ends, by what its configuration says of that.
#include "catch.hpp"
#include "fake_guest.hpp"
#include "monitor_talk.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/wait.h>
#include <utility>
#include <vector>

namespace fs = std::filesystem;
using namespace vmwright;
using namespace std::chrono_literals;

namespace
{

void let_guest(Domain const& domain, std::string const& deed)
{
    [[maybe_unused]] auto const answer =
        domain.qmp_command(R"({"execute": "x-guest", "arguments": {"does": ")" + deed + R"("}})");
}

/// The same without any Host.
void let_guest_of(std::string const& root, std::string const& deed)
{
    [[maybe_unused]] auto const answer =
        answer_of(root, "guest", R"({"execute": "x-guest", "arguments": {"does": ")" + deed + R"("}})");
}

/// The emulator of a Host that is closed is a child of this process and of nobody who waits for it.
struct Reaped
{
    int pid;
    ~Reaped() { ::waitpid(pid, nullptr, 0); }
};

/// What the domain comes to after all that is to be done was done.
enum class Outcome
{
    off,
    running,
    crashed,
};

/// Waits for it: what is done in the background has no other end that could be waited for.
auto comes_to(Domain const& domain, Outcome outcome) -> bool
{
    auto const is_there = [&] {
        auto const phase = domain.state().phase;
        return outcome == Outcome::off       ? phase == RunPhase::shutoff
               : outcome == Outcome::running ? phase == RunPhase::running
                                             : phase == RunPhase::crashed;
    };
    auto const until = std::chrono::steady_clock::now() + 5s;
    while (!is_there() && std::chrono::steady_clock::now() < until)
        [[maybe_unused]] auto const off = domain.wait_until_off(5ms);
    return is_there();
}

auto dumps(std::string const& root) -> std::size_t
{
    std::size_t count{};
    if (fs::exists(root + "/dump"))
        for (auto const& entry : fs::directory_iterator{root + "/dump"})
            count += entry.file_size() > 0 ? 1 : 0;
    return count;
}

struct Case
{
    std::optional<LifecycleAction> on_poweroff{};
    std::optional<LifecycleAction> on_reboot{};
    std::optional<CrashAction> on_crash{};
    std::string deed{};
    Outcome outcome{};
    std::size_t dumps{};
};

/// All that libvirt's QEMU driver accepts, with each end that a guest can come to.
auto all_cases() -> std::vector<Case>
{
    using enum CrashAction;
    using Action = LifecycleAction;
    std::vector<Case> cases;
    for (auto const& [poweroff, reboot] :
         {std::pair{Action::destroy, Action::restart}, std::pair{Action::destroy, Action::destroy},
          std::pair{Action::restart, Action::restart}})
        for (auto const crash : {CrashAction::destroy, CrashAction::restart, preserve, coredump_destroy, coredump_restart}) {
            cases.push_back(
                {poweroff, reboot, crash, "poweroff", poweroff == Action::restart ? Outcome::running : Outcome::off, 0});
            cases.push_back(
                {poweroff, reboot, crash, "reboot", reboot == Action::restart ? Outcome::running : Outcome::off, 0});
            auto const is_dumped = crash == coredump_destroy || crash == coredump_restart;
            cases.push_back({poweroff, reboot, crash, "panic",
                             crash == preserve                                            ? Outcome::crashed
                             : crash == CrashAction::destroy || crash == coredump_destroy ? Outcome::off
                                                                                          : Outcome::running,
                             is_dumped ? std::size_t{1} : 0});
        }
    return cases;
}

auto guest_of(Case const& wanted) -> DomainConfig
{
    auto config = fake_guest("guest");
    config.on_poweroff = wanted.on_poweroff;
    config.on_reboot = wanted.on_reboot;
    config.on_crash = wanted.on_crash;
    return config;
}

auto words_of(Case const& wanted) -> std::string
{
    return "on_poweroff=" + std::string{to_string(*wanted.on_poweroff)} +
           " on_reboot=" + std::string{to_string(*wanted.on_reboot)} +
           " on_crash=" + std::string{to_string(*wanted.on_crash)} + ": " + wanted.deed;
}

} // namespace

TEST_CASE("A guest's end leads to what its configuration says, while somebody watches")
{
    for (auto const& wanted : all_cases()) {
        INFO(words_of(wanted));
        TemporaryDirectory const root;
        auto const host = Host::open(fake_options(root.path()));
        auto const domain = host.define(guest_of(wanted));
        Ended const ended{domain};
        domain.start();
        let_guest(domain, wanted.deed);
        CHECK(comes_to(domain, wanted.outcome));
        CHECK(dumps(root.path()) == wanted.dumps);
    }
}

TEST_CASE("A guest's end leads to what its configuration says when somebody comes later")
{
    for (auto const& wanted : all_cases()) {
        INFO(words_of(wanted));
        TemporaryDirectory const root;
        // Nobody is there any more when it happens.
        Reaped const reaped{Host::open(fake_options(root.path())).define(guest_of(wanted)).start().pid};
        let_guest_of(root.path(), wanted.deed);
        auto const host = Host::open(fake_options(root.path()));
        auto const domain = host.find_domain("guest");
        Ended const ended{domain};
        CHECK(comes_to(domain, wanted.outcome));
        CHECK(dumps(root.path()) == wanted.dumps);
    }
}
