// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/xml/domain.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>

using namespace vmwright;

namespace
{

auto profile(std::string const& arch) -> qemu::Capabilities const&
{
    static std::map<std::string, qemu::Capabilities> known;
    if (!known.contains(arch))
        known.emplace(arch, qemu::load_capabilities(qemu::profile_text(qemu::shipped_profile(arch))).value());
    return known.at(arch);
}

struct Case
{
    std::string kind{"kvm"};
    std::string arch{"x86_64"};
    std::string machine{"pc-q35-7.2"};
    std::string vcpus{"2"};

    auto config(std::string_view body) const -> DomainConfig
    {
        auto const text = fmt::format("<domain type='{}'><name>a</name><memory>1048576</memory><vcpu>{}</vcpu><os><type "
                                      "arch='{}' machine='{}'>hvm</type></os>{}</domain>",
                                      kind, vcpus, arch, machine, body);
        return xml::read_domain(text).value();
    }
    /// The nodes of the errors that check finds.
    auto refused(std::string_view body) const -> std::vector<std::string>
    {
        std::vector<std::string> nodes;
        for (auto const& diagnostic : qemu::check(config(body), profile(arch), qemu::debian12()))
            if (diagnostic.severity == Severity::error)
                nodes.push_back(diagnostic.node);
        return nodes;
    }
    auto argument(std::string_view body, std::string_view option) const -> std::string
    {
        auto facts = qemu::debian12();
        facts.now = 1'000'000'000;
        facts.utc_offset = 7200;
        auto const argv = qemu::arguments(qemu::plan(config(body), profile(arch), facts).value());
        auto const found = std::ranges::find(argv, option);
        return found == argv.end() ? std::string{} : *(found + 1);
    }
};

using Nodes = std::vector<std::string>;

auto const tcg = Case{.kind = "qemu"};
auto const aarch64 = Case{.kind = "qemu", .arch = "aarch64", .machine = "virt-7.2"};
auto const s390x = Case{.kind = "qemu", .arch = "s390x", .machine = "s390-ccw-virtio-7.2"};

} // namespace

TEST_CASE("KVM runs code of the host's architecture only")
{
    CHECK(Case{.kind = "kvm", .arch = "aarch64", .machine = "virt-7.2"}.refused("") == Nodes{"/domain/@type"});
    CHECK(Case{.kind = "kvm", .arch = "i686", .machine = "pc-q35-7.2"}.config("").os.arch == "i686");
    CHECK(aarch64.refused("").empty());
}

TEST_CASE("the modes of a CPU need what they stand for")
{
    CHECK(tcg.refused("<cpu mode='host-passthrough'/>") == Nodes{"/domain/cpu/@mode"});
    CHECK(tcg.refused("<cpu mode='host-model'/>").empty());
    CHECK(aarch64.refused("<cpu mode='host-model'/>") == Nodes{"/domain/cpu/@mode"});
    CHECK(aarch64.refused("<cpu mode='maximum'/>").empty());
    CHECK(Case{.kind = "qemu", .arch = "riscv64", .machine = "virt"}.refused("<cpu mode='maximum'/>") ==
          Nodes{"/domain/cpu/@mode"});
    CHECK(Case{}.refused("<cpu migratable='on'><model>qemu64</model></cpu>") == Nodes{"/domain/cpu/@migratable"});
}

TEST_CASE("a CPU model is one of libvirt's")
{
    auto const refused = [](std::string_view model) {
        return !Case{}.refused(fmt::format("<cpu><model>{}</model></cpu>", model)).empty();
    };
    CHECK_FALSE(refused("Skylake-Client-noTSX-IBRS"));
    CHECK(refused("Skylake-Client-v3"));
    CHECK(refused("max"));
    CHECK(refused("Pentium-99"));
    CHECK(Case{}.refused("<cpu><vendor>Intel</vendor></cpu>") == Nodes{"/domain/cpu/vendor"});
}

TEST_CASE("only a CPU that is compared must be one that TCG can emulate")
{
    CHECK(tcg.refused("<cpu><model>Haswell</model></cpu>").empty());
    CHECK(tcg.refused("<cpu check='partial'><model>Haswell</model></cpu>") == Nodes{"/domain/cpu/model"});
    CHECK(tcg.refused("<cpu check='partial'><model>qemu64</model></cpu>").empty());
    CHECK(tcg.refused("<cpu check='partial'><model>qemu64</model><vendor>Intel</vendor></cpu>") ==
          Nodes{"/domain/cpu/vendor"});
    CHECK(qemu::resolve(tcg.config("<cpu><model>Haswell</model></cpu>"), profile("x86_64"), qemu::debian12())
              .value()
              .config.cpu->check == CpuCheck::none);
}

TEST_CASE("a CPU feature is one that QEMU or libvirt knows, once")
{
    auto const refused = [](std::string_view features) {
        return Case{}.refused(fmt::format("<cpu><model>qemu64</model>{}</cpu>", features));
    };
    CHECK(refused("<feature policy='require' name='frobnicate'/>") == Nodes{"/domain/cpu/feature[1]/@name"});
    CHECK(refused("<feature policy='disable' name='lahf_lm'/><feature policy='disable' name='osxsave'/>").empty());
    CHECK(refused("<feature name='aes'/><feature name='aes'/>") == Nodes{"/domain/cpu/feature[2]/@name"});
    // nothing is recorded of the features of Arm's CPUs
    CHECK(aarch64.refused("<cpu><model>cortex-a57</model><feature name='pmu'/></cpu>").empty());
}

TEST_CASE("caches and address bits are the host's only with the host's CPU")
{
    CHECK(Case{}.refused("<cpu><model>qemu64</model><cache mode='passthrough'/></cpu>") == Nodes{"/domain/cpu/cache/@mode"});
    CHECK(Case{}.refused("<cpu><model>qemu64</model><cache level='2' mode='emulate'/></cpu>") ==
          Nodes{"/domain/cpu/cache/@level"});
    CHECK(Case{}.refused("<cpu mode='maximum'><cache level='3' mode='disable'/></cpu>") ==
          Nodes{"/domain/cpu/cache/@level"});
    CHECK(Case{}.refused("<cpu mode='maximum'><maxphysaddr mode='passthrough' bits='40'/></cpu>") ==
          Nodes{"/domain/cpu/maxphysaddr/@bits"});
    CHECK(aarch64.refused("<cpu mode='maximum'><cache mode='disable'/></cpu>") == Nodes{"/domain/cpu/cache"});
}

TEST_CASE("features that a machine cannot have are refused at their element")
{
    auto const refused = [](Case const& c, std::string_view feature) {
        return c.refused(fmt::format("<features>{}</features>", feature)) != Nodes{};
    };
    for (auto const* feature : {"<pvspinlock/>", "<ioapic driver='kvm'/>", "<vmport/>"}) {
        INFO(feature);
        CHECK(refused(aarch64, feature));
        CHECK_FALSE(refused(Case{}, feature));
    }
    for (auto const* feature :
         {"<gic/>", "<hpt resizing='enabled'/>", "<htm state='on'/>", "<nested-hv state='on'/>", "<ccf-assist state='on'/>",
          "<cfpc value='fixed'/>", "<sbbc value='fixed'/>", "<ibs value='fixed-na'/>", "<tcg/>"}) {
        INFO(feature);
        CHECK(refused(Case{}, feature));
    }
    CHECK_FALSE(refused(aarch64, "<gic/>"));
    CHECK_FALSE(refused(tcg, "<tcg/>"));
    CHECK_FALSE(refused(aarch64, "<hyperv/>"));
    CHECK_FALSE(refused(aarch64, "<kvm/>"));
    CHECK_FALSE(refused(Case{}, "<kvm><hint-dedicated state='on'/></kvm>"));
    CHECK(Case{}.refused("<cpu><model>qemu64</model></cpu><features><kvm><hint-dedicated state='on'/></kvm></features>") ==
          Nodes{"/domain/features/kvm/hint-dedicated"});
    CHECK(refused(Case{}, "<kvm><dirty-ring state='on' size='131072'/></kvm>"));
    CHECK(refused(Case{}, "<kvm><dirty-ring state='on'/></kvm>"));
    CHECK_FALSE(refused(Case{}, "<kvm><dirty-ring state='off' size='1'/></kvm>"));
    CHECK(refused(Case{}, "<hyperv><spinlocks state='on'/></hyperv>"));
    CHECK(refused(Case{}, "<hyperv><vendor_id state='on' value='a,b'/></hyperv>"));
}

TEST_CASE("vCPUs that are told one by one must begin with the first")
{
    auto const refused = [](std::string_view vcpus) {
        return Case{.vcpus = "3"}.refused(fmt::format("<vcpus>{}</vcpus>", vcpus));
    };
    CHECK(refused("<vcpu id='0' enabled='yes'/><vcpu id='2' enabled='yes' hotpluggable='yes'/>").empty());
    CHECK(refused("<vcpu id='1' enabled='yes' hotpluggable='yes'/>") == Nodes{"/domain/vcpus"});
    CHECK(refused("<vcpu id='0' enabled='yes'/><vcpu id='3' enabled='no'/>") == Nodes{"/domain/vcpus/vcpu[2]/@id"});
    CHECK(refused("<vcpu id='0' enabled='yes'/><vcpu id='2' enabled='yes'/>") ==
          Nodes{"/domain/vcpus/vcpu[2]/@hotpluggable"});
    CHECK(refused("<vcpu id='0' enabled='yes'/><vcpu id='1' enabled='no' hotpluggable='no'/>") ==
          Nodes{"/domain/vcpus/vcpu[2]/@hotpluggable"});
    CHECK(refused("<vcpu id='0' enabled='yes' order='2'/>") == Nodes{"/domain/vcpus/vcpu[1]/@order"});
}

TEST_CASE("the clock shows the host's time and what it is adjusted by")
{
    CHECK(tcg.argument("<clock offset='variable' adjustment='-60' basis='utc'/>", "-rtc") == "base=2001-09-09T01:45:40");
    CHECK(tcg.argument("<clock offset='localtime' adjustment='60'/>", "-rtc") == "base=2001-09-09T03:47:40");
    CHECK(tcg.argument("<clock offset='utc' adjustment='reset'/>", "-rtc") == "base=utc");
    CHECK(tcg.argument("<clock offset='absolute' start='0'/>", "-rtc") == "base=1970-01-01T00:00:00");
}

TEST_CASE("what QEMU's clocks cannot do is refused")
{
    auto const refused = [](Case const& c, std::string_view clock, std::string_view inside) {
        return c.refused(fmt::format("<clock {}>{}</clock>", clock, inside));
    };
    CHECK(refused(tcg, "offset='timezone'", "") == Nodes{"/domain/clock"});
    CHECK(refused(tcg, "offset='absolute'", "") == Nodes{"/domain/clock"});
    CHECK(refused(tcg, "offset='utc'", "<timer name='platform'/>") == Nodes{"/domain/clock/timer[1]/@name"});
    CHECK(refused(tcg, "offset='utc'", "<timer name='rtc' tickpolicy='merge'/>") ==
          Nodes{"/domain/clock/timer[1]/@tickpolicy"});
    CHECK(refused(tcg, "offset='utc'", "<timer name='pit' tickpolicy='merge'/>") ==
          Nodes{"/domain/clock/timer[1]/@tickpolicy"});
    CHECK(refused(tcg, "offset='utc'", "<timer name='rtc' track='boot'/>") == Nodes{"/domain/clock/timer[1]/@track"});
    CHECK(refused(tcg, "offset='utc'", "<timer name='armvtimer'/>") == Nodes{"/domain/clock/timer[1]/@name"});
    CHECK(refused(aarch64, "offset='utc'", "<timer name='hpet' present='yes'/>") == Nodes{"/domain/clock/timer[1]/@name"});
    CHECK(refused(aarch64, "offset='utc'", "<timer name='hpet' present='no'/>").empty());
}

TEST_CASE("channel devices have the lowest free numbers, and none twice")
{
    auto const rng = [](std::string_view devno) {
        return fmt::format("<rng model='virtio'><backend model='builtin'/><address type='ccw' cssid='0xfe' ssid='0x0' "
                           "devno='{}'/></rng>",
                           devno);
    };
    auto const resolved = qemu::resolve(s390x.config(fmt::format("<devices>{}<rng model='virtio'><backend "
                                                                 "model='builtin'/></rng></devices>",
                                                                 rng("0x0000"))),
                                        profile("s390x"), qemu::debian12())
                              .value()
                              .config;
    auto const number = [](DeviceInfo const& info) { return address_as<CcwAddress>(info)->devno; };
    CHECK(number(resolved.devices.memballoon->info) == 1U);
    CHECK(number(resolved.devices.rngs.at(1).info) == 2U);
    auto const twice = fmt::format("<devices>{}{}</devices>", rng("0x0005"), rng("0x0005"));
    CHECK(qemu::resolve(s390x.config(twice), profile("s390x"), qemu::debian12()).diagnostics.has_errors());
}

TEST_CASE("a board without PCI refuses devices that need it")
{
    auto const microvm = Case{.machine = "microvm"};
    auto const has_errors = [&](std::string_view devices) {
        return qemu::resolve(microvm.config(devices), profile("x86_64"), qemu::debian12()).diagnostics.has_errors();
    };
    CHECK(has_errors(""));
    CHECK_FALSE(has_errors("<devices><controller type='usb' model='none'/><memballoon model='none'/></devices>"));
}
