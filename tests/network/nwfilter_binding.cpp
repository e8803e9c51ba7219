// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "told.hpp"

#include <vmwright/xml/nwfilter_binding.hpp>

using namespace vmwright;

namespace
{

auto told(std::string_view text) -> std::string
{
    return ::told(xml::read_nwfilter_binding(text), [](auto const& value) { return check(value); });
}

} // namespace

TEST_CASE("what is misspelled in a binding's text is told at its place, with what would be right")
{
    CHECK(told("<filterbinding><owner><name>d</name><uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid></owner><portdev "
               "name='v'/><mac address='52:54:00:7b:35:93'/></filterbinding>") ==
          "x:1:1: error: /filterbinding: <filterbinding> has no <filterref>; add <filterref filter='…'/>");
}

TEST_CASE("what making a binding is refused for is told at its place, with what would be right")
{
    CHECK(told("<filterbinding><owner><name>d</name><uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid></owner><mac "
               "address='52:54:00:7b:35:93'/><filterref filter='f'/></filterbinding>") ==
          "x:1:1: error: /filterbinding: the binding names no device; add <portdev name='…'/>");
    CHECK(told("<filterbinding><owner><name>d</name><uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid></owner><portdev "
               "name='v'/><filterref filter='f'/></filterbinding>") ==
          "x:1:1: error: /filterbinding: the binding has no MAC address; add <mac address='…'/>");
    CHECK(
        told(
            "<filterbinding><portdev name='v'/><mac address='52:54:00:7b:35:93'/><filterref filter='f'/></filterbinding>") ==
        "x:1:1: error: /filterbinding/owner: the domain has no name; add <name>…</name>\n"
        "x:1:1: error: /filterbinding/owner: the domain has no uuid; add <uuid>…</uuid>");
    CHECK(told("<filterbinding><owner><name>d</name><uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid></owner><portdev "
               "name='v'/><mac address='52:54:00:7b:35:93'/><filterref/></filterbinding>") ==
          "x:1:147: error: /filterbinding/filterref: <filterref> has no attribute 'filter'; name the filter, as "
          "filter='clean-traffic'");
}
