// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/domain/hyperv.hpp>
#include <vmwright/domain/lxc_capabilities.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace vmwright::inline v0
{

/// Interrupt controller of a PC.
struct Apic
{
    std::optional<bool> eoi{};

    bool operator==(Apic const&) const = default;
};

/// System management mode, in which firmware runs beside the guest.
struct Smm
{
    std::optional<bool> enabled{}; ///< on when absent
    std::optional<Size> tseg{}; ///< of the memory that it alone sees

    bool operator==(Smm const&) const = default;
};

/// Announces dirty pages in a ring instead of a bitmap.
struct KvmDirtyRing
{
    bool state{};
    std::optional<std::uint32_t> size{}; ///< entries

    bool operator==(KvmDirtyRing const&) const = default;
};

/// What KVM shows of itself to the guest.
struct KvmFeatures
{
    std::optional<bool> hidden{};
    std::optional<bool> hint_dedicated{};
    std::optional<bool> poll_control{};
    std::optional<bool> pv_ipi{};
    std::optional<KvmDirtyRing> dirty_ring{};

    bool operator==(KvmFeatures const&) const = default;
};

enum class XenPassthroughMode
{
    sync_pt,
    share_pt,
};
constexpr auto enum_names(XenPassthroughMode)
{
    return name_list("sync_pt", "share_pt");
}

struct XenPassthrough
{
    bool state{};
    std::optional<XenPassthroughMode> mode{};

    bool operator==(XenPassthrough const&) const = default;
};

/// For the Xen driver only.
struct XenFeatures
{
    std::optional<bool> e820_host{};
    std::optional<XenPassthrough> passthrough{};

    bool operator==(XenFeatures const&) const = default;
};

enum class GicVersion
{
    host,
    v2,
    v3,
};
constexpr auto enum_names(GicVersion)
{
    return name_list("host", "2", "3");
}

/// Interrupt controller of an Arm board.
struct Gic
{
    std::optional<GicVersion> version{}; ///< the newest that works when absent

    bool operator==(Gic const&) const = default;
};

/// Who emulates the I/O APIC.
enum class IoapicDriver
{
    qemu,
    kvm,
};
constexpr auto enum_names(IoapicDriver)
{
    return name_list("qemu", "kvm");
}

/// What happens when the guest touches a model specific register that the hypervisor does not know.
enum class UnknownMsrs
{
    ignore,
    fault,
};
constexpr auto enum_names(UnknownMsrs)
{
    return name_list("ignore", "fault");
}

enum class HptResizing
{
    enabled,
    disabled,
    required,
};
constexpr auto enum_names(HptResizing)
{
    return name_list("enabled", "disabled", "required");
}

/// The hash page table of a pSeries guest.
struct Hpt
{
    std::optional<HptResizing> resizing{};
    std::optional<Size> max_page_size{};

    bool operator==(Hpt const&) const = default;
};

/// How a pSeries guest is kept from leaking over its caches.
enum class CacheMitigation
{
    broken,
    workaround,
    fixed,
};
constexpr auto enum_names(CacheMitigation)
{
    return name_list("broken", "workaround", "fixed");
}

/// How indirect branches of a pSeries guest are held.
enum class BranchMitigation
{
    broken,
    workaround,
    fixed_ibs,
    fixed_ccd,
    fixed_na,
};
constexpr auto enum_names(BranchMitigation)
{
    return name_list("broken", "workaround", "fixed-ibs", "fixed-ccd", "fixed-na");
}

/// Of QEMU's own emulation.
struct TcgFeatures
{
    std::optional<Size> tb_cache{}; ///< for translated code

    bool operator==(TcgFeatures const&) const = default;
};

/// What the board has or lacks. A plain bool is an element whose presence says yes.
struct Features
{
    bool acpi{};
    std::optional<Apic> apic{};
    bool pae{};
    std::optional<bool> hap{};
    bool viridian{};
    bool privnet{};
    std::optional<Hyperv> hyperv{};
    std::optional<KvmFeatures> kvm{};
    std::optional<bool> pvspinlock{};
    std::optional<LxcCapabilities> capabilities{};
    std::optional<bool> pmu{};
    std::optional<bool> vmport{};
    std::optional<Gic> gic{};
    std::optional<Smm> smm{};
    std::optional<IoapicDriver> ioapic{};
    std::optional<Hpt> hpt{};
    std::optional<bool> vmcoreinfo{};
    std::optional<bool> htm{};
    std::optional<bool> nested_hv{};
    std::optional<UnknownMsrs> msrs{};
    std::optional<bool> ccf_assist{};
    std::optional<XenFeatures> xen{};
    std::optional<CacheMitigation> cfpc{};
    std::optional<CacheMitigation> sbbc{};
    std::optional<BranchMitigation> ibs{};
    std::optional<TcgFeatures> tcg{};

    bool operator==(Features const&) const = default;
};

} // namespace vmwright::inline v0
