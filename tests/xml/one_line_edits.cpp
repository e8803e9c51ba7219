// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "golden_kinds.hpp"

#include <algorithm>
#include <sstream>

using namespace vmwright;

namespace
{

auto lines_of(std::string const& text) -> std::vector<std::string>
{
    std::vector<std::string> lines;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

/// What the edit made of the lines that differ, joined; all others must be the same, in their places.
template <class T, class Edit>
auto edited(golden::Kind<T> const& kind, std::string_view name, Edit const& edit) -> std::string
{
    auto const text = golden::text_of(std::filesystem::path{VMWRIGHT_TEST_DATA} / "dumpxml" / name);
    auto parsed = kind.read(text);
    REQUIRE_FALSE(parsed.has_errors());
    edit(parsed.result);
    auto const updated = kind.update(parsed.document, parsed.result);
    INFO(updated);
    CHECK(kind.read(updated).result == parsed.result);
    auto const before = lines_of(text), after = lines_of(updated);
    REQUIRE(before.size() == after.size());
    std::string changed;
    for (std::size_t i = 0; i < before.size(); ++i)
        if (before[i] != after[i])
            changed += changed.empty() ? after[i] : "\n" + after[i];
    return changed;
}

} // namespace

TEST_CASE("an edit of a pool's field changes its line only")
{
    auto const kind = golden::pools();
    CHECK(edited(kind, "pool-dir.xml", [](PoolConfig& pool) { pool.target->path = "/srv"; }) == "    <path>/srv</path>");
    CHECK(edited(kind, "pool-dir-permissions.xml", [](PoolConfig& pool) { pool.target->permissions.mode = 0750; }) ==
          "      <mode>0750</mode>");
    CHECK(edited(kind, "pool-netfs.xml", [](PoolConfig& pool) { pool.source.hosts[0].name = "h"; }) ==
          "    <host name='h' port='2049'/>");
    CHECK(edited(kind, "pool-fs.xml", [](PoolConfig& pool) { pool.mount_options.names[1] = "noexec"; }) ==
          "    <fs:option name='noexec'/>");
}

TEST_CASE("an edit of a volume's field changes its line only")
{
    auto const kind = golden::volumes();
    CHECK(edited(kind, "volume-raw.xml", [](VolumeConfig& volume) { volume.capacity = GiB(2); }) ==
          "  <capacity unit='GiB'>2</capacity>");
    CHECK(edited(kind, "volume-raw.xml", [](VolumeConfig& volume) { volume.target.format = "qcow2"; }) ==
          "  <target><path>/pool/v</path><format type='qcow2'/></target>");
}

TEST_CASE("an edit of a secret's field changes its line only")
{
    CHECK(edited(golden::secrets(), "secret-volume.xml", [](SecretConfig& secret) {
              secret.description = "new";
          }).find("<description>new</description>") != std::string::npos);
}

TEST_CASE("an edit of a network's field changes its line only")
{
    auto const kind = golden::networks();
    CHECK(edited(kind, "network-default.xml", [](NetworkConfig& network) { network.bridge.name = "virbr7"; }) ==
          "  <bridge name=\"virbr7\"/>");
    CHECK(edited(kind, "network-default.xml", [](NetworkConfig& network) {
              network.ips[0].dhcp.ranges[0].addresses.end = *IpAddress::parse("192.168.122.99");
          }) == "      <range start=\"192.168.122.2\" end=\"192.168.122.99\"/>");
    CHECK(edited(kind, "network-isolated.xml", [](NetworkConfig& network) {
              network.ips[0].dhcp.hosts[1].ip = IpAddress::parse("192.168.152.13");
          }) == "      <host mac='00:16:3e:3e:a9:1a' id='01:aa' ip='192.168.152.13'/>");
}

TEST_CASE("an edit of a port's, a filter's and a binding's field changes its line only")
{
    CHECK(edited(golden::network_ports(), "networkport-direct.xml", [](NetworkPortConfig& port) {
              std::get<DirectPlug>(*port.plug).dev = "eth7";
          }).find("dev='eth7'") != std::string::npos);
    auto const filters = golden::nwfilters();
    CHECK(edited(filters, "filter-refs.xml", [](NwFilterConfig& filter) {
              std::get<FilterRule>(filter.entries[1]).action = FilterAction::accept;
          }) == "  <rule action='accept' direction='in'/>");
    CHECK(edited(filters, "filter-refs.xml", [](NwFilterConfig& filter) {
              std::get<FilterRef>(filter.entries[2]).parameters[2].value = "10.0.0.4";
          }) == "    <parameter name='DHCPSERVER' value='10.0.0.4'/>");
    CHECK(edited(golden::nwfilter_bindings(), "filterbinding-plain.xml", [](NwFilterBindingConfig& binding) {
              binding.port_dev = "vnet9";
          }).find("<portdev name='vnet9'/>") != std::string::npos);
}

TEST_CASE("an edit of a snapshot's, checkpoint's and backup's field changes its line only")
{
    CHECK(edited(golden::snapshots(), "domainsnapshot-there.xml", [](SnapshotConfig& snapshot) {
              std::get<DomainConfig>(*snapshot.domain).vcpus.count = 3;
          }) == "    <vcpu placement='static'>3</vcpu>");
    CHECK(edited(golden::checkpoints(), "domaincheckpoint-there.xml", [](CheckpointConfig& checkpoint) {
              checkpoint.disks[0].bitmap = "other";
          }).find("bitmap='other'") != std::string::npos);
    CHECK(edited(golden::backups(), "domainbackup-pull-unix.xml", [](BackupConfig& backup) {
              backup.server->socket = "/run/other";
          }) == "  <server transport='unix' socket='/run/other'/>");
}

TEST_CASE("a rule and a reference come and go among the others")
{
    std::string const text = "<filter name='f'>\n  <rule action='drop' direction='in'/>\n  <filterref filter='a'/>\n"
                             "  <!-- last -->\n  <rule action='accept' direction='out'/>\n</filter>\n";
    auto parsed = xml::read_nwfilter(text);
    REQUIRE(parsed.diagnostics.empty());
    auto filter = parsed.result;
    filter.entries.insert(filter.entries.begin() + 1, FilterRef{.filter = "b"});
    CHECK(xml::update_nwfilter(parsed.document, filter) ==
          "<filter name='f'>\n  <rule action='drop' direction='in'/>\n  <filterref filter='b'/>\n  <filterref filter='a'/>\n"
          "  <!-- last -->\n  <rule action='accept' direction='out'/>\n</filter>\n");
    filter = parsed.result;
    filter.entries.erase(filter.entries.begin());
    CHECK(xml::update_nwfilter(parsed.document, filter) ==
          "<filter name='f'>\n  <filterref filter='a'/>\n  <!-- last -->\n  <rule action='accept' direction='out'/>\n"
          "</filter>\n");
    filter = parsed.result;
    std::swap(filter.entries[0], filter.entries[1]);
    CHECK(xml::read_nwfilter(xml::update_nwfilter(parsed.document, filter)).result == filter);
}

TEST_CASE("an old snapshot that gets its whole domain has it in place of the uuid")
{
    auto parsed =
        xml::read_snapshot("<domainsnapshot><name>s</name><domain><uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>"
                           "</domain></domainsnapshot>");
    REQUIRE(parsed.diagnostics.empty());
    auto snapshot = parsed.result;
    snapshot.domain = DomainConfig{.name = "d"};
    auto const again = xml::read_snapshot(xml::update_snapshot(parsed.document, snapshot));
    CHECK(again.result == snapshot);
    snapshot.domain.reset();
    CHECK(xml::update_snapshot(parsed.document, snapshot).find("<domain>") == std::string::npos);
}

TEST_CASE("what is new in an element that is there goes into it")
{
    std::string const text = "<domaincheckpoint>\n  <disks>\n    <disk name='vda'/> <!-- root -->\n  </disks>\n"
                             "  <parent/>\n</domaincheckpoint>\n";
    auto parsed = xml::read_checkpoint(text);
    REQUIRE(parsed.diagnostics.empty());
    parsed.result.disks.push_back({.name = "vdb"});
    parsed.result.disks.push_back({.name = "vdc"});
    parsed.result.parent = "before";
    CHECK(xml::update_checkpoint(parsed.document, parsed.result) ==
          "<domaincheckpoint>\n  <disks>\n    <disk name='vda'/> <!-- root -->\n    <disk name='vdb'/>\n"
          "    <disk name='vdc'/>\n  </disks>\n  <parent>\n    <name>before</name>\n  </parent>\n</domaincheckpoint>\n");
}

TEST_CASE("a list of which nothing stays keeps its element")
{
    std::string const text = "<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'>\n  <name>n</name>\n"
                             "  <dnsmasq:options>\n    <dnsmasq:option value='a=b'/>\n  </dnsmasq:options>\n</network>\n";
    auto parsed = xml::read_network(text);
    REQUIRE(parsed.diagnostics.empty());
    parsed.result.dnsmasq.lines = {"c=d", "e=f"};
    CHECK(xml::update_network(parsed.document, parsed.result) ==
          "<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'>\n  <name>n</name>\n"
          "  <dnsmasq:options>\n    <dnsmasq:option value='c=d'/>\n    <dnsmasq:option value='e=f'/>\n"
          "  </dnsmasq:options>\n</network>\n");
}
