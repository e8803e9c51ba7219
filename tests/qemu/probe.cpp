// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/qemu/probe.hpp>

#include <algorithm>

using namespace vmwright;

namespace
{

/// A QEMU with two machines of one family, a board, two devices, an object and a small schema.
auto answer(qemu::ProbeCommand const& command) -> std::string
{
    auto const& [name, arguments] = command;
    if (name == "query-version")
        return R"({"return": {"qemu": {"major": 7, "minor": 2, "micro": 22}, "package": "Debian"}, "id": "x"})";
    if (name == "query-target")
        return R"({"return": {"arch": "riscv64"}})";
    if (name == "query-machines")
        return R"({"return": [
            {"name": "virt-7.2", "alias": "virt", "is-default": true, "cpu-max": 512, "hotpluggable-cpus": true,
             "numa-mem-supported": true, "deprecated": false, "default-cpu-type": "rv64-riscv-cpu", "default-ram-id": "ram"},
            {"name": "virt-7.10", "cpu-max": 8, "hotpluggable-cpus": false, "numa-mem-supported": false, "deprecated": true},
            {"name": "microvm", "cpu-max": 1, "hotpluggable-cpus": false, "numa-mem-supported": false, "deprecated": false},
            {"name": "none", "cpu-max": 1, "hotpluggable-cpus": false, "numa-mem-supported": false, "deprecated": false}]})";
    if (name == "query-command-line-options")
        return R"({"return": [{"option": "", "parameters": []},
            {"option": "sandbox", "parameters": [{"name": "spawn", "type": "string"}, {"name": "enable", "type": "boolean"}]}]})";
    if (name == "query-qmp-schema")
        return R"({"return": [
            {"name": "stop", "meta-type": "command", "arg-type": "0", "ret-type": "0", "features": ["json-cli"]},
            {"name": "0", "meta-type": "object", "members": []},
            {"name": "STOP", "meta-type": "event", "arg-type": "1"},
            {"name": "1", "meta-type": "object", "tag": "kind", "members": [{"name": "kind", "type": "2"}],
             "variants": [{"case": "a", "type": "5"}]},
            {"name": "2", "meta-type": "enum", "values": ["a", "b"],
             "members": [{"name": "a"}, {"name": "b", "features": ["deprecated"]}]},
            {"name": "3", "meta-type": "enum", "values": ["old"]},
            {"name": "[3]", "meta-type": "array", "element-type": "3"},
            {"name": "4", "meta-type": "alternate", "members": [{"type": "str"}, {"type": "1"}]},
            {"name": "5", "meta-type": "object", "features": ["dynamic"],
             "members": [{"name": "list", "type": "[3]", "default": null}, {"name": "either", "type": "4"}]},
            {"name": "str", "meta-type": "builtin", "json-type": "string"}]})";
    if (name == "qom-list-types" && arguments.empty())
        return R"({"return": [{"name": "virtio-blk-pci"}, {"name": "edu"}, {"name": "rng-random"}, {"name": "tcg-accel"},
            {"name": "rv64-riscv-cpu"}, {"name": "virt-7.2-machine"}]})";
    if (name == "qom-list-types" && arguments.find("device") != arguments.npos)
        return R"({"return": [{"name": "virtio-blk-pci"}, {"name": "edu"}, {"name": "rv64-riscv-cpu"}]})";
    if (name == "qom-list-types" && arguments.find("creatable") != arguments.npos)
        return R"({"return": [{"name": "rng-random"}]})";
    if (name == "qom-list-types" && arguments.find("cpu") != arguments.npos)
        return R"({"return": [{"name": "sifive-u54-riscv-cpu"}, {"name": "rv64-riscv-cpu"}]})";
    if (name == "qom-list-properties")
        return R"({"return": [{"name": "pflash0", "type": "string"}, {"name": "acpi", "type": "bool"}]})";
    if (name == "device-list-properties")
        return R"({"return": [{"name": "serial", "type": "str"}, {"name": "drive", "type": "str"}]})";
    return R"({"error": {"class": "CommandNotFound", "desc": "The command has not been found"}})";
}

auto answers(std::vector<qemu::ProbeCommand> const& commands) -> std::vector<qemu::ProbeReply>
{
    std::vector<qemu::ProbeReply> replies;
    for (auto const& command : commands)
        replies.push_back({command, answer(command)});
    return replies;
}

auto whole_probe() -> std::vector<qemu::ProbeReply>
{
    auto replies = answers(qemu::probe_commands());
    std::ranges::move(answers(qemu::probe_details(replies).value()), std::back_inserter(replies));
    return replies;
}

auto replace(std::vector<qemu::ProbeReply> replies, std::string_view name, std::string reply)
{
    for (auto& each : replies)
        if (each.command.name == name)
            each.reply = reply;
    return replies;
}

} // namespace

TEST_CASE("A probe asks for the properties of what is there and cannot abort QEMU")
{
    auto const details = qemu::probe_details(answers(qemu::probe_commands())).value();
    CHECK(details == std::vector<qemu::ProbeCommand>{{"qom-list-properties", R"({"typename":"none-machine"})"},
                                                     {"qom-list-properties", R"({"typename":"virt-7.2-machine"})"},
                                                     {"device-list-properties", R"({"typename":"virtio-blk-pci"})"}});
}

TEST_CASE("The answers to a probe make the capabilities")
{
    auto const found = qemu::capabilities_from("/opt/qemu", whole_probe()).value();
    CHECK(found.binary == "/opt/qemu");
    CHECK(found.arch == "riscv64");
    CHECK(found.version == qemu::EmulatorVersion{7, 2, 22});
    CHECK(found.package == "Debian");
    REQUIRE(found.machines.size() == 4);
    CHECK(*found.find_machine("virt") == qemu::MachineType{.name = "virt-7.2",
                                                           .alias = "virt",
                                                           .is_default = true,
                                                           .max_cpus = 512,
                                                           .hotpluggable_cpus = true,
                                                           .numa_memory = true,
                                                           .default_cpu_type = "rv64-riscv-cpu",
                                                           .default_ram_id = "ram"});
    CHECK(found.find_machine("virt-7.10")->deprecated);
    CHECK(found.machine_has("virt-7.10", "acpi"));
    CHECK_FALSE(found.machine_has("microvm", "acpi"));
    CHECK(found.devices == std::vector<std::string>{"edu", "rv64-riscv-cpu", "virtio-blk-pci"});
    CHECK(found.objects == std::vector<std::string>{"rng-random"});
    CHECK(found.types == std::vector<std::string>{"tcg-accel"});
    CHECK(found.device_has("virtio-blk-pci", "drive"));
    CHECK_FALSE(found.device_has("edu", "drive"));
    CHECK(found.options == std::vector<qemu::NamedList>{{"sandbox", {"enable", "spawn"}}});
}

TEST_CASE("CPU models come from their own query or, where QEMU lacks it, from the types")
{
    auto replies = whole_probe();
    auto const from_types = qemu::capabilities_from("", replies).value();
    CHECK(from_types.cpus == std::vector<qemu::CpuModel>{{.name = "rv64", .type = "rv64-riscv-cpu"},
                                                         {.name = "sifive-u54", .type = "sifive-u54-riscv-cpu"}});

    replies = replace(replies, "query-cpu-definitions", R"({"return": [
        {"name": "EPYC", "typename": "EPYC-x86_64-cpu", "alias-of": "EPYC-v1", "static": true, "migration-safe": true,
         "deprecated": true, "unavailable-features": ["sse5", "avx"]}]})");
    CHECK(qemu::capabilities_from("", replies).value().cpus ==
          std::vector<qemu::CpuModel>{{.name = "EPYC",
                                       .type = "EPYC-x86_64-cpu",
                                       .alias_of = "EPYC-v1",
                                       .is_static = true,
                                       .migratable = true,
                                       .deprecated = true,
                                       .unavailable_features = {"avx", "sse5"}}});
}

TEST_CASE("The schema keeps members, features, variants and the old form of an enum, also through a file")
{
    auto const probed = qemu::capabilities_from("", whole_probe()).value();
    for (auto const& found : {probed, qemu::load_capabilities(qemu::save(probed)).value()}) {
        auto schema = found.schema;
        CHECK(schema.has_feature("stop", "json-cli"));
        CHECK(schema.has_event("STOP"));
        auto const& members = schema.types.at(6).members;
        REQUIRE(members.size() == 2);
        CHECK(members[0].optional);
        CHECK_FALSE(members[1].optional);
        CHECK(schema.types.at(2).members.at(1).features == std::vector<std::string>{"deprecated"});
        CHECK(schema.types.at(6).features == std::vector<std::string>{"dynamic"});
        // An event's data is no command's argument: ask as if it were.
        schema.commands.push_back({.name = "zap", .argument = schema.events[0].argument});
        CHECK(schema.takes("zap", "kind=a.list=old"));
        CHECK(schema.takes("zap", "either.kind"));
        CHECK_FALSE(schema.takes("zap", "kind=b.list"));
        CHECK_FALSE(schema.takes("zap", "kind=c"));
        CHECK(schema.values("zap", "kind") == std::vector<std::string_view>{"a", "b"});
        CHECK(schema == [&] {
            auto same = probed.schema;
            same.commands = schema.commands;
            return same;
        }());
    }
}

TEST_CASE("A QEMU that ended at a property list still leaves usable capabilities")
{
    auto const found = qemu::capabilities_from("", answers(qemu::probe_commands())).value();
    CHECK(found.has_device("virtio-blk-pci"));
    CHECK(found.device_properties.empty());
    CHECK(found.machine_properties.empty());
}

TEST_CASE("An answer that cannot be read is an error that names the command")
{
    auto const replies = whole_probe();
    auto const refusal = [&](std::string_view name, std::string reply) -> std::string {
        auto const found = qemu::capabilities_from("", replace(replies, name, std::move(reply)));
        REQUIRE(found.has_error());
        CHECK(found.error().code() == Errc::corrupt_state);
        return found.error().what();
    };
    CHECK(refusal("query-target", R"({"error": {}})") == "probe: query-target: QEMU did not answer it");
    CHECK(refusal("query-target", "{") == "probe: query-target: the reply is not a JSON object");
    CHECK(refusal("query-target", "[]") == "probe: query-target: the reply is not a JSON object");
    CHECK_THAT(refusal("query-version", R"({"return": {"qemu": {}}})"),
               Catch::StartsWith("probe: a reply has an unexpected form"));
    CHECK_THAT(refusal("query-machines", R"({"return": [{"name": 1}]})"),
               Catch::StartsWith("probe: a reply has an unexpected form"));
    CHECK(refusal("query-qmp-schema",
                  R"({"return": [{"name": "q", "meta-type": "command", "arg-type": "9", "ret-type": "9"}]})") ==
          "probe: query-qmp-schema: '9' is a type that is not described");
    CHECK(refusal("query-qmp-schema", R"({"return": [{"name": "q", "meta-type": "module"}]})") ==
          "probe: query-qmp-schema: unknown meta-type 'module'");
    CHECK(qemu::capabilities_from("", {}).has_error());
    CHECK(qemu::probe_details({}).has_error());
}
