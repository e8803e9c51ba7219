// SPDX-License-Identifier: BSL-1.0
//
// What stands in a domain beside its devices: SMBIOS, security, clock, and what is meant for the host or for QEMU alone.
#include "catch.hpp"

#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>

#include <algorithm>

using namespace vmwright;

namespace
{

auto profile() -> qemu::Capabilities const&
{
    static auto const value = qemu::load_capabilities(qemu::profile_text(qemu::shipped_profile("x86_64"))).value();
    return value;
}

auto small() -> DomainConfig
{
    DomainConfig config{.name = "small", .memory = MiB(64)};
    config.os.arch = "x86_64";
    config.os.machine = "pc-q35-7.2";
    config.features.acpi = true;
    return config;
}

auto only_fault(DomainConfig const& config, qemu::HostFacts const& facts = qemu::debian12()) -> std::string
{
    auto const plan = qemu::plan(config, profile(), facts);
    REQUIRE(plan.diagnostics.size() == 1);
    return format(plan.diagnostics[0]);
}

auto resolved(DomainConfig const& config) -> DomainConfig
{
    return qemu::resolve(config, profile(), qemu::debian12()).value().config;
}

auto arguments(DomainConfig const& config, qemu::HostFacts const& facts = qemu::debian12()) -> std::vector<std::string>
{
    return qemu::arguments(qemu::plan(config, profile(), facts).value());
}

auto argument_after(std::vector<std::string> const& argv, std::string_view option) -> std::string
{
    auto const found = std::ranges::find(argv, option);
    return found == argv.end() || found + 1 == argv.end() ? std::string{} : *(found + 1);
}

} // namespace

TEST_CASE("A date of the BIOS is month, day and year")
{
    for (auto const* date : {"05/31/2023", "1/1/99", "12/31/1900"}) {
        auto config = small();
        config.sysinfos = {{SmbiosInfo{.bios = {{"date", date}}}}};
        CHECK(qemu::plan(config, profile(), qemu::debian12()).diagnostics.empty());
    }
    for (auto const* date : {"2023-05-31", "13/01/2023", "01/32/2023", "01/01/100", "01/01", "01/01/2023x", "a/b/c"}) {
        auto config = small();
        config.sysinfos = {{SmbiosInfo{.bios = {{"date", date}}}}};
        CHECK_THAT(only_fault(config), Catch::Contains("is not a date of the BIOS"));
    }
}

TEST_CASE("The system's uuid is the domain's")
{
    auto config = small();
    config.sysinfos = {{SmbiosInfo{.system = {{"uuid", "09da7edc2a164b20adace5b2f95daba1"}}}}};
    auto const once = resolved(config);
    CHECK(once.uuid == Uuid::parse("09da7edc-2a16-4b20-adac-e5b2f95daba1"));
    CHECK(std::get<SmbiosInfo>(once.sysinfos[0].type).system[0].value == "09da7edc-2a16-4b20-adac-e5b2f95daba1");

    config.uuid = Uuid::parse("00000000-2a16-4b20-adac-e5b2f95daba1");
    CHECK_THAT(only_fault(config), Catch::Contains("is not the domain's, 00000000-2a16"));
    config.sysinfos = {{SmbiosInfo{.system = {{"uuid", "x"}}}}};
    CHECK_THAT(only_fault(config), Catch::Contains("'x' is not a uuid"));
}

TEST_CASE("An SMBIOS table keeps the entries that it can have, in their order")
{
    auto config = small();
    config.sysinfos = {{SmbiosInfo{.bios = {{"release", "1"}, {"vendr", "X"}, {"vendor", "V"}, {"version", ""}},
                                   .boards = {{}, {.entries = {{"product", "P"}}}}}}};
    CHECK(only_fault(config) ==
          "warning: /domain/sysinfo[1]/bios/entry[2]/@name: the table has no entry 'vendr'; it is ignored; did you mean "
          "'vendor'?");
    auto const info = std::get<SmbiosInfo>(resolved(config).sysinfos[0].type);
    CHECK(info.bios == SmbiosTable{{"vendor", "V"}, {"release", "1"}});
    CHECK(info.boards == std::vector<SmbiosBoard>{{.entries = {{"product", "P"}}}});
}

TEST_CASE("SMBIOS tables come from the domain, the host or QEMU, as <os> says")
{
    auto config = small();
    config.sysinfos = {{SmbiosInfo{.bios = {{"vendor", "Mine"}}}}};
    CHECK(argument_after(arguments(config), "-smbios").empty());
    config.os.smbios = SmbiosMode::sysinfo;
    CHECK(argument_after(arguments(config), "-smbios") == "type=0,vendor=Mine");
    config.os.smbios = SmbiosMode::host;
    CHECK_THAT(only_fault(config), Catch::Contains("the host's SMBIOS tables are not known"));
    auto facts = qemu::debian12();
    facts.smbios = SmbiosInfo{.system = {{"product", "Theirs"}}};
    CHECK(argument_after(arguments(config, facts), "-smbios") == "type=1,product=Theirs");
    config.os.smbios = SmbiosMode::sysinfo;
    config.sysinfos.clear();
    CHECK_THAT(only_fault(config), Catch::Contains("the domain has no <sysinfo type='smbios'>"));
}

TEST_CASE("An entry for the firmware has a name of the user's and a text or a file")
{
    auto const fault_of = [](FirmwareConfigEntry entry) {
        auto config = small();
        config.sysinfos = {{FirmwareConfig{.entries = {std::move(entry)}}}};
        return only_fault(config);
    };
    CHECK_THAT(fault_of({.name = "etc/x", .value = "1"}), Catch::Contains("begin it with opt/"));
    CHECK_THAT(fault_of({.name = "opt/ovmf/x", .value = "1"}), Catch::Contains("is reserved"));
    CHECK_THAT(fault_of({.name = "opt/org.qemu/x", .value = "1"}), Catch::Contains("is reserved"));
    CHECK_THAT(fault_of({.name = "opt/x"}), Catch::Contains("has neither a text nor a file"));
    CHECK_THAT(fault_of({.name = "opt/x", .file = "/f", .value = "1"}), Catch::StartsWith("warning: "));
}

TEST_CASE("A clock that begins apart from the host's has a date")
{
    auto facts = qemu::debian12();
    facts.utc_offset = 7200;
    auto const base = [&](Clock const& clock) {
        auto config = small();
        config.clock = clock;
        return argument_after(arguments(config, facts), "-rtc");
    };
    CHECK(base({}) == "base=utc");
    CHECK(base({.offset = ClockOffset::variable}) == "base=2023-06-10T12:00:00");
    CHECK(base({.offset = ClockOffset::variable, .adjustment = "-43200", .basis = ClockBasis::localtime}) ==
          "base=2023-06-10T02:00:00");
    CHECK(base({.offset = ClockOffset::utc, .adjustment = "86400"}) == "base=2023-06-11T12:00:00");
    CHECK(base({.offset = ClockOffset::utc, .adjustment = "reset"}) == "base=utc");
    CHECK(base({.offset = ClockOffset::absolute, .start = 951782399}) == "base=2000-02-28T23:59:59");
}

TEST_CASE("A clock of a zone is the environment's, and the user's own variables come after")
{
    auto config = small();
    config.clock = {.offset = ClockOffset::timezone, .timezone = "Europe/Paris"};
    config.qemu.command_line.environment = {{"G_DEBUG", "1"}};
    CHECK(qemu::plan(config, profile(), qemu::debian12()).value().environment ==
          std::vector<std::string>{"TZ=Europe/Paris", "G_DEBUG=1"});
}

TEST_CASE("A clock says what its offset needs, and nothing else counts")
{
    auto config = small();
    config.clock.offset = ClockOffset::timezone;
    CHECK_THAT(only_fault(config), Catch::Contains("names none"));
    config.clock.offset = ClockOffset::absolute;
    CHECK_THAT(only_fault(config), Catch::Contains("has no start"));
    config.clock = {.adjustment = "soon"};
    CHECK_THAT(only_fault(config), Catch::Contains("'soon' is not an adjustment"));
    config.clock = {.basis = ClockBasis::localtime};
    CHECK_THAT(only_fault(config), Catch::Contains("it means nothing with offset='utc'"));
    CHECK(resolved(config).clock == Clock{});
}

TEST_CASE("A label of no security driver is none")
{
    auto config = small();
    config.security_labels = {{}};
    CHECK(resolved(config).security_labels ==
          std::vector<SecurityLabel>{{.type = SecurityLabelType::none, .model = "none"}});
    config.security_labels = {{.type = SecurityLabelType::static_, .model = "dac", .label = "a:b", .base_label = "c"}};
    CHECK(
        resolved(config).security_labels ==
        std::vector<SecurityLabel>{{.type = SecurityLabelType::static_, .model = "dac", .relabel = false, .label = "a:b"}});
}

TEST_CASE("A security label that contradicts itself is refused")
{
    auto const fault_of = [](SecurityLabel label) {
        auto config = small();
        config.security_labels = {std::move(label)};
        return only_fault(config);
    };
    using enum SecurityLabelType;
    CHECK_THAT(fault_of({.type = none, .relabel = true}), Catch::Contains("nothing is relabelled"));
    CHECK_THAT(fault_of({.type = dynamic, .relabel = false}), Catch::Contains("say relabel='yes'"));
    CHECK_THAT(fault_of({.type = static_, .label = "x"}), Catch::Contains("names no security model"));
    CHECK_THAT(fault_of({.type = dynamic, .base_label = "x"}), Catch::Contains("names no security model"));
    CHECK_THAT(fault_of({.type = dynamic, .model = "selinux"}), Catch::StartsWith("warning: "));
    auto config = small();
    config.security_labels = {{.model = "none"}, {.model = "none"}};
    CHECK_THAT(only_fault(config), Catch::Contains("there is a label of model 'none' already"));
}

TEST_CASE("Encrypted guests and wrapped keys are refused where host or machine has none")
{
    auto config = small();
    config.launch_security = LaunchSecurity{SevGuest{.policy = 1}};
    CHECK_THAT(only_fault(config), Catch::Contains("cannot run SEV guests"));
    config.launch_security = LaunchSecurity{S390ProtectedGuest{}};
    CHECK_THAT(only_fault(config), Catch::Contains("cannot run protected s390 guests"));
    config = small();
    config.key_wrap = {{CipherName::aes, true}};
    CHECK_THAT(only_fault(config), Catch::Contains("machine 'pc-q35-7.2' does not wrap keys"));
}

TEST_CASE("A SEV guest is told what the processor needs, and its certificate is a file")
{
    auto facts = qemu::debian12();
    facts.sev = qemu::SevFact{.cbitpos = 47, .reduced_phys_bits = 1};
    auto config = small();
    config.launch_security = LaunchSecurity{SevGuest{.kernel_hashes = true, .policy = 3, .dh_cert = "QUFB"}};
    auto const plan = qemu::plan(config, profile(), facts).value();
    auto const argv = qemu::arguments(plan);
    CHECK(std::ranges::find(argv,
                            R"({"qom-type":"sev-guest","id":"lsec0","cbitpos":47,"reduced-phys-bits":1,"policy":3,)"
                            R"("dh-cert-file":"/var/lib/libvirt/qemu/dh_cert.base64","kernel-hashes":true})") != argv.end());
    CHECK_THAT(argument_after(argv, "-machine"), Catch::Contains("confidential-guest-support=lsec0"));
    CHECK(plan.files == std::vector<qemu::PlannedFile>{{.path = "/var/lib/libvirt/qemu/dh_cert.base64", .text = "QUFB"}});
}

TEST_CASE("Properties of a device can be replaced, added and removed, each with its type")
{
    auto config = small();
    config.devices.rngs.push_back({.info = {.alias = "ua-rng"}});
    config.qemu.overrides = {{.alias = "ua-rng",
                              .frontend = {{"max-bytes", OverrideType::unsigned_, "0x10"},
                                           {"rng", OverrideType::string, "other"},
                                           {"x", OverrideType::signed_, "-1"},
                                           {"addr", OverrideType::remove, {}}}}};
    auto const argv = arguments(config);
    auto const rng =
        std::ranges::find_if(argv, [](auto const& text) { return text.find("\"id\":\"ua-rng\"") != text.npos; });
    REQUIRE(rng != argv.end());
    CHECK_THAT(*rng, Catch::StartsWith(R"({"driver":"virtio-rng-pci","rng":"other","id":"ua-rng","bus":)"));
    CHECK_THAT(*rng, Catch::EndsWith(R"(,"max-bytes":16,"x":-1})"));
    CHECK_THAT(*rng, !Catch::Contains("addr"));
    config.qemu.overrides[0].alias = "ua-other";
    CHECK_THAT(only_fault(config), Catch::Contains("no device has the alias 'ua-other'"));
    config.qemu.overrides[0].frontend = {{"x", OverrideType::bool_, "maybe"}};
    CHECK_THAT(only_fault(config), Catch::Contains("'maybe' is not a value of type 'bool'; give true or false"));
}

TEST_CASE("What the host would do and cannot yet is told")
{
    auto config = small();
    config.perf = {{PerfEventName::cpu_cycles, true}};
    CHECK_THAT(only_fault(config), Catch::StartsWith("warning: /domain/perf/event[1]"));
    config.perf = {{PerfEventName::cmt, false}, {PerfEventName::cmt, false}};
    CHECK_THAT(format(qemu::plan(config, profile(), qemu::debian12()).diagnostics[0]), Catch::Contains("is named twice"));
    config = small();
    config.resource.emplace();
    CHECK_THAT(only_fault(config), Catch::Contains("names neither a partition nor an application id"));
    config = small();
    config.id_map.uids = {{0, 1000, 1}};
    CHECK_THAT(format(qemu::plan(config, profile(), qemu::debian12()).diagnostics[0]), Catch::Contains("map both"));
}

TEST_CASE("What QEMU waits for a program with is noted, and is no fault")
{
    auto const noted = [](DomainConfig const& config) {
        auto const plan = qemu::plan(config, profile(), qemu::debian12());
        CHECK_FALSE(plan.has_errors());
        std::string nodes;
        for (auto const& diagnostic : plan.diagnostics) {
            CHECK(diagnostic.severity == Severity::note);
            CHECK(to_string(diagnostic.fault) == "needs-watcher");
            nodes += diagnostic.node + " ";
        }
        return nodes;
    };
    auto config = small();
    for (auto const action : {CrashAction::destroy, CrashAction::preserve}) {
        config.on_crash = action;
        CHECK(noted(config).empty());
    }
    for (auto const action : {CrashAction::restart, CrashAction::coredump_destroy, CrashAction::coredump_restart}) {
        config.on_crash = action;
        CHECK(noted(config) == "/domain/on_crash ");
    }
    config.on_poweroff = LifecycleAction::restart;
    CHECK(noted(config) == "/domain/on_poweroff /domain/on_crash ");
    config.on_poweroff = LifecycleAction::destroy;
    config.on_reboot = LifecycleAction::destroy;
    config.on_crash = {};
    CHECK(noted(config).empty());
    config.devices.watchdog = Watchdog{.model = WatchdogModel::i6300esb, .action = WatchdogAction::dump};
    CHECK(noted(config) == "/domain/devices/watchdog[1]/@action ");
    config.devices.watchdog->action = WatchdogAction::reset;
    CHECK(noted(config).empty());
    config.on_crash = CrashAction::restart;
    CHECK(only_fault(config) ==
          "note: /domain/on_crash: a guest that has crashed waits, paused, for a program that starts it anew; keep one that "
          "has opened the host, as `vmsh run`; without one it waits until the next comes");
}
