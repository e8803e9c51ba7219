// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/qemu/capabilities.hpp>
#include <vmwright/qemu/profiles.hpp>

#include <algorithm>

using namespace vmwright;

namespace
{

auto debian() -> qemu::Capabilities const&
{
    static auto const capabilities = qemu::load_capabilities(qemu::profile_text("qemu-7.2-x86_64")).value();
    return capabilities;
}

/// The smallest file there is, with more members.
auto file(std::string_view members) -> std::string
{
    return R"({"format": 2, "arch": "x86_64")" + std::string{members} + "}";
}

auto refusal(std::string_view text) -> std::string
{
    auto const loaded = qemu::load_capabilities(text);
    REQUIRE(loaded.has_error());
    CHECK(loaded.error().code() == Errc::corrupt_state);
    return loaded.error().what();
}

} // namespace

TEST_CASE("The shipped profile is that of Debian 12")
{
    CHECK(debian().arch == "x86_64");
    CHECK(debian().version >= qemu::EmulatorVersion{7, 2, 0});
    CHECK(debian().version < qemu::EmulatorVersion{7, 3, 0});
    CHECK(to_string(qemu::EmulatorVersion{7, 2, 22}) == "7.2.22");
    CHECK(debian().package.starts_with("Debian"));
}

TEST_CASE("A machine is found by its name or alias")
{
    CHECK(debian().canonical_machine("q35") == "pc-q35-7.2");
    CHECK(debian().canonical_machine("pc") == "pc-i440fx-7.2");
    CHECK(debian().canonical_machine("pc-q35-7.1") == "pc-q35-7.1");
    CHECK(debian().canonical_machine("pc-q35-9.9") == "pc-q35-9.9");
    CHECK(debian().find_machine("pc-q35-9.9") == nullptr);
    CHECK(debian().find_machine("") == nullptr);
    auto const* machine = debian().find_machine("q35");
    REQUIRE(machine != nullptr);
    CHECK(machine->max_cpus == 288);
    CHECK(machine->default_ram_id == "pc.ram");
    CHECK(machine->default_cpu_type == "qemu64-x86_64-cpu");
    CHECK(machine->hotpluggable_cpus);
    CHECK_FALSE(machine->deprecated);
    CHECK(debian().find_machine("pc-i440fx-1.4")->deprecated);
    CHECK(debian().default_machine()->name == "pc-i440fx-7.2");
    CHECK(std::ranges::count(debian().machine_names(), "q35") == 1);
    CHECK(std::ranges::count(debian().machine_names(), "pc-q35-7.2") == 1);
}

TEST_CASE("The properties of a machine are those of its family")
{
    CHECK(qemu::machine_family("pc-q35-4.0.1") == "pc-q35");
    CHECK(qemu::machine_family("pc-i440fx-rhel7.6.0") == "pc-i440fx");
    CHECK(qemu::machine_family("s390-ccw-virtio-7.2") == "s390-ccw-virtio");
    CHECK(qemu::machine_family("mps2-an505") == "mps2-an505");
    CHECK(qemu::machine_family("virt") == "virt");
    CHECK(qemu::machine_family("odd-1.") == "odd-1.");
    CHECK(debian().machine_has("q35", "smm"));
    CHECK(debian().machine_has("pc-q35-2.4", "hmat"));
    CHECK_FALSE(debian().machine_has("pc-q35-7.2", "gic-version"));
    CHECK_FALSE(debian().machine_has("isapc", "nothing"));
    CHECK_FALSE(debian().machine_has("unknown", "smm"));
}

TEST_CASE("CPU models, devices, objects and other types are told apart")
{
    auto const* cpu = debian().find_cpu("Skylake-Client");
    REQUIRE(cpu != nullptr);
    CHECK(cpu->type == "Skylake-Client-x86_64-cpu");
    CHECK(cpu->migratable);
    CHECK_FALSE(cpu->unavailable_features.empty());
    CHECK(debian().find_cpu("base")->is_static);
    CHECK(debian().find_cpu("Skylake") == nullptr);
    CHECK(std::ranges::count(debian().cpu_names(), "qemu64") == 1);

    CHECK(debian().has_device("virtio-blk-pci"));
    CHECK_FALSE(debian().has_device("virtio-blk"));
    CHECK_FALSE(debian().has_device("virtio-blk-pcix"));
    CHECK_FALSE(debian().has_device("rng-random"));
    CHECK(debian().has_object("rng-random"));
    CHECK_FALSE(debian().has_object("virtio-rng-pci"));
    CHECK(debian().has_type("kvm-accel"));
    CHECK_FALSE(debian().has_type("pc-q35-7.2-machine"));
}

TEST_CASE("Properties and parameters are looked up by name")
{
    CHECK(debian().device_has("virtio-blk-pci", "queue-size"));
    CHECK(debian().device_has("pcie-root-port", "hotplug"));
    CHECK_FALSE(debian().device_has("virtio-blk-pci", "queue"));
    CHECK_FALSE(debian().device_has("edu", "dma_mask"));
    CHECK(debian().has_option("sandbox"));
    CHECK(debian().option_has("sandbox", "elevateprivileges"));
    CHECK(debian().option_has("smp-opts", "dies"));
    CHECK_FALSE(debian().option_has("smp-opts", "drawers"));
    CHECK_FALSE(debian().has_option("no-such-option"));
}

TEST_CASE("JSON is for the options that take it in that version")
{
    for (auto const option : {"device", "object", "blockdev", "netdev", "audiodev", "display", "compat"})
        CHECK(debian().takes_json(option));
    for (auto const option : {"chardev", "vnc", "spice", "machine", "accel", "smp", "m", "numa", "cpu", "mon", "fsdev", ""})
        CHECK_FALSE(debian().takes_json(option));

    auto older = debian();
    older.version = {7, 1, 0};
    CHECK_FALSE(older.takes_json("netdev"));
    CHECK(older.takes_json("object"));
    std::erase_if(older.schema.commands, [](auto const& command) { return command.name == "device_add"; });
    CHECK_FALSE(older.takes_json("device"));
}

TEST_CASE("What is saved is loaded again, in the order that look-ups need")
{
    CHECK(qemu::load_capabilities(qemu::save(debian())).value() == debian());

    auto const unordered = qemu::load_capabilities(file(R"(, "devices": ["usb-tablet", "AC97", "e1000"])")).value();
    CHECK(unordered.has_device("AC97"));
    CHECK(unordered.has_device("e1000"));
    CHECK(unordered.has_device("usb-tablet"));
}

TEST_CASE("A file that is no profile is refused with the place and the reason")
{
    CHECK_THAT(refusal(""), Catch::StartsWith("profile: 1:1: not an emulator profile: "));
    CHECK_THAT(refusal("<domain/>"), Catch::StartsWith("profile: 1:1: not an emulator profile: "));
    CHECK_THAT(refusal("{\n\"format\": 1,\n\"arch\" \"x\"}"), Catch::StartsWith("profile: 3:8: not an emulator profile: "));
    CHECK_THAT(refusal(file("") + "\n x"), Catch::StartsWith("profile: 2:2: not an emulator profile: "));
    CHECK(refusal("{}") == "profile: not an emulator profile: it has no member 'format'");
    CHECK(refusal("[1]") == "profile: not an emulator profile: it has no member 'format'");
    CHECK(refusal(R"({"format": 1})") == "profile: format: is 1, and this library reads 2");
    CHECK(refusal(R"({"format": 2})") == "profile: arch: is missing");
    CHECK(refusal(file(R"(, "machine": [])")) == "profile: has no member 'machine'; did you mean 'machines'?");
    CHECK(refusal(file(R"(, "machines": [{"name": "a"}, {"name": 1}])")) == "profile: machines[1].name: must be a string");
    CHECK(refusal(file(R"(, "machines": [{"max_cpus": -1}])")) ==
          "profile: machines[0].max_cpus: must be a whole number from 0 to 4294967295");
    CHECK(refusal(file(R"(, "devices": {})")) == "profile: devices: must be a list");
    CHECK(refusal(file(R"(, "cpus": ["qemu64"])")) == "profile: cpus[0]: must be an object");
    CHECK(refusal(file(R"(, "cpus": [{"is_static": 1}])")) == "profile: cpus[0].is_static: must be true or false");
}

TEST_CASE("A schema in which a look-up could get lost is refused")
{
    CHECK(refusal(file(R"(, "commands": ["stop:0:0"])")) == "profile: schema: 'stop' refers to type 0 of 0");
    CHECK(refusal(file(R"(, "schema": [{"array": 1}])")) == "profile: schema: 'an array' refers to type 1 of 1");
    CHECK(refusal(file(R"(, "schema": [{"members": ["*x:7"]}])")) == "profile: schema: 'x' refers to type 7 of 1");
    for (auto const types :
         {R"({"array": 1}, {"array": 0})", R"({"alternate": [":0"]})", R"({"tag": "t", "variants": ["a:0"]})"})
        CHECK_THAT(refusal(file(", \"schema\": [" + std::string{types} + "]")), Catch::Contains("contains itself"));
    CHECK(refusal(file(R"(, "schema": [{"builtin": "str"}, {"tag": "t", "variants": ["a:0"]}])")) ==
          "profile: schema: variant 'a' is not an object");
    CHECK(qemu::load_capabilities(file(R"(, "schema": [{"members": ["self:0"]}])")).has_value());

    // Each array is of the one before it, or of the one after.
    for (auto const step : {-1, 1}) {
        std::string types = R"({"builtin": "str"})";
        for (auto i = 1; i < 100'000; ++i)
            types += ", {\"array\": " + std::to_string(i + step == 100'000 ? 0 : i + step) + "}";
        CHECK_THAT(refusal(file(", \"schema\": [" + types + "]")), Catch::Contains("more than 32 levels"));
    }
}

TEST_CASE("A word of a schema that is misspelt is refused")
{
    CHECK(refusal(file(R"(, "events": ["STOP"])")) == "profile: events[0]: 'STOP' has no type's number at its end");
    CHECK(refusal(file(R"(, "events": ["STOP:x"])")) == "profile: events[0]: 'STOP:x' has no type's number at its end");
    CHECK(refusal(file(R"(, "events": [[]])")) == "profile: events[0]: must not be an empty list");
    CHECK(refusal(file(R"(, "events": [["STOP:0:0", 1]])")) == "profile: events[0][1]: must be a string");
}
