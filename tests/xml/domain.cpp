// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "skip.hpp"

#include <vmwright/xml/domain.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace vmwright;

namespace
{

auto file_text(std::filesystem::path const& path) -> std::string
{
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

auto data(std::string_view name) -> std::string
{
    return file_text(std::filesystem::path{VMWRIGHT_TEST_DATA} / name);
}

auto messages(std::string_view text) -> std::vector<std::string>
{
    auto const parsed = xml::read_domain(text);
    std::vector<std::string> list;
    for (auto const& diagnostic : parsed.diagnostics)
        list.push_back(format(diagnostic, "x"));
    return list;
}

} // namespace

TEST_CASE("libvirt's own output is read and printed byte for byte")
{
    for (auto const* name : {"example.dump.xml", "test_vm.dump.xml"}) {
        auto const text = data(name);
        auto const parsed = xml::read_domain(text);
        CHECK(parsed.diagnostics.empty());
        CHECK(xml::write_domain(parsed.result) == text);
    }
}

TEST_CASE("the example's comments survive an edit")
{
    auto const text = data("example.xml");
    auto parsed = xml::read_domain(text);
    REQUIRE(parsed.diagnostics.empty());
    parsed.result.memory = GiB(4);
    parsed.result.current_memory = GiB(4);
    parsed.result.vcpus.count = 4;
    auto expected = text;
    for (std::string_view const old :
         {"<memory unit='GiB'>2", "<currentMemory unit='GiB'>2", "<vcpu placement='static'>2"}) {
        auto const at = expected.find(old);
        REQUIRE(at != std::string::npos);
        expected[at + old.size() - 1] = '4';
    }
    CHECK(xml::update_domain(parsed.document, parsed.result) == expected);
}

TEST_CASE("a unit that does not fit the new amount is changed with it")
{
    auto parsed = xml::read_domain("<domain><memory unit='GiB'>2</memory><os><type>hvm</type></os></domain>");
    parsed.result.memory = MiB(1536);
    CHECK(xml::update_domain(parsed.document, parsed.result) ==
          "<domain><memory unit='KiB'>1572864</memory><os><type>hvm</type></os></domain>");
}

TEST_CASE("each kind of wrong text is told at its place")
{
    auto const told = [](std::string_view body) {
        return messages("<domain type='kvm'><os><type>hvm</type></os>" + std::string{body} + "</domain>");
    };
    CHECK(told("<vcpu>two</vcpu>") ==
          std::vector<std::string>{"x:1:45: error: /domain/vcpu: 'two' is not a value of vcpu; give a "
                                   "whole number from 0 to 4294967295"});
    CHECK(told("<memory unit='parsec'>1</memory>") ==
          std::vector<std::string>{
              "x:1:53: error: /domain/memory/@unit: 'parsec' is not a memory unit; give a unit like b, KiB, "
              "MiB, GiB, TiB (1024) or KB, MB, GB, TB (1000)"});
    CHECK(told("<memory unit='EiB'>99999</memory>") ==
          std::vector<std::string>{
              "x:1:45: error: /domain/memory: '99999' is not a value of memory; give an amount below 16 EiB"});
    CHECK(told("<uuid>$(uuidgen)</uuid>").front().find("x:1:45: error: /domain/uuid: '$(uuidgen)' is not a value of uuid") ==
          0);
    CHECK(told("<feature/>") ==
          std::vector<std::string>{"x:1:45: warning: /domain/feature: <domain> has no element 'feature'; it is "
                                   "ignored; did you mean 'features'?"});
    CHECK(told("<on_crash>dance</on_crash>").size() == 1);
    CHECK(told("<name>a</name><name>b</name>") ==
          std::vector<std::string>{
              "x:1:59: warning: /domain/name[2]: a second <name>; only the first one counts; remove one of them"});
    CHECK(told("<devices><hostdev mode='subsystem'/></devices>") ==
          std::vector<std::string>{"x:1:54: error: /domain/devices/hostdev: <hostdev> has no attribute 'type'; name one, as "
                                   "type='pci'"});
    CHECK(messages("<domain type='kvm'/>") ==
          std::vector<std::string>{"x:1:1: error: /domain: <domain> has no <os>; add <os><type>hvm</type></os>"});
    CHECK(messages("<network/>") ==
          std::vector<std::string>{"x:1:1: error: /network: the root element is <network>, not <domain>"});
}

TEST_CASE("all faults come in one pass, in the order of the text")
{
    auto const list = messages("<domain type='kwm'>\n<memory unit='x'>1</memory>\n<vcpu>a</vcpu>\n"
                               "<os><type>hvm</type><boot dev='tape'/></os>\n</domain>");
    REQUIRE(list.size() == 4);
    for (std::size_t i = 0; i < list.size(); ++i)
        CHECK(list[i].find("x:" + std::to_string(i + 1) + ":") == 0);
}

TEST_CASE("features that are a state are read, written and updated")
{
    std::string const text =
        "<domain><os><type>hvm</type></os><features><acpi/><hap/><pmu state='off'/></features></domain>";
    auto parsed = xml::read_domain(text);
    CHECK(parsed.diagnostics.empty());
    auto& features = parsed.result.features;
    CHECK(features.acpi);
    CHECK(features.hap == true);
    CHECK(features.pmu == false);
    CHECK_FALSE(features.vmport);
    features.pmu = true;
    features.acpi = false;
    features.vmport = false;
    auto const updated = xml::update_domain(parsed.document, parsed.result);
    CHECK(updated ==
          "<domain><os><type>hvm</type></os><features><hap/><pmu state='on'/><vmport state='off'/></features></domain>");
}

TEST_CASE("metadata is a value in the normal form's layout, and stays as it is where it stands")
{
    std::string const text =
        "<domain><metadata><a:b xmlns:a=\"u\" c = 'd'><!-- e --></a:b></metadata><os><type>hvm</type></os></domain>";
    auto parsed = xml::read_domain(text);
    CHECK(parsed.diagnostics.empty());
    CHECK(parsed.result.metadata == "<metadata>\n  <a:b xmlns:a='u' c='d'>\n    <!-- e -->\n  </a:b>\n</metadata>");
    parsed.result.name = "n";
    auto const updated = xml::update_domain(parsed.document, parsed.result);
    CHECK(updated.find("<metadata><a:b xmlns:a=\"u\" c = 'd'><!-- e --></a:b></metadata>") != std::string::npos);
    CHECK(xml::read_domain(updated).result == parsed.result);
}

TEST_CASE("the corpus: parse, print and update are true to each document")
{
    auto const* corpus = std::getenv("VMWRIGHT_CORPUS");
    if (!corpus || !*corpus)
        return skip("VMWRIGHT_CORPUS names no corpus");
    std::size_t count = 0;
    for (auto const& entry : std::filesystem::directory_iterator{std::filesystem::path{corpus} / "accept"}) {
        if (entry.path().extension() != ".xml")
            continue;
        auto const text = file_text(entry.path());
        auto const parsed = xml::read_domain(text);
        INFO(entry.path().filename().string());
        REQUIRE(parsed.document.has_root());
        if (!parsed.document.is_converted())
            CHECK(xml::update_domain(parsed.document, parsed.result) == text);
        auto value = parsed.result;
        auto again = xml::read_domain(xml::write_domain(value)).result;
        CHECK(value.metadata.has_value() == again.metadata.has_value());
        value.metadata = again.metadata; // printed in libvirt's layout
        CHECK(again == value);
        ++count;
    }
    CHECK(count > 0);
}
