// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "told.hpp"

#include <vmwright/xml/network.hpp>

using namespace vmwright;

namespace
{

auto told(std::string_view text) -> std::string
{
    return ::told(xml::read_network(text), [](auto const& value) { return check(value); });
}

} // namespace

TEST_CASE("what is misspelled in a network's text is told at its place, with what would be right")
{
    CHECK(told("<network><name>n</name><forward mode='nta'/></network>") ==
          "x:1:33: error: /network/forward/@mode: 'nta' is not a forward mode; did you mean 'nat'?");
    CHECK(told("<network><name>n</name><ip address='10.0.0.256'/></network>") ==
          "x:1:28: error: /network/ip/@address: '10.0.0.256' is not an ip address; give an address like 192.168.122.1 or "
          "2001:db8::1");
    CHECK(told("<network>\n"
               "  <name>n</name>\n"
               "  <mac address='52:54:00:1a:2f'/>\n"
               "</network>") == "x:3:8: error: /network/mac/@address: '52:54:00:1a:2f' is not a mac address; give a MAC "
                                "address like 52:54:00:12:34:56");
    CHECK(told("<network><name>n</name><ip address='10.0.0.1' prefix='24'><dhcp><range "
               "start='10.0.0.2'/></dhcp></ip></network>") ==
          "x:1:65: error: /network/ip/dhcp/range: <range> has no attribute 'end'; give the last address");
    CHECK(told("<network><name>n</name><ip netmask='255.0.0.0'/></network>") ==
          "x:1:24: error: /network/ip: <ip> has no attribute 'address'; give the host's address in the network");
    CHECK(told("<network><name>n</name><forward><nat><port start='1' end='70000'/></nat></forward></network>") ==
          "x:1:54: error: /network/forward/nat/port/@end: '70000' is not a port end; give a whole number from 0 to 65535");
    CHECK(told("<network><name>n</name><dns><host><hostname>h</hostname></host></dns></network>") ==
          "x:1:29: error: /network/dns/host: <host> has no attribute 'ip'; give its address");
}

TEST_CASE("what a definition of a network is refused for is told at its place, with what would be right")
{
    CHECK(told("<network><bridge name='b'/></network>") ==
          "x:1:1: error: /network: the network has no name; add <name>…</name>");
    CHECK(told("<network><name>a/b</name></network>") ==
          "x:1:10: error: /network/name: 'a/b' is not the name of a network; use a name without a slash");
    CHECK(told("<network><name>n</name><forward mode='nat'/></network>") ==
          "x:1:1: error: /network: a network of forward mode 'nat' has an address; add <ip address='…' prefix='…'/>");
    CHECK(told("<network><name>n</name><mac address='01:00:00:00:00:01'/></network>") ==
          "x:1:29: error: /network/mac/@address: 01:00:00:00:00:01 is a multicast address; its first byte must be even");
    CHECK(told("<network><name>n</name><forward mode='bridge'/><bridge name='br0'/><ip address='10.0.0.1' "
               "prefix='24'></ip></network>") ==
          "x:1:68: error: /network/ip: a network of forward mode 'bridge' has no addresses of its own; remove it; it is for "
          "nat, route, open and isolated networks");
    CHECK(
        told("<network><name>n</name><forward mode='bridge'><interface dev='eth0'/></forward><bridge "
             "name='br0'/></network>") ==
        "x:1:88: error: /network/bridge/@name: the network has the bridge 'br0' and devices of its own; remove one of them");
    CHECK(told("<network><name>n</name><forward mode='vepa'><interface dev='eth0'/><interface "
               "dev='eth0'/></forward></network>") ==
          "x:1:79: error: /network/forward/interface[2]/@dev: interface 1 is 'eth0' too; remove one");
    CHECK(told("<network><name>n</name><forward dev='eth1'><interface dev='eth0'/></forward><ip address='10.0.0.1' "
               "prefix='24'></ip></network>") ==
          "x:1:33: error: /network/forward/@dev: the device is 'eth1', and the first interface 'eth0'; remove one of them");
    CHECK(told("<network><name>n</name><forward mode='route'><nat><port start='1' end='2'/></nat></forward><ip "
               "address='10.0.0.1' prefix='24'></ip></network>") ==
          "x:1:46: error: /network/forward/nat: a network of forward mode 'route' translates no addresses; remove it, or "
          "use mode='nat'");
    CHECK(told("<network><name>n</name><forward><nat><port start='9' end='2'/></nat></forward><ip address='10.0.0.1' "
               "prefix='24'></ip></network>") ==
          "x:1:38: error: /network/forward/nat/port: the range 9 to 2 ends before it starts; swap start and end");
    CHECK(told("<network><name>n</name><forward mode='hostdev'><interface dev='eth0'/></forward></network>") ==
          "x:1:48: error: /network/forward/interface[1]: a network of forward mode 'hostdev' names its cards by their "
          "addresses; use <address type='pci' …/>, or <pf dev='…'/>");
    CHECK(told("<network><name>n</name><forward mode='hostdev'><address type='pci' domain='0' bus='1' slot='99' "
               "function='0'/></forward></network>") ==
          "x:1:87: error: /network/forward/address[1]/@slot: 0x63 is not a PCI slot; give 0x00 to 0x1f");
    CHECK(told("<network><name>n</name><forward mode='open'><interface dev='eth0'/></forward><ip address='10.0.0.1' "
               "prefix='24'></ip></network>") ==
          "x:1:45: error: /network/forward/interface[1]: a network of forward mode 'open' has no device; remove it");
    CHECK(told("<network><name>n</name><ip address='10.0.0.1' netmask='255.0.255.0'/></network>") ==
          "x:1:47: warning: /network/ip[1]/@netmask: 255.0.255.0 is not a netmask: it has ones behind a zero; as "
          "255.255.255.0");
    CHECK(told("<network><name>n</name><ip address='10.0.0.1' netmask='255.255.255.0' prefix='24'/></network>") ==
          "x:1:47: error: /network/ip[1]/@netmask: a network has a prefix or a netmask, not both; remove one");
    CHECK(told("<network><name>n</name><ip address='10.0.0.1' prefix='40'/></network>") ==
          "x:1:47: error: /network/ip[1]/@prefix: 40 is not a prefix of ipv4; give 0 to 32");
    CHECK(told("<network><name>n</name><ip address='2001:db8::1' prefix='64'/></network>") ==
          "x:1:24: error: /network/ip[1]: 2001:db8::1 is an address of IPv6, and no family is said; add family='ipv6'");
    CHECK(told("<network><name>n</name><ip family='ipv6' address='10.0.0.1' prefix='24'/></network>") ==
          "x:1:28: error: /network/ip[1]/@family: 10.0.0.1 is not an address of ipv6; use family='ipv4'");
    CHECK(told("<network><name>n</name><ip address='10.0.0.1' prefix='24'><dhcp><range start='10.0.0.9' "
               "end='10.0.0.2'/></dhcp></ip></network>") ==
          "x:1:65: error: /network/ip[1]/dhcp/range[1]: the range 10.0.0.9 to 10.0.0.2 ends before it starts; swap start "
          "and end");
    CHECK(told("<network><name>n</name><ip address='10.0.0.1' prefix='24'><dhcp><range start='10.0.1.2' "
               "end='10.0.1.9'/></dhcp></ip></network>") ==
          "x:1:72: error: /network/ip[1]/dhcp/range[1]/@start: 10.0.1.2 is not in the network 10.0.0.0/24; give 10.0.0.0 to "
          "10.0.0.255");
    CHECK(told("<network><name>n</name><ip address='10.0.0.1' prefix='24'><dhcp><range start='10.0.0.0' "
               "end='10.0.0.9'/></dhcp></ip></network>") ==
          "x:1:72: error: /network/ip[1]/dhcp/range[1]/@start: 10.0.0.0 is the network itself; begin with the next address");
    CHECK(
        told(
            "<network><name>n</name><ip address='10.0.0.1' prefix='24'><dhcp><host ip='10.0.0.7'/></dhcp></ip></network>") ==
        "x:1:65: error: /network/ip[1]/dhcp/host[1]: the host has neither a MAC address nor a name; add mac='…' or "
        "name='…'");
    CHECK(told("<network><name>n</name><ip address='10.0.0.1' prefix='24'><dhcp><host "
               "mac='52:54:00:00:00:01'/></dhcp></ip></network>") ==
          "x:1:65: error: /network/ip[1]/dhcp/host[1]: the host has no address; add ip='…'");
    CHECK(told("<network><name>n</name><ip address='10.0.0.1' prefix='24'><dhcp><range start='10.0.0.2' "
               "end='10.0.0.9'/></dhcp></ip><ip address='10.1.0.1' prefix='24'><dhcp><range start='10.1.0.2' "
               "end='10.1.0.9'/></dhcp></ip></network>") ==
          "x:1:152: error: /network/ip[2]/dhcp: ip 1 has DHCP for ipv4 already, and a network has it once; remove one");
    CHECK(
        told(
            "<network><name>n</name><ip family='ipv6' address='2001:db8::1' prefix='64'><tftp root='/t'/></ip></network>") ==
        "x:1:76: error: /network/ip[1]/tftp: an address of IPv6 serves no TFTP; move it to an address of IPv4");
    CHECK(told("<network><name>n</name><route address='10.1.0.0' prefix='16' gateway='10.9.0.1'/><ip address='10.0.0.1' "
               "prefix='24'></ip></network>") == "x:1:62: error: /network/route[1]/@gateway: no address of the network "
                                                 "reaches 10.9.0.1; give an address in one of its subnets");
    CHECK(told("<network><name>n</name><route address='10.1.0.3' prefix='16' gateway='10.0.0.2'/><ip address='10.0.0.1' "
               "prefix='24'></ip></network>") ==
          "x:1:31: error: /network/route[1]/@address: 10.1.0.3 is the address of a host, not of a network; use 10.1.0.0");
    CHECK(told("<network><name>n</name><route address='10.1.0.0' prefix='16' gateway='10.0.0.2' metric='0'/><ip "
               "address='10.0.0.1' prefix='24'></ip></network>") ==
          "x:1:81: error: /network/route[1]/@metric: 0 is not a metric; give 1 or more");
    CHECK(told("<network><name>n</name><dns enable='no'><txt name='a' value='b'/></dns><ip address='10.0.0.1' "
               "prefix='24'></ip></network>") == "x:1:24: error: /network/dns: the DNS server is not enabled, and has "
                                                 "something to say; remove enable='no', or all that is in there");
    CHECK(told("<network><name>n</name><dns><srv service='s' protocol='tcp' port='5'/></dns><ip address='10.0.0.1' "
               "prefix='24'></ip></network>") ==
          "x:1:61: error: /network/dns/srv[1]/@port: a port says nothing without a target; add target='…', or remove it");
    CHECK(
        told("<network><name>n</name><dns><txt name='a b' value='c'/></dns><ip address='10.0.0.1' "
             "prefix='24'></ip></network>") ==
        "x:1:34: error: /network/dns/txt[1]/@name: 'a b' is not the name of a record; use a name without spaces and commas");
    CHECK(
        told("<network><name>n</name><dns><host ip='10.0.0.4'/></dns><ip address='10.0.0.1' prefix='24'></ip></network>") ==
        "x:1:29: error: /network/dns/host[1]: 10.0.0.4 has no name; add <hostname>…</hostname>");
    CHECK(told("<network><name>n</name><dns><forwarder/></dns><ip address='10.0.0.1' prefix='24'></ip></network>") ==
          "x:1:29: error: /network/dns/forwarder[1]: the forwarder has neither an address nor a domain; add addr='…' or "
          "domain='…'");
    CHECK(told("<network><name>n</name><vlan><tag id='5'/></vlan><ip address='10.0.0.1' prefix='24'></ip></network>") ==
          "x:1:24: error: /network/vlan: nothing in this network can tag the packets of a guest; use <forward "
          "mode='bridge'/> with <virtualport type='openvswitch'/>");
    CHECK(told("<network><name>n</name><forward mode='bridge'/><bridge name='b'/><virtualport type='openvswitch'/><vlan "
               "trunk='no'><tag id='5'/><tag id='6'/></vlan></network>") ==
          "x:1:105: error: /network/vlan/@trunk: what is in several VLANs is a trunk; use trunk='yes'");
    CHECK(told("<network><name>n</name><forward mode='bridge'/><bridge name='b'/><virtualport "
               "type='openvswitch'/><vlan><tag id='5000'/></vlan></network>") ==
          "x:1:110: error: /network/vlan/tag[1]/@id: 5000 is not the number of a VLAN; give 0 to 4095");
    CHECK(told("<network><name>n</name><forward mode='bridge'/><bridge name='b'/><portgroup name='a'/><portgroup "
               "name='a'/></network>") ==
          "x:1:98: error: /network/portgroup[2]/@name: group 1 is 'a' too; give each its own");
    CHECK(told("<network><name>n</name><forward mode='bridge'/><bridge name='b'/><portgroup name='a' "
               "default='yes'/><portgroup name='c' default='yes'/></network>") ==
          "x:1:121: error: /network/portgroup[2]/@default: group 1 is the default already; remove one");
    CHECK(told("<network><name>n</name><bandwidth><inbound peak='5'/></bandwidth><ip address='10.0.0.1' "
               "prefix='24'></ip></network>") ==
          "x:1:35: error: /network/bandwidth/inbound: there is neither an average nor a floor; add average='…'");
    CHECK(told("<network><name>n</name><bandwidth><outbound average='5' floor='3'/></bandwidth><ip address='10.0.0.1' "
               "prefix='24'></ip></network>") ==
          "x:1:57: error: /network/bandwidth/outbound/@floor: what a guest sends has no floor; remove it");
    CHECK(
        told("<network><name>n</name><forward mode='bridge'/><bridge name='b'/><virtualport type='802.1Qbg'><parameters "
             "profileid='x'/></virtualport></network>") ==
        "x:1:107: error: /network/virtualport/parameters/@profileid: a virtual port '802.1Qbg' has no profileid; remove it");
}

TEST_CASE("what has no effect in a network, or cannot be meant, is a warning")
{
    CHECK(told("<network><name>n</name><ip address='10.0.0.1' prefix='24'><dhcp><host mac='52:54:00:00:00:01' "
               "ip='10.0.0.7'/><host mac='52:54:00:00:00:02' ip='10.0.0.7'/><host name='h' "
               "ip='10.9.0.1'/></dhcp></ip></network>") ==
          "x:1:140: warning: /network/ip[1]/dhcp/host[2]/@ip: host 1 has '10.0.0.7' too; give each its own\n"
          "x:1:170: warning: /network/ip[1]/dhcp/host[3]/@ip: 10.9.0.1 is not in the network 10.0.0.0/24; give 10.0.0.0 to "
          "10.0.0.255");
    CHECK(told("<network><name>n</name><mtu size='12'/><domain localOnly='yes'/><ip address='10.0.0.1' "
               "prefix='24'></ip></network>") ==
          "x:1:40: warning: /network/domain: the domain has no name; it is ignored; add name='…'\n"
          "x:1:29: warning: /network/mtu/@size: 12 is not an MTU; give 68 to 65535");
}

TEST_CASE("a network makes its bridge where no other one is named for it")
{
    auto const makes = [](std::optional<ForwardMode> mode) {
        return makes_bridge({.forward = NetworkForward{.mode = mode}});
    };
    CHECK(makes_bridge({}));
    CHECK(makes(std::nullopt));
    CHECK(makes(ForwardMode::open));
    CHECK_FALSE(makes(ForwardMode::bridge));
    CHECK_FALSE(makes(ForwardMode::hostdev));
}

TEST_CASE("the length of a network's prefix comes from its prefix, mask or address")
{
    auto const ip = *IpAddress::parse("192.168.7.1");
    CHECK(NetworkIp{.address = ip}.prefix_length() == 24);
    CHECK(NetworkIp{.address = ip, .prefix = 20}.prefix_length() == 20);
    CHECK(NetworkIp{.address = ip, .netmask = IpAddress::parse("255.255.255.192")}.prefix_length() == 26);
    CHECK(NetworkIp{.address = *IpAddress::parse("10.0.0.1")}.prefix_length() == 8);
    CHECK(NetworkIp{.family = IpFamily::ipv6, .address = *IpAddress::parse("2001:db8::1")}.prefix_length() == 64);
}

TEST_CASE("a network that is built in a program is checked as one that is read")
{
    NetworkConfig network{.name = "n", .forward = NetworkForward{}};
    CHECK(check(network).has_errors());
    network.ips.push_back({.address = *IpAddress::parse("10.0.0.1"), .prefix = 24});
    CHECK(check(network).empty());
    auto const kept = complete(network);
    CHECK(kept.forward->mode == ForwardMode::nat);
    CHECK(kept.bridge.stp == true);
    CHECK(complete(kept) == kept);
    CHECK(xml::read_network(xml::write_network(kept)).result == kept);
}
