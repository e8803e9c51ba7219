// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "told.hpp"
#include "two_disks.hpp"

#include <vmwright/xml/backup.hpp>

using namespace vmwright;

namespace
{

auto told(std::string_view text) -> std::string
{
    return ::told(xml::read_backup(text), [](auto const& value) { return check(value, two_disks()); });
}

} // namespace

TEST_CASE("what is misspelled in a backup's text is told at its place, with what would be right")
{
    CHECK(told("<domainbackup  mode='pul'></domainbackup>") ==
          "x:1:16: error: /domainbackup/@mode: 'pul' is not a domainbackup mode; did you mean 'pull'?");
}

TEST_CASE("what making a backup is refused for is told at its place, with what would be right")
{
    CHECK(told("<domainbackup mode='pull'></domainbackup>") ==
          "x:1:1: error: /domainbackup: a backup of mode 'pull' has a server; add <server name='localhost' port='10809'/>");
    CHECK(told("<domainbackup><server name='l' port='1'/></domainbackup>") ==
          "x:1:15: error: /domainbackup/server: a backup of mode 'push' has no server; remove it");
    CHECK(told("<domainbackup mode='pull'><server transport='unix' socket='s'/></domainbackup>") ==
          "x:1:52: error: /domainbackup/server/@socket: 's' is not an absolute path; begin it with a slash");
    CHECK(told("<domainbackup mode='pull'><server name='l'/></domainbackup>") ==
          "x:1:27: error: /domainbackup/server: the server has no port; add port='10809'");
    CHECK(told("<domainbackup mode='pull'><server transport='rdma' name='l' port='1'/></domainbackup>") ==
          "x:1:35: error: /domainbackup/server/@transport: no NBD server listens by 'rdma'; use tcp or unix");
    CHECK(told("<domainbackup><disks><disk name='vda' type='file'><target dev='/x'/></disk></disks></domainbackup>") ==
          "x:1:51: error: /domainbackup/disks/disk[1]/target: a store of type 'file' has a path; add file='…'\n"
          "x:1:59: error: /domainbackup/disks/disk[1]/target/@dev: a store of type 'file' is named by file; remove it");
    CHECK(told("<domainbackup><disks><disk name='vda' type='file'><scratch file='/x'/></disk></disks></domainbackup>") ==
          "x:1:51: error: /domainbackup/disks/disk[1]/scratch: a backup of mode 'push' has no scratch; remove it");
    CHECK(told("<domainbackup><disks><disk name='vda' exportname='e'/></disks></domainbackup>") ==
          "x:1:39: error: /domainbackup/disks/disk[1]/@exportname: a backup of mode 'push' has no export; remove it");
    CHECK(told("<domainbackup><disks><disk name='vda' backup='no' type='file'><target "
               "file='/x'/></disk></disks></domainbackup>") == "x:1:22: error: /domainbackup/disks/disk[1]: the disk 'vda' "
                                                               "is not in the backup, and has a store; use backup='yes'");
    CHECK(told("<domainbackup><disks><disk name='vda' backupmode='incremental'/></disks></domainbackup>") ==
          "x:1:22: error: /domainbackup/disks/disk[1]: since when the disk 'vda' is backed up is not said; add "
          "incremental='…', a checkpoint");
    CHECK(told("<domainbackup><disks><disk name='vda' backupmode='full' incremental='c'/></disks></domainbackup>") ==
          "x:1:57: error: /domainbackup/disks/disk[1]/@incremental: the disk 'vda' is backed up in full, and since 'c'; "
          "remove one of them");
    CHECK(told("<domainbackup><disks><disk name='vda'><driver type='qcow3'/></disk></disks></domainbackup>") ==
          "x:1:47: error: /domainbackup/disks/disk[1]/driver/@type: 'qcow3' is not an image format; did you mean 'qcow2'?");
    CHECK(told("<domainbackup><disks><disk name='vdz'/></disks></domainbackup>") ==
          "x:1:28: error: /domainbackup/disks/disk[1]/@name: the domain 'd' has no disk 'vdz'; use the name of a disk's "
          "target");
    CHECK(told("<domainbackup><disks><disk name='vda'/><disk name='vda'/></disks></domainbackup>") ==
          "x:1:46: error: /domainbackup/disks/disk[2]/@name: disk 1 is 'vda' too; remove one");
}

TEST_CASE("a backup since a checkpoint is an incremental one of every disk")
{
    auto const kept = complete({.incremental = "c"}, two_disks());
    REQUIRE(kept.disks.size() == 2);
    CHECK(kept.mode == BackupMode::push);
    CHECK(kept.disks[0].mode == BackupDiskMode::incremental);
    CHECK(kept.disks[0].incremental == "c");
    CHECK(complete(kept, two_disks()) == kept);
}
