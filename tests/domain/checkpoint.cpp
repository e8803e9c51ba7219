// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "told.hpp"
#include "two_disks.hpp"

#include <vmwright/xml/checkpoint.hpp>

using namespace vmwright;

namespace
{

auto told(std::string_view text) -> std::string
{
    return ::told(xml::read_checkpoint(text), [](auto const& value) { return check(value, two_disks()); });
}

} // namespace

TEST_CASE("what is misspelled in a checkpoint's text is told at its place, with what would be right")
{
    CHECK(told("<domaincheckpoint><disks><disk name='vda' checkpoint='bitmpa'/></disks></domaincheckpoint>") ==
          "x:1:43: error: /domaincheckpoint/disks/disk/@checkpoint: 'bitmpa' is not a disk checkpoint; did you mean "
          "'bitmap'?");
}

TEST_CASE("what making a checkpoint is refused for is told at its place, with what would be right")
{
    CHECK(
        told("<domaincheckpoint><name>a b</name></domaincheckpoint>") ==
        "x:1:19: error: /domaincheckpoint/name: 'a b' is not the name of a checkpoint; use letters, digits, and any of _-.");
    CHECK(told("<domaincheckpoint><name>.a</name></domaincheckpoint>") ==
          "x:1:19: error: /domaincheckpoint/name: '.a' is not the name of a checkpoint; use a name without slashes that "
          "does not begin with a dot");
    CHECK(told("<domaincheckpoint><disks><disk name='vda' checkpoint='no' bitmap='b'/></disks></domaincheckpoint>") ==
          "x:1:59: error: /domaincheckpoint/disks/disk[1]/@bitmap: the disk 'vda' is not in the checkpoint, and has a "
          "bitmap; use checkpoint='bitmap'");
    CHECK(told("<domaincheckpoint><disks><disk name='vdz'/></disks></domaincheckpoint>") ==
          "x:1:32: error: /domaincheckpoint/disks/disk[1]/@name: the domain 'd' has no disk 'vdz'; use the name of a disk's "
          "target");
    CHECK(told("<domaincheckpoint><disks><disk name='vda'/><disk name='vda'/></disks></domaincheckpoint>") ==
          "x:1:50: error: /domaincheckpoint/disks/disk[2]/@name: disk 1 is 'vda' too; remove one");
}

TEST_CASE("a checkpoint takes every disk, with a bitmap of its name")
{
    auto const all = complete(CheckpointConfig{.name = "c"}, two_disks());
    REQUIRE(all.disks.size() == 2);
    CHECK(all.disks[1] == CheckpointDisk{.name = "vdb", .mode = CheckpointMode::bitmap, .bitmap = "c"});
    auto const some = complete(CheckpointConfig{.name = "c", .disks = {{.name = "vdb"}}}, two_disks());
    CHECK(some.disks[0].mode == CheckpointMode::no);
    CHECK(some.disks[1].bitmap == "c");
}
