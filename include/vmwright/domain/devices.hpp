// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/audio.hpp>
#include <vmwright/domain/chardev.hpp>
#include <vmwright/domain/controller.hpp>
#include <vmwright/domain/disk.hpp>
#include <vmwright/domain/filesystem.hpp>
#include <vmwright/domain/graphics.hpp>
#include <vmwright/domain/hostdev.hpp>
#include <vmwright/domain/hub.hpp>
#include <vmwright/domain/input.hpp>
#include <vmwright/domain/interface.hpp>
#include <vmwright/domain/iommu.hpp>
#include <vmwright/domain/lease.hpp>
#include <vmwright/domain/memballoon.hpp>
#include <vmwright/domain/memory.hpp>
#include <vmwright/domain/nvram.hpp>
#include <vmwright/domain/panic.hpp>
#include <vmwright/domain/redirdev.hpp>
#include <vmwright/domain/rng.hpp>
#include <vmwright/domain/shmem.hpp>
#include <vmwright/domain/smartcard.hpp>
#include <vmwright/domain/sound.hpp>
#include <vmwright/domain/tpm.hpp>
#include <vmwright/domain/video.hpp>
#include <vmwright/domain/vsock.hpp>
#include <vmwright/domain/watchdog.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Lists of devices are compiled once, with the library: a program that copies a configuration need not compile what each of
// its members does.
extern template class std::vector<vmwright::Disk>;
extern template class std::vector<vmwright::Controller>;
extern template class std::vector<vmwright::Lease>;
extern template class std::vector<vmwright::Filesystem>;
extern template class std::vector<vmwright::Interface>;
extern template class std::vector<vmwright::Smartcard>;
extern template class std::vector<vmwright::Serial>;
extern template class std::vector<vmwright::Parallel>;
extern template class std::vector<vmwright::Console>;
extern template class std::vector<vmwright::Channel>;
extern template class std::vector<vmwright::Input>;
extern template class std::vector<vmwright::Tpm>;
extern template class std::vector<vmwright::Graphics>;
extern template class std::vector<vmwright::Sound>;
extern template class std::vector<vmwright::Audio>;
extern template class std::vector<vmwright::Video>;
extern template class std::vector<vmwright::Hostdev>;
extern template class std::vector<vmwright::Redirdev>;
extern template class std::vector<vmwright::Hub>;
extern template class std::vector<vmwright::Rng>;
extern template class std::vector<vmwright::Panic>;
extern template class std::vector<vmwright::Shmem>;
extern template class std::vector<vmwright::MemoryDevice>;

namespace vmwright::inline v0
{

struct Devices
{
    std::optional<std::string> emulator{}; ///< QEMU's path; the architecture's usual one when absent
    std::vector<Disk> disks{};
    std::vector<Controller> controllers{};
    std::vector<Lease> leases{};
    std::vector<Filesystem> filesystems{};
    std::vector<Interface> interfaces{};
    std::vector<Smartcard> smartcards{};
    std::vector<Serial> serials{};
    std::vector<Parallel> parallels{};
    std::vector<Console> consoles{};
    std::vector<Channel> channels{};
    std::vector<Input> inputs{};
    std::vector<Tpm> tpms{};
    std::vector<Graphics> graphics{};
    std::vector<Sound> sounds{};
    std::vector<Audio> audios{};
    std::vector<Video> videos{};
    std::vector<Hostdev> hostdevs{};
    std::vector<Redirdev> redirdevs{};
    std::optional<RedirFilter> redirfilter{};
    std::vector<Hub> hubs{};
    std::optional<Watchdog> watchdog{};
    std::optional<Memballoon> memballoon{}; ///< virtio when absent; the model none means none
    std::vector<Rng> rngs{};
    std::optional<Nvram> nvram{};
    std::vector<Panic> panics{};
    std::vector<Shmem> shmems{};
    std::vector<MemoryDevice> memories{};
    std::optional<Iommu> iommu{};
    std::optional<Vsock> vsock{};

    bool operator==(Devices const&) const;
};

/// Calls `visit(element name, list)` for each kind of device, in the order in which libvirt prints them.
/// A list is a vector, or an optional where there is at most one.
template <class D, class Visit>
void for_each_kind(D& devices, Visit&& visit)
{
    visit("disk", devices.disks);
    visit("controller", devices.controllers);
    visit("lease", devices.leases);
    visit("filesystem", devices.filesystems);
    visit("interface", devices.interfaces);
    visit("smartcard", devices.smartcards);
    visit("serial", devices.serials);
    visit("parallel", devices.parallels);
    visit("console", devices.consoles);
    visit("channel", devices.channels);
    visit("input", devices.inputs);
    visit("tpm", devices.tpms);
    visit("graphics", devices.graphics);
    visit("sound", devices.sounds);
    visit("audio", devices.audios);
    visit("video", devices.videos);
    visit("hostdev", devices.hostdevs);
    visit("redirdev", devices.redirdevs);
    visit("redirfilter", devices.redirfilter);
    visit("hub", devices.hubs);
    visit("watchdog", devices.watchdog);
    visit("memballoon", devices.memballoon);
    visit("rng", devices.rngs);
    visit("nvram", devices.nvram);
    visit("panic", devices.panics);
    visit("shmem", devices.shmems);
    visit("memory", devices.memories);
    visit("iommu", devices.iommu);
    visit("vsock", devices.vsock);
}

} // namespace vmwright::inline v0
