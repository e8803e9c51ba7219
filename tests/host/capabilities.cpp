// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "host/support.hpp"

#include <vmwright/host/host_facts.hpp>
#include <vmwright/machine/fake_machine.hpp>

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace vmwright;

namespace
{

/// On a machine without any emulator.
auto host_of_debian() -> Host
{
    auto options = options_in("/state");
    options.machine = std::make_shared<FakeMachine>();
    options.facts = qemu::debian12();
    return Host::open(std::move(options));
}

void write(Machine& machine, std::initializer_list<std::pair<std::string, std::string>> files)
{
    for (auto const& [path, text] : files) {
        machine.make_directories(path.substr(0, path.rfind('/')));
        machine.write_file(path, text);
    }
}

/// Two processors of one core.
auto machine_with_threads() -> std::shared_ptr<FakeMachine>
{
    auto machine = std::make_shared<FakeMachine>();
    std::string const node = "/sys/devices/system/node/node0";
    write(*machine, {{"/sys/devices/system/node/online", "0\n"},
                     {node + "/meminfo", "Node 0 MemTotal:       8192 kB\nNode 0 MemFree: 1 kB\n"},
                     {node + "/distance", "10\n"},
                     {node + "/cpulist", "0-1\n"},
                     {node + "/hugepages/hugepages-2048kB/nr_hugepages", "3\n"},
                     {"/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "3\n"},
                     {"/proc/self/smaps", "00400000-00401000 r--p 00000000 00:00 0\nKernelPageSize:        4 kB\n"}});
    for (std::string const cpu : {"/sys/devices/system/cpu/cpu0", "/sys/devices/system/cpu/cpu1"})
        write(*machine, {{cpu + "/topology/physical_package_id", "1\n"},
                         {cpu + "/topology/die_id", "0\n"},
                         {cpu + "/topology/core_id", "2\n"},
                         {cpu + "/topology/thread_siblings_list", "0-1\n"},
                         {cpu + "/cache/index3/id", "0\n"},
                         {cpu + "/cache/index3/level", "3\n"},
                         {cpu + "/cache/index3/type", "Unified\n"},
                         {cpu + "/cache/index3/size", "32768K\n"},
                         {cpu + "/cache/index3/shared_cpu_list", "0-1\n"}});
    return machine;
}

} // namespace

TEST_CASE("A host without an emulator tells what its domains could have, from the profiles that ship")
{
    auto const host = host_of_debian();
    auto const usual = host.domain_capabilities();
    CHECK(usual.path == "/usr/bin/qemu-system-x86_64");
    CHECK(usual.type == DomainType::kvm);
    CHECK(usual.machine == "pc-i440fx-7.2");
    auto const arm = host.domain_capabilities({.arch = "aarch64", .machine = "virt"});
    CHECK(arm.machine == "virt-7.2");
    CHECK(arm.type == DomainType::qemu);
    CHECK(host.capabilities().guests.empty());
}

TEST_CASE("A word that names no kind of domain is refused with what would be right")
{
    auto const host = host_of_debian();
    auto const refusal = [&](CapabilitiesQuery const& query) {
        auto const error = error_of([&] { return host.domain_capabilities(query); });
        REQUIRE(error);
        return std::pair{error->code(), std::string{error->what()}};
    };
    CHECK(refusal({.arch = "i386"}) == std::pair{make_error_code(Errc::invalid_argument),
                                                 std::string{"'i386' is not an architecture; did you mean 'i686'?"}});
    CHECK(refusal({.machine = "q36"}).second == "the emulator for x86_64 has no machine 'q36'; did you mean 'q35'?");
    CHECK(refusal({.emulator = "/usr/bin/nope"}) ==
          std::pair{make_error_code(Errc::not_found), std::string{"there is no emulator '/usr/bin/nope'"}});
    CHECK(refusal({.arch = "sparc"}).first == Errc::not_found);
}

TEST_CASE("Processors, memory and caches of a host are read from /sys")
{
    auto const machine = machine_with_threads();
    auto const siblings = NumberSet::of({0, 1});
    CHECK(read_host_topology(*machine) ==
          HostTopology{.cells = {{.id = 0,
                                  .memory = KiB(8192),
                                  .pages = {{.size = KiB(4), .count = 512}, {.size = MiB(2), .count = 3}},
                                  .distances = {{.id = 0, .value = 10}},
                                  .processors = {{.id = 0, .socket = 1, .die = 0, .core = 2, .siblings = siblings},
                                                 {.id = 1, .socket = 1, .die = 0, .core = 2, .siblings = siblings}}}},
                       .caches = {{.id = 0, .level = 3, .type = "both", .size = MiB(32), .processors = siblings}},
                       .page_sizes = {KiB(4), MiB(2)}});
    CHECK(read_host_topology(*std::make_shared<FakeMachine>()) == HostTopology{});
}

TEST_CASE("Facts tell of images that are there, of vfio and of swtpm")
{
    auto const machine = std::make_shared<FakeMachine>();
    write(*machine, {{"/usr/share/OVMF/OVMF_CODE.fd", "code"},
                     {"/dev/vfio/vfio", ""},
                     {"/sys/kernel/iommu_groups/0/type", "DMA\n"},
                     {"/sys/class/dmi/id/product_uuid", "5f1c9a52-7d3e-4c1b-9a64-0d2f3b8e6a10\n"}});
    auto const facts = read_host_facts(*machine);
    CHECK(facts.firmware_files == std::vector<std::string>{"/usr/share/OVMF/OVMF_CODE.fd"});
    CHECK(facts.vfio);
    CHECK(facts.iommu);
    CHECK(facts.helpers.swtpm.empty());
    CHECK(facts.uuid == Uuid::parse("5f1c9a52-7d3e-4c1b-9a64-0d2f3b8e6a10"));
}
