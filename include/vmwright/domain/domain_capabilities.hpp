// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/disk.hpp>
#include <vmwright/domain/domain.hpp>
#include <vmwright/domain/features.hpp>
#include <vmwright/domain/filesystem.hpp>
#include <vmwright/domain/hostdev.hpp>
#include <vmwright/domain/memory_backing.hpp>
#include <vmwright/domain/os.hpp>
#include <vmwright/domain/redirdev.hpp>
#include <vmwright/domain/rng.hpp>
#include <vmwright/domain/tpm.hpp>
#include <vmwright/domain/video.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

// What domains of one kind can have. A list without entries is one of which nothing can be used; words that stand as
// strings are those of the elements' variants.

struct LoaderCapabilities
{
    bool supported{};
    std::vector<std::string> paths{}; ///< of images that are there, the one to be preferred first
    std::vector<LoaderType> types{};
    std::vector<bool> read_only{};
    std::vector<bool> secure{};

    bool operator==(LoaderCapabilities const&) const = default;
};

struct OsCapabilities
{
    bool supported{};
    std::vector<FirmwareKind> firmware{}; ///< that can be chosen by itself
    LoaderCapabilities loader{};

    bool operator==(OsCapabilities const&) const = default;
};

enum class CpuUsable
{
    yes,
    no,
    unknown, ///< QEMU does not tell, or it is for the host's processor to say
};
constexpr auto enum_names(CpuUsable)
{
    return name_list("yes", "no", "unknown");
}

/// A CPU model that a domain can name.
struct NamedCpu
{
    std::string name{};
    CpuUsable usable{CpuUsable::unknown};
    bool deprecated{};
    std::string vendor{"unknown"};

    bool operator==(NamedCpu const&) const = default;
};

struct CpuCapabilities
{
    bool host_passthrough{};
    std::vector<bool> host_passthrough_migratable{};
    bool maximum{};
    std::vector<bool> maximum_migratable{};
    bool host_model{}; ///< which one that is, is not told here
    bool custom{};
    std::vector<NamedCpu> models{};

    bool operator==(CpuCapabilities const&) const = default;
};

struct MemoryBackingCapabilities
{
    bool supported{};
    std::vector<MemorySourceType> sources{};

    bool operator==(MemoryBackingCapabilities const&) const = default;
};

struct DiskCapabilities
{
    bool supported{};
    std::vector<DiskDevice> devices{};
    std::vector<DiskBus> buses{};
    std::vector<DiskModel> models{};

    bool operator==(DiskCapabilities const&) const = default;
};

struct GraphicsCapabilities
{
    bool supported{};
    std::vector<std::string> types{};

    bool operator==(GraphicsCapabilities const&) const = default;
};

struct VideoCapabilities
{
    bool supported{};
    std::vector<VideoType> models{};

    bool operator==(VideoCapabilities const&) const = default;
};

struct HostdevCapabilities
{
    bool supported{};
    std::vector<HostdevMode> modes{};
    std::vector<std::string> startup_policies{};
    std::vector<std::string> subsystems{};
    std::vector<std::string> capabilities{}; ///< of containers
    std::vector<std::string> pci_backends{};

    bool operator==(HostdevCapabilities const&) const = default;
};

struct RngCapabilities
{
    bool supported{};
    std::vector<RngModel> models{};
    std::vector<std::string> backends{};

    bool operator==(RngCapabilities const&) const = default;
};

struct FilesystemCapabilities
{
    bool supported{};
    std::vector<FilesystemDriverType> drivers{};

    bool operator==(FilesystemCapabilities const&) const = default;
};

struct TpmCapabilities
{
    bool supported{};
    std::vector<TpmModel> models{};
    std::vector<std::string> backends{};
    std::vector<TpmVersion> versions{}; ///< of the emulated ones

    bool operator==(TpmCapabilities const&) const = default;
};

struct RedirdevCapabilities
{
    bool supported{};
    std::vector<RedirBus> buses{};

    bool operator==(RedirdevCapabilities const&) const = default;
};

struct ChannelCapabilities
{
    bool supported{};
    std::vector<std::string> types{};

    bool operator==(ChannelCapabilities const&) const = default;
};

struct DeviceCapabilities
{
    DiskCapabilities disk{};
    GraphicsCapabilities graphics{};
    VideoCapabilities video{};
    HostdevCapabilities hostdev{};
    RngCapabilities rng{};
    FilesystemCapabilities filesystem{};
    TpmCapabilities tpm{};
    RedirdevCapabilities redirdev{};
    ChannelCapabilities channel{};

    bool operator==(DeviceCapabilities const&) const = default;
};

struct SevCapabilities
{
    std::uint32_t cbitpos{};
    std::uint32_t reduced_phys_bits{};
    std::uint32_t max_guests{};
    std::uint32_t max_es_guests{};

    bool operator==(SevCapabilities const&) const = default;
};

struct FeatureCapabilities
{
    /// None: there is no such controller; absent: it is for the host's processor to say.
    std::optional<std::vector<GicVersion>> gic{};
    bool vmcoreinfo{};
    bool genid{};
    bool backing_store_input{};
    bool backup{};
    std::optional<bool> s390_pv{}; ///< of s390x only
    std::optional<SevCapabilities> sev{};
    bool sgx{};
    std::optional<std::vector<std::string>> hyperv{}; ///< of x86 only

    bool operator==(FeatureCapabilities const&) const = default;
};

/// What a domain of one type can have, on one machine of one emulator.
struct DomainCapabilities
{
    std::string path{}; ///< of the emulator
    DomainType type{};
    std::string machine{}; ///< never an alias
    std::string arch{};    ///< libvirt's word
    std::uint32_t max_vcpus{};
    bool iothreads{};
    OsCapabilities os{};
    CpuCapabilities cpu{};
    MemoryBackingCapabilities memory_backing{};
    DeviceCapabilities devices{};
    FeatureCapabilities features{};

    bool operator==(DomainCapabilities const&) const = default;
};

/// The kind of domain whose capabilities are asked for. What is not said is chosen.
struct CapabilitiesQuery
{
    std::string emulator{};           ///< a path; the usual one of the architecture when empty
    std::string arch{};               ///< libvirt's word; the emulator's own, else the host's when empty
    std::string machine{};            ///< a name or alias; when empty the emulator's default, else its `virt`
    std::optional<DomainType> type{}; ///< kvm where the host has it for that architecture, when absent

    bool operator==(CapabilitiesQuery const&) const = default;
};

} // namespace vmwright::inline v0
