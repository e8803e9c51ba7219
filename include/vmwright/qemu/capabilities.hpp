// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/result.hpp>
#include <vmwright/qemu/qmp_schema.hpp>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qemu
{

struct EmulatorVersion
{
    unsigned major{};
    unsigned minor{};
    unsigned micro{};

    auto operator<=>(EmulatorVersion const&) const = default;
};

/// `7.2.22`.
[[nodiscard]] auto to_string(EmulatorVersion const& version) -> std::string;

/// A machine type.
struct MachineType
{
    std::string name{};
    std::string alias{}; ///< as `q35` for the newest pc-q35; mostly empty
    bool is_default{};   ///< what QEMU takes when none is named
    std::uint32_t max_cpus{};
    bool hotpluggable_cpus{};
    bool numa_memory{}; ///< the old form `-numa node,mem=` works
    bool deprecated{};
    std::string default_cpu_type{}; ///< QOM type, as `qemu64-x86_64-cpu`; empty when the machine has none
    std::string default_ram_id{};   ///< as `pc.ram`: what a memory backend must be called to migrate

    bool operator==(MachineType const&) const = default;
};

/// The machine type without the version at its end, as `pc-q35` of `pc-q35-7.2`.
[[nodiscard]] auto machine_family(std::string_view machine) noexcept -> std::string_view;

/// A CPU model under TCG. What KVM can offer depends on the host: see HostFacts.
struct CpuModel
{
    std::string name{};
    std::string type{};     ///< QOM type
    std::string alias_of{}; ///< the versioned model that this one stands for; mostly empty
    bool is_static{};       ///< does not change with the machine type
    bool migratable{};
    bool deprecated{};
    std::vector<std::string> unavailable_features{}; ///< what TCG cannot do of it

    bool operator==(CpuModel const&) const = default;
};

/// Names that belong to one thing: the properties of a device or machine family, the parameters of an option.
struct NamedList
{
    std::string name{};
    std::vector<std::string> entries{}; ///< in order

    bool operator==(NamedList const&) const = default;
};

/// What one QEMU binary can do, whatever the host: asked once over QMP (probe.hpp), kept as a file, or shipped as a profile.
///
/// Every list is sorted by name, so that equal emulators are equal values; look-ups rely on it.
struct Capabilities
{
    std::string binary{};   ///< path of the emulator
    std::string identity{}; ///< of the file that was probed, as `build-id d9541fd6…`; empty for one without
    std::string arch{};     ///< QEMU's word: x86_64, aarch64
    EmulatorVersion version{};
    std::string package{}; ///< what the distribution added to the version
    std::vector<MachineType> machines{};
    std::vector<CpuModel> cpus{};
    std::vector<std::string> cpu_features{};     ///< switches of the CPU; empty where QEMU cannot tell
    std::vector<std::string> tcg_features{};     ///< those of them that are on in all that TCG emulates
    std::vector<std::string> devices{};          ///< for -device; also those only a board can create
    std::vector<std::string> objects{};          ///< for -object
    std::vector<std::string> types{};            ///< all other QOM types, as `kvm-accel` or `chardev-spicevmc`
    std::vector<NamedList> device_properties{};  ///< of the devices that the library translates, not of all
    std::vector<NamedList> machine_properties{}; ///< by machine family
    std::vector<NamedList> options{};            ///< command line options and the parameters that QEMU tells of them
    QmpSchema schema{};

    bool operator==(Capabilities const&) const = default;

    /// By name or alias; null when there is none.
    [[nodiscard]] auto find_machine(std::string_view name) const noexcept -> MachineType const*;
    /// The name behind an alias; any other text is returned as it is.
    [[nodiscard]] auto canonical_machine(std::string_view name) const noexcept -> std::string_view;
    [[nodiscard]] auto default_machine() const noexcept -> MachineType const*;
    /// Names and aliases.
    [[nodiscard]] auto machine_names() const -> std::vector<std::string_view>;
    [[nodiscard]] auto machine_has(std::string_view machine, std::string_view property) const noexcept -> bool;

    [[nodiscard]] auto find_cpu(std::string_view name) const noexcept -> CpuModel const*;
    [[nodiscard]] auto cpu_names() const -> std::vector<std::string_view>;
    [[nodiscard]] auto tcg_has_feature(std::string_view name) const noexcept -> bool;

    [[nodiscard]] auto has_device(std::string_view name) const noexcept -> bool;
    [[nodiscard]] auto has_object(std::string_view name) const noexcept -> bool;
    [[nodiscard]] auto has_type(std::string_view name) const noexcept -> bool;
    /// Whether the device has the property; false, too, for a device whose properties are not among device_properties.
    [[nodiscard]] auto device_has(std::string_view device, std::string_view property) const noexcept -> bool;

    /// Whether QEMU tells of that option or group of parameters: `chardev`, `sandbox`, `smp-opts`.
    /// It does not tell of options that QAPI describes, as `blockdev` or `display`: ask the schema for those.
    [[nodiscard]] auto has_option(std::string_view option) const noexcept -> bool;
    [[nodiscard]] auto option_has(std::string_view option, std::string_view parameter) const noexcept -> bool;
    /// Whether that option (without its dash) takes JSON in place of key=value pairs.
    [[nodiscard]] auto takes_json(std::string_view option) const noexcept -> bool;
};

/// One compact JSON text; a line a thing, so that two of them can be compared.
[[nodiscard]] auto save(Capabilities const& capabilities) -> std::string;

/// Reads what save wrote. The error tells what is wrong and where: a line and column, or the member.
[[nodiscard]] auto load_capabilities(std::string_view text) -> Result<Capabilities>;

} // namespace vmwright::inline v0::qemu
