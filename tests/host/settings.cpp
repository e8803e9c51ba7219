// SPDX-License-Identifier: BSL-1.0
// What is changed about domains that are off, on a machine without any emulator.
#include "catch.hpp"
#include "host/support.hpp"

#include <vmwright/host/detail/store.hpp>
#include <vmwright/machine/fake_machine.hpp>
#include <vmwright/xml/domain.hpp>

#include <algorithm>
#include <memory>
#include <string>

using namespace vmwright;

namespace
{

struct Place
{
    std::shared_ptr<FakeMachine> machine{std::make_shared<FakeMachine>()};
    Host host{open()};

    [[nodiscard]] auto open() const -> Host
    {
        auto options = options_in("/state");
        options.machine = machine;
        return Host::open(options);
    }
};

auto text_of_domain(std::string const& more = {}) -> std::string
{
    return "<!-- mine -->\n<domain type='qemu'>\n  <name>demo</name>\n"
           "  <memory unit='MiB'>64</memory> <!-- much -->\n" +
           more + "  <os><type machine='q35'>hvm</type></os>\n</domain>\n";
}

auto value_of(Domain const& domain) -> DomainConfig
{
    return xml::read_domain(domain.definition()).value();
}

/// The text with the first occurrence of one thing in the place of the other.
auto replaced(std::string text, std::string const& from, std::string const& to) -> std::string
{
    auto const at = text.find(from);
    REQUIRE(at != text.npos);
    return text.replace(at, from.size(), to);
}

auto code_of(auto const& call) -> Errc
{
    auto const error = error_of([&] {
        call();
        return 0;
    });
    return error ? static_cast<Errc>(error->code().value()) : Errc::ok;
}

} // namespace

TEST_CASE("Memory is changed where it is written, and never beyond what there is")
{
    Place const place;
    auto const domain = place.host.define_xml(text_of_domain());
    auto const before = domain.definition();
    domain.set_memory(MiB(48));
    CHECK(domain.definition() == replaced(before, ">65536</currentMemory>", ">49152</currentMemory>"));
    CHECK(code_of([&] { domain.set_memory(MiB(65)); }) == Errc::invalid_argument);
    CHECK(code_of([&] { domain.set_memory({}); }) == Errc::invalid_argument);
    CHECK(code_of([&] { domain.set_memory(MiB(48), Affects::live); }) == Errc::not_running);
    CHECK(code_of([&] { domain.set_memory(MiB(48), Affects::both); }) == Errc::not_running);

    domain.set_max_memory(MiB(128));
    CHECK(value_of(domain).memory == MiB(128));
    CHECK(value_of(domain).current_memory == MiB(48));
    domain.set_max_memory(MiB(32), Affects::config);
    CHECK(value_of(domain).memory == MiB(32));
    CHECK(value_of(domain).current_memory == MiB(32));
    CHECK(domain.definition().find("<!-- much -->") != std::string::npos);
    CHECK(code_of([&] { domain.set_max_memory({}); }) == Errc::invalid_argument);
    CHECK(code_of([&] { domain.set_max_memory(MiB(32), Affects::live); }) == Errc::not_running);
    domain.undefine();
    CHECK(code_of([&] { domain.set_memory(MiB(16)); }) == Errc::not_found);
}

TEST_CASE("The memory of NUMA cells is not changed as a whole")
{
    Place const place;
    auto const domain = place.host.define_xml(
        text_of_domain("  <vcpu>2</vcpu><cpu><numa><cell id='0' cpus='0-1' memory='64' unit='MiB'/></numa></cpu>\n"));
    CHECK(code_of([&] { domain.set_max_memory(MiB(32)); }) == Errc::wrong_state);
}

TEST_CASE("The number of vCPUs is changed up to what there can be, and that as well")
{
    Place const place;
    auto const domain = place.host.define_xml(text_of_domain("  <vcpu current='2'>4</vcpu>\n"));
    auto const before = domain.definition();
    domain.set_vcpus(3, Affects::config);
    CHECK(domain.definition() == replaced(before, "current='2'", "current='3'"));
    domain.set_vcpus(4);
    CHECK(value_of(domain).vcpus.current == std::nullopt);
    CHECK(code_of([&] { domain.set_vcpus(5); }) == Errc::invalid_argument);
    CHECK(code_of([&] { domain.set_vcpus(0); }) == Errc::invalid_argument);
    CHECK(code_of([&] { domain.set_vcpus(2, Affects::live); }) == Errc::not_running);

    domain.set_vcpus(6, Affects::config, VcpuCount::maximum);
    CHECK(value_of(domain).vcpus == Vcpus{.count = 6, .current = 4, .placement = VcpuPlacement::static_});
    domain.set_vcpus(2, Affects::config, VcpuCount::maximum);
    CHECK(value_of(domain).vcpus == Vcpus{.count = 2, .placement = VcpuPlacement::static_});
    // As a definition that was written by hand it is refused where it cannot be.
    CHECK(code_of([&] { domain.set_vcpus(100'000, Affects::config, VcpuCount::maximum); }) == Errc::invalid_config);
}

TEST_CASE("vCPUs that are told one by one come and go from the end")
{
    Place const place;
    auto const domain =
        place.host.define_xml(text_of_domain("  <vcpu current='2'>4</vcpu>\n  <vcpus>\n"
                                             "    <vcpu id='0' enabled='yes' hotpluggable='no' order='1'/>\n"
                                             "    <vcpu id='1' enabled='no' hotpluggable='yes'/>\n"
                                             "    <vcpu id='2' enabled='yes' hotpluggable='yes' order='2'/>\n"
                                             "    <vcpu id='3' enabled='no' hotpluggable='yes'/>\n  </vcpus>\n"));
    auto const enabled = [&] {
        std::string ids;
        for (auto const& vcpu : value_of(domain).individual_vcpus)
            if (vcpu.enabled)
                ids += std::to_string(vcpu.id);
        return ids;
    };
    CHECK(enabled() == "02");
    domain.set_vcpus(3);
    CHECK(enabled() == "012");
    domain.set_vcpus(1);
    CHECK(enabled() == "0");
    domain.set_vcpus(6, Affects::config, VcpuCount::maximum);
    CHECK(value_of(domain).individual_vcpus.size() == 6);
    CHECK(enabled() == "0");
    domain.set_vcpus(5);
    CHECK(enabled() == "01234");
    domain.set_vcpus(2, Affects::config, VcpuCount::maximum);
    CHECK(value_of(domain).individual_vcpus.size() == 2);
    CHECK(enabled() == "01");
    CHECK(value_of(domain).vcpus.count == 2);
}

TEST_CASE("Title, description and metadata are set, and an empty one goes")
{
    Place const place;
    auto const domain = place.host.define_xml(text_of_domain());
    auto const before = domain.definition();
    domain.set_title("a title");
    domain.set_description("two\nlines & more");
    CHECK(value_of(domain).title == "a title");
    CHECK(value_of(domain).description == "two\nlines & more");
    CHECK(code_of([&] { domain.set_title("two\nlines"); }) == Errc::invalid_argument);
    domain.set_title("");
    domain.set_description("");
    CHECK(domain.definition() == before);

    CHECK_FALSE(domain.metadata("urn:a"));
    domain.set_metadata("urn:a", "a", "<note>words</note>");
    CHECK(domain.metadata("urn:a") == "<note>words</note>");
    CHECK(domain.metadata("urn:a", DomainXml::inactive) == "<note>words</note>");
    CHECK(code_of([&] { static_cast<void>(domain.metadata("urn:a", DomainXml::live)); }) == Errc::not_running);
    CHECK(code_of([&] { domain.set_metadata("urn:a", "a", "<note>"); }) == Errc::invalid_config);
    CHECK(code_of([&] { domain.set_metadata("urn:a", "a", "<note/>", Affects::live); }) == Errc::not_running);
    domain.remove_metadata("urn:a");
    CHECK_FALSE(domain.metadata("urn:a"));
}

TEST_CASE("The mark to start with the host stays with the definition and goes with it")
{
    Place const place;
    auto const domain = place.host.define(small_guest("demo"));
    CHECK_FALSE(domain.autostart());
    domain.set_autostart(true);
    domain.set_autostart(true);
    CHECK(domain.autostart());
    auto config = small_guest("demo");
    config.uuid = domain.uuid();
    config.title = "again";
    CHECK(place.host.define(config).autostart());
    CHECK(place.open().find_domain("demo").autostart());
    domain.set_autostart(false);
    CHECK_FALSE(domain.autostart());
    domain.set_autostart(true);
    domain.undefine();
    CHECK_FALSE(domain.autostart());
    CHECK(code_of([&] { domain.set_autostart(true); }) == Errc::not_found);
    CHECK_FALSE(place.host.define(config).autostart());
}

TEST_CASE("A mark without a definition marks nothing, and is not inherited by another domain of that name")
{
    Place const place;
    place.machine->write_file("/state/autostart/demo", "");
    CHECK(place.host.start_autostart().empty());
    CHECK_FALSE(place.host.define(small_guest("demo")).autostart());
}

TEST_CASE("Of those that are to start with the host each that cannot is told, and none keeps another from being tried")
{
    Place const place;
    for (auto const* const name : {"a", "b", "c"})
        place.host.define(small_guest(name)).set_autostart(true);
    place.host.find_domain("b").set_autostart(false);
    auto const failures = place.host.start_autostart();
    REQUIRE(failures.size() == 2);
    CHECK(failures.at(0).domain == "a");
    CHECK(failures.at(1).domain == "c");
    CHECK(failures.at(0).error.code() == Errc::not_installed); // there is no emulator
}

TEST_CASE("A renamed domain keeps all that it has, and its old name is free")
{
    Place const place;
    auto const domain = place.host.define_xml(text_of_domain());
    auto const other = place.host.define(small_guest("other"));
    domain.set_autostart(true);
    auto const before = domain.definition();
    CHECK(code_of([&] { domain.rename("other"); }) == Errc::already_exists);
    CHECK(code_of([&] { domain.rename("demo"); }) == Errc::wrong_state);
    CHECK(code_of([&] { domain.rename("a/b"); }) == Errc::invalid_argument);
    CHECK(domain.definition() == before);

    auto const renamed = domain.rename("new name");
    CHECK(renamed.name() == "new name");
    CHECK(renamed.uuid() == domain.uuid());
    CHECK(renamed.definition() == replaced(before, "<name>demo</name>", "<name>new name</name>"));
    CHECK(renamed.autostart());
    CHECK(place.host.domains() == std::vector{renamed, other});
    CHECK(code_of([&] { domain.set_title("gone"); }) == Errc::not_found);
    CHECK_FALSE(place.machine->status("/state/autostart/demo"));
    auto const next = place.host.define(small_guest("demo"));
    CHECK_FALSE(next.autostart());
}

TEST_CASE("A renaming that was left after its definition had moved is finished")
{
    Place const place;
    auto const domain = place.host.define_xml(text_of_domain());
    place.machine->write_file("/state/intents/" + to_string(domain.uuid()), "rename\nnew");
    place.machine->rename("/state/domains/demo.xml", "/state/domains/new.xml");
    // Also by who has the root open already.
    CHECK(xml::read_domain(place.host.find_domain("new").xml()).result.name == "new");
    auto const renamed = place.open().find_domain("new");
    CHECK(value_of(renamed).name == "new");
    CHECK_FALSE(place.machine->status("/state/intents/" + to_string(domain.uuid())));
}
