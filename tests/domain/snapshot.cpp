// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "told.hpp"
#include "two_disks.hpp"

#include <vmwright/xml/snapshot.hpp>

using namespace vmwright;

namespace
{

auto told(std::string_view text) -> std::string
{
    return ::told(xml::read_snapshot(text), [](auto const& value) { return check(value, two_disks()); });
}

} // namespace

TEST_CASE("what is misspelled in a snapshot's text is told at its place, with what would be right")
{
    CHECK(told("<domainsnapshot><state>runing</state></domainsnapshot>") ==
          "x:1:17: error: /domainsnapshot/state: 'runing' is not a value of state; did you mean 'running'?");
    CHECK(told("<domainsnapshot><creationTime>now</creationTime></domainsnapshot>") ==
          "x:1:17: error: /domainsnapshot/creationTime: 'now' is not a value of creationTime; give a whole number from "
          "-9223372036854775808 to 9223372036854775807");
    CHECK(told("<domainsnapshot><disks><disk name='vda' type='filee'><source file='/x'/></disk></disks></domainsnapshot>") ==
          "x:1:41: error: /domainsnapshot/disks/disk/@type: 'filee' is not a disk type; did you mean 'file'?");
    CHECK(told("<domainsnapshot>\n"
               "  <domain type='qemu'>\n"
               "    <name>d</name>\n"
               "    <memory unit='parsec'>1</memory>\n"
               "    <os><type>hvm</type></os>\n"
               "  </domain>\n"
               "</domainsnapshot>") == "x:4:13: error: /domainsnapshot/domain/memory/@unit: 'parsec' is not a memory unit; "
                                       "give a unit like b, KiB, MiB, GiB, TiB (1024) or KB, MB, GB, TB (1000)");
}

TEST_CASE("what making a snapshot is refused for is told at its place, with what would be right")
{
    CHECK(told("<domainsnapshot><name>a/b</name></domainsnapshot>") ==
          "x:1:17: error: /domainsnapshot/name: 'a/b' is not the name of a snapshot; use a name without slashes that does "
          "not begin with a dot");
    CHECK(told("<domainsnapshot><name>s</name><parent><name>s</name></parent></domainsnapshot>") ==
          "x:1:39: error: /domainsnapshot/parent/name: the snapshot 's' is its own parent; name another one");
    CHECK(told("<domainsnapshot><memory snapshot='external'/></domainsnapshot>") ==
          "x:1:17: error: /domainsnapshot/memory: memory that is kept outside has no file; add file='…'");
    CHECK(told("<domainsnapshot><memory snapshot='internal' file='/m'/></domainsnapshot>") ==
          "x:1:45: error: /domainsnapshot/memory/@file: memory in the file '/m' is kept outside, not 'internal'; use "
          "snapshot='external'");
    CHECK(told("<domainsnapshot><memory file='m'/></domainsnapshot>") ==
          "x:1:25: error: /domainsnapshot/memory/@file: 'm' is not an absolute path; begin it with a slash");
    CHECK(told("<domainsnapshot><disks><disk/></disks></domainsnapshot>") ==
          "x:1:24: error: /domainsnapshot/disks/disk[1]: the disk has no name; as name='vda'");
    CHECK(told("<domainsnapshot><disks><disk name='vdz'/></disks></domainsnapshot>") ==
          "x:1:30: error: /domainsnapshot/disks/disk[1]/@name: the domain 'd' has no disk 'vdz'; use the name of a disk's "
          "target");
    CHECK(told("<domainsnapshot><disks><disk name='vda'/><disk "
               "name='/var/lib/libvirt/images/a.qcow2'/></disks></domainsnapshot>") ==
          "x:1:48: error: /domainsnapshot/disks/disk[2]/@name: disk 1 is 'vda' too; remove one");
    CHECK(told("<domainsnapshot><disks><disk name='vda' snapshot='internal'><source "
               "file='/x'/></disk></disks></domainsnapshot>") ==
          "x:1:61: error: /domainsnapshot/disks/disk[1]/source: the disk 'vda' is kept 'internal', and has a new image; use "
          "snapshot='external', or remove the source");
    CHECK(told("<domainsnapshot><disks><disk name='vda'><source file='x'/></disk></disks></domainsnapshot>") ==
          "x:1:41: error: /domainsnapshot/disks/disk[1]/source: 'x' is not an absolute path; begin it with a slash");
    CHECK(
        told("<domainsnapshot><disks><disk name='vda'><driver type='qcow3'/></disk></disks></domainsnapshot>") ==
        "x:1:49: error: /domainsnapshot/disks/disk[1]/driver/@type: 'qcow3' is not an image format; did you mean 'qcow2'?");
}

TEST_CASE("a snapshot takes every disk, and names what it makes")
{
    auto const kept = complete({.name = "s", .disks = {{.name = "vdb", .mode = DiskSnapshot::external}}}, two_disks());
    REQUIRE(kept.disks.size() == 2);
    CHECK(kept.memory->mode == DiskSnapshot::no);
    CHECK(kept.disks[0].name == "vda");
    CHECK(std::get<FileSource>(kept.disks[1].source).file == "/var/lib/libvirt/images/b.s");
    CHECK(complete(kept, two_disks()) == kept);
}

TEST_CASE("the domain in a snapshot is read as any domain, with its places")
{
    auto const text = std::string{"<domainsnapshot>\n  <name>s</name>\n  <domain type='qemu'>\n    <name>d</name>\n"
                                  "    <vcpu>two</vcpu>\n    <os><type>hvm</type></os>\n  </domain>\n</domainsnapshot>\n"};
    auto const parsed = xml::read_snapshot(text);
    REQUIRE(parsed.diagnostics.size() == 1);
    CHECK(parsed.diagnostics[0].where == Location{5, 5});
    CHECK(parsed.diagnostics[0].node == "/domainsnapshot/domain/vcpu");
    CHECK(std::get<DomainConfig>(*parsed.result.domain).name == "d");
}
