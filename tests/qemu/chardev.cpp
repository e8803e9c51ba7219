// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/xml/domain.hpp>

#include <algorithm>

using namespace vmwright;

namespace
{

auto profile() -> qemu::Capabilities const&
{
    static auto const value = qemu::load_capabilities(qemu::profile_text(qemu::shipped_profile("x86_64"))).value();
    return value;
}

auto guest(std::string_view devices, std::string_view machine = "pc-q35-7.2") -> DomainConfig
{
    auto const text = "<domain type='qemu'><name>d</name><memory>65536</memory><os><type arch='x86_64' machine='" +
                      std::string{machine} + "'>hvm</type></os><devices>" + std::string{devices} + "</devices></domain>";
    return xml::read_domain(text).value();
}

auto places(std::string_view devices) -> std::vector<std::string>
{
    std::vector<std::string> list;
    for (auto const& diagnostic : qemu::plan(guest(devices), profile(), qemu::debian12()).diagnostics)
        list.push_back(diagnostic.node);
    return list;
}

using Places = std::vector<std::string>;

auto resolved(std::string_view devices, std::string_view machine = "pc-q35-7.2") -> DomainConfig
{
    return qemu::resolve(guest(devices, machine), profile(), qemu::debian12()).value().config;
}

auto usb_port(DeviceInfo const& info) -> std::string
{
    auto const* usb = address_as<UsbAddress>(info);
    return usb ? usb->port.value_or("open") : "not on USB";
}

} // namespace

TEST_CASE("each kind of character device says what it needs")
{
    auto const serial = [](std::string_view inside) { return "<serial " + std::string{inside} + "</serial>"; };
    auto const at = std::string{"/domain/devices/serial[1]"};
    CHECK(places(serial("type='unix'>")) == Places{at + "/source/@path"});
    CHECK(places(serial("type='udp'><source mode='bind' service='1'/>")) == Places{at + "/source/@service"});
    CHECK(places(serial("type='nmdm'><source master='/a' slave='/b'/>")) == Places{at + "/@type"});
    CHECK(places(serial("type='spicevmc'>")) == Places{at + "/@type", at + "/@type"});
    CHECK(places(serial("type='spiceport'><source channel='a b'/>")) == Places{at + "/@type", at + "/source/@channel"});
    CHECK(places(serial("type='unix'><source mode='bind' path='/s'><reconnect enabled='yes' timeout='1'/></source>")) ==
          Places{at + "/source/reconnect"});
    CHECK(places(serial("type='unix'><source path='/s'><reconnect enabled='yes'/></source>")) ==
          Places{at + "/source/reconnect/@timeout"});
    CHECK(places(serial("type='tcp'><source host='h' service='1'/><protocol type='tls'/>")) ==
          Places{at + "/protocol/@type"});
}

TEST_CASE("labels of a character device's file are kept, and said to do nothing")
{
    auto const devices = "<serial type='file'><source path='/f'><seclabel model='dac' relabel='no'/></source></serial>";
    CHECK(places(devices) == Places{"/domain/devices/serial[1]/source/seclabel"});
    CHECK(xml::write_domain(guest(devices)).find("<seclabel model='dac' relabel='no'/>") != std::string::npos);
}

TEST_CASE("a serial port's target, model and address belong together")
{
    auto const at = std::string{"/domain/devices/serial[1]"};
    CHECK(places("<serial type='pty'><target type='sclp-serial'/></serial>") == Places{at + "/target/@type"});
    CHECK(places("<serial type='pty'><target type='bus-serial'/></serial>") == Places{at + "/target/@type"});
    CHECK(places("<serial type='pty'><target type='pci-serial'><model name='isa-serial'/></target></serial>") ==
          Places{at + "/target/model/@name"});
    CHECK(places("<serial type='pty'><target type='isa-serial'/><address type='usb' bus='0' port='1'/></serial>") ==
          Places{at + "/address/@type"});
    CHECK(places("<console type='pty'><target type='xen'/></console>") == Places{"/domain/devices/console[1]/target/@type"});
}

TEST_CASE("faults of channels")
{
    auto const at = std::string{"/domain/devices/channel[1]"};
    CHECK(places("<channel type='pty'><target type='xen' name='a'/></channel>") == Places{at + "/target/@type"});
    CHECK(places("<channel type='pty'><target type='guestfwd' port='1'/></channel>") == Places{at + "/target/@address"});
    CHECK(places("<graphics type='spice'/><channel type='spicevmc'><target type='virtio' name='other'/></channel>") ==
          Places{at + "/target/@name"});
    CHECK(places("<channel type='spicevmc'><target type='virtio'/></channel>") == Places{at + "/@type"});
}

TEST_CASE("a channel's path of an earlier start is no part of the definition")
{
    auto const path_of = [](std::string_view path) {
        auto const config = resolved("<channel type='unix'><source mode='bind' path='" + std::string{path} +
                                     "'/><target type='virtio' name='a.0'/></channel>");
        return std::get<UnixChar>(config.devices.channels[0].source).path;
    };
    CHECK_FALSE(path_of("/var/lib/libvirt/qemu/channel/target/domain-3-d/a.0"));
    CHECK_FALSE(path_of("/var/lib/libvirt/qemu/channel/target/d.a.0"));
    CHECK(path_of("/var/lib/libvirt/qemu/channels/d.a.0"));
}

TEST_CASE("the console that is a serial port has all that the port has")
{
    auto const devices = resolved("<serial type='file'><source path='/f'/><log file='/l'/>"
                                  "<address type='isa' iobase='0x3f8' irq='4'/></serial>")
                             .devices;
    REQUIRE(devices.consoles.size() == 1);
    CHECK(devices.consoles[0].log == devices.serials[0].log);
    CHECK(devices.consoles[0].info == devices.serials[0].info);
}

TEST_CASE("USB ports are those of the controller first, then those of hubs")
{
    auto const hub = "<hub type='usb'/>";
    auto const devices =
        resolved(std::string{hub} + "<input type='tablet' bus='usb'/><input type='mouse' bus='usb'/>", "pc-i440fx-7.2")
            .devices;
    CHECK(usb_port(devices.hubs[0].info) == "1");
    CHECK(usb_port(devices.inputs[0].info) == "2");
    CHECK(usb_port(devices.inputs[1].info) == "1.1");
}

TEST_CASE("faults of USB addresses")
{
    auto const tablet = [](std::string_view port) {
        return "<input type='tablet' bus='usb'><address type='usb' bus='0' port='" + std::string{port} + "'/></input>";
    };
    auto const at = std::string{"/domain/devices/input[1]/address"};
    CHECK(places(tablet("1.1")) == Places{at + "/@port"});
    CHECK(places(tablet("9")) == Places{at + "/@port"});
    CHECK(places(tablet("one")) == Places{at + "/@port"});
    CHECK(places(tablet("2") + tablet("2")) == Places{"/domain/devices/input[2]/address/@port"});
    CHECK(places("<input type='tablet' bus='usb'><address type='usb' bus='3' port='1'/></input>") == Places{at + "/@bus"});
    CHECK(places("<input type='tablet' bus='usb'><address type='pci'/></input>") == Places{at + "/@type"});
    CHECK(places("<controller type='usb' model='none'/><hub type='usb'/>") == Places{"/domain/devices/hub[1]"});
}

TEST_CASE("faults of input devices, smart cards and redirected devices")
{
    CHECK(places("<input type='tablet' bus='ps2'/>") == Places{"/domain/devices/input[1]/@bus"});
    CHECK(places("<input type='passthrough' bus='virtio'/>") == Places{"/domain/devices/input[1]/source/@evdev"});
    CHECK(places("<input type='mouse' bus='ps2'><driver iommu='on'/></input>") ==
          Places{"/domain/devices/input[1]/driver/@iommu"});
    CHECK(places("<input type='evdev'/>") == Places{"/domain/devices/input[1]/source/@dev"});
    CHECK(places("<smartcard mode='host-certificates'><certificate>a</certificate></smartcard>") ==
          Places{"/domain/devices/smartcard[1]/certificate"});
    CHECK(places("<smartcard mode='host'/><smartcard mode='host'/>").front() == "/domain/devices/smartcard[2]");
    CHECK(places("<smartcard mode='host'><address type='ccid' controller='0' slot='1'/></smartcard>") ==
          Places{"/domain/devices/smartcard[1]/address"});
    CHECK(places("<redirfilter><usbdev version='two' allow='no'/></redirfilter>") ==
          Places{"/domain/devices/redirfilter[1]/usbdev[1]/@version"});
    CHECK(places("<redirdev bus='usb' type='spicevmc'/>") == Places{"/domain/devices/redirdev[1]/@type"});
}
