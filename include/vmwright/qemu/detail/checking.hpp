// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/detail/findings.hpp>
#include <vmwright/domain/domain.hpp>
#include <vmwright/qemu/capabilities.hpp>
#include <vmwright/qemu/detail/board.hpp>
#include <vmwright/qemu/host_facts.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vmwright::inline v0::qemu::detail
{

/// What the rules of check share. The configuration is as the user gave it: nothing is resolved yet.
struct Checking : vmwright::detail::Findings
{
    DomainConfig const& config;
    Capabilities const& capabilities;
    HostFacts const& facts;

    /// The configuration's machine as it is written, or else empty.
    [[nodiscard]] auto machine_contains(std::string_view text) const -> bool
    {
        return config.os.machine && config.os.machine->find(text) != std::string::npos;
    }
    /// Of the configuration's machine, or else the emulator's default.
    [[nodiscard]] auto board() const -> Board;
};

/// Whether libvirt gives this emulator's CPUs the choice of being migratable: it looks for it in the 64-bit one only.
[[nodiscard]] auto knows_migratable(Capabilities const& capabilities) -> bool;

/// Whether other processes can map all of the guest's memory.
[[nodiscard]] auto shares_memory(DomainConfig const& config) -> bool;

// A kind of device that has no rules of its own.
template <class Device>
void check(Device const&, std::string const&, Checking const&)
{
}
template <class Device>
void check_all(std::vector<Device> const&, Checking const&)
{
}

// One overload a kind of device, beside its translator: what is wrong with it.
void check(Disk const& disk, std::string const& node, Checking const& at);
void check(Lease const& lease, std::string const& node, Checking const& at);
void check(Filesystem const& filesystem, std::string const& node, Checking const& at);
void check(Controller const& controller, std::string const& node, Checking const& at);
void check(Interface const& nic, std::string const& node, Checking const& at);
void check(Serial const& serial, std::string const& node, Checking const& at);
void check(Parallel const& parallel, std::string const& node, Checking const& at);
void check(Smartcard const& smartcard, std::string const& node, Checking const& at);
void check(Redirdev const& redirdev, std::string const& node, Checking const& at);
void check(RedirFilter const& filter, std::string const& node, Checking const& at);
void check(Hub const& hub, std::string const& node, Checking const& at);
void check(Console const& console, std::string const& node, Checking const& at);
void check(Channel const& channel, std::string const& node, Checking const& at);
void check(Input const& input, std::string const& node, Checking const& at);
void check(Tpm const& tpm, std::string const& node, Checking const& at);
void check(Graphics const& graphics, std::string const& node, Checking const& at);
void check(Hostdev const& hostdev, std::string const& node, Checking const& at);
void check(Watchdog const& watchdog, std::string const& node, Checking const& at);
void check(Rng const& rng, std::string const& node, Checking const& at);
void check(Nvram const& nvram, std::string const& node, Checking const& at);
void check(Panic const& panic, std::string const& node, Checking const& at);
void check(Iommu const& iommu, std::string const& node, Checking const& at);
void check(Vsock const& vsock, std::string const& node, Checking const& at);
void check(Video const& video, std::string const& node, Checking const& at);
void check(Sound const& sound, std::string const& node, Checking const& at);
void check(Audio const& audio, std::string const& node, Checking const& at);
void check(Memballoon const& balloon, std::string const& node, Checking const& at);
void check(Shmem const& shmem, std::string const& node, Checking const& at);
void check(MemoryDevice const& memory, std::string const& node, Checking const& at);

// Rules about all devices of a kind at once.
void check_all(std::vector<Disk> const& disks, Checking const& at);
void check_all(std::vector<Controller> const& controllers, Checking const& at);
void check_all(std::vector<Interface> const& interfaces, Checking const& at);
void check_all(std::vector<Hostdev> const& hostdevs, Checking const& at);
void check_all(std::vector<Tpm> const& tpms, Checking const& at);
void check_all(std::vector<Panic> const& panics, Checking const& at);
void check_all(std::vector<Graphics> const& graphics, Checking const& at);
void check_all(std::vector<Audio> const& audios, Checking const& at);
void check_all(std::vector<Video> const& videos, Checking const& at);
void check_all(std::vector<Smartcard> const& smartcards, Checking const& at);
void check_all(std::vector<MemoryDevice> const& memories, Checking const& at);

void check_loadparm(std::string const& loadparm, std::string const& node, Checking const& at);
void check_iothreads(Checking const& at);
/// The iothread that a device, of that kind and at that node, is to use.
void check_iothread(std::uint32_t id, DeviceInfo const& info, std::string_view kind, std::string const& node,
                    Checking const& at);
/// Whose end of a character device a source is, as far as its rules differ.
enum class CharOwner
{
    virtio_channel,
    usb_or_card, ///< a redirected device or a smart card
    other,
};
void check_char_source(CharSource const& source, CharOwner owner, std::string const& node, Checking const& at);

/// The settings of virtio in the <driver> of a device that is none.
void check_no_virtio(VirtioOptions const& virtio, std::string const& node, Checking const& at);

/// The rules of every device on a USB bus.
void check_has_usb(DeviceInfo const& info, std::string const& node, Checking const& at);

/// The audio back end that a device or display names, if it names one.
void check_audio_id(std::optional<std::uint32_t> id, std::string const& node, Checking const& at);

void check_memory(Checking const& at);
void check_memory_backing(Checking const& at);
void check_numa(Checking const& at);
void check_numatune(Checking const& at);
void check_cputune(Checking const& at);
void check_memtune(Checking const& at);
void check_blkiotune(Checking const& at);
/// Everything but devices.
void check_machine(Checking const& at);
// Of check_machine: what their files complete and translate.
void check_firmware(Checking const& at);
void check_sysinfo(Checking const& at);
void check_security(Checking const& at);
void check_resource(Checking const& at);
void check_clock(Checking const& at);
void check_timers(Checking const& at);
void check_extensions(Checking const& at);
void check_individual_vcpus(Checking const& at);
void check_cpu(Checking const& at);
void check_features(Checking const& at);
/// What no two devices may share: aliases, boot orders, addresses.
void check_places(Checking const& at);

} // namespace vmwright::inline v0::qemu::detail
