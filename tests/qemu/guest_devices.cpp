// SPDX-License-Identifier: BSL-1.0
//
// The rules of TPM, watchdog, panic, IOMMU, vsock, NVRAM and entropy devices.
#include "catch.hpp"
#include "qemu/documents.hpp"

using namespace vmwright;
using namespace documents;

namespace
{

constexpr Board virt{"aarch64", "virt"}, pc{"x86_64", "pc"}, s390{"s390x", "s390-ccw-virtio"};

} // namespace

TEST_CASE("a TPM that cannot be is refused with the reason")
{
    auto const emulator = [](std::string_view model, std::string_view version, std::string_view inside = {}) {
        return fmt::format("<tpm model='{}'><backend type='emulator' version='{}'>{}</backend></tpm>", model, version,
                           inside);
    };
    CHECK(has(fault(emulator("tpm-crb", "1.2")), "a TPM 1.2 has no interface 'tpm-crb'"));
    CHECK(has(fault(emulator("tpm-tis", "1.2", "<active_pcr_banks><sha1/></active_pcr_banks>")), "no choice of PCR banks"));
    CHECK(fault(emulator("tpm-tis", "2.0", "<active_pcr_banks><sha1/></active_pcr_banks>")).empty());
    CHECK(has(fault(emulator("tpm-tis", "1.2"), virt), "there is no TPM 1.2 for ARM"));
    CHECK(fault("<tpm><backend type='emulator'/></tpm>", virt).empty());
    CHECK(has(fault(emulator("tpm-crb", "2.0"), virt), "for aarch64 has no TPM 'tpm-crb'"));
    CHECK(has(fault(emulator("spapr-tpm-proxy", "2.0")), "a TPM proxy needs the host's own TPM"));
    CHECK(has(fault(emulator("tpm-tis", "2.0") + emulator("tpm-crb", "2.0")), "there is a TPM already"));
    CHECK(has(fault("<tpm/>"), "<tpm> has no <backend>"));
    CHECK(has(fault("<tpm><backend/></tpm>"), "<backend> has no attribute 'type'"));
    CHECK(has(fault("<tpm><backend type='external'/></tpm>"), "<backend> has no <source>"));
    CHECK(has(fault("<tpm><backend type='external'><source type='unix' mode='bind' path='/s'/></backend></tpm>"),
              "QEMU does not wait for an external TPM"));
    CHECK(has(fault("<tpm><backend type='external'><source type='tcp' path='/s'/></backend></tpm>"), "'tcp'"));
    CHECK(has(fault("<tpm><backend type='external'><source type='unix'/></backend></tpm>"), "has no socket"));
}

TEST_CASE("a watchdog is on its bus or nowhere")
{
    CHECK(has(fault("<watchdog action='reset'/>"), "<watchdog> has no attribute 'model'"));
    CHECK(has(fault("<watchdog model='i6300esb'><address type='isa' iobase='0x1'/></watchdog>"), "sits on PCI only"));
    CHECK(has(fault("<watchdog model='ib700'><address type='pci' slot='9'/></watchdog>"), "sits on ISA only"));
    CHECK(has(fault("<watchdog model='diag288'/>"), "only s390 has the watchdog 'diag288'"));
    CHECK(has(fault("<watchdog model='ib700'/>", virt), "for aarch64 has no watchdog 'ib700'"));
    CHECK(has(fault("<watchdog model='i6300esb'/><watchdog model='ib700'/>"), "a second <watchdog>"));
}

TEST_CASE("each panic device is its architecture's, and there is one of each")
{
    CHECK(has(fault("<panic/><panic model='isa'/>"), "there is a panic device 'isa' already"));
    CHECK(has(fault("<panic model='s390'/>"), "only s390 has a panic device 's390'"));
    CHECK(has(fault("<panic model='pseries'/>"), "only a pSeries machine"));
    CHECK(has(fault("<panic model='hyperv'/>", virt), "only x86 has a panic device 'hyperv'"));
    CHECK(has(fault("<panic/>", virt), "for aarch64 has no panic device 'isa'"));
    CHECK(has(fault("<panic model='hyperv'><address type='isa' iobase='0x505'/></panic>"), "has no address"));
    CHECK(has(fault("<panic model='isa'><address type='pci' slot='3'/></panic>"), "sits on ISA only"));
}

TEST_CASE("an s390 machine has its panic device without being asked")
{
    auto const config = xml::read_domain(text_with("<panic/>", s390)).value();
    auto const panics = qemu::resolve(config, profile("s390x"), qemu::debian12()).value().config.devices.panics;
    REQUIRE(panics.size() == 1);
    CHECK(panics.front().model == PanicModel::s390);
    auto const none = xml::read_domain(text_with("", s390)).value();
    CHECK(qemu::resolve(none, profile("s390x"), qemu::debian12()).value().config.devices.panics == panics);
}

TEST_CASE("an IOMMU belongs to its machines and has its own settings")
{
    CHECK(has(fault("<iommu/>"), "<iommu> has no attribute 'model'"));
    CHECK(has(fault("<iommu model='intel'/>", pc), "only q35 machines have the IOMMU 'intel'"));
    CHECK(has(fault("<iommu model='smmuv3'/>"), "only ARM virt machines"));
    CHECK(fault("<iommu model='smmuv3'/>", virt).empty());
    CHECK(has(fault("<iommu model='virtio'/>", pc), "only q35 and ARM virt machines"));
    CHECK(has(fault("<iommu model='virtio'><driver aw_bits='39'/></iommu>"), "has no settings of a driver"));
    CHECK(has(fault("<iommu model='intel'><address type='pci' slot='9'/></iommu>"), "the IOMMU 'intel' has no address"));
    CHECK(has(fault("<iommu model='intel'><driver eim='on'/></iommu>"), "needs interrupt remapping"));
    CHECK(has(fault("<controller type='pci' model='pcie-root-port' index='1'/><iommu model='virtio'><address type='pci' "
                    "bus='1'/></iommu>"),
              "it belongs on the root bus"));
}

TEST_CASE("a vsock's number is a guest's")
{
    CHECK(has(fault("<vsock><cid address='2'/></vsock>"), "2 is not the number of a guest"));
    CHECK(has(fault("<vsock><cid auto='no'/></vsock>"), "the vsock has no number"));
    CHECK(has(fault("<vsock/><vsock/>"), "a second <vsock>"));
    CHECK(has(argv_of_start("<vsock/>", 4), R"("guest-cid":7)"));
    CHECK(has(argv_of_start("<vsock><cid auto='yes' address='9'/></vsock>", 4), R"("guest-cid":7)"));
    CHECK(has(argv_of_start("<vsock><cid address='9'/></vsock>", 4), R"("guest-cid":9)"));
}

TEST_CASE("only a pSeries machine has an nvram device")
{
    CHECK(has(fault("<nvram/>"), "only a pSeries machine has an nvram device"));
}

TEST_CASE("an entropy device says what it is and where its bytes come from")
{
    CHECK(has(fault("<rng model='virtio'/>"), "<rng> has no <backend>"));
    CHECK(has(fault("<rng><backend model='random'/></rng>"), "<rng> has no attribute 'model'"));
    CHECK(has(fault("<rng model='virtio'><rate period='9'/><backend model='random'/></rng>"), "a period means nothing"));
    auto const text = text_with("<rng model='virtio'><rate bytes='0' period='9'/><backend model='builtin'/></rng>", {});
    auto const resolved =
        qemu::resolve(xml::read_domain(text).value(), profile("x86_64"), qemu::debian12()).value().config.devices.rngs;
    CHECK_FALSE(resolved.front().rate_bytes);
    CHECK_FALSE(resolved.front().rate_period);
}
