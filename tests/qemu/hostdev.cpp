// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "qemu/documents.hpp"

using namespace vmwright;
using namespace documents;

namespace
{

auto hostdev(std::string_view attributes, std::string_view inside) -> std::string
{
    return fmt::format("<hostdev {}>{}</hostdev>", attributes, inside);
}

constexpr std::string_view pci = "<source><address bus='6' slot='1'/></source>";
constexpr std::string_view mdev = "<source><address uuid='53764d0e-85a0-42b4-af5c-2046b460b1dc'/></source>";

} // namespace

TEST_CASE("a device of the host is named completely")
{
    CHECK(has(fault("<hostdev/>"), "<hostdev> has no attribute 'type'"));
    CHECK(has(fault(hostdev("mode='x' type='pci'", pci)), "'x'"));
    CHECK(has(fault(hostdev("type='pci'", "")), "<source> has no <address>"));
    CHECK(has(fault(hostdev("type='pci'", "<source><address bus='6' slot='32'/></source>")), "no PCI device is there"));
    CHECK(has(fault(hostdev("type='usb'", "<source><vendor id='0x1'/></source>")), "a vendor and a product"));
    CHECK(has(fault(hostdev("type='usb'", "<source><vendor id='0'/><product id='1'/></source>")), "number 0"));
    CHECK(has(fault(hostdev("type='usb'", "<source/>")), "is not named"));
    CHECK(has(fault(hostdev("type='scsi'", "<source><address bus='0' target='0' unit='0'/></source>")), "adapter"));
    CHECK(has(fault(hostdev("type='scsi'", "<source><adapter name='scsi_host0'/></source>")), "no place on its adapter"));
    CHECK(has(fault(hostdev("type='scsi'", "<source protocol='iscsi'><host name='h'/></source>")), "not named"));
    CHECK(has(fault(hostdev("type='scsi'", "<source protocol='iscsi' name='iqn'/>")), "the iSCSI server is not named"));
    CHECK(has(fault(hostdev("type='scsi'", "<source protocol='iscsi' name='iqn'><host name='a'/><host name='b'/></source>")),
              "has one server"));
    CHECK(has(fault(hostdev("type='scsi_host'", "<source protocol='vhost' wwpn='naa.12'/>")), "'naa.12'"));
    CHECK(has(fault(hostdev("type='scsi_host'", "<source wwpn='naa.5123456789abcde0'/>")),
              "<source> has no attribute 'protocol'"));
    CHECK(has(fault(hostdev("type='mdev'", mdev)), "<hostdev> has no attribute 'model'"));
}

TEST_CASE("what QEMU cannot hand to a guest is refused")
{
    CHECK(has(fault(hostdev("mode='capabilities' type='storage'", "<source><block>/dev/sdb</block></source>")),
              "no capabilities of the host"));
    CHECK(has(fault(hostdev("mode='capabilities' type='misc'", "<source><char>/dev/input0</char></source>")),
              "no capabilities of the host"));
    CHECK(has(fault(hostdev("mode='capabilities' type='net'", "<source><interface>eth0</interface></source>")),
              "no capabilities of the host"));
    CHECK(has(fault(hostdev("mode='capabilities' type='pci'", pci)), "has no devices of type 'pci'"));
    CHECK(has(fault(hostdev("type='net'", "<source><interface>eth0</interface></source>")), "of type 'net'"));
    CHECK(has(fault(hostdev("type='pci'", fmt::format("<driver name='xen'/>{}", pci))), "QEMU has no driver 'xen'"));
    CHECK(has(fault(hostdev("type='pci'", "<source writeFiltering='no'><address bus='6' slot='1'/></source>")),
              "only Xen filters"));
    CHECK(has(fault(hostdev("type='pci'", fmt::format("{}<teaming type='persistent'/>", pci))), "is taken away"));
    CHECK(has(fault(hostdev("type='mdev' model='vfio-pci' display='on'", mdev)), "no graphics"));
    CHECK(has(fault(hostdev("type='mdev' model='vfio-pci' ramfb='on'", mdev)), "needs a display"));
    CHECK(has(fault(hostdev("type='mdev' model='vfio-ccw'", mdev)), "has no device 'vfio-ccw'"));
    CHECK(has(fault(hostdev("type='pci'", fmt::format("{}<address type='usb' bus='0'/>", pci))), "sits on PCI"));
    CHECK(has(fault(hostdev("type='usb'", "<source><address bus='1' device='2'/></source><address type='pci' slot='9'/>")),
              "sits on USB"));
}

TEST_CASE("a device of the host has its defaults and its place")
{
    auto const hostdevs =
        kept(hostdev("type='mdev' model='vfio-pci'", mdev) +
             hostdev("type='scsi'", "<source protocol='adapter'><adapter name='scsi_host0'/><address bus='0' target='0' "
                                    "unit='0'/></source>") +
             hostdev("type='scsi'", "<source protocol='iscsi' name='iqn/3'><host name='h'/></source>") +
             hostdev("type='pci'", fmt::format("{}<address type='unassigned'/>", pci)))
            .hostdevs;
    REQUIRE(hostdevs.size() == 4);
    CHECK(hostdevs[0].mode == HostdevMode::subsystem);
    CHECK(hostdevs[0].managed == false);
    CHECK(std::get<MdevHostdev>(hostdevs[0].source).display == false);
    CHECK(address_as<PciAddress>(hostdevs[0].info));
    CHECK_FALSE(std::get<ScsiHostdev>(hostdevs[1].source).protocol);
    REQUIRE(address_as<DriveAddress>(hostdevs[2].info));
    CHECK(address_as<DriveAddress>(hostdevs[2].info)->unit == 1);
    CHECK(address_as<UnassignedAddress>(hostdevs[3].info));
}
