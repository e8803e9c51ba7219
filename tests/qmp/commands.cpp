// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/core/error.hpp>
#include <vmwright/qmp/commands.hpp>
#include <vmwright/qmp/convert.hpp>
#include <vmwright/qmp/events.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

using namespace vmwright;

namespace tests_qmp_commands
{

enum class Colour
{
    red,
    blue,
};

constexpr auto enum_names(Colour)
{
    return name_list("red", "dark-blue");
}

struct Inner
{
    std::uint8_t small{};
    std::vector<std::int64_t> list_of_numbers{};
};

/// A command of a program that uses the library.
struct x_test
{
    static constexpr std::string_view name{"x-test"};
    struct Reply
    {
        std::vector<Inner> items{};
        std::optional<Colour> colour{};
    };

    std::string typename_{};
    std::optional<bool> is_on{};
    std::uint64_t most{};
    std::optional<Inner> inner_one{};
    Colour colour{};
    boost::json::object props{};
};

BOOST_DESCRIBE_STRUCT(Inner, (), (small, list_of_numbers))
BOOST_DESCRIBE_STRUCT(x_test, (), (typename_, is_on, most, inner_one, colour, props))
BOOST_DESCRIBE_STRUCT(x_test::Reply, (), (items, colour))

} // namespace tests_qmp_commands

using namespace tests_qmp_commands;

namespace
{

template <qmp::Command C>
auto arguments(C const& command) -> std::string
{
    return boost::json::serialize(qmp::CommandCodec<C>::arguments(command));
}

template <qmp::Command C>
auto reply(std::string const& json) -> typename C::Reply
{
    return qmp::CommandCodec<C>::reply(boost::json::parse(json));
}

template <qmp::Command C>
auto complaint(std::string const& json) -> std::string
{
    try {
        static_cast<void>(reply<C>(json));
    } catch (Error const& error) {
        CHECK(error.code() == Errc::monitor_failed);
        return error.what();
    }
    return "";
}

} // namespace

TEST_CASE("members are written under QAPI's names, absent ones not at all")
{
    CHECK(arguments(x_test{}) == R"({"typename":"","most":0,"colour":"red","props":{}})");
    CHECK(arguments(x_test{.typename_ = "t",
                           .is_on = false,
                           .most = std::numeric_limits<std::uint64_t>::max(),
                           .inner_one = Inner{1, {2, -3}},
                           .colour = Colour::blue,
                           .props = {{"a_b", nullptr}}}) ==
          R"({"typename":"t","is-on":false,"most":18446744073709551615,)"
          R"("inner-one":{"small":1,"list-of-numbers":[2,-3]},"colour":"dark-blue","props":{"a_b":null}})");
    CHECK(arguments(qmp::cont{}) == "{}");
    CHECK(arguments(qmp::set_link{.name_ = "net0", .up = false}) == R"({"name":"net0","up":false})");
    CHECK(arguments(qmp::device_list_properties{"virtio-blk-pci"}) == R"({"typename":"virtio-blk-pci"})");
    CHECK(arguments(qmp::query_cpu_model_expansion{qmp::CpuModelExpansionType::static_, {.name = "max"}}) ==
          R"({"type":"static","model":{"name":"max"}})");
    CHECK(arguments(qmp::set_password{
              .protocol = qmp::DisplayProtocol::spice, .password = "x", .connected = qmp::SetPasswordAction::disconnect}) ==
          R"({"protocol":"spice","password":"x","connected":"disconnect"})");
    CHECK(arguments(qmp::expire_password{.time = "never"}) == R"({"protocol":"vnc","time":"never"})");
    CHECK(arguments(qmp::human_monitor_command{.command_line = "info"}) == R"({"command-line":"info"})");
}

TEST_CASE("a complaint names the command and the member")
{
    CHECK(complaint<x_test>("[]") == "x-test: what QEMU sent is array, not object");
    CHECK(complaint<x_test>("{}") == "x-test: the member 'items' is missing");
    CHECK(complaint<x_test>(R"({"items": [{"small": 1, "list-of-numbers": []}, {"small": 256, "list-of-numbers": []}]})") ==
          "x-test: the member 'items[1].small' is int64, not a positive integer of its range");
    CHECK(complaint<x_test>(R"({"items": [{"small": -1, "list-of-numbers": []}]})").find("items[0].small") !=
          std::string::npos);
    CHECK(complaint<x_test>(R"({"items": [{"small": 1.0, "list-of-numbers": []}]})").find("is double") != std::string::npos);
    CHECK(complaint<x_test>(R"({"items": [{"small": 1, "list-of-numbers": [1, "2"]}]})") ==
          "x-test: the member 'items[0].list-of-numbers[1]' is string, not an integer of its range");
    CHECK(complaint<x_test>(R"({"items": [{"small": 1, "list-of-numbers": [9223372036854775808]}]})").find("uint64") !=
          std::string::npos);
    CHECK(complaint<x_test>(R"({"items": [], "colour": "green"})") ==
          "x-test: the member 'colour' has the unknown value 'green'");
    CHECK(complaint<qmp::query_machines>(R"([{"name": "q35"}])").find("[0].cpu-max' is missing") != std::string::npos);
    CHECK(complaint<qmp::query_qmp_schema>("{}") == "query-qmp-schema: what QEMU sent is object, not array");
}

TEST_CASE("what a later QEMU adds does no harm")
{
    CHECK(reply<qmp::query_status>(R"({"running": false, "status": "hibernating", "new": {}})").status ==
          qmp::RunState::unknown);
    CHECK(reply<x_test>(R"({"items": [], "colour": "dark-blue", "more": 1})").colour == Colour::blue);
}

TEST_CASE("every state of QEMU 7.2 has its name")
{
    CHECK(names_of<qmp::RunState>.size() == 17);
    for (auto const name : names_of<qmp::RunState>)
        CHECK(to_string(*from_string<qmp::RunState>(name)) == name);
}

TEST_CASE("replies are read as QEMU 7.2 sends them")
{
    CHECK(reply<qmp::query_uuid>(R"({"UUID": "6a0c"})").uuid == "6a0c");
    CHECK(!reply<qmp::query_name>("{}").name);
    auto const blocks = reply<qmp::query_block>(
        R"([{"io-status": "ok", "device": "", "locked": false, "removable": false, "qdev": "/m/vda", "type": "unknown",
             "inserted": {"iops_rd": 0, "detect_zeroes": "off", "image": {"virtual-size": 1024, "filename": "a.qcow2",
             "format": "qcow2", "actual-size": 512}, "ro": false, "node-name": "n", "backing_file_depth": 2, "drv": "qcow2",
             "backing_file": "b", "file": "a.qcow2"}}])");
    REQUIRE(blocks.size() == 1);
    CHECK(blocks[0].io_status == qmp::BlockDeviceIoStatus::ok);
    CHECK(blocks[0].inserted->backing_file == "b");
    CHECK(blocks[0].inserted->backing_file_depth == 2);
    CHECK(blocks[0].inserted->image.virtual_size == 1024);
    auto const buses = reply<qmp::query_pci>(
        R"([{"bus": 0, "devices": [{"irq_pin": 0, "bus": 0, "qdev_id": "rp1", "slot": 1, "function": 0,
             "class_info": {"class": 1540, "desc": "PCI bridge"}, "id": {"device": 12, "vendor": 6966}, "regions": [],
             "pci_bridge": {"bus": {"number": 0, "secondary": 1, "subordinate": 1}, "devices": [
             {"bus": 1, "qdev_id": "vda", "slot": 0, "function": 0, "class_info": {"class": 256},
              "id": {"device": 1, "vendor": 2, "subsystem-vendor": 3}}]}}]}])");
    REQUIRE(buses.size() == 1);
    auto const& bridge = buses[0].devices.at(0);
    CHECK(bridge.class_info.class_ == 1540);
    CHECK(bridge.pci_bridge->devices->at(0).qdev_id == "vda");
    CHECK(bridge.pci_bridge->devices->at(0).id.subsystem_vendor == 3);
    auto const vnc = reply<qmp::query_vnc>(
        R"({"enabled": true, "auth": "none", "family": "ipv4", "service": "5900", "host": "127.0.0.1", "clients": [
            {"host": "::1", "service": "1", "family": "ipv6", "websocket": false}]})");
    CHECK(vnc.family == qmp::NetworkAddressFamily::ipv4);
    CHECK(vnc.clients->at(0).family == qmp::NetworkAddressFamily::ipv6);
    CHECK(reply<qmp::qom_get>("5") == 5);
    CHECK(reply<qmp::human_monitor_command>("\"a\\r\\n\"") == "a\r\n");
}

TEST_CASE("events have types")
{
    auto const event = [](std::string_view name, std::string const& data) {
        return qmp::Event{std::string{name}, boost::json::parse(data).as_object(), {}};
    };
    auto const shutdown =
        qmp::as<qmp::events::shutdown>(event("SHUTDOWN", R"({"guest": true, "reason": "guest-shutdown"})"));
    REQUIRE(shutdown);
    CHECK(shutdown->guest);
    CHECK(shutdown->reason == qmp::ShutdownCause::guest_shutdown);
    CHECK(qmp::as<qmp::events::shutdown>(event("SHUTDOWN", R"({"guest": true, "reason": "new"})"))->reason ==
          qmp::ShutdownCause::unknown);
    CHECK(qmp::as<qmp::events::powerdown>(event("POWERDOWN", "{}")));
    CHECK(!qmp::as<qmp::events::stop>(event("RESUME", "{}")));
    CHECK(qmp::as<qmp::events::device_deleted>(event("DEVICE_DELETED", R"({"device": "vdb", "path": "/m"})"))->device ==
          "vdb");
    CHECK(qmp::as<qmp::events::device_tray_moved>(
              event("DEVICE_TRAY_MOVED", R"({"device": "", "id": "cd", "tray-open": true})"))
              ->tray_open);
    CHECK(
        reply<qmp::query_block>(R"([{"device": "", "locked": false, "removable": true, "type": "", "tray_open": true}])")[0]
            .tray_open == true);
    CHECK_THROWS_WITH(qmp::as<qmp::events::reset>(event("RESET", R"({"guest": 1, "reason": "none"})")),
                      "RESET: the member 'guest' is int64, not bool");
}
