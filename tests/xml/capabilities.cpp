// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/xml/capabilities.hpp>

using namespace vmwright;

TEST_CASE("Capabilities of which nothing is known say so")
{
    auto const text = xml::write_domain_capabilities({.path = "/bin/q&", .machine = "m", .arch = "a", .max_vcpus = 3});
    CHECK_THAT(text, Catch::StartsWith("<domainCapabilities>\n"
                                       "  <path>/bin/q&amp;</path>\n"
                                       "  <domain>qemu</domain>\n"
                                       "  <machine>m</machine>\n"
                                       "  <arch>a</arch>\n"
                                       "  <vcpu max='3'/>\n"
                                       "  <iothreads supported='no'/>\n"
                                       "  <os supported='no'/>\n"
                                       "  <cpu>\n"
                                       "    <mode name='host-passthrough' supported='no'/>\n"
                                       "    <mode name='maximum' supported='no'/>\n"
                                       "    <mode name='host-model' supported='no'/>\n"
                                       "    <mode name='custom' supported='no'/>\n"
                                       "  </cpu>\n"
                                       "  <memoryBacking supported='no'/>\n"
                                       "  <devices>\n"
                                       "    <disk supported='no'/>\n"));
    CHECK(text.find("<gic") == text.npos);
    CHECK(text.find("<hyperv") == text.npos);
    CHECK(text.find("<s390-pv") == text.npos);
}

TEST_CASE("What is there, yet has no choices, is a list without values")
{
    DomainCapabilities capabilities;
    capabilities.devices.hostdev.supported = true;
    capabilities.cpu.custom = true;
    capabilities.cpu.models = {{.name = "old", .usable = CpuUsable::no, .deprecated = true, .vendor = "V"}};
    auto const text = xml::write_domain_capabilities(capabilities);
    CHECK_THAT(text, Catch::Contains("    <hostdev supported='yes'>\n"
                                     "      <enum name='mode'/>\n"
                                     "      <enum name='startupPolicy'/>\n"
                                     "      <enum name='subsysType'/>\n"
                                     "      <enum name='capsType'/>\n"
                                     "      <enum name='pciBackend'/>\n"
                                     "    </hostdev>\n"));
    CHECK_THAT(text, Catch::Contains("      <model usable='no' deprecated='yes' vendor='V'>old</model>\n"));
}

TEST_CASE("A host is written with its places, and its guests")
{
    HostCapabilities const host{
        .uuid = Uuid::parse("5f1c9a52-7d3e-4c1b-9a64-0d2f3b8e6a10"),
        .arch = "x86_64",
        .iommu = true,
        .topology = {.cells = {{.id = 0,
                                .memory = MiB(64),
                                .pages = {{.size = KiB(4), .count = 16384}, {.size = MiB(2), .count = 0}},
                                .distances = {{.id = 0, .value = 10}},
                                .processors = {{.id = 0, .core = 1, .siblings = NumberSet::of({0})}}}},
                     .caches = {{.id = 0, .level = 3, .type = "both", .size = MiB(32), .processors = NumberSet::of({0})}},
                     .page_sizes = {KiB(4), MiB(2)}},
        .guests = {{.arch = "i686",
                    .word_size = 32,
                    .emulator = "/bin/q",
                    .machines = {{.name = "m-1", .max_cpus = 2, .deprecated = true},
                                 {.name = "m", .canonical = "m-1", .max_cpus = 2}},
                    .types = {DomainType::qemu, DomainType::kvm},
                    .features = {.pae = true,
                                 .non_pae = true,
                                 .acpi = GuestSwitch{.default_ = true, .toggle = true},
                                 .cpu_selection = true,
                                 .device_boot = true,
                                 .disk_snapshot = GuestSwitch{.default_ = true}}}},
    };
    CHECK(xml::write_host_capabilities(host) == R"(<capabilities>
  <host>
    <uuid>5f1c9a52-7d3e-4c1b-9a64-0d2f3b8e6a10</uuid>
    <cpu>
      <arch>x86_64</arch>
      <pages unit='KiB' size='4'/>
      <pages unit='KiB' size='2048'/>
    </cpu>
    <iommu support='yes'/>
    <topology>
      <cells num='1'>
        <cell id='0'>
          <memory unit='KiB'>65536</memory>
          <pages unit='KiB' size='4'>16384</pages>
          <pages unit='KiB' size='2048'>0</pages>
          <distances>
            <sibling id='0' value='10'/>
          </distances>
          <cpus num='1'>
            <cpu id='0' socket_id='0' die_id='0' core_id='1' siblings='0'/>
          </cpus>
        </cell>
      </cells>
    </topology>
    <cache>
      <bank id='0' level='3' type='both' size='32' unit='MiB' cpus='0'/>
    </cache>
  </host>
  <guest>
    <os_type>hvm</os_type>
    <arch name='i686'>
      <wordsize>32</wordsize>
      <emulator>/bin/q</emulator>
      <machine maxCpus='2' deprecated='yes'>m-1</machine>
      <machine canonical='m-1' maxCpus='2'>m</machine>
      <domain type='qemu'/>
      <domain type='kvm'/>
    </arch>
    <features>
      <pae/>
      <nonpae/>
      <acpi default='on' toggle='yes'/>
      <cpuselection/>
      <deviceboot/>
      <disksnapshot default='on' toggle='no'/>
    </features>
  </guest>
</capabilities>
)");
}
