// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "told.hpp"

#include <vmwright/xml/secret.hpp>

using namespace vmwright;

namespace
{

auto told(std::string_view text) -> std::string
{
    return ::told(xml::read_secret(text), [](auto const& value) { return check(value); });
}

} // namespace

TEST_CASE("what is misspelled in a secret's text is told at its place, with what would be right")
{
    CHECK(told("<secret ephemeral='maybe'><description>d</description></secret>") ==
          "x:1:9: error: /secret/@ephemeral: 'maybe' is not a secret ephemeral; it is one of 'no', 'yes'");
    CHECK(told("<secret><usage type='cehp'><name>n</name></usage></secret>") ==
          "x:1:16: error: /secret/usage/@type: 'cehp' is not a usage type; did you mean 'ceph'?\n"
          "x:1:28: warning: /secret/usage/name: <usage> has no element 'name'; it is ignored; it is one of 'volume'");
    CHECK(told("<secret><uuid>1234</uuid></secret>") ==
          "x:1:9: error: /secret/uuid: '1234' is not a value of uuid; give a uuid of 32 hex digits like "
          "09da7edc-2a16-4b20-adac-e5b2f95daba1 (leave it out and one is made at define)");
}

TEST_CASE("what a definition of a secret is refused for is told at its place, with what would be right")
{
    CHECK(told("<secret><usage type='ceph'/></secret>") ==
          "x:1:9: error: /secret/usage: a secret of type 'ceph' has a name; add <name>…</name>");
    CHECK(told("<secret><usage type='volume'><name>n</name></usage></secret>") ==
          "x:1:30: warning: /secret/usage/name: <usage> has no element 'name'; it is ignored; it is one of 'volume'\n"
          "x:1:9: error: /secret/usage: a secret of type 'volume' has a volume; add <volume>…</volume>");
    CHECK(told("<secret><usage type='iscsi'><name>n</name></usage></secret>") ==
          "x:1:29: warning: /secret/usage/name: <usage> has no element 'name'; it is ignored; it is one of 'target'\n"
          "x:1:9: error: /secret/usage: a secret of type 'iscsi' has a target; add <target>…</target>");
}

TEST_CASE("a secret is found by what it is for")
{
    CHECK(usage_name(VolumeUsage{.volume = "/a"}) == "/a");
    CHECK(usage_name(CephUsage{.name = "b"}) == "b");
    CHECK(usage_name(IscsiUsage{.target = "c"}) == "c");
    CHECK(usage_name(TlsUsage{.name = "d"}) == "d");
    CHECK(usage_name(VtpmUsage{.name = "e"}) == "e");
}

TEST_CASE("another use of a secret takes the old one's element along")
{
    std::string const text = "<secret>\n  <!-- of a disk -->\n  <usage type='volume'>\n    <volume>/a</volume>\n  </usage>\n"
                             "</secret>\n";
    auto parsed = xml::read_secret(text);
    parsed.result.usage = CephUsage{.name = "client"};
    auto const updated = xml::update_secret(parsed.document, parsed.result);
    CHECK(xml::read_secret(updated).diagnostics.empty());
    CHECK(xml::read_secret(updated).result == parsed.result);
    CHECK(updated.find("<!-- of a disk -->") != std::string::npos);
    CHECK(updated.find("/a") == std::string::npos);
}
