// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/xml/domain.hpp>

#include <fmt/format.h>

using namespace vmwright;

namespace
{

auto profile() -> qemu::Capabilities const&
{
    static auto const value = qemu::load_capabilities(qemu::profile_text(qemu::shipped_profile("x86_64"))).value();
    return value;
}

auto document(std::string_view content, std::string_view vcpu = "<vcpu>4</vcpu>") -> std::string
{
    return fmt::format("<domain type='kvm'><name>x</name><memory>524288</memory>{}{}"
                       "<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os></domain>",
                       vcpu, content);
}

/// The places that reading and planning complain of with that severity.
auto places(Severity severity, std::string const& text) -> std::vector<std::string>
{
    auto const parsed = xml::read_domain(text);
    auto found = parsed.diagnostics;
    if (!found.has_errors())
        found.append(qemu::plan(parsed.result, profile(), qemu::debian12()).diagnostics);
    std::vector<std::string> list;
    for (auto const& diagnostic : found)
        if (diagnostic.severity == severity)
            list.push_back(diagnostic.node);
    return list;
}

auto refused(std::string_view content) -> std::vector<std::string>
{
    return places(Severity::error, document(content));
}

auto cputune(std::string_view content) -> std::vector<std::string>
{
    return refused(fmt::format("<iothreads>1</iothreads><cputune>{}</cputune>", content));
}

auto resolved(std::string const& text) -> DomainConfig
{
    return qemu::resolve(xml::read_domain(text).value(), profile(), qemu::debian12()).value().config;
}

using Places = std::vector<std::string>;

} // namespace

TEST_CASE("I/O threads have numbers of their own, and pools that can be")
{
    CHECK(refused("<iothreads>2</iothreads><iothreadids><iothread id='2'/></iothreadids>").empty());
    CHECK(refused("<iothreadids><iothread id='2'/><iothread id='2'/></iothreadids>") ==
          Places{"/domain/iothreadids/iothread[2]/@id"});
    CHECK(refused("<iothreadids><iothread id='0'/></iothreadids>") == Places{"/domain/iothreadids/iothread[1]/@id"});
    CHECK(refused("<iothreadids><iothread id='1' thread_pool_min='9' thread_pool_max='8'/></iothreadids>") ==
          Places{"/domain/iothreadids/iothread[1]/@thread_pool_min"});
    CHECK(refused("<defaultiothread thread_pool_min='9' thread_pool_max='8'/>") ==
          Places{"/domain/defaultiothread/@thread_pool_min"});
    CHECK(refused("<iothreads>4294967295</iothreads>") == Places{"/domain/iothreads"});
}

TEST_CASE("I/O threads that only the count asks for have the lowest free numbers")
{
    auto const config = resolved(document("<iothreads>3</iothreads><iothreadids><iothread id='2'/></iothreadids>"));
    CHECK(iothread_ids(config) == std::vector<std::uint32_t>{2, 1, 3});
    CHECK(config.iothread_ids.size() == 3);
    CHECK(resolved(document("<iothreadids><iothread id='5'/></iothreadids>")).iothreads == 1U);
    CHECK(resolved(document("<iothreads>2</iothreads>")).iothread_ids.empty());
}

TEST_CASE("what the host's scheduler is told must be possible")
{
    CHECK(cputune("<shares>2</shares><period>1000</period><quota>-1</quota>").empty());
    CHECK(cputune("<shares>1</shares>") == Places{"/domain/cputune/shares"});
    CHECK(cputune("<period>999</period>") == Places{"/domain/cputune/period"});
    CHECK(cputune("<global_period>1000001</global_period>") == Places{"/domain/cputune/global_period"});
    CHECK(cputune("<emulator_quota>999</emulator_quota>") == Places{"/domain/cputune/emulator_quota"});
    CHECK(cputune("<iothread_quota>17592186044416</iothread_quota>") == Places{"/domain/cputune/iothread_quota"});
    CHECK(cputune("<vcpupin vcpu='0' cpuset='0'/><vcpupin vcpu='0' cpuset='1'/>") ==
          Places{"/domain/cputune/vcpupin[2]/@vcpu"});
    CHECK(cputune("<vcpupin vcpu='0' cpuset='x'/>") == Places{"/domain/cputune/vcpupin/@cpuset"});
    CHECK(cputune("<iothreadpin iothread='2' cpuset='0'/>") == Places{"/domain/cputune/iothreadpin[1]/@iothread"});
    CHECK(cputune("<emulatorsched scheduler='fifo'/>") == Places{"/domain/cputune/emulatorsched"});
    CHECK(cputune("<vcpusched vcpus='0-1' scheduler='idle'/><vcpusched vcpus='1' scheduler='batch'/>") ==
          Places{"/domain/cputune/vcpusched[2]"});
}

TEST_CASE("pins of vCPUs that are not there are left out, the others stand in order")
{
    auto const text = document("<cputune><vcpupin vcpu='3' cpuset='1'/><vcpupin vcpu='4' cpuset='1'/>"
                               "<vcpupin vcpu='0' cpuset='0'/></cputune>");
    CHECK(places(Severity::warning, text) == Places{"/domain/cputune/vcpupin[2]/@vcpu", "/domain/cputune"});
    auto const pins = resolved(text).cputune.vcpu_pins;
    REQUIRE(pins.size() == 2);
    CHECK(pins[0].vcpu == 0);
    CHECK(pins[1].vcpu == 3);
}

TEST_CASE("limits that nothing here sets are told")
{
    CHECK(places(Severity::warning, document("<memtune><hard_limit>1</hard_limit></memtune>")) == Places{"/domain/memtune"});
    CHECK(places(Severity::warning, document("<blkiotune><weight>100</weight></blkiotune>")) == Places{"/domain/blkiotune"});
    CHECK(refused("<memtune><min_guarantee>1</min_guarantee></memtune>") == Places{"/domain/memtune/min_guarantee"});
    CHECK(refused("<blkiotune><device><path>/a</path></device><device><path>/a</path></device></blkiotune>") ==
          Places{"/domain/blkiotune/device[2]/path"});
}

TEST_CASE("memory is bound to nodes that are named, or follows the vCPUs")
{
    CHECK(refused("<numatune><memory nodeset='0'/></numatune>").empty());
    CHECK(refused("<numatune><memory mode='strict'/></numatune>") == Places{"/domain/numatune/memory"});
    CHECK(refused("<numatune><memnode cellid='0' nodeset='0'/></numatune>") == Places{"/domain/numatune/memnode[1]"});

    auto const by_vcpus = resolved(document("", "<vcpu placement='auto'>4</vcpu>"));
    CHECK(by_vcpus.numatune.memory == NumaMemory{.mode = NumaMode::strict, .placement = NumaPlacement::auto_});
    auto const by_memory = resolved(document("<numatune><memory placement='auto'/></numatune>"));
    CHECK(by_memory.vcpus.placement == VcpuPlacement::auto_);
    auto const said = resolved(document("<numatune><memory placement='static' nodeset='1,0'/></numatune>"));
    CHECK(said.numatune.memory == NumaMemory{.mode = NumaMode::strict, .nodeset = NumberSet::parse("0-1")});
}

TEST_CASE("each cell has one place for its memory")
{
    auto const numa = [](std::string_view tune) {
        return refused(
            fmt::format("<cpu><numa><cell cpus='0-3' memory='524288'/></numa></cpu><numatune>{}</numatune>", tune));
    };
    CHECK(numa("<memnode cellid='0' nodeset='0'/>").empty());
    CHECK(numa("<memnode cellid='1' nodeset='0'/>") == Places{"/domain/numatune/memnode[1]/@cellid"});
    CHECK(numa("<memnode cellid='0' nodeset='0'/><memnode cellid='0' nodeset='0'/>") ==
          Places{"/domain/numatune/memnode[2]/@cellid"});
    CHECK(numa("<memory placement='auto'/><memnode cellid='0' nodeset='0'/>") == Places{"/domain/numatune/memnode[1]"});
    CHECK(numa("<memory mode='restrictive' nodeset='0'/><memnode cellid='0' mode='strict' nodeset='0'/>") ==
          Places{"/domain/numatune/memnode[1]/@mode"});
    CHECK(numa("<memnode nodeset='0'/>") == Places{"/domain/numatune/memnode"});
}
