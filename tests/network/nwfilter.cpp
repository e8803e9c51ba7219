// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "told.hpp"

#include <vmwright/xml/nwfilter.hpp>

using namespace vmwright;

namespace
{

auto told(std::string_view text) -> std::string
{
    return ::told(xml::read_nwfilter(text), [](auto const& value) { return check(value); });
}

} // namespace

TEST_CASE("what is misspelled in a filter's text is told at its place, with what would be right")
{
    CHECK(told("<filter name='f'><rule direction='in'/></filter>") ==
          "x:1:18: error: /filter/rule: <rule> has no attribute 'action'; use action='accept', drop, reject, return or "
          "continue");
    CHECK(told("<filter name='f'><rule action='dorp' direction='in'/></filter>") ==
          "x:1:24: error: /filter/rule/@action: 'dorp' is not a rule action; did you mean 'drop'?");
    CHECK(told("<filter name='f'><rule action='drop' direction='in'><tcp srcipaddr='10.0.0.256'/></rule></filter>") ==
          "x:1:58: error: /filter/rule/tcp/@srcipaddr: '10.0.0.256' is not a tcp srcipaddr; give an IPv4 address, or a "
          "variable like $IP");
    CHECK(told("<filter name='f'><rule action='drop' direction='in'><tcp dstportstart='http'/></rule></filter>") ==
          "x:1:58: error: /filter/rule/tcp/@dstportstart: 'http' is not a tcp dstportstart; give 0 to 65535, or a variable");
    CHECK(told("<filter name='f'><rule action='drop' direction='in'><tcp flags='SYN'/></rule></filter>") ==
          "x:1:58: error: /filter/rule/tcp/@flags: 'SYN' is not a tcp flags; give flags to look at / flags that are set, as "
          "SYN,ACK/SYN");
    CHECK(told("<filter name='f'><rule action='drop' direction='in'><tpc dstportstart='1'/></rule></filter>") ==
          "x:1:53: warning: /filter/rule/tpc: <rule> has no element 'tpc'; it is ignored; did you mean 'tcp'?");
    CHECK(told("<filter name='f'><rule action='drop' direction='in'><mac protocolid='ipv5'/></rule></filter>") ==
          "x:1:58: error: /filter/rule/mac/@protocolid: 'ipv5' is not a mac protocolid; give ipv4, ipv6, arp, rarp, vlan, "
          "0x600 to 0xffff, or a variable");
}

TEST_CASE("what a definition of a filter is refused for is told at its place, with what would be right")
{
    CHECK(told("<filter><rule action='drop' direction='in'/></filter>") ==
          "x:1:1: error: /filter: the filter has no name; add name='…'");
    CHECK(told("<filter name='f' chain='foo'></filter>") ==
          "x:1:18: error: /filter/@chain: 'foo' is not a chain; use root, or a name that begins with mac, vlan, stp, arp, "
          "rarp, ipv4 or ipv6");
    CHECK(told("<filter name='f' chain='ipv4-much-too-long'></filter>") ==
          "x:1:18: error: /filter/@chain: the name of the chain 'ipv4-much-too-long' is too long; use at most 12 bytes");
    CHECK(told("<filter name='f' chain='root' priority='1001'></filter>") ==
          "x:1:31: error: /filter/@priority: 1001 is not a priority; give -1000 to 1000");
    CHECK(told("<filter name='f'><filterref/></filter>") == "x:1:18: error: /filter/filterref: <filterref> has no attribute "
                                                            "'filter'; name the filter, as filter='clean-traffic'");
    CHECK(told("<filter name='f'><rule action='drop' direction='in'><ip dstportstart='80'/></rule></filter>") ==
          "x:1:57: error: /filter/rule[1]/ip[1]/@dstportstart: only packets of tcp, udp, dccp and sctp have ports; add "
          "protocol='tcp'");
    CHECK(told("<filter name='f'><filterref filter='f'/></filter>") ==
          "x:1:29: error: /filter/filterref[1]/@filter: the filter 'f' is in itself; name another one");
}

TEST_CASE("what has no effect in a filter, or cannot be meant, is a warning")
{
    CHECK(
        told("<filter name='f'><rule action='drop' direction='in' priority='2000'><tcp dstportstart='9' dstportend='2' "
             "srcipmask='24'/></rule></filter>") ==
        "x:1:53: warning: /filter/rule[1]/@priority: 2000 is not a priority; 500 is taken in its place; give -1000 to 1000\n"
        "x:1:91: warning: /filter/rule[1]/tcp[1]/@dstportend: the range ends before it starts, at dstportstart; swap them\n"
        "x:1:106: warning: /filter/rule[1]/tcp[1]/@srcipmask: srcipmask says nothing without srcipaddr; add srcipaddr='…'");
    CHECK(told("<filter name='f'><rule action='drop' direction='in'><tcp dstportstart='9'/><udp "
               "dstportstart='9'/></rule></filter>") ==
          "x:1:76: warning: /filter/rule[1]/udp[1]: a rule looks at one protocol, and this one at 'tcp'; it is ignored; "
          "make it a rule of its own");
}

TEST_CASE("a filter's values are kept as libvirt prints them")
{
    auto const again = [](FilterKind kind, std::string_view text) {
        auto const value = parse_filter_value(kind, text);
        return value ? format_filter_value(kind, *value) : "none";
    };
    CHECK(again(FilterKind::mac, "1:2:3:4:5:6") == "01:02:03:04:05:06");
    CHECK(again(FilterKind::mac_mask, "ff:ff:00:00:00:00") == "ff:ff:00:00:00:00");
    CHECK(again(FilterKind::mac_mask, "ff:00:ff:00:00:00") == "none");
    CHECK(again(FilterKind::ipv4, "10.1") == "10.0.0.1");
    CHECK(again(FilterKind::ipv4, "2001:db8::1") == "none");
    CHECK(again(FilterKind::ipv4_mask, "255.255.0.0") == "16");
    CHECK(again(FilterKind::ipv4_mask, "33") == "none");
    CHECK(again(FilterKind::ether_type, "0x806") == "arp");
    CHECK(again(FilterKind::ether_type, "0x900") == "0x900");
    CHECK(again(FilterKind::ip_protocol, "17") == "udp");
    CHECK(again(FilterKind::state, "related,new") == "NEW,RELATED");
    CHECK(again(FilterKind::state, "NEW,NONE") == "NONE");
    CHECK(again(FilterKind::tcp_flags, "ack,syn/SYN") == "SYN,ACK/SYN");
    CHECK(again(FilterKind::tcp_flags, "SYN") == "none");
    CHECK(again(FilterKind::ipset_flags, "src,DST") == "src,dst");
    CHECK(again(FilterKind::boolean, "yes") == "true");
    CHECK(again(FilterKind::word, "$PORT") == "$PORT");
    CHECK(again(FilterKind::word, "$PORT[ @2 ]") == "$PORT[@2]");
    CHECK(again(FilterKind::word, "$PORT[2") == "none");
    CHECK(again(FilterKind::word, "65536") == "none");
}

TEST_CASE("every field of every protocol is read and printed")
{
    for (auto const protocol : {FilterProtocol::mac, FilterProtocol::arp, FilterProtocol::tcp_ipv6, FilterProtocol::ip})
        for (auto const field : fields_of(protocol)) {
            auto const kind = kind_of(protocol, field);
            FilterMatch match{.protocol = protocol};
            match.terms.push_back({field, kind == FilterKind::text ? FilterValue{std::string{"t"}}
                                                                   : FilterValue{FilterVariable{.name = "V"}}});
            NwFilterConfig filter{.name = "f"};
            filter.entries.push_back(FilterRule{.matches = {match}});
            INFO(to_string(protocol) << " " << to_string(field));
            auto const parsed = xml::read_nwfilter(xml::write_nwfilter(filter));
            CHECK(parsed.diagnostics.empty());
            CHECK(parsed.result == filter);
            CHECK((protocol == FilterProtocol::ip || !check(filter).has_errors()));
        }
}

TEST_CASE("a value of another kind, and a field of another protocol, are told of")
{
    auto const faults = [](FilterTerm term) {
        FilterMatch match{.protocol = FilterProtocol::tcp};
        match.terms.push_back(std::move(term));
        NwFilterConfig filter{.name = "f"};
        filter.entries.push_back(FilterRule{.matches = {match}});
        return check(filter);
    };
    CHECK(faults({FilterField::srcportstart, FilterNumber{.value = 80}}).empty());
    CHECK(faults({FilterField::srcportstart, std::string{"http"}}).has_errors());
    CHECK(faults({FilterField::srcportstart, FilterNumber{.value = 70000}}).has_errors());
    CHECK(faults({FilterField::arpsrcipaddr, FilterVariable{.name = "IP"}}).has_errors());
}
