// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/qemu/host_facts.hpp>

using namespace vmwright;

namespace
{

auto refusal(std::string_view text) -> std::string
{
    auto const loaded = qemu::load_host_facts(text);
    REQUIRE(loaded.has_error());
    return loaded.error().what();
}

} // namespace

TEST_CASE("A plain Debian 12 host has KVM, 2 MiB huge pages and neither vhost-net nor a GPU")
{
    auto const facts = qemu::debian12();
    CHECK(facts.arch == "x86_64");
    CHECK(facts.kvm.usable);
    CHECK_FALSE(facts.vhost_net);
    CHECK(facts.render_nodes.empty());
    CHECK(facts.first_port == 5900);
    CHECK(facts.ports_taken.empty());
    CHECK(facts.vnc_listen == "127.0.0.1");
    CHECK(facts.directories.lib == "/var/lib/libvirt/qemu");
    REQUIRE(facts.find_hugepages(MiB(2)) != nullptr);
    CHECK(facts.find_hugepages(MiB(2))->path == "/dev/hugepages");
    CHECK(facts.find_hugepages(GiB(1)) == nullptr);
}

TEST_CASE("Host facts are saved and loaded whole")
{
    CHECK(qemu::load_host_facts(qemu::save(qemu::HostFacts{})).value() == qemu::HostFacts{});
    CHECK(qemu::load_host_facts(qemu::save(qemu::debian12())).value() == qemu::debian12());

    // Every member differs from its default, so a member that save or load forgets is seen.
    auto const facts = qemu::HostFacts{
        .arch = "aarch64",
        .cpus = 64,
        .kvm = {.usable = true, .reason = "none"},
        .vhost_net = true,
        .vhost_vsock = true,
        .iommu = true,
        .vfio = true,
        .uuid = Uuid::parse("5f1c9a52-7d3e-4c1b-9a64-0d2f3b8e6a10"),
        .topology =
            {.cells = {{.id = 1,
                        .memory = GiB(2),
                        .pages = {{.size = KiB(4), .count = 5}},
                        .distances = {{.id = 1, .value = 10}},
                        .processors = {{.id = 3, .socket = 1, .die = 2, .core = 4, .siblings = NumberSet::of({2, 3})}}}},
             .caches = {{.id = 1, .level = 3, .type = "both", .size = MiB(8), .processors = NumberSet::of({0, 1, 2})}},
             .page_sizes = {KiB(4), MiB(2)}},
        .hugepages = {{"/huge,1G", GiB(1)}, {"/huge", MiB(2)}},
        .default_hugepage = GiB(1),
        .render_nodes = {"/dev/dri/renderD128"},
        .images = {{"/a.qcow2", "qcow2", "/b.raw", "raw"}},
        .vnc_listen = "0.0.0.0",
        .spice_listen = "::1",
        .first_port = 6000,
        .last_port = 6100,
        .ports_taken = {6000, 6002},
        .directories = {.lib = "/lib", .state = "/state", .log = "/log", .nvram = "/nvram", .tpm = "/tpm"},
        .helpers = {.swtpm = "/a", .swtpm_setup = "/b", .virtiofsd = "/c", .passt = "/d"},
        .firmware = {{.interfaces = {"uefi"},
                      .device = "flash",
                      .mode = "split",
                      .executable = "/code.fd",
                      .format = "raw",
                      .nvram_template = "/vars.fd",
                      .nvram_format = "qcow2",
                      .targets = {{.architecture = "arm", .machines = {"virt-*"}}},
                      .features = {"secure-boot"}}},
        .firmware_files = {"/code.fd"},
        .nvram_templates = {{"/old/code.fd", "/old/vars.fd"}},
        .smbios = SmbiosInfo{.bios = {{"vendor", "V"}},
                             .system = {{"product", "P"}},
                             .boards = {{.entries = {{"asset", "A"}}}},
                             .chassis = {{"sku", "S"}},
                             .oem_strings = {"one"}},
        .sev = qemu::SevFact{.cbitpos = 51, .reduced_phys_bits = 1, .max_guests = 15, .max_es_guests = 4},
        .now = -5,
        .utc_offset = -3600,
    };
    CHECK(qemu::load_host_facts(qemu::save(facts)).value() == facts);
    REQUIRE(facts.find_image("/a.qcow2") != nullptr);
    CHECK(facts.find_image("/a.qcow2")->backing == "/b.raw");
    CHECK(facts.find_image("/b.raw") == nullptr);
}

TEST_CASE("A file of host facts may leave members out")
{
    CHECK(qemu::load_host_facts("{}").value() == qemu::HostFacts{});
    auto const facts = qemu::load_host_facts(R"({"first_port": 5950, "kvm": {"reason": "no /dev/kvm"}})").value();
    CHECK(facts.first_port == 5950);
    CHECK(facts.kvm == qemu::KvmFact{.usable = false, .reason = "no /dev/kvm"});
    CHECK(facts.vnc_listen == "127.0.0.1");
}

TEST_CASE("A wrong file of host facts is refused with the place and the reason")
{
    CHECK_THAT(refusal("{\n\"cpus\": }"), Catch::StartsWith("host facts: 2:9: not a file of host facts: "));
    CHECK(refusal("[]") == "host facts: must be an object");
    CHECK(refusal(R"({"vnc_lisen": ""})") == "host facts: has no member 'vnc_lisen'; did you mean 'vnc_listen'?");
    CHECK(refusal(R"({"kvm": {"usable": "yes"}})") == "host facts: kvm.usable: must be true or false");
    CHECK(refusal(R"({"hugepages": [{"page_size": "2M"}]})") ==
          "host facts: hugepages[0].page_size: must be a whole number from 0 to 18446744073709551615");
    CHECK(refusal(R"({"uuid": "5f1c"})") == "host facts: uuid: must be a uuid");
    CHECK(refusal(R"({"topology": {"caches": [{"processors": "0-x"}]}})") ==
          "host facts: topology.caches[0].processors: must be numbers and ranges, as 0-3,8");
    CHECK(refusal(R"({"first_port": 70000})") == "host facts: first_port: must be a whole number from 0 to 65535");
    CHECK(refusal(R"({"first_port": 6000, "last_port": 5999})") == "host facts: first_port: 6000 is above last_port, 5999");
}
