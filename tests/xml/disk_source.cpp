// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/xml/domain.hpp>

using namespace vmwright;

namespace
{

/// In libvirt's order and layout, so that what is printed is the same text.
constexpr std::string_view document = R"(<domain type='qemu'>
  <name>d</name>
  <memory unit='KiB'>65536</memory>
  <vcpu>1</vcpu>
  <os>
    <type>hvm</type>
  </os>
  <clock offset='utc'/>
  <devices>
    <disk type='network' device='disk' model='virtio' snapshot='no'>
      <driver name='qemu' type='qcow2'>
        <metadata_cache>
          <max_size unit='KiB'>64</max_size>
        </metadata_cache>
      </driver>
      <source protocol='https' name='a.qcow2' query='x=1' startupPolicy='optional' index='1'>
        <host name='example.org' port='443'/>
        <ssl verify='no'/>
        <cookies>
          <cookie name='a'>b</cookie>
        </cookies>
        <readahead size='65536'/>
        <timeout seconds='6'/>
        <slices>
          <slice type='storage' offset='512' size='1024'/>
        </slices>
        <auth username='u'>
          <secret type='iscsi' usage='s'/>
        </auth>
        <encryption format='luks' engine='qemu'>
          <secret type='passphrase' uuid='6d2f8f4a-9a53-4cc5-9d4b-0e9c4b4d1f10'/>
          <cipher name='aes' size='256' mode='cbc' hash='sha256'/>
          <ivgen name='plain64' hash='sha256'/>
        </encryption>
      </source>
      <backingStore type='network' index='2'>
        <format type='qcow2'/>
        <source protocol='nbd' name='b' tls='yes' tlsHostname='c'>
          <host transport='unix' socket='/s'/>
        </source>
        <backingStore type='nvme'>
          <format type='raw'/>
          <source type='pci' managed='no' namespace='1'>
            <address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
          </source>
          <backingStore/>
        </backingStore>
      </backingStore>
      <target dev='vda' bus='virtio'/>
      <transient shareBacking='yes'/>
    </disk>
    <disk type='block' device='lun' rawio='yes' sgio='filtered'>
      <driver name='qemu' type='raw'/>
      <source dev='/dev/a'>
        <seclabel model='dac' relabel='no'/>
        <reservations managed='no'>
          <source type='unix' path='/s' mode='client'/>
        </reservations>
      </source>
      <target dev='sda' bus='scsi'/>
    </disk>
    <lease>
      <lockspace>l</lockspace>
      <key>k</key>
      <target path='/lease' offset='1024'/>
    </lease>
    <filesystem type='mount' accessmode='mapped' multidevs='remap' fmode='0600' dmode='0700' model='virtio'>
      <driver type='path' wrpolicy='immediate' iommu='on'/>
      <source dir='/a'/>
      <target dir='a'/>
      <readonly/>
    </filesystem>
    <filesystem type='mount'>
      <driver type='virtiofs' queue='1024'/>
      <binary path='/v' xattr='on'>
        <cache mode='always'/>
        <sandbox mode='chroot'/>
        <lock posix='off' flock='on'/>
        <thread_pool size='16'/>
      </binary>
      <source dir='/b'/>
      <target dir='b'/>
    </filesystem>
  </devices>
</domain>
)";

auto replaced(std::string text, std::string_view old, std::string_view now) -> std::string
{
    return text.replace(text.find(old), old.size(), now);
}

} // namespace

TEST_CASE("sources, leases and filesystems are printed as libvirt prints them")
{
    auto const parsed = xml::read_domain(document);
    CHECK(parsed.diagnostics.empty());
    CHECK(xml::write_domain(parsed.result) == document);
}

TEST_CASE("the end of a chain is not the silence about it")
{
    auto const config = xml::read_domain(document).result;
    auto silent = config;
    auto& last = silent.devices.disks[0].backing[0].backing[0];
    REQUIRE(last.backing.size() == 1);
    CHECK(std::holds_alternative<EndOfChain>(last.backing[0].source));
    last.backing.clear();
    auto const text = xml::write_domain(silent);
    CHECK(text == replaced(std::string{document}, "          <backingStore/>\n", ""));
    CHECK(xml::read_domain(text).result == silent);
}

TEST_CASE("an edit deep in a source changes its attribute and no other byte")
{
    auto const parsed = xml::read_domain(document);
    auto config = parsed.result;
    std::get<NetworkSource>(config.devices.disks[0].backing[0].source).hosts[0].socket = "/t";
    CHECK(xml::update_domain(parsed.document, config) ==
          replaced(std::string{document}, "transport='unix' socket='/s'", "transport='unix' socket='/t'"));
}

TEST_CASE("a chain that ends where an image was loses the image's elements")
{
    auto const parsed = xml::read_domain(document);
    auto config = parsed.result;
    config.devices.disks[0].backing[0].backing[0] = BackingStore{};
    auto const text = xml::update_domain(parsed.document, config);
    CHECK(text.find("nvme") == std::string::npos);
    CHECK(xml::read_domain(text).result == config);
}
