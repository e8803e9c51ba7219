// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "told.hpp"

#include <vmwright/xml/network_port.hpp>

using namespace vmwright;

namespace
{

auto told(std::string_view text) -> std::string
{
    return ::told(xml::read_network_port(text), [](auto const& value) { return check(value); });
}

} // namespace

TEST_CASE("what is misspelled in a port's text is told at its place, with what would be right")
{
    CHECK(told("<networkport><uuid>09da7edc-2a16-4b20-adac-e5b2f95daba1</uuid><owner><name>d</"
               "name><uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid></owner><mac address='52:54:00:7b:35:93'/><plug "
               "type='brigde' bridge='b'/></networkport>") ==
          "x:1:181: error: /networkport/plug/@type: 'brigde' is not a plug type; did you mean 'bridge'?");
}

TEST_CASE("what making a port is refused for is told at its place, with what would be right")
{
    CHECK(told("<networkport><owner><name>d</name><uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid></owner><mac "
               "address='52:54:00:7b:35:93'/></networkport>") ==
          "x:1:1: error: /networkport: the port has no uuid; add <uuid>…</uuid>");
    CHECK(told("<networkport><uuid>09da7edc-2a16-4b20-adac-e5b2f95daba1</uuid><owner><name>d</"
               "name><uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid></owner></networkport>") ==
          "x:1:1: error: /networkport: the port has no MAC address; add <mac address='…'/>");
    CHECK(told("<networkport><uuid>09da7edc-2a16-4b20-adac-e5b2f95daba1</uuid><mac "
               "address='52:54:00:7b:35:93'/></networkport>") ==
          "x:1:1: error: /networkport/owner: the domain has no name; add <name>…</name>\n"
          "x:1:1: error: /networkport/owner: the domain has no uuid; add <uuid>…</uuid>");
    CHECK(told("<networkport><uuid>09da7edc-2a16-4b20-adac-e5b2f95daba1</uuid><owner><name>d</"
               "name><uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid></owner><mac address='52:54:00:7b:35:93'/><plug "
               "type='network'/></networkport>") ==
          "x:1:175: error: /networkport/plug: the plug has no bridge; add bridge='…'");
    CHECK(told("<networkport><uuid>09da7edc-2a16-4b20-adac-e5b2f95daba1</uuid><owner><name>d</"
               "name><uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid></owner><mac address='52:54:00:7b:35:93'/><plug "
               "type='direct' dev='e'/></networkport>") ==
          "x:1:175: error: /networkport/plug: the plug has no mode; add mode='bridge', vepa, private or passthrough");
}
