// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "told.hpp"

#include <vmwright/xml/pool.hpp>

using namespace vmwright;

namespace
{

auto told(std::string_view text) -> std::string
{
    return ::told(xml::read_pool(text), [](auto const& value) { return check(value); });
}

} // namespace

TEST_CASE("what is misspelled in a pool's text is told at its place, with what would be right")
{
    CHECK(told("<pool><name>p</name></pool>") ==
          "x:1:1: error: /pool: <pool> has no attribute 'type'; name one, as type='dir'");
    CHECK(told("<pool type='dirr'><name>p</name><target><path>/p</path></target></pool>") ==
          "x:1:7: error: /pool/@type: 'dirr' is not a pool type; did you mean 'dir'?");
    CHECK(told("<pool type='dir'>\n"
               "  <name>p</name>\n"
               "  <target>\n"
               "    <path>/p</path>\n"
               "    <permissions><mode>0888</mode></permissions>\n"
               "  </target>\n"
               "</pool>") ==
          "x:5:18: error: /pool/target/permissions/mode: '0888' is not a value of mode; give octal digits, as 0755");
    CHECK(told("<pool type='dir'>\n"
               "  <name>p</name>\n"
               "  <target><pth>/p</pth></target>\n"
               "</pool>") ==
          "x:3:11: warning: /pool/target/pth: <target> has no element 'pth'; it is ignored; did you mean 'path'?\n"
          "x:3:3: error: /pool/target: a pool of type 'dir' has a path for its volumes; add <path>…</path>");
    CHECK(told("<pool type='iscsi'><name>p</name><source><host name='h'/><device path='iqn.a:b'/><auth type='chapp' "
               "username='u'><secret usage='s'/></auth></source><target><path>/p</path></target></pool>") ==
          "x:1:88: error: /pool/source/auth/@type: 'chapp' is not an auth type; did you mean 'chap'?");
    CHECK(told("<pool type='scsi'><name>p</name><source><adapter type='fc_hots' wwnn='1' "
               "wwpn='2'/></source><target><path>/p</path></target></pool>") ==
          "x:1:50: error: /pool/source/adapter/@type: 'fc_hots' is not an adapter type; did you mean 'fc_host'?\n"
          "x:1:65: warning: /pool/source/adapter/@wwnn: <adapter> has no attribute 'wwnn'; it is ignored; it is one of "
          "'type', 'name'\n"
          "x:1:74: warning: /pool/source/adapter/@wwpn: <adapter> has no attribute 'wwpn'; it is ignored; it is one of "
          "'type', 'name'");
    CHECK(told("<volume/>") == "x:1:1: error: /volume: the root element is <volume>, not <pool>");
}

TEST_CASE("what a definition of a pool is refused for is told at its place, with what would be right")
{
    CHECK(told("<pool type='dir'><target><path>/p</path></target></pool>") ==
          "x:1:1: error: /pool: the pool has no name; add <name>…</name>");
    CHECK(told("<pool type='dir'><name>a/b</name><target><path>/p</path></target></pool>") ==
          "x:1:18: error: /pool/name: 'a/b' is not the name of a pool; use a name without a slash");
    CHECK(told("<pool type='dir'><name>p</name></pool>") ==
          "x:1:1: error: /pool/target: a pool of type 'dir' has a path for its volumes; add <path>…</path>");
    CHECK(
        told("<pool type='fs'><name>p</name><source><format type='xfs'/></source><target><path>/p</path></target></pool>") ==
        "x:1:31: error: /pool/source: a pool of type 'fs' has a device; add <device path='…'/>");
    CHECK(told("<pool type='fs'><name>p</name><source><device path='/dev/a'/><format "
               "type='xsf'/></source><target><path>/p</path></target></pool>") ==
          "x:1:70: error: /pool/source/format/@type: 'xsf' is not a format of pools of type 'fs'; did you mean 'xfs'?");
    CHECK(
        told("<pool type='netfs'><name>p</name><source><dir path='/d'/></source><target><path>/p</path></target></pool>") ==
        "x:1:34: error: /pool/source: a pool of type 'netfs' has a host; add <host name='…'/>");
    CHECK(
        told("<pool type='netfs'><name>p</name><source><host name='h'/></source><target><path>/p</path></target></pool>") ==
        "x:1:34: error: /pool/source: a pool of type 'netfs' has a directory on its host; add <dir path='…'/>");
    CHECK(told("<pool type='netfs'><name>p</name><source><host/><dir "
               "path='/d'/></source><target><path>/p</path></target></pool>") ==
          "x:1:42: error: /pool/source/host[1]: the host has no name; add name='…'");
    CHECK(told("<pool type='scsi'><name>p</name><source/><target><path>/p</path></target></pool>") ==
          "x:1:33: error: /pool/source: a pool of type 'scsi' has an adapter; add <adapter name='…'/>");
    CHECK(told("<pool type='scsi'><name>p</name><source><adapter type='scsi_host'><parentaddr "
               "unique_id='1'/></adapter></source><target><path>/p</path></target></pool>") ==
          "x:1:67: error: /pool/source/adapter/parentaddr: the controller has no PCI address; add <address domain='…' "
          "bus='…' slot='…' function='…'/>");
    CHECK(told("<pool type='scsi'><name>p</name><source><adapter type='fc_host' wwnn='20000000c9831b4b' "
               "wwpn='x'/></source><target><path>/p</path></target></pool>") ==
          "x:1:89: error: /pool/source/adapter/@wwpn: 'x' is not a World Wide Name; give 16 hex digits");
    CHECK(told("<pool type='scsi'><name>p</name><source><adapter type='fc_host' "
               "wwpn='20000000c9831b4b'/></source><target><path>/p</path></target></pool>") ==
          "x:1:41: error: /pool/source/adapter: the virtual port has no name; add wwnn='…' and wwpn='…'");
    CHECK(told("<pool type='rbd'><name>p</name><source><name>r</name></source></pool>") ==
          "x:1:32: error: /pool/source: a pool of type 'rbd' has a host; add <host name='…'/>");
    CHECK(told("<pool type='rbd'><name>p</name><source><host name='h'/></source></pool>") ==
          "x:1:32: error: /pool/source: a pool of type 'rbd' has a name of its source; add <name>…</name>");
    CHECK(told("<pool type='iscsi-direct'><name>p</name><source><host name='h'/><device path='iqn.a:b'/></source></pool>") ==
          "x:1:41: error: /pool/source: a pool of type 'iscsi-direct' has a name of the initiator; add <initiator><iqn "
          "name='…'/></initiator>");
    CHECK(told("<pool type='iscsi'><name>p</name><source><host name='h'/><device path='iqn.a:b'/><auth type='chap' "
               "username='u'><secret/></auth></source><target><path>/p</path></target></pool>") ==
          "x:1:113: error: /pool/source/auth/secret: the secret has no name; add uuid='…' or usage='…'");
    CHECK(told("<pool type='logical'><name>p</name><features><cow "
               "state='no'/></features><source><name>v</name></source></pool>") ==
          "x:1:46: error: /pool/features/cow: a pool of type 'logical' cannot choose whether it is copy-on-write; remove "
          "it; it is for dir and fs");
    CHECK(told("<pool type='fs' xmlns:fs='http://libvirt.org/schemas/storagepool/fs/1.0'><name>p</name><source><device "
               "path='/d'/></source><target><path>/p</path></target><fs:mount_opts><fs:option/></fs:mount_opts></pool>") ==
          "x:1:171: error: /pool/fs:mount_opts/fs:option: <fs:option> has no attribute 'name'");
}

TEST_CASE("what has no effect in a pool, or cannot be meant, is a warning")
{
    CHECK(told("<pool type='dir'><name>p</name><source><host name='h'/><device "
               "path='/d'/></source><target><path>p</path></target></pool>") ==
          "x:1:40: warning: /pool/source/host: a pool of type 'dir' has no host; it is ignored; remove it\n"
          "x:1:56: warning: /pool/source/device: a pool of type 'dir' has no device; it is ignored; remove it\n"
          "x:1:92: warning: /pool/target/path: 'p' is not an absolute path; begin it with a slash");
    CHECK(told("<pool type='disk'><name>p</name><source><device path='/a'/><device "
               "path='/a'/></source><target><path>/dev</path></target></pool>") ==
          "x:1:68: warning: /pool/source/device[2]/@path: device 1 is '/a' too; remove one\n"
          "x:1:60: warning: /pool/source/device[2]: a pool of type 'disk' uses one device, and there are 2; remove all but "
          "one");
}

TEST_CASE("a pool that is built in a program gets the defaults of its type")
{
    auto const logical = complete({.type = PoolType::logical, .name = "vg"});
    CHECK(logical.source.name == "vg");
    CHECK(logical.source.format == "lvm2");
    CHECK(logical.target->path == "/dev/vg");
    auto const gluster = complete({.type = PoolType::gluster, .name = "g", .source = {.hosts = {{.name = "h", .port = 0}}}});
    CHECK(gluster.source.dir == "/");
    CHECK_FALSE(gluster.source.hosts[0].port);
    CHECK_FALSE(gluster.target);
    auto const dir = complete({.name = "d", .target = PoolTarget{.path = "/srv//images/", .permissions = {.owner = -1}}});
    CHECK(dir.target->path == "/srv/images");
    CHECK_FALSE(dir.target->permissions.owner);
    CHECK(complete(dir) == dir);
}
