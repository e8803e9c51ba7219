// SPDX-License-Identifier: BSL-1.0
// The operations that change what a domain is: its memory, vCPUs, notes, mark and name.
#include "catch.hpp"
#include "fake_guest.hpp"
#include "trial.hpp"

#include <vmwright/xml/domain.hpp>

#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <string>
#include <string_view>

using namespace vmwright;
using boost::asio::awaitable;
using boost::asio::use_awaitable;

namespace
{

constexpr auto before_memory = MiB(32);
constexpr auto after_memory = MiB(24);
constexpr auto space = "urn:example";

auto guest() -> DomainConfig
{
    auto config = fake_guest("guest");
    config.memory = before_memory;
    config.vcpus = {.count = 4, .current = 1};
    return config;
}

auto config_of(Domain const& domain, DomainXml which) -> DomainConfig
{
    return xml::read_domain(domain.xml(which)).value();
}

auto memory_of(DomainConfig const& config) -> Size
{
    return config.current_memory.value_or(config.memory);
}

auto vcpus_of(DomainConfig const& config) -> std::uint32_t
{
    return config.vcpus.current.value_or(config.vcpus.count);
}

/// How many vCPUs the emulator itself has.
auto vcpus_there(Domain const& domain) -> std::uint32_t
{
    auto const answer = domain.qmp_command(R"({"execute": "query-hotpluggable-cpus"})");
    std::uint32_t count{};
    for (auto at = answer.find("qom-path"); at != answer.npos; at = answer.find("qom-path", at + 1))
        ++count;
    return count;
}

void define(Host const& host)
{
    host.define(guest());
}

void start(Host const& host)
{
    host.define(guest()).start();
}

void runs(Domain const& domain)
{
    CHECK(domain.state() == state_of(RunningReason::booted));
}

/// It can be started and ended: nothing of what was attempted stands in its way.
void starts(Domain const& domain)
{
    CHECK_FALSE(domain.is_active());
    domain.start();
    runs(domain);
    domain.destroy();
}

template <class Operation>
auto on_guest(Operation operation)
{
    return [operation](Host host) -> awaitable<void> {
        auto const domain = host.find_domain("guest");
        co_await operation(domain);
    };
}

auto setting_of_vcpus(std::uint32_t count)
{
    return on_guest([count](Domain domain) -> awaitable<void> {
        co_await domain.async_set_vcpus(count, Affects::both, VcpuCount::active, use_awaitable);
    });
}

/// What is written down of its vCPUs is what it has.
auto vcpus_are(std::uint32_t before, std::uint32_t after)
{
    return [=](Host const& host) {
        auto const domain = host.find_domain("guest");
        auto const there = vcpus_there(domain);
        CHECK(there >= std::min(before, after));
        CHECK(there <= std::max(before, after));
        CHECK(vcpus_of(config_of(domain, DomainXml::live)) == there);
        auto const next = vcpus_of(config_of(domain, DomainXml::inactive));
        CHECK((next == 1 || next == after));
        runs(domain);
        // It goes on from there.
        domain.set_vcpus(4, Affects::live);
        CHECK(vcpus_there(domain) == 4);
    };
}

auto marking(bool on)
{
    return on_guest([on](Domain domain) -> awaitable<void> { co_await domain.async_set_autostart(on, use_awaitable); });
}

/// One of the two names has all, and the other nothing.
void has_one_name(Host const& host)
{
    auto const all = host.domains();
    auto const is_known = [&](std::string_view name) {
        return std::ranges::count(all, name, [](Domain const& domain) { return std::string_view{domain.name()}; }) == 1;
    };
    REQUIRE(is_known("guest") != is_known("renamed"));
    auto const domain = host.find_domain(is_known("guest") ? "guest" : "renamed");
    auto const config = xml::read_domain(domain.definition()).value();
    CHECK(config.name == domain.name());
    CHECK(config.title == "whole");
    CHECK(config.uuid == domain.uuid());
    CHECK(domain.autostart());
    REQUIRE(domain.last_end());
    CHECK(domain.last_end()->reason == ShutoffReason::destroyed);
    CHECK(text_of(host.root() + "/log/" + domain.name() + ".log") == "a word of the last run\n");
    starts(domain);
}

} // namespace

auto setting_trials() -> std::vector<Trial>
{
    auto const is_guest_marked = [](Host const& host) {
        auto const domain = host.find_domain("guest");
        domain.set_autostart(!domain.autostart());
        starts(domain);
    };
    return {
        {"memory of a definition", define, on_guest([](Domain domain) -> awaitable<void> {
             co_await domain.async_set_memory(after_memory, Affects::config, use_awaitable);
         }),
         [](Host const& host) {
             auto const domain = host.find_domain("guest");
             auto const memory = memory_of(config_of(domain, DomainXml::inactive));
             CHECK((memory == before_memory || memory == after_memory));
             starts(domain);
         }},
        {"memory of a running one and its definition", start, on_guest([](Domain domain) -> awaitable<void> {
             co_await domain.async_set_memory(after_memory, Affects::both, use_awaitable);
         }),
         [](Host const& host) {
             auto const domain = host.find_domain("guest");
             for (auto const memory : {memory_of(config_of(domain, DomainXml::inactive)), domain.info().memory})
                 CHECK((memory == before_memory || memory == after_memory));
             CHECK(memory_of(config_of(domain, DomainXml::live)) == domain.info().memory);
             runs(domain);
         }},
        {"most memory", define, on_guest([](Domain domain) -> awaitable<void> {
             co_await domain.async_set_max_memory(after_memory, Affects::config, use_awaitable);
         }),
         [](Host const& host) {
             auto const domain = host.find_domain("guest");
             auto const memory = config_of(domain, DomainXml::inactive).memory;
             CHECK((memory == before_memory || memory == after_memory));
             starts(domain);
         }},
        {"vCPUs plugged", start, setting_of_vcpus(3), vcpus_are(1, 3)},
        {"vCPUs unplugged",
         [](Host const& host) {
             start(host);
             host.find_domain("guest").set_vcpus(4, Affects::live);
         },
         setting_of_vcpus(2), vcpus_are(4, 2)},
        {"most vCPUs", define, on_guest([](Domain domain) -> awaitable<void> {
             co_await domain.async_set_vcpus(2, Affects::config, VcpuCount::maximum, use_awaitable);
         }),
         [](Host const& host) {
             auto const domain = host.find_domain("guest");
             auto const count = config_of(domain, DomainXml::inactive).vcpus.count;
             CHECK((count == 4 || count == 2));
             starts(domain);
         }},
        {"title", define, on_guest([](Domain domain) -> awaitable<void> {
             co_await domain.async_set_title("a title", Affects::config, use_awaitable);
         }),
         [](Host const& host) {
             auto const domain = host.find_domain("guest");
             auto const title = config_of(domain, DomainXml::inactive).title;
             CHECK((title.empty() || title == "a title"));
             starts(domain);
         }},
        {"metadata of a running one and its definition", start, on_guest([](Domain domain) -> awaitable<void> {
             co_await domain.async_set_metadata(space, "x", "<mine/>", Affects::both, use_awaitable);
         }),
         [](Host const& host) {
             auto const domain = host.find_domain("guest");
             for (auto const which : {DomainXml::live, DomainXml::inactive})
                 CHECK(domain.metadata(space, which).value_or("<mine/>") == "<mine/>");
             runs(domain);
         }},
        {"mark to start with the host", define, marking(true), is_guest_marked},
        {"mark taken away",
         [](Host const& host) {
             define(host);
             host.find_domain("guest").set_autostart(true);
         },
         marking(false), is_guest_marked},
        {"start with the host",
         [](Host const& host) {
             define(host);
             host.find_domain("guest").set_autostart(true);
         },
         [](Host host) -> awaitable<void> {
             auto const failures = co_await host.async_start_autostart(use_awaitable);
             if (!failures.empty())
                 throw failures.front().error;
         },
         [](Host const& host) {
             auto const domain = host.find_domain("guest");
             CHECK(domain.autostart());
             domain.is_active() ? runs(domain) : starts(domain);
         }},
        {"rename",
         [](Host const& host) {
             auto config = guest();
             config.title = "whole";
             auto const domain = host.define(config);
             domain.start();
             domain.destroy();
             domain.set_autostart(true);
             LocalMachine{}.write_file(host.root() + "/log/guest.log", "a word of the last run\n");
         },
         on_guest([](Domain domain) -> awaitable<void> {
             auto const renamed = co_await domain.async_rename("renamed", use_awaitable);
             CHECK(renamed.name() == "renamed");
         }),
         has_one_name},
    };
}
