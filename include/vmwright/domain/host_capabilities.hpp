// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/uuid.hpp>
#include <vmwright/domain/domain.hpp>
#include <vmwright/domain/host_topology.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

struct GuestMachine
{
    std::string name{};
    std::string canonical{}; ///< of an alias, what it stands for
    std::uint32_t max_cpus{};
    bool deprecated{};

    bool operator==(GuestMachine const&) const = default;
};

/// A switch that a guest has without a word, and whether it can be the other way.
struct GuestSwitch
{
    bool default_{};
    bool toggle{};

    bool operator==(GuestSwitch const&) const = default;
};

struct GuestFeatures
{
    bool pae{};
    bool non_pae{};
    std::optional<GuestSwitch> acpi{};
    std::optional<GuestSwitch> apic{};
    bool cpu_selection{};
    bool device_boot{};
    std::optional<GuestSwitch> disk_snapshot{};

    bool operator==(GuestFeatures const&) const = default;
};

/// What guests of one architecture can be.
struct GuestCapabilities
{
    std::string arch{}; ///< libvirt's word
    std::uint32_t word_size{};
    std::string emulator{}; ///< its path
    std::vector<GuestMachine> machines{};
    std::vector<DomainType> types{};
    GuestFeatures features{};

    bool operator==(GuestCapabilities const&) const = default;
};

/// What a host is, and which guests its emulators run.
struct HostCapabilities
{
    std::optional<Uuid> uuid{};
    std::string arch{}; ///< libvirt's word; the processor's model and features are not told
    std::optional<bool> iommu{};
    HostTopology topology{};
    std::vector<GuestCapabilities> guests{};

    bool operator==(HostCapabilities const&) const = default;
};

} // namespace vmwright::inline v0
