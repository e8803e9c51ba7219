// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/xml/domain.hpp>

#include <algorithm>

using namespace vmwright;

namespace
{

constexpr std::string_view document = R"(<domain type='qemu'>
  <name>d</name>
  <memory unit='MiB'>64</memory>
  <os><type arch="x86_64" machine='pc-q35-7.2'>hvm</type></os>
  <devices>
    <!-- the system's disk -->
    <disk type='file' device="disk">
      <driver name='qemu' type='qcow2' cache='none'/>   <!-- no host cache -->
      <source file='/img/a&amp;b.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <disk type='block' device='cdrom'>
      <target dev='sda' bus='sata'/>
    </disk>
  </devices>
</domain>
)";

auto changed_lines(std::string_view before, std::string_view after) -> std::vector<std::string>
{
    auto const lines = [](std::string_view text) {
        std::vector<std::string> list;
        for (std::size_t at = 0; at < text.size();) {
            auto const end = std::min(text.find('\n', at), text.size());
            list.emplace_back(text.substr(at, end - at));
            at = end + 1;
        }
        return list;
    };
    auto const old = lines(before);
    std::vector<std::string> changed;
    for (auto const& line : lines(after))
        if (std::ranges::find(old, line) == old.end())
            changed.push_back(line);
    return changed;
}

} // namespace

TEST_CASE("a disk is read with all that is said of it")
{
    auto const parsed = xml::read_domain(document);
    REQUIRE(parsed.diagnostics.empty());
    auto const& disks = parsed.result.devices.disks;
    REQUIRE(disks.size() == 2);
    CHECK(disks[0].driver->cache == DiskCache::none);
    CHECK(disks[0].driver->type == "qcow2");
    CHECK(std::get<FileSource>(disks[0].source).file == "/img/a&b.qcow2");
    CHECK(disks[0].target.bus == DiskBus::virtio);
    CHECK(disks[1].device == DiskDevice::cdrom);
    CHECK(std::holds_alternative<BlockSource>(disks[1].source));
}

TEST_CASE("faults of a disk name their node, their place and what would be right")
{
    std::string text{document};
    text.replace(text.find("'virtio'"), 8, "'virtoi'");
    text.replace(text.find("cache="), 5, "cashe");
    auto const parsed = xml::read_domain(text);
    REQUIRE(parsed.diagnostics.size() == 2);
    CHECK(format(parsed.diagnostics[0], "d.xml") ==
          "d.xml:8:40: warning: /domain/devices/disk[1]/driver/@cashe: <driver> has no attribute 'cashe'; it is ignored; "
          "did you mean 'cache'?");
    CHECK(format(parsed.diagnostics[1], "d.xml") ==
          "d.xml:10:25: error: /domain/devices/disk[1]/target/@bus: 'virtoi' is not a "
          "disk bus; did you mean 'virtio'?");
    // the rest of the document is read all the same
    CHECK(parsed.result.devices.disks.size() == 2);
    CHECK(parsed.result.devices.disks[0].target.dev == "vda");
}

TEST_CASE("an update without an edit changes no byte")
{
    auto const parsed = xml::read_domain(document);
    CHECK(xml::update_domain(parsed.document, parsed.result) == document);
}

TEST_CASE("an edited field changes its line and no other")
{
    auto const parsed = xml::read_domain(document);
    auto config = parsed.result;
    config.devices.disks[0].driver->cache = DiskCache::writeback;
    auto const text = xml::update_domain(parsed.document, config);
    CHECK(changed_lines(document, text) ==
          std::vector<std::string>{"      <driver name='qemu' type='qcow2' cache='writeback'/>   <!-- no host cache -->"});
    CHECK(xml::read_domain(text).result == config);
}

TEST_CASE("a new disk goes behind the last one, in the document's indent")
{
    auto const parsed = xml::read_domain(document);
    auto config = parsed.result;
    config.devices.disks.push_back(Disk::file("/img/c.raw", "vdb"));
    auto const text = xml::update_domain(parsed.document, config);
    CHECK(text.find("      <target dev='sda' bus='sata'/>\n    </disk>\n    <disk type='file' device='disk'>\n"
                    "      <driver name='qemu' type='raw'/>\n      <source file='/img/c.raw'/>\n      <target dev='vdb'/>\n"
                    "    </disk>\n  </devices>") != std::string::npos);
    CHECK(xml::read_domain(text).result == config);
}

TEST_CASE("a removed disk takes its lines along and leaves the comment")
{
    auto const parsed = xml::read_domain(document);
    auto config = parsed.result;
    config.devices.disks.erase(config.devices.disks.begin());
    auto const text = xml::update_domain(parsed.document, config);
    CHECK(text.find("vda") == std::string::npos);
    CHECK(text.find("<!-- the system's disk -->") != std::string::npos);
    CHECK(xml::read_domain(text).result == config);
}

TEST_CASE("a disk of another type keeps what both types have")
{
    auto const parsed = xml::read_domain(document);
    auto config = parsed.result;
    config.devices.disks[0].source = BlockSource{"/dev/sdx"};
    auto const text = xml::update_domain(parsed.document, config);
    CHECK(text.find("<disk type='block' device=\"disk\">") != std::string::npos);
    CHECK(text.find("file=") == std::string::npos);
    CHECK(xml::read_domain(text).result == config);
}

TEST_CASE("what is written is read back as the same value")
{
    auto const config = xml::read_domain(document).result;
    auto const text = xml::write_domain(config);
    auto const again = xml::read_domain(text);
    CHECK(again.diagnostics.empty());
    CHECK(again.result == config);
    CHECK(xml::write_domain(again.result) == text);
}
