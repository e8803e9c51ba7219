// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/xml/domain.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace vmwright;

namespace
{

auto data(std::string_view name) -> std::string
{
    std::ifstream in{std::filesystem::path{VMWRIGHT_TEST_DATA} / "argv" / name, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

TEST_CASE("memory and tuning are printed so that the same is read again")
{
    for (auto const* name : {"memory-hugepages.xml", "memory-file.xml", "memory-devices.xml", "numa-performance.xml",
                             "shmem.xml", "tuning.xml", "iothreads-pool.xml"}) {
        INFO(name);
        auto const parsed = xml::read_domain(data(name));
        CHECK(parsed.diagnostics.empty());
        auto const printed = xml::write_domain(parsed.result);
        auto const again = xml::read_domain(printed);
        CHECK(again.diagnostics.empty());
        CHECK(again.result == parsed.result);
        CHECK(xml::write_domain(again.result) == printed);
    }
}

TEST_CASE("amounts are printed in libvirt's units")
{
    auto const parsed = xml::read_domain(data("tuning.xml"));
    auto const tuning = xml::write_domain(parsed.result);
    CHECK(tuning.find("<cache id='0' level='3' type='both' size='3' unit='MiB'/>") != tuning.npos);
    CHECK(tuning.find("<hard_limit unit='KiB'>1048576</hard_limit>") != tuning.npos);
    auto const numa = xml::write_domain(xml::read_domain(data("numa-performance.xml")).result);
    CHECK(numa.find("<size value='1024' unit='KiB'/>") != numa.npos);
    CHECK(numa.find("<line value='64' unit='B'/>") != numa.npos);
    auto shmem = xml::read_domain(data("shmem.xml")).result;
    shmem.devices.shmems[0].size = MiB(8);
    auto const printed = xml::write_domain(shmem);
    CHECK(printed.find("<size unit='M'>8</size>") != printed.npos);
    shmem.devices.shmems[0].size = Size{4};
    CHECK(xml::write_domain(shmem).find("<size unit='bytes'>4</size>") != std::string::npos);
    shmem.devices.shmems[0].size = KiB(4);
    CHECK(xml::write_domain(shmem).find("<size unit='KiB'>4</size>") != std::string::npos);
}

TEST_CASE("an amount in an attribute is edited where it stands")
{
    auto const text = data("numa-performance.xml");
    auto parsed = xml::read_domain(text);
    parsed.result.cpu->numa->cells[0].memory = MiB(128);
    auto expected = text;
    constexpr std::string_view old = "cpus='1' memory='256'";
    expected.replace(expected.find(old), old.size(), "cpus='1' memory='128'");
    CHECK(xml::update_domain(parsed.document, parsed.result) == expected);
}
