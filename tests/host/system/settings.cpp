// SPDX-License-Identifier: BSL-1.0
// What is changed about domains that run, and what a person at the machine would do.
#include "catch.hpp"
#include "host/support.hpp"

#include <vmwright/xml/domain.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>

namespace fs = std::filesystem;
using namespace vmwright;
using namespace std::chrono_literals;

namespace
{

auto config_of(Domain const& domain, DomainXml which) -> DomainConfig
{
    return xml::read_domain(domain.xml(which)).value();
}

auto code_of(auto const& call) -> Errc
{
    auto const error = error_of([&] {
        call();
        return 0;
    });
    return error ? static_cast<Errc>(error->code().value()) : Errc::ok;
}

/// How many vCPUs the emulator has.
auto vcpus_there(Domain const& domain) -> std::ptrdiff_t
{
    auto const answer = domain.qmp_command(R"({"execute":"query-cpus-fast"})");
    std::ptrdiff_t count{};
    for (auto at = answer.find("cpu-index"); at != answer.npos; at = answer.find("cpu-index", at + 1))
        ++count;
    return count;
}

} // namespace

TEST_CASE("vCPUs are plugged into a guest that runs, and every program is told which are there")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto config = small_guest("demo");
    config.vcpus = {.count = 4, .current = 2};
    auto const domain = host.define(config);
    Ended const ended{domain};
    domain.start({.paused = true});
    CHECK(config_of(domain, DomainXml::live).individual_vcpus.empty());

    domain.set_vcpus(3);
    CHECK(vcpus_there(domain) == 3);
    CHECK(domain.info().vcpus == 3);
    auto const other = Host::open(options_in(root.path())).find_domain("demo");
    auto const live = config_of(other, DomainXml::live);
    CHECK(live.vcpus.current == 3);
    CHECK(live.individual_vcpus == std::vector<Vcpu>{{.id = 0, .enabled = true, .hotpluggable = false, .order = 1},
                                                     {.id = 1, .enabled = true, .hotpluggable = false, .order = 2},
                                                     {.id = 2, .enabled = true, .order = 3},
                                                     {.id = 3}});
    CHECK(config_of(domain, DomainXml::inactive).vcpus.current == 2);

    other.set_vcpus(4, Affects::both);
    CHECK(vcpus_there(domain) == 4);
    CHECK(config_of(domain, DomainXml::inactive).vcpus.current == std::nullopt);
    CHECK(code_of([&] { domain.set_vcpus(5); }) == Errc::invalid_argument);
    // Those of the beginning stay.
    CHECK(code_of([&] { domain.set_vcpus(1); }) == Errc::wrong_state);
    CHECK(code_of([&] { domain.set_vcpus(8, Affects::both, VcpuCount::maximum); }) == Errc::invalid_argument);
    CHECK(vcpus_there(domain) == 4);
    CHECK_FALSE(fs::exists(root / "run/demo/plugging"));
    domain.destroy();
}

TEST_CASE("What is written down of the vCPUs is put right where a program was killed before it could")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto config = small_guest("demo");
    config.vcpus = {.count = 2, .current = 1};
    auto const domain = host.define(config);
    Ended const ended{domain};
    domain.start({.paused = true});
    auto const before = text_of(root / "run/demo/live.xml");
    domain.set_vcpus(2);
    std::ofstream{root / "run/demo/live.xml"} << before;
    std::ofstream{root / "run/demo/plugging"};
    CHECK(Host::open(options_in(root.path())).find_domain("demo").info().vcpus == 2);
    CHECK_FALSE(fs::exists(root / "run/demo/plugging"));
    domain.destroy();
}

TEST_CASE("A guest that runs is told how much memory to keep, and what it has is what it really has")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto const domain = host.define(small_guest("demo"));
    Ended const ended{domain};
    domain.start({.paused = true});
    domain.set_memory(MiB(16), Affects::both);
    // This guest never obeys.
    CHECK(domain.info().memory == MiB(32));
    CHECK(config_of(domain, DomainXml::live).current_memory == MiB(32));
    CHECK(config_of(domain, DomainXml::inactive).current_memory == MiB(16));
    CHECK(code_of([&] { domain.set_memory(MiB(33)); }) == Errc::invalid_argument);
    CHECK(code_of([&] { domain.set_max_memory(MiB(64)); }) == Errc::wrong_state);
    domain.set_max_memory(MiB(64), Affects::config);
    CHECK(domain.info().max_memory == MiB(32));
    domain.destroy();

    auto config = small_guest("rigid");
    config.devices.memballoon = Memballoon{.model = MemballoonModel::none};
    auto const rigid = host.create(config, {.paused = true});
    Ended const rigid_ended{rigid};
    CHECK(code_of([&] { rigid.set_memory(MiB(16)); }) == Errc::wrong_state);
    CHECK(code_of([&] { rigid.set_memory(MiB(16), Affects::config); }) == Errc::wrong_state);
    rigid.destroy();
}

TEST_CASE("Notes of a domain that runs are of the run, of the definition, or of both")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto const domain = host.define(small_guest("demo"));
    Ended const ended{domain};
    domain.start({.paused = true});
    domain.set_title("of the run");
    domain.set_description("of the definition", Affects::config);
    domain.set_metadata("urn:a", "a", "<both/>", Affects::both);
    CHECK(config_of(domain, DomainXml::live).title == "of the run");
    CHECK(config_of(domain, DomainXml::inactive).title.empty());
    CHECK(config_of(domain, DomainXml::live).description.empty());
    CHECK(config_of(domain, DomainXml::inactive).description == "of the definition");
    CHECK(domain.metadata("urn:a", DomainXml::live) == "<both/>");
    CHECK(domain.metadata("urn:a", DomainXml::inactive) == "<both/>");
    domain.remove_metadata("urn:a");
    CHECK_FALSE(domain.metadata("urn:a"));
    CHECK(domain.metadata("urn:a", DomainXml::inactive) == "<both/>");
    CHECK(code_of([&] { domain.rename("other"); }) == Errc::wrong_state);
    domain.destroy();
    CHECK(config_of(domain, DomainXml::current).title.empty());
}

TEST_CASE("Those that are marked start with the host, but for one that cannot")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto broken = small_guest("broken");
    broken.os.kernel = root / "nosuch";
    auto const first = host.define(broken);
    auto const second = host.define(small_guest("whole"));
    auto const third = host.define(small_guest("unmarked"));
    Ended const ended{second};
    first.set_autostart(true);
    second.set_autostart(true);
    auto failures = host.start_autostart();
    REQUIRE(failures.size() == 1);
    CHECK(failures.front().domain == "broken");
    CHECK(failures.front().error.code() == Errc::not_found);
    auto const pid = second.pid();
    CHECK(pid);
    CHECK_FALSE(third.is_active());
    failures = host.start_autostart();
    CHECK(failures.size() == 1);
    CHECK(second.pid() == pid);
    second.destroy();
}

TEST_CASE("A renamed domain keeps how its last run ended and what that wrote, and starts under its new name")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto const domain = host.define(small_guest("demo"));
    Ended const ended{domain};
    domain.start({.paused = true});
    domain.destroy();
    auto const end = domain.last_end();
    REQUIRE(end);
    auto const renamed = domain.rename("new name");
    Ended const renamed_ended{renamed};
    CHECK(renamed.last_end() == end);
    CHECK(fs::exists(root / "log/new name.log"));
    for (auto const* const leaf : {"domains/demo.xml", "log/demo.log", "ended/demo", "locks/demo", "hints/demo"})
        CHECK_FALSE(fs::exists(root / leaf));
    renamed.start({.paused = true});
    CHECK(renamed.is_active());
    renamed.destroy();
}

TEST_CASE("A person's part: keys, a picture of the screen, one of the memory, an interrupt")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root.path()));
    auto config = small_guest("demo");
    config.devices.videos.back().model.type = VideoType::vga;
    auto const domain = host.define(config);
    Ended const ended{domain};
    CHECK(code_of([&] { domain.inject_nmi(); }) == Errc::not_running);
    CHECK(code_of([&] { domain.screenshot(root / "off.png"); }) == Errc::not_running);
    CHECK(code_of([&] { domain.dump(root / "off.core"); }) == Errc::not_running);
    CHECK_FALSE(fs::exists(root / "off.core"));
    domain.start();

    domain.inject_nmi();
    domain.send_keys({0x1d, 0x38, 0xd3}, 10ms);
    CHECK(code_of([&] { domain.wake_up(); }) == Errc::command_failed);
    domain.screenshot(root / "screen.png");
    CHECK(text_of(root / "screen.png").starts_with("\x89PNG\r\n"));
    CHECK(code_of([&] { domain.screenshot(root / "other.png", 1); }) == Errc::invalid_argument);

    for (auto round = 0; round < 2; ++round) { // also over one that is there
        domain.dump(root / "core");
        CHECK(text_of(root / "core")
                  .starts_with("\x7f"
                               "ELF"));
        CHECK(fs::file_size(root / "core") > MiB(32).bytes);
        CHECK(domain.state().phase == RunPhase::running);
    }
    CHECK(code_of([&] { domain.dump(root / "win", {.format = DumpFormat::win_dmp}); }) == Errc::command_failed);
    CHECK_FALSE(fs::exists(root / "win"));
    CHECK(code_of([&] { domain.dump(root / "no/directory"); }) == Errc::io_failed);
    domain.dump(root / "core", {.after = AfterDump::reset});
    CHECK(domain.state().phase == RunPhase::running);
    domain.dump(root / "core", {.format = DumpFormat::kdump_zlib, .after = AfterDump::destroy});
    CHECK(text_of(root / "core").starts_with("makedumpfile"));
    CHECK_FALSE(domain.is_active());
}
