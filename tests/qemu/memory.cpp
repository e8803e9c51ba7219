// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/xml/domain.hpp>

#include <fmt/format.h>

#include <algorithm>

using namespace vmwright;

namespace
{

auto profile() -> qemu::Capabilities const&
{
    static auto const value = qemu::load_capabilities(qemu::profile_text(qemu::shipped_profile("x86_64"))).value();
    return value;
}

/// What stands before <os>, in <cpu> and in <devices>.
struct Document
{
    std::string_view head{"<memory>1048576</memory><vcpu>4</vcpu>"};
    std::string_view cpu{};
    std::string_view devices{};

    [[nodiscard]] auto text() const -> std::string
    {
        return fmt::format("<domain type='kvm'><name>x</name>{}<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>"
                           "<cpu>{}</cpu><devices>{}</devices></domain>",
                           head, cpu, devices);
    }
};

/// The places of the errors that reading and planning find.
auto refused(Document const& document) -> std::vector<std::string>
{
    auto const parsed = xml::read_domain(document.text());
    auto found = parsed.diagnostics;
    if (!found.has_errors())
        found.append(qemu::plan(parsed.result, profile(), qemu::debian12()).diagnostics);
    std::vector<std::string> places;
    for (auto const& diagnostic : found)
        if (diagnostic.severity == Severity::error)
            places.push_back(diagnostic.node);
    return places;
}

auto resolved(Document const& document) -> DomainConfig
{
    return qemu::resolve(xml::read_domain(document.text()).value(), profile(), qemu::debian12()).value().config;
}

auto arguments(Document const& document) -> std::vector<std::string>
{
    return qemu::arguments(qemu::plan(xml::read_domain(document.text()).value(), profile(), qemu::debian12()).value());
}

using Places = std::vector<std::string>;

constexpr std::string_view one_cell = "<numa><cell id='0' cpus='0-3' memory='524288'/></numa>";
constexpr std::string_view room = "<maxMemory slots='2' unit='GiB'>4</maxMemory><memory>524288</memory><vcpu>4</vcpu>";

} // namespace

TEST_CASE("the cells and the memory devices are the memory, whatever <memory> says")
{
    auto const dimm = "<memory model='dimm'><target><size unit='MiB'>256</size><node>0</node></target></memory>";
    auto const config = resolved({.head = room, .cpu = one_cell, .devices = dimm});
    CHECK(config.memory == MiB(768));
    CHECK(config.current_memory == MiB(768));
    CHECK(std::get<DimmAddress>(config.devices.memories.at(0).info.address.value()).slot == 0U);
    auto const again = qemu::resolve(config, profile(), qemu::debian12()).value().config;
    CHECK(again == config);
}

TEST_CASE("a domain without <memory> has that of its cells")
{
    CHECK(resolved({.head = "<vcpu>4</vcpu>", .cpu = one_cell}).memory == MiB(512));
    CHECK(refused({.head = "<vcpu>4</vcpu>"}) == Places{"/domain/memory"});
}

TEST_CASE("memory that can be plugged needs a size, slots and a NUMA cell")
{
    auto const max = [](std::string_view element, std::string_view cpu = one_cell) {
        auto const head = fmt::format("{}<memory>524288</memory><vcpu>4</vcpu>", element);
        return refused({.head = head, .cpu = cpu});
    };
    CHECK(max("<maxMemory slots='2'>1048576</maxMemory>").empty());
    CHECK(max("<maxMemory>1048576</maxMemory>") == Places{"/domain/maxMemory"});
    CHECK(max("<maxMemory slots='2'>0</maxMemory>") == Places{"/domain/maxMemory"});
    CHECK(max("<maxMemory slots='2'>1024</maxMemory>") == Places{"/domain/maxMemory"});
    CHECK(max("<maxMemory slots='2'>1048576</maxMemory>", "") == Places{"/domain/maxMemory"});
}

TEST_CASE("huge pages exclude what cannot be made of them, and name each node once")
{
    auto const backing = [](std::string_view content, std::string_view cpu = "") {
        auto const head = fmt::format("<memory>524288</memory><memoryBacking>{}</memoryBacking><vcpu>4</vcpu>", content);
        return refused({.head = head, .cpu = cpu});
    };
    CHECK(backing("<hugepages><page size='2048' nodeset='0'/></hugepages>").empty());
    CHECK(backing("<hugepages/><allocation mode='ondemand'/>") == Places{"/domain/memoryBacking/allocation/@mode"});
    CHECK(backing("<hugepages/><source type='anonymous'/>") == Places{"/domain/memoryBacking/source/@type"});
    CHECK(backing("<hugepages><page size='0'/></hugepages>").front() == "/domain/memoryBacking/hugepages/page[1]/@size");
    CHECK(backing("<hugepages><page/></hugepages>") == Places{"/domain/memoryBacking/hugepages/page"});
    CHECK(backing("<hugepages><page size='2048' nodeset='1'/></hugepages>") ==
          Places{"/domain/memoryBacking/hugepages/page[1]/@nodeset"});
    CHECK(backing("<hugepages><page size='2048'/><page size='4'/></hugepages>") ==
          Places{"/domain/memoryBacking/hugepages/page[2]"});
    CHECK(backing("<hugepages><page size='2048' nodeset='0'/><page size='4' nodeset='0'/></hugepages>", one_cell) ==
          Places{"/domain/memoryBacking/hugepages/page[2]/@nodeset"});
    // the host has only those of 2 MiB
    CHECK(backing("<hugepages><page size='1' unit='G'/></hugepages>") == Places{"/domain/memoryBacking/hugepages/page[1]"});
}

TEST_CASE("pages of the host's usual size are no huge pages")
{
    auto const argv = arguments({.head = "<memory>524288</memory><memoryBacking><hugepages><page size='4'/></hugepages>"
                                         "</memoryBacking><vcpu>4</vcpu>"});
    CHECK(std::ranges::find(argv, R"({"qom-type":"memory-backend-ram","id":"pc.ram","size":536870912})") != argv.end());
}

TEST_CASE("cells are numbered without a gap, have memory, and each vCPU is in one")
{
    auto const numa = [](std::string_view cells) {
        auto const cpu = fmt::format("<numa>{}</numa>", cells);
        return refused({.cpu = cpu});
    };
    CHECK(numa("<cell cpus='0' memory='1024'/><cell cpus='1' memory='1024'/>").empty());
    CHECK(numa("") == Places{"/domain/cpu/numa"});
    CHECK(numa("<cell id='1' memory='1024'/>") == Places{"/domain/cpu/numa/cell[1]/@id"});
    CHECK(numa("<cell id='0' memory='1024'/><cell id='0' memory='1024'/>") == Places{"/domain/cpu/numa/cell[2]/@id"});
    CHECK(numa("<cell cpus='0' memory='1024'/><cell/>") == Places{"/domain/cpu/numa/cell[2]"});
    CHECK(numa("<cell cpus='4' memory='1024'/>") == Places{"/domain/cpu/numa/cell[1]/@cpus"});
    CHECK(numa("<cell cpus='0-1' memory='1024'/><cell cpus='1' memory='1024'/>") ==
          Places{"/domain/cpu/numa/cell[2]/@cpus"});
}

TEST_CASE("vCPUs that no cell names go to cell 0")
{
    auto const cells = [](std::string_view text) {
        auto const cpu = fmt::format("<numa>{}</numa>", text);
        return resolved({.cpu = cpu}).cpu->numa->cells;
    };
    CHECK(cells("<cell id='1' cpus='1' memory='1024'/><cell id='0' memory='1024'/>")[0].cpus == NumberSet::parse("0,2-3"));
    CHECK_FALSE(cells("<cell cpus='0-3' memory='1024'/><cell memory='1024'/>")[1].cpus);
}

TEST_CASE("a distance holds in both directions unless the other one is told too")
{
    auto const cell = [](std::string_view rest) {
        return fmt::format("<cell memory='1024'><distances>{}</distances></cell>", rest);
    };
    auto const two = fmt::format("<numa>{}<cell memory='1024'/></numa>", cell("<sibling id='1' value='21'/>"));
    auto const cells = resolved({.cpu = two}).cpu->numa->cells;
    using Distances = std::vector<NumaDistance>;
    CHECK(cells[0].distances == Distances{{0, 10}, {1, 21}});
    CHECK(cells[1].distances == Distances{{0, 21}, {1, 10}});
    auto const both =
        fmt::format("<numa>{}{}</numa>", cell("<sibling id='1' value='21'/>"), cell("<sibling id='0' value='31'/>"));
    CHECK(resolved({.cpu = both}).cpu->numa->cells[1].distances == Distances{{0, 31}, {1, 10}});

    auto const refused_distance = [&](std::string_view sibling) {
        auto const cpu = fmt::format("<numa>{}<cell memory='1024'/></numa>", cell(sibling));
        return refused({.cpu = cpu});
    };
    auto const value = Places{"/domain/cpu/numa/cell[1]/distances/sibling[1]/@value"};
    CHECK(refused_distance("<sibling id='0' value='11'/>") == value);
    CHECK(refused_distance("<sibling id='1' value='10'/>") == value);
    CHECK(refused_distance("<sibling id='1' value='256'/>") == value);
    CHECK(refused_distance("<sibling id='2' value='20'/>") == Places{"/domain/cpu/numa/cell[1]/distances/sibling[1]/@id"});
}

TEST_CASE("an interconnect starts at vCPUs and leads to what there is")
{
    auto const links = [](std::string_view text) {
        auto const cpu =
            fmt::format("<numa><cell cpus='0-3' memory='1024'><cache level='1' associativity='none' policy='none'>"
                        "<size value='1' unit='KiB'/><line value='64' unit='B'/></cache></cell><cell memory='1024'/>"
                        "<interconnects>{}</interconnects></numa>",
                        text);
        return refused({.cpu = cpu});
    };
    auto const latency = std::string{"/domain/cpu/numa/interconnects/latency[1]"};
    CHECK(links("<latency initiator='0' target='1' type='access' value='5'/>").empty());
    CHECK(links("<latency initiator='1' target='1' type='access' value='5'/>") == Places{latency + "/@initiator"});
    CHECK(links("<latency initiator='2' target='1' type='access' value='5'/>") == Places{latency + "/@initiator"});
    CHECK(links("<latency initiator='0' target='2' type='access' value='5'/>") == Places{latency + "/@target"});
    CHECK(links("<latency initiator='0' target='0' cache='2' type='access' value='5'/>") == Places{latency + "/@cache"});
    CHECK(links("<latency initiator='0' target='0' type='access' value='5'/>"
                "<latency initiator='0' target='0' type='access' value='6'/>") ==
          Places{"/domain/cpu/numa/interconnects/latency[2]"});
    CHECK(links("<latency initiator='0' target='0' value='5'/>") == Places{"/domain/cpu/numa/interconnects/latency"});
}

TEST_CASE("what a memory device must have and must not")
{
    auto const device = [](std::string_view text) { return refused({.head = room, .cpu = one_cell, .devices = text}); };
    auto const node = std::string{"/domain/devices/memory[1]"};
    auto const size = "<size>524288</size>";
    auto const dimm = [&](std::string_view rest) {
        return device(fmt::format("<memory model='dimm'><target>{}<node>0</node></target>{}</memory>", size, rest));
    };
    CHECK(dimm("").empty());
    CHECK(dimm("<address type='dimm' slot='1'/>").empty());
    CHECK(dimm("<address type='dimm' slot='2'/>") == Places{node + "/address/@slot"});
    CHECK(dimm("<address type='dimm'/>") == Places{node + "/address"});
    CHECK(dimm("<address type='pci'/>") == Places{node + "/address/@type"});
    CHECK(device(fmt::format("<memory model='dimm'><target>{}</target></memory>", size)) == Places{node + "/target"});
    CHECK(device(fmt::format("<memory model='dimm'><target>{}<node>1</node></target></memory>", size)) ==
          Places{node + "/target/node"});
    CHECK(device("<memory model='dimm'/>") == Places{"/domain/devices/memory"});
    CHECK(device(fmt::format("<memory><target>{}<node>0</node></target></memory>", size)) ==
          Places{"/domain/devices/memory"});

    auto const nvdimm = [&](std::string_view attributes, std::string_view source, std::string_view label) {
        return device(fmt::format("<memory model='nvdimm' {}><source>{}</source><target>{}<node>0</node><label><size>{}"
                                  "</size></label></target></memory>",
                                  attributes, source, size, label));
    };
    CHECK(nvdimm("", "<path>/x</path>", "128").empty());
    CHECK(nvdimm("", "", "128") == Places{node + "/source/path"});
    CHECK(nvdimm("discard='yes'", "<path>/x</path>", "128") == Places{node + "/@discard"});
    CHECK(nvdimm("", "<path>/x</path>", "127") == Places{node + "/target/label/size"});
    CHECK(nvdimm("", "<path>/x</path>", "524288") == Places{node + "/target/label/size"});

    auto const pmem = [&](std::string_view access, std::string_view target) {
        return device(fmt::format("<memory model='virtio-pmem' access='{}'><source><path>/x</path></source><target>{}{}"
                                  "</target></memory>",
                                  access, size, target));
    };
    CHECK(pmem("shared", "").empty());
    CHECK(pmem("private", "") == Places{node + "/@access"});
    CHECK(pmem("shared", "<node>0</node>") == Places{node + "/target/node"});

    auto const mem = [&](std::string_view block, std::string_view requested) {
        return device(fmt::format("<memory model='virtio-mem'><target>{}<node>0</node><block>{}</block><requested>{}"
                                  "</requested></target></memory>",
                                  size, block, requested));
    };
    CHECK(mem("2048", "4096").empty());
    CHECK(mem("2048", "526336") == Places{node + "/target/requested"});
    CHECK(mem("2048", "2049") == Places{node + "/target/requested"});
    CHECK(mem("3072", "0") == Places{node + "/target/block"});
    CHECK(mem("1024", "0") == Places{node + "/target/block"});
}

TEST_CASE("memory devices need room, a slot each and a place of their own")
{
    auto const dimm = [](std::string_view address) {
        return fmt::format("<memory model='dimm'><target><size>2048</size><node>0</node></target>{}</memory>", address);
    };
    auto const three = dimm("") + dimm("") + dimm("");
    CHECK(refused({.head = room, .cpu = one_cell, .devices = three}) == Places{"/domain/devices/memory[3]"});
    auto const same = dimm("<address type='dimm' slot='1'/>") + dimm("<address type='dimm' slot='1'/>");
    CHECK(refused({.head = room, .cpu = one_cell, .devices = same}) == Places{"/domain/devices/memory[2]/address/@slot"});
    CHECK(refused({.cpu = one_cell, .devices = dimm("")}) == Places{"/domain/devices/memory[1]"});
}

TEST_CASE("shared memory: each model has what is its own")
{
    auto const shmem = [](std::string_view model, std::string_view rest, std::string_view name = "a") {
        auto const device = fmt::format("<shmem name='{}'><model type='{}'/>{}</shmem>", name, model, rest);
        return refused({.devices = device});
    };
    auto const node = std::string{"/domain/devices/shmem[1]"};
    CHECK(shmem("ivshmem-plain", "<size unit='M'>2</size>").empty());
    CHECK(shmem("ivshmem-plain", "<size unit='M'>3</size>") == Places{node + "/size"});
    CHECK(shmem("ivshmem-plain", "<size unit='KiB'>512</size>") == Places{node + "/size"});
    CHECK(shmem("ivshmem-plain", "<server path='/s'/>") == Places{node + "/server"});
    CHECK(shmem("ivshmem-plain", "<msi/>") == Places{node + "/msi"});
    CHECK(shmem("ivshmem-plain", "", "a/b") == Places{node + "/@name"});
    CHECK(shmem("ivshmem-doorbell", "<server path='/s'/>").empty());
    CHECK(shmem("ivshmem-doorbell", "") == Places{node});
    CHECK(shmem("ivshmem-doorbell", "<server path='/s'/><size unit='M'>4</size>") == Places{node + "/size"});
    CHECK(shmem("ivshmem", "") == Places{node + "/model/@type"});
    CHECK(refused({.devices = "<shmem><model type='ivshmem-plain'/></shmem>"}) == Places{"/domain/devices/shmem"});
}

TEST_CASE("a vhost-user disk needs memory that other processes can map: that of all cells")
{
    constexpr std::string_view disk = "<disk type='vhostuser' device='disk'><driver name='qemu' type='raw'/>"
                                      "<source type='unix' path='/s'/><target dev='vda' bus='virtio'/></disk>";
    auto const is_refused = [&](std::string_view access, std::string_view cell) {
        auto const head = fmt::format("<memory>524288</memory><memoryBacking>{}</memoryBacking><vcpu>4</vcpu>", access);
        auto const cpu = cell.empty() ? std::string{} : fmt::format("<numa><cell memory='524288' {}/></numa>", cell);
        return !refused({.head = head, .cpu = cpu, .devices = disk}).empty();
    };
    CHECK(is_refused("", ""));
    CHECK_FALSE(is_refused("<access mode='shared'/>", ""));
    CHECK_FALSE(is_refused("<access mode='shared'/>", "id='0'"));
    CHECK_FALSE(is_refused("", "memAccess='shared'"));
    CHECK(is_refused("<access mode='shared'/>", "memAccess='private'"));
}
