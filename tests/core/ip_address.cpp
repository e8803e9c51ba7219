// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/core/ip_address.hpp>

using namespace vmwright;

namespace
{

auto printed(std::string_view text) -> std::string
{
    auto const address = IpAddress::parse(text);
    return address ? to_string(*address) : "nothing";
}

auto ip(std::string_view text) -> IpAddress
{
    return IpAddress::parse(text).value();
}

} // namespace

TEST_CASE("addresses are read in every spelling that the C library takes, and printed as it prints them")
{
    CHECK(printed("192.168.0.1") == "192.168.0.1");
    CHECK(printed("10.1") == "10.0.0.1");
    CHECK(printed("10.1.258") == "10.1.1.2");
    CHECK(printed("16909060") == "1.2.3.4");
    CHECK(printed("010.0x10.1.1") == "8.16.1.1");
    CHECK(printed("0.0.0.0") == "0.0.0.0");
    CHECK(printed("2001:DB8:0::1") == "2001:db8::1");
    CHECK(printed("::") == "::");
    CHECK(printed("::1") == "::1");
    CHECK(printed("1::") == "1::");
    CHECK(printed("1:0:0:2:0:0:0:3") == "1:0:0:2::3");
    CHECK(printed("1:0:0:2:0:0:3:4") == "1::2:0:0:3:4");
    CHECK(printed("1:0:2:3:4:5:6:7") == "1:0:2:3:4:5:6:7");
    CHECK(printed("::ffff:10.1.2.3") == "::ffff:10.1.2.3");
    CHECK(printed("::10.1.2.3") == "::10.1.2.3");
    CHECK(printed("64:ff9b::10.1.2.3") == "64:ff9b::a01:203");
    for (std::string_view const bad : {"",
                                       ".",
                                       "1.2.3.4.5",
                                       "256.1.1.1",
                                       "1.2.3.256",
                                       "1.2.3.",
                                       "1..2",
                                       "a.b.c.d",
                                       "08.1.1.1",
                                       "1.2.3.4 ",
                                       ":",
                                       ":::",
                                       "1:2",
                                       "1::2::3",
                                       "12345::",
                                       "1:2:3:4:5:6:7:8:9",
                                       "1:2:3:4:5:6:7::8",
                                       "::g",
                                       "::1.2.3",
                                       "::1.2.3.256",
                                       "::01.2.3.4",
                                       "1:",
                                       "fe80::1%lo",
                                       "-1.1.1.1"}) {
        INFO(bad);
        CHECK(printed(bad) == "nothing");
    }
}

TEST_CASE("networks are cut out of addresses by their prefix")
{
    CHECK(to_string(ip("192.168.37.5").first_of(20)) == "192.168.32.0");
    CHECK(to_string(ip("192.168.37.5").last_of(20)) == "192.168.47.255");
    CHECK(to_string(ip("192.168.37.5").first_of(0)) == "0.0.0.0");
    CHECK(ip("192.168.37.5").last_of(32) == ip("192.168.37.5"));
    CHECK(to_string(ip("2001:db8::ff:1").first_of(64)) == "2001:db8::");
    CHECK(ip("255.255.240.0").as_prefix() == 20U);
    CHECK(ip("0.0.0.0").as_prefix() == 0U);
    CHECK_FALSE(ip("255.0.255.0").as_prefix());
    CHECK(ip("ffff:8000::").as_prefix() == 17U);
    CHECK(ip("10.0.0.1").natural_prefix() == 8);
    CHECK(ip("172.16.0.1").natural_prefix() == 16);
    CHECK(ip("192.168.0.1").natural_prefix() == 24);
}

TEST_CASE("a range of addresses is counted up to a limit")
{
    CHECK(count_of(ip("10.0.0.1"), ip("10.0.0.1"), 10) == 1U);
    CHECK(count_of(ip("10.0.0.255"), ip("10.0.1.0"), 10) == 2U);
    CHECK(count_of(ip("10.0.0.0"), ip("10.0.0.9"), 10) == 10U);
    CHECK_FALSE(count_of(ip("10.0.0.0"), ip("10.0.0.10"), 10));
    CHECK_FALSE(count_of(ip("10.0.0.2"), ip("10.0.0.1"), 10));
    CHECK_FALSE(count_of(ip("10.0.0.2"), ip("::1"), 10));
    CHECK_FALSE(count_of(ip("::"), ip("ffff::"), ~0ULL));
    CHECK(count_of(ip("1::ffff"), ip("1::1:0"), 10) == 2U);
}
