// SPDX-License-Identifier: BSL-1.0
//
// What is refused of disks and filesystems, and what define makes of them.
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

auto guest_with(std::string_view device, std::string_view machine = "pc-q35-7.2") -> DomainConfig
{
    auto text = std::string{"<domain type='qemu'><name>d</name><memory unit='MiB'>64</memory><os><type arch='x86_64' "
                            "machine='"};
    text.append(machine).append("'>hvm</type></os><devices>").append(device).append("</devices></domain>");
    return xml::read_domain(text).result;
}

/// The nodes of the errors, below the device.
auto refused(std::string_view device, std::string_view machine = "pc-q35-7.2") -> std::vector<std::string>
{
    std::vector<std::string> nodes;
    for (auto const& diagnostic : qemu::check(guest_with(device, machine), profile(), qemu::debian12()))
        if (diagnostic.severity == Severity::error)
            nodes.push_back(diagnostic.node.substr(diagnostic.node.find(']') + 1));
    return nodes;
}

/// A disk whose driver and source are these, on virtio.
auto disk(std::string_view type, std::string_view content, std::string_view attributes = "") -> std::string
{
    auto text = std::string{"<disk type='"};
    return text.append(type)
        .append("' ")
        .append(attributes)
        .append(">")
        .append(content)
        .append("<target dev='vda' bus='virtio'/></disk>");
}

auto network(std::string_view source) -> std::string
{
    return disk("network", std::string{"<source "}.append(source).append("</source>"));
}

using Nodes = std::vector<std::string>;

} // namespace

TEST_CASE("a network source has what its protocol needs")
{
    CHECK(refused(network("protocol='nbd'><host name='a'/>")).empty());
    CHECK(refused(network("name='a'><host name='a'/>")) == Nodes{"/source/@protocol"});
    CHECK(refused(network("protocol='nbd'>")) == Nodes{"/source"});
    CHECK(refused(network("protocol='nbd'><host name='a'/><host name='b'/>")) == Nodes{"/source/host[2]"});
    CHECK(refused(network("protocol='nbd'><host/>")) == Nodes{"/source/host[1]/@name"});
    CHECK(refused(network("protocol='nbd'><host transport='unix'/>")) == Nodes{"/source/host[1]/@socket"});
    CHECK(refused(network("protocol='nbd'><host name='a' socket='/s'/>")) == Nodes{"/source/host[1]/@socket"});
    CHECK(refused(network("protocol='http' name='a'><host transport='unix' socket='/s'/>")) ==
          Nodes{"/source/host[1]/@transport"});
    CHECK(refused(network("protocol='rbd' name='pool/image'>")).empty());
    CHECK(refused(network("protocol='rbd' name='image'>")) == Nodes{"/source/@name"});
    CHECK(refused(network("protocol='gluster' name='/image'><host name='a'/>")) == Nodes{"/source/@name"});
    CHECK(refused(network("protocol='iscsi' name='iqn/x'><host name='a'/>")) == Nodes{"/source/@name"});
    CHECK(refused(network("protocol='ssh'><host name='a'/>")) == Nodes{"/source/@name"});
    CHECK(refused(network("protocol='http' name='a' tls='yes'><host name='a'/>")) == Nodes{"/source/@tls"});
    CHECK(refused(network("protocol='nbd' tlsHostname='b'><host name='a'/>")) == Nodes{"/source/@tlsHostname"});
    CHECK(refused(network("protocol='nfs' name='/a'><host name='a'/><identity user='bob' group='+4'/>")) ==
          Nodes{"/source/identity/@user"});
    CHECK(refused(network("protocol='http' name='a'><host name='a'/><cookies><cookie name='a b'>c</cookie></cookies>")) ==
          Nodes{"/source/cookies/cookie[1]/@name"});
}

TEST_CASE("users and secrets are those of the protocol")
{
    CHECK(refused(network("protocol='nbd'><host name='a'/><auth username='u'><secret type='iscsi' usage='s'/></auth>")) ==
          Nodes{"/source/auth"});
    CHECK(refused(network("protocol='rbd' name='p/i'><auth username='u'><secret type='iscsi' usage='s'/></auth>")) ==
          Nodes{"/source/auth/secret/@type"});
    CHECK(refused(network("protocol='rbd' name='p/i'><auth username='u'><secret type='ceph'/></auth>")) ==
          Nodes{"/source/auth/secret"});
    CHECK(refused(network("protocol='rbd' name='p/i'><auth username='u'/>")) == Nodes{"/source/auth/secret"});
    auto const encrypted = [](std::string_view encryption) {
        return disk("file", std::string{"<source file='/a'>"}.append(encryption).append("</source>"));
    };
    CHECK(refused(encrypted("<encryption format='luks'><secret type='passphrase' usage='s'/></encryption>")).empty());
    CHECK(refused(encrypted("<encryption format='luks'/>")) == Nodes{"/source/encryption/secret"});
    CHECK(refused(encrypted("<encryption format='luks2'><secret type='passphrase' usage='s'/></encryption>")) ==
          Nodes{"/source/encryption/@format"});
    CHECK(
        refused(encrypted("<encryption format='luks' engine='librbd'><secret type='passphrase' usage='s'/></encryption>")) ==
        Nodes{"/source/encryption/@engine"});
}

TEST_CASE("images and what they are based on fit together")
{
    CHECK(refused(disk("file", "<driver type='cow'/><source file='/a'/>")) == Nodes{"/driver/@type"});
    CHECK(refused(disk("file", "<driver type='fat'/><source file='/a'/>")) == Nodes{"/driver/@type"});
    CHECK(refused(disk("dir", "<source dir='/a'/><readonly/>")) == Nodes{"/driver/@type"});
    CHECK(refused(disk("dir", "<driver type='fat'/><source dir='/a'/>")) == Nodes{""});
    CHECK(refused(disk("dir", "<driver type='fat'/><source dir='/a'/><readonly/>")).empty());
    CHECK(refused(disk("file", "<source file='/a'/><backingStore type='file'><format type='raw'/><source "
                               "file='/b'/></backingStore>")) == Nodes{"/backingStore"});
    CHECK(refused(disk("file", "<driver type='qcow2'/><source file='/a'/><backingStore type='file'><source "
                               "file='/b'/></backingStore>")) == Nodes{"/backingStore/format"});
    CHECK(refused(disk("file", "<source file='/a' fdgroup='mine'/>")) == Nodes{"/source/@fdgroup"});
    CHECK(refused(disk("file", "<driver><metadata_cache><max_size>9</max_size></metadata_cache></driver><source "
                               "file='/a'/>")) == Nodes{"/driver/metadata_cache"});
    CHECK(refused(disk("nvme", "<source type='pci' namespace='0'><address bus='1'/></source>")) ==
          Nodes{"/source/@namespace"});
}

TEST_CASE("a volume needs a pool that somebody knows")
{
    auto const plan = qemu::plan(guest_with(disk("volume", "<source pool='p' volume='v'/>")), profile(), qemu::debian12());
    REQUIRE(plan.has_errors());
    CHECK(plan.diagnostics[0].node == "/domain/devices/disk[1]/source");
    CHECK(plan.diagnostics[0].message == "the volume 'v' of pool 'p' cannot be looked up: no storage pools are known");
}

TEST_CASE("a lun is a device, and only a lun has what devices have")
{
    auto const lun = [](std::string_view content) { return disk("block", content, "device='lun'"); };
    CHECK(refused(lun("<source dev='/dev/a'/>")).empty());
    CHECK(refused(disk("file", "<source file='/a'/>", "device='lun'")) == Nodes{"/@device"});
    CHECK(refused(lun("<driver type='qcow2'/><source dev='/dev/a'/>")) == Nodes{"/driver/@type"});
    CHECK(refused(disk("block", "<source dev='/dev/a'/>", "device='lun' sgio='unfiltered'")) == Nodes{"/@sgio"});
    CHECK(refused(disk("block", "<source dev='/dev/a'/>", "rawio='yes' sgio='filtered'")) == Nodes{"/@rawio", "/@sgio"});
    CHECK(refused(lun("<source dev='/dev/a'><reservations managed='no'/></source>")) ==
          Nodes{"/source/reservations/source/@path"});
    CHECK(refused(disk("block", "<source dev='/dev/a'><reservations managed='yes'/></source>")) ==
          Nodes{"/source/reservations"});
}

TEST_CASE("a drive has what its bus has")
{
    auto const on = [](std::string_view bus, std::string_view dev, std::string_view content, std::string_view attributes) {
        auto text = std::string{"<disk type='file' "}.append(attributes).append("><source file='/a'/>").append(content);
        return text.append("<target dev='").append(dev).append("' bus='").append(bus).append("'/></disk>");
    };
    CHECK(refused(on("sata", "sda", "", "model='virtio'")) == Nodes{"/@model"});
    CHECK(refused(on("sata", "sda", "<driver ioeventfd='on' event_idx='on' iommu='on'/>", "")) ==
          Nodes{"/driver/@event_idx", "/driver/@ioeventfd", "/driver"});
    CHECK(refused(on("virtio", "vda", "<vendor>V</vendor>", "")) == Nodes{"/vendor"});
    CHECK(refused(on("virtio", "vda", "<serial>a/b</serial>", "")) == Nodes{"/serial"});
    CHECK(refused(on("virtio", "vda", "<geometry cyls='1' heads='1' secs='1' trans='lba'/>", "")) ==
          Nodes{"/geometry/@trans"});
    CHECK(refused(on("virtio", "vda", "", "device='cdrom'")) == Nodes{"/target/@bus"});
    CHECK(refused(on("xen", "xvda", "", "")) == Nodes{"/target/@bus"});
    CHECK(refused(on("virtio", "vda1", "", "")) == Nodes{"/target/@dev"});
    CHECK(refused(on("virtio", "fda", "", "")) == Nodes{"/target/@dev"});
    CHECK(refused(on("fdc", "fda", "", "")) == Nodes{"/target/@dev", "/target/@bus"});
    CHECK(refused(on("scsi", "sda", "<address type='drive' bus='1'/>", "")) == Nodes{"/address/@bus"});
    CHECK(refused(on("scsi", "sda", "<address type='pci' slot='5'/>", "")) == Nodes{"/address/@type"});
    CHECK(refused(on("virtio", "vda", "<driver iothread='2'/>", "")) == Nodes{"/driver/@iothread"});
    CHECK(refused(on("sata", "sda", "<wwn>5000c50015ea71ad</wwn>", "")) == Nodes{"/wwn"});
    CHECK(refused(on("fdc", "fdc", "", "device='floppy'")) == Nodes{"/target/@dev"});
    CHECK(refused("<disk type='file'><source file='/a'/><target dev='hde' bus='ide'/></disk>", "pc-i440fx-7.2") ==
          Nodes{"/target/@dev"});
    CHECK(refused("<disk type='file'><source file='/a'/><target dev='vda' tray='open'/></disk>") == Nodes{"/target/@tray"});
    CHECK(refused("<disk type='file'><source file='/a'/><target dev='vda' tray='closed'/></disk>").empty());
}

TEST_CASE("the number of a disk's alias is that of its target")
{
    auto const config = guest_with("<disk type='file'><source file='/a'/><target dev='vdc'/></disk>"
                                   "<disk type='file'><source file='/b'/><target dev='sdc' bus='virtio'/></disk>"
                                   "<disk type='file'><source file='/c'/><target dev='sdb' bus='usb'/></disk>");
    auto const resolved = qemu::resolve(config, profile(), qemu::debian12()).value();
    auto const disks = qemu::prepare(resolved, qemu::debian12()).value().config.devices.disks;
    CHECK(disks[0].info.alias == "virtio-disk2");
    CHECK(disks[1].info.alias == "virtio-disk3"); // libvirt would have two of the same
    CHECK(disks[2].info.alias == "usb-disk1");
}

TEST_CASE("a full disk is an error of writing only")
{
    auto const argv =
        qemu::arguments(qemu::plan(guest_with(disk("file", "<driver error_policy='enospace'/><source file='/a'/>")),
                                   profile(), qemu::debian12())
                            .value());
    auto const device = std::ranges::find_if(argv, [](std::string const& a) { return a.find("virtio-blk") != a.npos; });
    REQUIRE(device != argv.end());
    CHECK(device->find(R"("werror":"enospc")") != std::string::npos);
    CHECK(device->find("rerror") == std::string::npos);
}

TEST_CASE("a transient disk is a file that can be written")
{
    CHECK(refused(disk("file", "<source file='/a'/><transient/>")).empty());
    CHECK(refused(disk("block", "<source dev='/dev/a'/><transient/>")) == Nodes{"/transient"});
    CHECK(refused(disk("file", "<source file='/a'/><readonly/><transient/>")) == Nodes{"/transient"});
    auto const argv =
        qemu::arguments(qemu::plan(guest_with(disk("file", "<source file='/a'/><transient shareBacking='yes'/>")), profile(),
                                   qemu::debian12())
                            .value());
    CHECK(std::ranges::none_of(argv, [](std::string const& a) { return a.find("virtio-blk") != std::string::npos; }));
}

TEST_CASE("limits are on the total or on both ways, and one group has one set of them")
{
    auto const limited = [](std::string_view limits) {
        return disk("file", std::string{"<source file='/a'/><iotune>"}.append(limits).append("</iotune>"));
    };
    CHECK(refused(limited("<total_bytes_sec>1</total_bytes_sec><read_bytes_sec>1</read_bytes_sec>")) ==
          Nodes{"/iotune/total_bytes_sec"});
    CHECK(refused(limited("<total_bytes_sec>1</total_bytes_sec><read_bytes_sec>0</read_bytes_sec>")).empty());
    CHECK(refused(limited("<group_name>g</group_name>")) == Nodes{"/iotune/group_name"});
    CHECK(refused(limited("<read_iops_sec>1000000000000001</read_iops_sec>")) == Nodes{"/iotune/read_iops_sec"});
    auto const second =
        std::string{"<disk type='file'><source file='/b'/><target dev='vdb'/><iotune><group_name>g</group_name>"
                    "<read_iops_sec>2</read_iops_sec></iotune></disk>"};
    CHECK(refused(limited("<group_name>g</group_name><read_iops_sec>1</read_iops_sec>") + second) == Nodes{"/iotune"});
}

TEST_CASE("define forgets what says nothing and what only a running domain knows")
{
    auto const config = guest_with(
        disk("network", "<driver cache='default'/><source protocol='iscsi' name='iqn' index='3'><host name='a'/></source>"
                        "<iotune><read_iops_sec>0</read_iops_sec></iotune><blockio logical_block_size='0'/>"
                        "<geometry cyls='1' heads='0' secs='1'/><mirror job='copy' type='file'/>"));
    auto const resolved = qemu::resolve(config, profile(), qemu::debian12()).value().config.devices.disks[0];
    CHECK(!resolved.driver->cache);
    CHECK(!resolved.iotune);
    CHECK(!resolved.block_io);
    CHECK(!resolved.geometry);
    CHECK(!resolved.mirror);
    CHECK(!resolved.source_options.index);
    auto const& source = std::get<NetworkSource>(resolved.source);
    CHECK(source.name == "iqn/0");
    CHECK(source.hosts[0].port == 3260);
}

TEST_CASE("a filesystem is refused what its driver has not")
{
    auto const filesystem = [](std::string_view attributes, std::string_view content) {
        auto text = std::string{"<filesystem "}.append(attributes).append(">").append(content);
        return text.append("<target dir='t'/></filesystem>");
    };
    CHECK(refused(filesystem("", "<source dir='/a'/>")).empty());
    CHECK(refused(filesystem("type='template'", "<source name='a'/>")) == Nodes{"/@type"});
    CHECK(refused(filesystem("", "")) == Nodes{"/source"});
    CHECK(refused(filesystem("", "<driver type='loop'/><source dir='/a'/>")) == Nodes{"/driver/@type"});
    CHECK(refused(filesystem("dmode='755'", "<source dir='/a'/>")) == Nodes{"/@dmode"});
    CHECK(refused(filesystem("accessmode='mapped' dmode='755'", "<source dir='/a'/>")).empty());
    CHECK(refused(filesystem("", "<binary path='/b'/><source dir='/a'/>")) == Nodes{"/binary"});
    CHECK(refused(filesystem("accessmode='squash' model='virtio'",
                             "<driver type='virtiofs' wrpolicy='immediate'/><source dir='/a'/><readonly/>")) ==
          Nodes{"/@accessmode", "/readonly", "/driver/@wrpolicy", "/@model", "/driver/@type"});
}

TEST_CASE("a name or an address that asks for thousands of controllers is refused where it stands")
{
    CHECK(refused("<disk type='file'><source file='/b'/><target dev='sdasda' bus='sata'/></disk>") == Nodes{"/target/@dev"});
    CHECK(refused("<disk type='file'><source file='/a'/><target dev='sda' bus='scsi'/>"
                  "<address type='drive' controller='1000'/></disk>") == Nodes{"/address/@controller"});
    CHECK(refused("<disk type='file'><source file='/a'/><target dev='sda' bus='scsi'/>"
                  "<address type='drive' controller='200'/></disk>")
              .empty());
}

TEST_CASE("what an lsilogic controller cannot address is refused also where the controller is chosen for the disk")
{
    // found by a fuzzer: what was accepted was refused when it was resolved once more
    auto const config = guest_with("<disk type='file'><source file='/a'/><target dev='sdh' bus='scsi'/>"
                                   "<address type='drive' controller='1' target='3'/></disk>");
    auto const resolved = qemu::resolve(config, profile(), qemu::debian12());
    REQUIRE(resolved.has_errors());
    CHECK(resolved.diagnostics[0].node == "/domain/devices/disk[1]/address/@target");
}
