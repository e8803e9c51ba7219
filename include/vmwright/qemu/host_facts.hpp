// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/result.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/core/uuid.hpp>
#include <vmwright/domain/host_topology.hpp>
#include <vmwright/domain/sysinfo.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qemu
{

/// Whether KVM can be used and, if not, why: a sentence for people.
struct KvmFact
{
    bool usable{};
    std::string reason{};

    bool operator==(KvmFact const&) const = default;
};

/// A mounted hugetlbfs.
struct HugepageMount
{
    std::string path{};
    Size page_size{};

    bool operator==(HugepageMount const&) const = default;
};

/// What the head of an image file says.
struct ImageFact
{
    std::string path{};
    std::string format{};         ///< as qemu-img names it
    std::string backing{};        ///< path of the file it is based on, empty for none
    std::string backing_format{}; ///< empty when the head does not say

    bool operator==(ImageFact const&) const = default;
};

/// Machines that a firmware image runs on.
struct FirmwareTarget
{
    std::string architecture{};          ///< QEMU's word
    std::vector<std::string> machines{}; ///< as pc-q35-*

    bool operator==(FirmwareTarget const&) const = default;
};

/// A firmware image that is installed, in the words of QEMU's descriptors.
struct FirmwareDescriptor
{
    std::vector<std::string> interfaces{}; ///< uefi, bios, …
    std::string device{};                  ///< how the image gets into the machine: flash, kernel, memory
    std::string mode{};                    ///< of flash: split has variables beside it, stateless none, combined inside
    std::string executable{};              ///< the image
    std::string format{};                  ///< of the image, as raw
    std::string nvram_template{};
    std::string nvram_format{};
    std::vector<FirmwareTarget> targets{};
    std::vector<std::string> features{}; ///< secure-boot, requires-smm, …

    bool operator==(FirmwareDescriptor const&) const = default;
};

/// What the variables of an image begin as where no descriptor says it.
struct NvramTemplate
{
    std::string loader{};
    std::string path{};

    bool operator==(NvramTemplate const&) const = default;
};

/// What AMD's memory encryption needs to know of the processor.
struct SevFact
{
    std::uint32_t cbitpos{};
    std::uint32_t reduced_phys_bits{};
    std::uint32_t max_guests{};    ///< that run at one time
    std::uint32_t max_es_guests{}; ///< the same, whose registers are encrypted, too

    bool operator==(SevFact const&) const = default;
};

/// Where a host keeps its files, without a slash at the end.
struct HostDirectories
{
    std::string lib{};   ///< libvirt: /var/lib/libvirt/qemu; below it domain-ID-NAME, channel/target, save
    std::string state{}; ///< libvirt: /run/libvirt/qemu; gone after a boot
    std::string log{};   ///< libvirt: /var/log/libvirt/qemu
    std::string nvram{}; ///< libvirt: /var/lib/libvirt/qemu/nvram; what is there stays
    std::string tpm{};   ///< libvirt: /var/lib/libvirt/swtpm; below it UUID/tpm2, which stays

    bool operator==(HostDirectories const&) const = default;
};

/// Where the programs are that stand behind some devices; empty for one that is not installed.
struct HelperPrograms
{
    std::string swtpm{};
    std::string swtpm_setup{};
    std::string virtiofsd{};
    std::string passt{};

    bool operator==(HelperPrograms const&) const = default;
};

/// Where virtiofsd is beside the directories of PATH: in Debian 12, and later.
inline constexpr std::string_view virtiofsd_places = "/usr/lib/qemu/virtiofsd, /usr/libexec/virtiofsd";

/// Where automatic WebSocket ports begin.
inline constexpr std::uint16_t first_websocket_port = 5700;

/// Everything that a translation must know of the host it is made for. Read by the host room, or recorded, or
/// `debian12()`; a pure value, so that the same configuration gives the same command line anywhere.
struct HostFacts
{
    std::string arch{"x86_64"}; ///< the host's own, in QEMU's word
    std::uint32_t cpus{1};      ///< that are online
    KvmFact kvm{};
    bool vhost_net{};           ///< /dev/vhost-net can be opened
    bool vhost_vsock{};         ///< /dev/vhost-vsock can be opened
    bool iommu{};               ///< devices are in IOMMU groups
    bool vfio{};                ///< /dev/vfio/vfio is there, so that they can be handed to guests
    std::optional<Uuid> uuid{}; ///< the host's own
    HostTopology topology{};    ///< for host_capabilities only
    std::vector<HugepageMount> hugepages{};
    std::optional<Size> default_hugepage{};  ///< the kernel's, "Hugepagesize" of /proc/meminfo
    std::vector<std::string> render_nodes{}; ///< /dev/dri/renderD*, in order
    std::vector<ImageFact> images{};
    std::string vnc_listen{"127.0.0.1"}; ///< where graphics listen that name no address
    std::string spice_listen{"127.0.0.1"};
    std::string tls_directory{"/etc/pki/qemu"}; ///< of the certificates of character devices
    std::string spice_tls_directory{};          ///< of SPICE's certificates; empty for no TLS
    std::uint16_t first_port{5900};             ///< the range of automatic display ports
    std::uint16_t last_port{65535};
    std::vector<std::uint16_t> ports_taken{}; ///< the lowest of that range and above first_websocket_port
    HostDirectories directories{};
    HelperPrograms helpers{};
    std::vector<FirmwareDescriptor> firmware{}; ///< the one to be preferred first
    std::vector<std::string> firmware_files{};  ///< images of those and of nvram_templates that are there
    std::vector<NvramTemplate> nvram_templates{};
    std::optional<SmbiosInfo> smbios{}; ///< the host's own tables, without its uuid
    std::optional<SevFact> sev{};       ///< absent when SEV guests cannot run
    std::int64_t now{};                 ///< seconds since 1970, for clocks that begin so far from it
    std::int32_t utc_offset{};          ///< seconds by which the host's local time is ahead

    bool operator==(HostFacts const&) const = default;

    [[nodiscard]] auto find_image(std::string_view path) const noexcept -> ImageFact const*;
    /// The mount whose pages have that size; null when there is none.
    [[nodiscard]] auto find_hugepages(Size page_size) const noexcept -> HugepageMount const*;
};

/// libvirt's own list for Debian, of the images that its packages ship.
[[nodiscard]] auto usual_nvram_templates() -> std::vector<NvramTemplate>;

/// A plain Debian 12 host with KVM, as libvirt's system instance sees it: no vhost-net, no /dev/dri,
/// 2 MiB huge pages at /dev/hugepages, all ports free.
[[nodiscard]] auto debian12() -> HostFacts;

/// Reads a descriptor of QEMU's format, as they stand in /usr/share/qemu/firmware.
[[nodiscard]] auto read_firmware_descriptor(std::string_view document) -> Result<FirmwareDescriptor>;

/// JSON, for people to read and edit.
[[nodiscard]] auto save(HostFacts const& facts) -> std::string;

/// Reads what save wrote; members that are left out keep the values of a HostFacts{}.
/// The error tells what is wrong and where: a line and column, or the member.
[[nodiscard]] auto load_host_facts(std::string_view text) -> Result<HostFacts>;

} // namespace vmwright::inline v0::qemu
