// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/qemu/capabilities.hpp>
#include <vmwright/qemu/profiles.hpp>

#include <algorithm>

using namespace vmwright;

namespace
{

auto schema() -> qemu::QmpSchema const&
{
    static auto const capabilities = qemu::load_capabilities(qemu::profile_text("qemu-7.2-x86_64")).value();
    return capabilities.schema;
}

} // namespace

TEST_CASE("Commands, events and their features are looked up by name")
{
    CHECK(schema().has_command("device_add"));
    CHECK_FALSE(schema().has_command("device_ad"));
    CHECK_FALSE(schema().has_command("SHUTDOWN"));
    CHECK(schema().has_event("DEVICE_DELETED"));
    CHECK_FALSE(schema().has_event("device_add"));
    CHECK(schema().has_feature("device_add", "json-cli-hotplug"));
    CHECK(schema().has_feature("nbd-server-add", "deprecated"));
    CHECK_FALSE(schema().has_feature("device_add", "deprecated"));
    CHECK_FALSE(schema().has_feature("no-such-command", "deprecated"));
}

TEST_CASE("A path finds a member in an object, in its variants, through arrays and alternates")
{
    CHECK(schema().takes("blockdev-add", "driver"));
    CHECK(schema().takes("blockdev-add", "reconnect-delay"));
    CHECK(schema().takes("blockdev-add", "server.host"));
    CHECK(schema().takes("blockdev-add", "cache.direct"));
    CHECK(schema().takes("blockdev-add", "file.file.filename"));
    CHECK(schema().takes("netdev_add", "hostfwd.str"));
    CHECK(schema().takes("quit", ""));
    CHECK_FALSE(schema().takes("quit", "driver"));
    CHECK_FALSE(schema().takes("blockdev-add", "driver.name"));
    CHECK_FALSE(schema().takes("blockdev-add", "server.hosts"));
    CHECK_FALSE(schema().takes("no-such-command", "driver"));
    CHECK(schema().returns("query-machines", "default-ram-id"));
    CHECK_FALSE(schema().returns("query-machines", "acpi"));
}

TEST_CASE("A tag's value selects one variant")
{
    CHECK(schema().takes("blockdev-add", "driver=nbd"));
    CHECK_FALSE(schema().takes("blockdev-add", "driver=sheepdog"));
    CHECK(schema().takes("blockdev-add", "driver=nbd.reconnect-delay"));
    CHECK(schema().takes("blockdev-add", "driver=nbd.read-only"));
    CHECK_FALSE(schema().takes("blockdev-add", "driver=qcow2.reconnect-delay"));
    CHECK(schema().takes("blockdev-add", "file.driver=nbd.server.type=inet.host"));
    CHECK_FALSE(schema().takes("blockdev-add", "file.driver=nbd.server.type=unix.host"));
    CHECK(schema().takes("netdev_add", "type=tap.vhost"));
    CHECK_FALSE(schema().takes("netdev_add", "type=none.vhost"));
    CHECK(schema().takes("netdev_add", "type=none.id"));
    CHECK(schema().takes("netdev_add", "type=dgram"));
    CHECK(schema().takes("blockdev-add", "discard=unmap"));
    CHECK_FALSE(schema().takes("blockdev-add", "discard=unmap.read-only"));
    CHECK_FALSE(schema().takes("blockdev-add", "node-name=x"));
    CHECK(schema().takes("object-add", "qom-type=memory-backend-file.pmem"));
    CHECK(schema().takes("chardev-add", "backend.type=socket.data.reconnect"));
}

TEST_CASE("The values of an enum are listed")
{
    auto const drivers = schema().values("blockdev-add", "driver");
    CHECK(std::ranges::count(drivers, "qcow2") == 1);
    CHECK(std::ranges::count(drivers, "nbd") == 1);
    CHECK(std::ranges::count(schema().values("object-add", "qom-type"), "iothread") == 1);
    CHECK(schema().values("blockdev-add", "node-name").empty());
    CHECK(schema().values("no-such-command", "driver").empty());
}
