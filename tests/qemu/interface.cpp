// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "qemu/documents.hpp"

#include <algorithm>

using namespace vmwright;
using namespace documents;

namespace
{

/// A virtio card of that type with more in it.
auto nic(std::string_view type, std::string_view inside) -> std::string
{
    return fmt::format("<interface type='{}'><model type='virtio'/>{}</interface>", type, inside);
}

constexpr std::string_view bridge = "<source bridge='br0'/>";

auto on_bridge(std::string_view inside) -> std::string
{
    return fault(nic("bridge", fmt::format("{}{}", bridge, inside)));
}

} // namespace

TEST_CASE("each type of interface has what it needs")
{
    CHECK(has(fault(nic("bridge", "")), "names its bridge"));
    CHECK(fault(nic("bridge", "<source bridge=''/>")).empty());
    CHECK(has(fault(nic("network", "")), "names its network"));
    CHECK(has(fault(nic("direct", "<source mode='bridge'/>")), "names its device"));
    CHECK(has(fault(nic("direct", "<source dev='e' mode='x'/>")), "'x'"));
    CHECK(has(fault(nic("vdpa", "")), "names its device"));
    CHECK(has(fault(nic("internal", "")), "names its network"));
    CHECK(has(fault(nic("client", "<source port='1'/>")), "names its address"));
    CHECK(has(fault(nic("mcast", "<source address='230.0.0.1'/>")), "<source> has no attribute 'port'"));
    CHECK(has(fault(nic("mcast", "<source port='1'/>")), "names its address"));
    CHECK(fault(nic("server", "<source port='1'/>")).empty());
    CHECK(has(fault(nic("server", "")), "<interface> has no <source>"));
    CHECK(has(fault(nic("udp", "<source address='127.0.0.1' port='1'/>")), "<source> has no <local>"));
    CHECK(has(fault(nic("udp", "<source address='127.0.0.1' port='1'><local port='2'/></source>")), "own address"));
    CHECK(has(fault(nic("vhostuser", "<source type='unix' mode='client'/>")), "names its socket"));
    CHECK(has(fault("<interface type='vhostuser'><source type='unix' path='/s' mode='client'/></interface>"),
              "needs a virtio card"));
    CHECK(has(fault(nic("vhostuser", "<source type='unix' path='/s' mode='server'><reconnect enabled='yes'/></source>")),
              "does not connect again"));
    CHECK(has(fault(nic("null", "")), "QEMU has no interface of type 'null'"));
    CHECK(has(fault(nic("vds", "<source switchid='x' portid='1' portgroupid='g' connectionid='2'/>")), "type 'vds'"));
    CHECK(has(fault("<interface type='hostdev'><source><address type='usb' bus='1' device='2'/></source></interface>"),
              "on USB"));
    CHECK(has(fault("<interface><model type='virtio'/></interface>"), "<interface> has no attribute 'type'"));
}

TEST_CASE("what one type of interface has, another one does not")
{
    CHECK(has(fault(nic("user", "<driver queues='2'/>")), "has no queues to choose"));
    CHECK(has(fault(nic("user", "<mtu size='1400'/>")), "has no MTU to choose"));
    CHECK(has(fault(nic("user", "<filterref filter='f'/>")), "has no filter"));
    CHECK(has(fault(nic("direct", "<source dev='e'/><backend tap='/t'/>")), "has no tap device"));
    CHECK(has(fault(nic("ethernet", "<coalesce><rx><frames max='7'/></rx></coalesce>")), "no interrupts to coalesce"));
    CHECK(on_bridge("<coalesce><rx><frames max='7'/></rx></coalesce>").empty());
    CHECK(has(on_bridge("<backend type='passt'/>"), "has no backend 'passt'"));
    CHECK(has(on_bridge("<target dev='t' managed='no'/>"), "has no device of somebody else's"));
    CHECK(has(on_bridge("<ip address='10.0.0.1'/>"), "has no address in the guest"));
    CHECK(has(on_bridge("<route address='10.0.0.0' gateway='10.0.0.1'/>"), "has no route in the guest"));
    CHECK(has(fault(nic("user", "<portForward proto='tcp'/>")), "it is passt that does this"));
    CHECK(has(fault(nic("user", "<source dev='eth0'/>")), "it is passt that does this"));
    CHECK(has(fault(nic("user", "<backend logFile='/l'/>")), "it is passt that does this"));
    CHECK(has(fault(nic("user", "<virtualport type='openvswitch'/>")), "has no virtual port"));
    CHECK(has(fault(nic("user", "<bandwidth><inbound average='1'/></bandwidth>")), "has no limits"));
    CHECK(has(on_bridge("<guest dev='eth0'/>"), "QEMU does not name"));
    CHECK(has(on_bridge("<backenddomain name='d'/>"), "QEMU has no domains that drive devices"));
    CHECK(has(fault(nic("user", "<script path='/s'/>")), "runs no script"));
    CHECK(has(on_bridge("<downscript path='/s'/>"), "runs no script"));
    CHECK(has(fault(nic("user", "<tune><sndbuf>1</sndbuf></tune>")), "only a tap device has a send buffer"));
    CHECK(has(fault(nic("user", "<port isolated='yes'/>")), "only a port of a bridge"));
}

TEST_CASE("QEMU's own network gives a guest one address of each kind")
{
    CHECK(has(fault(nic("user", "<ip address='10.0.0.0'/><ip address='10.1.0.0'/>")), "the guest has one IPv4 address"));
    CHECK(has(fault(nic("user", "<ip address='fec0::' prefix='121'/>")), "121 is no prefix"));
    CHECK(has(fault(nic("user", "<ip address='10.0.0.0' prefix='28'/>")), "28 is no prefix"));
    CHECK(has(fault(nic("user", "<ip address='10.0.0.0' peer='10.0.0.1'/>")), "no peer"));
    CHECK(has(fault(nic("user", "<ip address='10.0.0.0' family='ipv6'/>")), "no address of that family"));
    auto const nics = kept(nic("user", "<ip address='fec0::'/><ip address='10.0.0.0'/>")).interfaces;
    CHECK(nics.front().ips.front().family == "ipv6");
    CHECK(nics.front().ips.back().family == "ipv4");
}

TEST_CASE("what a switch is told must be complete")
{
    CHECK(has(on_bridge("<virtualport/>"), "the virtual port has no type"));
    CHECK(has(on_bridge("<virtualport type='802.1Qbg'><parameters managerid='1' typeidversion='2'/></virtualport>"),
              "has a typeid"));
    CHECK(has(on_bridge("<virtualport type='802.1Qbh'/>"), "has a profileid"));
    CHECK(has(on_bridge("<virtualport type='midonet'/>"), "has a interfaceid"));
    CHECK(on_bridge("<virtualport type='openvswitch'/>").empty());
    CHECK(fault(nic("network", "<source network='n'/><virtualport/>")).empty());
    CHECK(has(on_bridge("<vlan><tag id='4096'/></vlan>"), "4096 is not the number of a VLAN"));
    CHECK(has(on_bridge("<vlan/>"), "<vlan> has no <tag>"));
    CHECK(has(on_bridge("<vlan trunk='no'><tag id='1'/><tag id='2'/></vlan>"), "is a trunk"));
    CHECK(kept(nic("bridge", "<source bridge='b'/><vlan><tag id='1'/><tag id='2'/></vlan>")).interfaces.front().vlan->trunk);
    CHECK(has(on_bridge("<bandwidth><inbound peak='1'/></bandwidth>"), "neither an average nor a floor"));
    CHECK(has(on_bridge("<bandwidth><inbound average='1' floor='1'/></bandwidth>"), "guarantees a floor"));
    CHECK(has(on_bridge("<bandwidth><outbound average='1' floor='1'/></bandwidth>"), "has no floor"));
    CHECK(has(on_bridge("<bandwidth><outbound peak='1'/></bandwidth>"), "there is no average"));
    CHECK(has(on_bridge("<teaming type='transient'/>"), "the one that stays is not named"));
    CHECK(has(on_bridge("<teaming type='persistent' persistent='ua-x'/>"), "names no other"));
}

TEST_CASE("a driver is a virtio card's or a host device's")
{
    CHECK(has(on_bridge("<driver name='vfio'/>"), "a virtio card has no driver 'vfio'"));
    CHECK(has(on_bridge("<driver rx_queue_size='300'/>"), "300 is not a power of two"));
    CHECK(has(on_bridge("<driver name='vhost'/>"), "this host has no /dev/vhost-net"));
    CHECK(
        has(fault("<interface type='user'><model type='e1000'/><driver name='qemu'/></interface>"), "no driver to choose"));
    constexpr std::string_view hostdev = "<interface type='hostdev'><driver name='kvm'/><source><address type='pci' "
                                         "bus='1'/></source></interface>";
    CHECK(has(fault(hostdev), "QEMU has no driver 'kvm'"));
    auto const nics = kept("<interface type='user'><driver/></interface><interface type='user'><model type='e1000'/><driver "
                           "txmode='timer'/></interface>")
                          .interfaces;
    CHECK_FALSE(nics[0].driver);
    CHECK_FALSE(nics[1].driver);
}

TEST_CASE("the kernel moves the packets where the host has vhost-net, unless it is told not to")
{
    auto const netdev = [](std::string_view inside, bool has_vhost, DomainType type = DomainType::kvm) {
        auto config = xml::read_domain(text_with(nic("bridge", fmt::format("{}{}", bridge, inside)), {})).value();
        config.type = type;
        auto facts = qemu::debian12();
        facts.vhost_net = has_vhost;
        std::string found;
        for (auto const& argument : qemu::arguments(qemu::plan(config, profile("x86_64"), facts).value()))
            if (has(argument, R"("type":"tap")"))
                found = argument;
        return found;
    };
    CHECK_FALSE(has(netdev("", false), "vhost"));
    CHECK(has(netdev("", true), R"("vhost":true,"vhostfd":"0")"));
    CHECK(has(netdev("<driver queues='2'/>", true), R"("vhost":true,"vhostfds":"0:0")"));
    CHECK_FALSE(has(netdev("<driver name='qemu'/>", true), "vhost"));
    CHECK_FALSE(has(netdev("", true, DomainType::qemu), "vhost"));
    CHECK(has(netdev("<driver name='vhost'/>", true, DomainType::qemu), "vhost"));
}

TEST_CASE("a card that is soldered on is told in QEMU's older words")
{
    auto const config = xml::read_domain(text_with("<interface type='user'><mac address='52:54:00:00:00:01'/></interface>",
                                                   {"armv7l", "vexpress-a9"}))
                            .value();
    auto const argv = qemu::arguments(qemu::plan(config, profile("arm"), qemu::debian12()).value());
    CHECK(std::ranges::find(argv, "nic,macaddr=52:54:00:00:00:01,netdev=hostnet0,model=lan9118,id=net0") != argv.end());
}

TEST_CASE("a register of a pSeries bus is chosen, as libvirt does on every machine")
{
    auto const nics = kept("<interface type='user'><address type='spapr-vio'/></interface>"
                           "<interface type='user'><address type='spapr-vio' reg='0x1000'/></interface>")
                          .interfaces;
    CHECK(address_as<SpaprVioAddress>(nics[0].info)->reg == 0x2000U);
    CHECK(has(fault("<interface type='user'><address type='spapr-vio' reg='0x1000'/></interface>"
                    "<interface type='user'><address type='spapr-vio' reg='0x1000'/></interface>"),
              "that register already"));
}

TEST_CASE("names that a running domain showed are chosen again")
{
    auto const nics = kept("<interface type='user'><target dev='vnet3'/><alias name='net5'/></interface>"
                           "<interface type='user'><target dev='mine'/><alias name='ua-mine'/></interface>"
                           "<interface type='direct'><source dev='e'/><target dev='macvtap0'/></interface>")
                          .interfaces;
    CHECK_FALSE(nics[0].target.dev);
    CHECK_FALSE(nics[0].info.alias);
    CHECK(nics[1].target.dev == "mine");
    CHECK(nics[1].info.alias == "ua-mine");
    CHECK_FALSE(nics[2].target.dev);
    CHECK(std::get<DirectNetwork>(nics[2].source).mode == MacvtapMode::vepa);
}

TEST_CASE("a machine has its own usual network card")
{
    CHECK(kept("<interface type='user'/>").interfaces.front().model == "rtl8139");
    CHECK(kept("<interface type='user'/>", {"aarch64", "virt"}).interfaces.front().model == "virtio");
    CHECK(kept("<interface type='user'/>", {"armv7l", "vexpress-a9"}).interfaces.front().model == "lan9118");
    CHECK(kept("<interface type='user'/>", {"armv6l", "versatilepb"}).interfaces.front().model == "smc91c111");
}
