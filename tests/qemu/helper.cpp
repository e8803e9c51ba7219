// SPDX-License-Identifier: BSL-1.0
//
// The programs beside the emulator, as a part of the plan.
#include "catch.hpp"
#include "qemu/documents.hpp"

#include <vmwright/qemu/helper.hpp>

#include <string>
#include <vector>

using namespace vmwright;
using namespace documents;

namespace
{

using Words = std::vector<std::string>;

auto parsed(std::string_view devices, std::string_view more = {}) -> xml::Parsed<DomainConfig>
{
    return xml::read_domain(fmt::format("<domain type='qemu'><name>d</name>"
                                        "<uuid>11111111-2222-3333-4444-555555555555</uuid><memory unit='MiB'>64</memory>{}"
                                        "<os><type machine='q35'>hvm</type></os><devices>\n{}</devices></domain>",
                                        more, devices));
}

auto plan_of(std::string_view devices, std::string_view more = {}) -> qemu::Plan
{
    return qemu::plan(parsed(devices, more).value(), profile("x86_64"), qemu::debian12()).value();
}

constexpr std::string_view shared = "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>";

} // namespace

TEST_CASE("a TPM that is emulated brings swtpm, whose state is made once")
{
    auto const plan = plan_of("<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>");
    REQUIRE(plan.helpers.size() == 1);
    auto const& helper = plan.helpers.front();
    CHECK(helper.kind == qemu::HelperKind::swtpm);
    CHECK(helper.name == "tpm0");
    CHECK(helper.node == "/domain/devices/tpm[1]");
    CHECK(helper.program == "/usr/bin/swtpm");
    CHECK(helper.state == "/var/lib/libvirt/swtpm/11111111-2222-3333-4444-555555555555/tpm2");
    CHECK(qemu::helper_arguments(helper.options) == Words{"socket", "--ctrl=type=unixio,clientfd=0",
                                                          "--tpmstate=dir=" + helper.state + ",mode=0600", "--terminate",
                                                          "--tpm2"});
    REQUIRE(helper.steps.size() == 1);
    CHECK(helper.steps.front().once);
    CHECK(helper.steps.front().program == "/usr/bin/swtpm_setup");
    CHECK(qemu::helper_arguments(helper.steps.front().options) ==
          Words{"--tpm2", "--config=/var/lib/libvirt/swtpm/ca/swtpm_setup.conf", "--tpm-state=" + helper.state,
                "--vmid=d:11111111-2222-3333-4444-555555555555", "--createek", "--create-ek-cert", "--create-platform-cert",
                "--lock-nvram", "--not-overwrite"});
    CHECK(helper.files.size() == 3);
}

TEST_CASE("the version of a TPM and its active banks reach swtpm and swtpm_setup")
{
    auto const old = plan_of("<tpm model='tpm-tis'><backend type='emulator' version='1.2'/></tpm>").helpers.front();
    CHECK(old.state.ends_with("/tpm1.2"));
    CHECK(qemu::helper_arguments(old.options).back() == "--terminate");
    CHECK(qemu::helper_arguments(old.steps.front().options).front().starts_with("--config="));

    auto const banks = plan_of("<tpm model='tpm-crb'><backend type='emulator' version='2.0'><active_pcr_banks><sha1/>"
                               "<sha384/></active_pcr_banks></backend></tpm>")
                           .helpers.front();
    REQUIRE(banks.steps.size() == 2);
    CHECK_FALSE(banks.steps[1].once);
    auto const words = qemu::helper_arguments(banks.steps[1].options);
    CHECK(Words(words.end() - 2, words.end()) == Words{"--pcr-banks=sha1,sha384", "--reconfigure"});
}

TEST_CASE("virtiofsd gets what libvirt gives it, and a path with commas")
{
    auto const helper = plan_of("<filesystem type='mount'><driver type='virtiofs'/><binary xattr='on'><cache mode='always'/>"
                                "<sandbox mode='chroot'/><lock posix='on' flock='off'/><thread_pool size='4'/></binary>"
                                "<source dir='/a,b\\c'/><target dir='x'/></filesystem>",
                                shared)
                            .helpers.front();
    CHECK(helper.program == "/usr/lib/qemu/virtiofsd");
    CHECK(helper.listens);
    CHECK(helper.state.empty());
    CHECK(qemu::helper_arguments(helper.options) ==
          Words{"--fd=0", "-o", "source=/a\\,b\\\\c,cache=always,sandbox=chroot,xattr,no_flock,posix_lock",
                "--thread-pool-size=4"});

    auto const own = plan_of("<filesystem type='mount'><driver type='virtiofs'/><binary path='/opt/virtiofsd'/>"
                             "<source dir='/a'/><target dir='x'/></filesystem>",
                             shared);
    CHECK(own.helpers.front().program == "/opt/virtiofsd");
    auto const theirs = plan_of("<filesystem type='mount'><driver type='virtiofs'/><source socket='/s'/>"
                                "<target dir='x'/></filesystem>",
                                shared);
    CHECK(theirs.helpers.empty());
}

TEST_CASE("passt is told of addresses and ports")
{
    auto const helper =
        plan_of("<interface type='user'><backend type='passt'/><source dev='eth0'/>"
                "<ip family='ipv4' address='10.9.0.2' prefix='24'/><portForward proto='tcp' address='127.0.0.1' dev='lo'>"
                "<range start='2022' to='22'/><range start='4000' end='4010' to='5000'/><range start='4004' exclude='yes'/>"
                "</portForward><portForward proto='udp'/></interface>")
            .helpers.front();
    CHECK(helper.program == "/usr/bin/passt");
    CHECK_FALSE(helper.listens);
    CHECK(qemu::helper_arguments(helper.options) ==
          Words{"--foreground", "--fd=0", "--stderr", "--interface=eth0", "--address=10.9.0.2", "--netmask=24",
                "--tcp-ports=127.0.0.1%lo/2022:22,4000-4010:5000-5010,~4004", "--udp-ports=all"});
}

TEST_CASE("a descriptor takes the place of each kind of connection")
{
    auto plan = plan_of("<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>"
                        "<interface type='user'><backend type='passt'/></interface>"
                        "<filesystem type='mount'><driver type='virtiofs'/><source dir='/a'/><target dir='x'/></filesystem>",
                        shared);
    auto const line = [&] { return fmt::format("{}", fmt::join(qemu::arguments(plan), " ")); };
    CHECK(has(line(), "-chardev null,id=chrtpm"));
    CHECK(has(line(), "-chardev socket,id=chr-vu-fs0,path=/var/lib/libvirt/qemu/fs0-fs.sock"));
    CHECK(has(line(), R"("addr":{"type":"unix","path":")"));
    REQUIRE(plan.helpers.size() == 3);
    auto number = 10;
    for (auto& helper : plan.helpers) {
        qemu::fill_slot(plan.options, helper.slot, number++);
        qemu::fill_slot(helper.options, helper.slot, 3);
    }
    CHECK(plan.helpers[0].kind == qemu::HelperKind::virtiofsd);
    CHECK(plan.helpers[1].kind == qemu::HelperKind::passt);
    CHECK(plan.helpers[2].kind == qemu::HelperKind::swtpm);
    CHECK(has(line(), "-chardev socket,id=chr-vu-fs0,fd=10"));
    CHECK(has(line(), R"("addr":{"type":"fd","str":"11"})"));
    CHECK(has(line(), "-chardev socket,id=chrtpm,fd=12"));
    CHECK(qemu::helper_arguments(plan.helpers[0].options)[0] == "--fd=3");
    CHECK(qemu::helper_arguments(plan.helpers[1].options)[1] == "--fd=3");
    CHECK(qemu::helper_arguments(plan.helpers[2].options)[1] == "--ctrl=type=unixio,clientfd=3");
}

TEST_CASE("explain tells what asked for a helper, before the emulator's own arguments")
{
    auto const document = parsed("\n<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>");
    auto const list = qemu::explain(qemu::plan(document.value(), profile("x86_64"), qemu::debian12()).value());
    CHECK(list.front().program == "/usr/bin/swtpm_setup");
    auto terminates = false;
    for (auto const& [program, argument, origin] : list)
        if (program == "/usr/bin/swtpm") {
            CHECK(origin.node == "/domain/devices/tpm[1]");
            CHECK(document.document.locate(origin.node).line == 3);
            if (argument == "--terminate") {
                terminates = true;
                CHECK(origin.rule == "a helper ends with the emulator");
            }
        }
    CHECK(terminates);
    CHECK(list.back().program.empty());
}

TEST_CASE("a helper that is not installed is an error at what asks for it")
{
    auto const config = parsed("<interface type='user'><backend type='passt'/></interface>"
                               "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>"
                               "<filesystem type='mount'><driver type='virtiofs'/><source dir='/a'/><target dir='x'/>"
                               "</filesystem>",
                               shared)
                            .value();
    auto facts = qemu::debian12();
    facts.helpers = {};
    auto const made = qemu::plan(config, profile("x86_64"), facts);
    CHECK(made.has_errors());
    std::string all;
    for (auto const& d : made.diagnostics)
        all += fmt::format("{}: {}; {}\n", d.node, d.message, d.hint);
    CHECK(all ==
          "/domain/devices/tpm[1]/backend/@type: there is no swtpm on this host: it is in no directory of PATH; "
          "install Debian's package swtpm\n"
          "/domain/devices/tpm[1]/backend/@type: there is no swtpm_setup on this host: it is in no directory of PATH; "
          "install Debian's package swtpm-tools\n"
          "/domain/devices/filesystem[1]/driver/@type: there is no virtiofsd on this host: it is not "
          "/usr/lib/qemu/virtiofsd, /usr/libexec/virtiofsd and is in no directory of PATH; install Debian's package "
          "qemu-system-common (virtiofsd since Debian 13)\n"
          "/domain/devices/interface[1]/backend/@type: there is no passt on this host: it is in no directory of PATH; "
          "install Debian's package passt\n");
    CHECK_FALSE(qemu::check(config, profile("x86_64"), facts).has_errors());
}

TEST_CASE("swtpm takes no state directory with a comma")
{
    auto facts = qemu::debian12();
    facts.directories.tpm = "/srv/a,b";
    auto const made = qemu::plan(parsed("<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>").value(),
                                 profile("x86_64"), facts);
    REQUIRE(made.has_errors());
    CHECK(has(made.diagnostics[0].message, "no directory with a comma"));
    CHECK(made.diagnostics[0].node == "/domain/devices/tpm[1]/backend");
}
