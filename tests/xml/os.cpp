// SPDX-License-Identifier: BSL-1.0
//
// What stands in a domain beside its devices: firmware, SMBIOS, QEMU's own elements and their namespace.
#include "catch.hpp"

#include <vmwright/xml/domain.hpp>

#include <fmt/format.h>

using namespace vmwright;

namespace
{

/// A domain with these attributes and elements.
auto domain(std::string_view attributes, std::string_view content, std::string_view os = "") -> std::string
{
    return fmt::format("<domain type='kvm'{}>\n  <name>a</name>\n  <memory>1024</memory>\n  <os>\n    <type>hvm</type>\n{}"
                       "  </os>\n{}</domain>\n",
                       attributes, os, content);
}

auto messages(std::string_view text) -> std::vector<std::string>
{
    std::vector<std::string> list;
    for (auto const& diagnostic : xml::read_domain(text).diagnostics)
        list.push_back(format(diagnostic));
    return list;
}

constexpr auto declared = " xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";
constexpr auto as_q = " xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'";

} // namespace

TEST_CASE("QEMU's own elements are known by their namespace, whatever its prefix")
{
    QemuExtensions const expected{.command_line = {.arguments = {"-x"}, .environment = {{"A", "1"}}},
                                  .capabilities = {.added = {"c"}, .removed = {"d"}},
                                  .deprecation = DeprecationBehavior::crash,
                                  .overrides = {{.alias = "a", .frontend = {{"p", OverrideType::bool_, "true"}}}}};
    auto const elements =
        std::string{"  <qemu:commandline>\n    <qemu:arg value='-x'/>\n    <qemu:env name='A' value='1'/>\n"
                    "  </qemu:commandline>\n  <qemu:capabilities>\n    <qemu:add capability='c'/>\n"
                    "    <qemu:del capability='d'/>\n  </qemu:capabilities>\n"
                    "  <qemu:deprecation behavior='crash'/>\n  <qemu:override>\n    <qemu:device alias='a'>\n"
                    "      <qemu:frontend>\n        <qemu:property name='p' type='bool' value='true'/>\n"
                    "      </qemu:frontend>\n    </qemu:device>\n  </qemu:override>\n"};
    auto const text = domain(declared, elements);
    CHECK(messages(text).empty());
    CHECK(xml::read_domain(text).result.qemu == expected);
    DomainConfig config;
    config.qemu = expected;
    CHECK(xml::read_domain(xml::write_domain(config)).result.qemu == expected);

    auto other = elements;
    for (auto at = other.find("qemu:"); at != other.npos; at = other.find("qemu:"))
        other.replace(at, 5, "q:");
    CHECK(messages(domain(as_q, other)).empty());
    CHECK(xml::read_domain(domain(as_q, other)).result.qemu == expected);
    CHECK(xml::read_domain(domain(" xmlns:q='urn:other'", other)).result.qemu == QemuExtensions{});

    auto const undeclared = xml::read_domain(domain("", elements));
    CHECK(undeclared.result.qemu == QemuExtensions{});
    CHECK_FALSE(undeclared.diagnostics.has_errors());
}

TEST_CASE("An edit declares the namespace of QEMU's elements where it brings the first one")
{
    auto const text = domain("", "");
    auto parsed = xml::read_domain(text);
    CHECK(xml::update_domain(parsed.document, parsed.result) == text);
    parsed.result.qemu.command_line.arguments = {"-x"};
    auto const edited = xml::update_domain(parsed.document, parsed.result);
    CHECK(messages(edited).empty());
    CHECK(xml::read_domain(edited).result == parsed.result);

    auto const with_prefix = domain(as_q, "  <q:commandline>\n    <q:arg value='-x'/>\n  </q:commandline>\n");
    auto again = xml::read_domain(with_prefix);
    CHECK(xml::update_domain(again.document, again.result) == with_prefix);
    again.result.qemu.command_line.arguments.push_back("-y");
    CHECK(xml::read_domain(xml::update_domain(again.document, again.result)).result == again.result);
}

TEST_CASE("NVRAM is a path, or a source as a disk has it")
{
    auto const path = domain("", "", "    <nvram template='/t.fd'>/v.fd</nvram>\n");
    CHECK(xml::read_domain(path).result.os.nvram == LoaderNvram{.template_path = "/t.fd", .path = "/v.fd"});
    CHECK(messages(path).empty());
    auto const typed = domain("", "", "    <nvram type='block'>\n      <source dev='/dev/v'/>\n    </nvram>\n");
    CHECK(messages(typed).empty());
    CHECK(xml::read_domain(typed).result.os.nvram == LoaderNvram{.source = BlockSource{"/dev/v"}});

    for (auto const& [from, to] : {std::pair{path, typed}, {typed, path}}) {
        auto const parsed = xml::read_domain(from);
        auto const wanted = xml::read_domain(to).result;
        auto const edited = xml::update_domain(parsed.document, wanted);
        INFO(edited);
        CHECK(xml::read_domain(edited).result.os.nvram == wanted.os.nvram);
        CHECK(xml::read_domain(xml::write_domain(wanted)).result.os.nvram == wanted.os.nvram);
    }
}

TEST_CASE("An amount that libvirt prints in the largest unit is printed so")
{
    auto const printed = [](Size size) {
        auto const text = xml::write_domain({.features = {.smm = Smm{.tseg = size}}});
        auto const at = text.find("<tseg");
        return text.substr(at, text.find('\n', at) - at);
    };
    CHECK(printed(MiB(48)) == "<tseg unit='MiB'>48</tseg>");
    CHECK(printed(GiB(1)) == "<tseg unit='GiB'>1</tseg>");
    CHECK(printed(KiB(1500)) == "<tseg unit='KiB'>1500</tseg>");
    CHECK(printed({.bytes = 5}) == "<tseg unit='bytes'>5</tseg>");
    auto const text = domain("", "  <features>\n    <smm>\n      <tseg>16</tseg>\n    </smm>\n  </features>\n");
    CHECK(xml::read_domain(text).result.features.smm == Smm{.tseg = MiB(16)});
}

TEST_CASE("An empty genid asks for one, and a wrong one is told")
{
    CHECK(xml::read_domain(domain("", "  <genid/>\n")).result.genid == Uuid{});
    CHECK_FALSE(xml::read_domain(domain("", "")).result.genid);
    CHECK(
        messages(domain("", "  <genid>x</genid>\n")) ==
        std::vector<std::string>{"error: /domain/genid: 'x' is not a value of genid; give a uuid, or leave it empty and one "
                                 "is made at define"});
}

TEST_CASE("What an element cannot be without is told at the element")
{
    auto const only = [](std::string_view text) {
        auto const list = messages(text);
        REQUIRE(list.size() == 1);
        return list.front();
    };
    CHECK_THAT(only(domain("", "  <sysinfo/>\n")),
               Catch::StartsWith("error: /domain/sysinfo: <sysinfo> has no attribute 'type'"));
    CHECK_THAT(only(domain("", "  <perf><event enabled='yes'/></perf>\n")), Catch::Contains("has no attribute 'name'"));
    CHECK_THAT(only(domain("", "  <launchSecurity type='sev'/>\n")), Catch::Contains("has no <policy>"));
    CHECK_THAT(only(domain("", "", "    <boot/>\n")), Catch::Contains("<boot> has no attribute 'dev'"));
    CHECK_THAT(only(domain(declared, "  <qemu:commandline><qemu:arg/></qemu:commandline>\n")),
               Catch::Contains("<qemu:arg> has no attribute 'value'"));
}

TEST_CASE("The id of a running domain means nothing in a definition")
{
    CHECK(messages(domain(" id='7'", "")).empty());
}

TEST_CASE("A security label that does not say its type is a dynamic one, and stays as it is written")
{
    auto const text = domain("", "  <seclabel model='dac'/>\n");
    auto const parsed = xml::read_domain(text);
    REQUIRE(parsed.result.security_labels.size() == 1);
    CHECK(parsed.result.security_labels[0].type == SecurityLabelType::dynamic);
    CHECK(xml::update_domain(parsed.document, parsed.result) == text);
}

TEST_CASE("an os type without a text is as good as none")
{
    for (auto const* type : {"<type/>", "<type arch='x86_64'/>", "<type> </type>"}) {
        INFO(type);
        auto const read = messages(fmt::format("<domain type='kvm'>\n  <name>a</name>\n  <memory>1024</memory>\n"
                                               "  <os>{}</os>\n</domain>\n",
                                               type));
        REQUIRE(read.size() == 1);
        CHECK(read[0].ends_with("is not a value of type; give a type, as <type>hvm</type>"));
    }
}

TEST_CASE("an empty argument of QEMU's is one, too, and a capability has a name")
{
    auto const text = domain(declared, "  <qemu:commandline>\n    <qemu:arg value='-append'/>\n    <qemu:arg value=''/>\n"
                                       "  </qemu:commandline>\n");
    auto const read = xml::read_domain(text);
    REQUIRE(read.result.qemu.command_line.arguments == std::vector<std::string>{"-append", ""});
    CHECK(xml::read_domain(xml::write_domain(read.result)).result == read.result);
    auto const nameless = domain(declared, "  <qemu:capabilities>\n    <qemu:add capability=''/>\n  </qemu:capabilities>\n");
    REQUIRE(messages(nameless).size() == 1);
    CHECK(messages(nameless)[0].ends_with("give the name of a capability, as usb-host"));
}
