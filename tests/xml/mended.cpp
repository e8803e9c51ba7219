// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/xml/domain.hpp>

#include <algorithm>
#include <string>

using namespace vmwright;

namespace
{

/// The text with the fix of the only diagnostic that has one.
auto mend(std::string_view text) -> std::string
{
    auto const parsed = xml::read_domain(text);
    auto const with_fix = [](Diagnostic const& d) { return d.fix.has_value(); };
    REQUIRE(std::ranges::count_if(parsed.diagnostics, with_fix) == 1);
    return xml::mended(parsed.document, *std::ranges::find_if(parsed.diagnostics, with_fix)).value();
}

auto domain(std::string_view content) -> std::string
{
    return "<domain>\n  <os><type>hvm</type></os>\n" + std::string{content} + "\n</domain>\n";
}

} // namespace

TEST_CASE("a misspelt value, attribute and element are mended where they stand")
{
    CHECK(mend(domain("<devices><disk type='file' device='disk'><target dev='vda' bus=\"virtoi\"/></disk></devices>")) ==
          domain("<devices><disk type='file' device='disk'><target dev='vda' bus=\"virtio\"/></disk></devices>"));
    CHECK(mend(domain("<devices><disk type='file' device='disk'><target dve='vda'/></disk></devices>")) ==
          domain("<devices><disk type='file' device='disk'><target dev='vda'/></disk></devices>"));
    CHECK(mend(domain("  <on_crahs>destroy</on_crahs>")) == domain("  <on_crash>destroy</on_crash>"));
    CHECK(mend(domain("<on_crash>destory</on_crash>")) == domain("<on_crash>destroy</on_crash>"));
}

TEST_CASE("what has no effect can be removed, and only what is there is mended")
{
    auto const parsed = xml::read_domain(domain("  <title>t</title>"));
    Diagnostic told{.node = "/domain/title", .fix = Fix{.kind = FixKind::remove}};
    CHECK(xml::mended(parsed.document, told) == "<domain>\n  <os><type>hvm</type></os>\n</domain>\n");
    told.node = "/domain/devices/disk[3]";
    CHECK_FALSE(xml::mended(parsed.document, told));
    told = {.node = "/domain/title"};
    CHECK_FALSE(xml::mended(parsed.document, told));
}

TEST_CASE("what libvirt fills in without a word is told where the attribute should be")
{
    auto const parsed = xml::read_domain(domain("  <clock/>"));
    REQUIRE(parsed.diagnostics.size() == 1);
    CHECK(format(parsed.diagnostics[0]) == "warning: /domain/clock: <clock> has no attribute 'offset'; add offset='utc'");
    CHECK(parsed.diagnostics[0].where == Location{.line = 3, .column = 3});
    CHECK(xml::read_domain(domain("")).diagnostics.empty());
}
