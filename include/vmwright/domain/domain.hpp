// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/core/uuid.hpp>
#include <vmwright/domain/blkiotune.hpp>
#include <vmwright/domain/clock.hpp>
#include <vmwright/domain/cpu.hpp>
#include <vmwright/domain/cputune.hpp>
#include <vmwright/domain/devices.hpp>
#include <vmwright/domain/features.hpp>
#include <vmwright/domain/iothreads.hpp>
#include <vmwright/domain/memory_backing.hpp>
#include <vmwright/domain/memtune.hpp>
#include <vmwright/domain/numatune.hpp>
#include <vmwright/domain/os.hpp>
#include <vmwright/domain/qemu_extensions.hpp>
#include <vmwright/domain/resource.hpp>
#include <vmwright/domain/security.hpp>
#include <vmwright/domain/sysinfo.hpp>
#include <vmwright/domain/vcpus.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

/// What runs the guest's instructions. Only qemu (TCG) and kvm run here; nothing chooses kvm by itself.
enum class DomainType
{
    qemu,
    kvm,
    kqemu,
    xen,
    lxc,
    uml,
    openvz,
    test,
    vmware,
    hyperv,
    vbox,
    phyp,
    parallels,
    bhyve,
    vz,
    hvf,
};
constexpr auto enum_names(DomainType)
{
    return name_list("qemu", "kvm", "kqemu", "xen", "lxc", "uml", "openvz", "test", "vmware", "hyperv", "vbox", "phyp",
                     "parallels", "bhyve", "vz", "hvf");
}

/// What happens when the guest powers off, or asks to be reset.
enum class LifecycleAction
{
    destroy,
    restart,
    rename_restart,
    preserve,
};
constexpr auto enum_names(LifecycleAction)
{
    return name_list("destroy", "restart", "rename-restart", "preserve");
}

enum class CrashAction
{
    destroy,
    restart,
    rename_restart,
    preserve,
    coredump_destroy,
    coredump_restart,
};
constexpr auto enum_names(CrashAction)
{
    return name_list("destroy", "restart", "rename-restart", "preserve", "coredump-destroy", "coredump-restart");
}

/// What happens when the domain loses the lock on its disks.
enum class LockFailureAction
{
    poweroff,
    restart,
    pause,
    ignore,
};
constexpr auto enum_names(LockFailureAction)
{
    return name_list("poweroff", "restart", "pause", "ignore");
}

/// Whether the guest is offered the ACPI sleep states.
struct PowerManagement
{
    std::optional<bool> suspend_to_mem{};
    std::optional<bool> suspend_to_disk{};

    bool operator==(PowerManagement const&) const = default;
};

/// A virtual machine, as libvirt's domain XML describes it. What is absent is chosen by qemu::resolve.
struct DomainConfig
{
    DomainType type{};
    std::string name{};
    std::optional<Uuid> uuid{};  ///< chosen at define when absent
    std::optional<Uuid> genid{}; ///< changes when the guest's state may repeat; all zeros: chosen at define
    std::string title{};
    std::string description{};
    std::optional<std::string> metadata{};       ///< the element <metadata> as XML text
    std::optional<Size> max_memory{};            ///< with all that can be plugged
    std::optional<std::uint32_t> memory_slots{}; ///< for memory devices
    Size memory{};                               ///< what the guest has at start, memory devices included
    std::optional<Size> current_memory{};        ///< what the balloon leaves it at start; all when absent
    std::optional<bool> dump_core{};
    Blkiotune blkiotune{};
    Memtune memtune{};
    MemoryBacking memory_backing{};
    Vcpus vcpus{};
    std::optional<std::uint32_t> iothreads{}; ///< how many; those that are not named have the lowest free numbers
    std::vector<IoThread> iothread_ids{};
    DefaultIoThread default_iothread{};
    std::vector<Vcpu> individual_vcpus{}; ///< empty, or the state of each
    Cputune cputune{};
    NumaTune numatune{};
    std::optional<Resource> resource{};
    std::vector<Sysinfo> sysinfos{};
    std::string bootloader{}; ///< of Xen; QEMU has none
    std::string bootloader_args{};
    Os os{};
    IdMap id_map{};
    Features features{};
    std::optional<Cpu> cpu{};
    Clock clock{};
    std::optional<LifecycleAction> on_poweroff{};
    std::optional<LifecycleAction> on_reboot{};
    std::optional<CrashAction> on_crash{};
    std::optional<LockFailureAction> on_lock_failure{};
    PowerManagement pm{};
    std::vector<PerfEvent> perf{};
    Devices devices{};
    std::vector<SecurityLabel> security_labels{};
    QemuExtensions qemu{};
    std::vector<KeyWrapCipher> key_wrap{};
    std::optional<LaunchSecurity> launch_security{};

    bool operator==(DomainConfig const&) const;
};

/// The numbers of all I/O threads: the named ones, then those that the count adds.
[[nodiscard]] auto iothread_ids(DomainConfig const& config) -> std::vector<std::uint32_t>;

} // namespace vmwright::inline v0
