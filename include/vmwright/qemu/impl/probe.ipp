// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/impl/capability_lists.ipp>
#include <vmwright/qemu/impl/probe_answers.ipp>
#include <vmwright/qemu/impl/probe_schema.ipp>
#include <vmwright/qemu/impl/schema_check.ipp>
#include <vmwright/qemu/probe.hpp>

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace vmwright::inline v0::qemu
{

namespace detail::probe
{
namespace
{

/// The devices whose properties a translation may have to know. All of them would cost half a second.
constexpr auto devices = std::to_array<std::string_view>(
    {// disks, their controllers and firmware
     "ahci", "am53c974", "cfi.pflash01", "dc390", "floppy", "ich9-ahci", "ide-cd", "ide-hd", "isa-fdc", "lsi53c895a",
     "megasas", "megasas-gen2", "mptsas1068", "nvme", "nvme-ns", "piix3-ide", "piix4-ide", "pvscsi", "scsi-block", "scsi-cd",
     "scsi-generic", "scsi-hd", "sd-card", "spapr-vscsi", "usb-storage", "vhost-scsi-ccw", "vhost-scsi-pci",
     "vhost-user-blk-ccw", "vhost-user-blk-pci", "virtio-blk-ccw", "virtio-blk-device", "virtio-blk-pci", "virtio-scsi-ccw",
     "virtio-scsi-device", "virtio-scsi-pci",
     // buses
     "ICH9-LPC", "PIIX4_PM", "gpex-pcihost", "i440FX-pcihost", "i82801b11-bridge", "ich9-usb-ehci1", "ich9-usb-uhci1",
     "ioh3420", "nec-usb-xhci", "pci-bridge", "pci-ohci", "pcie-pci-bridge", "pcie-root-port", "piix3-usb-uhci",
     "piix4-usb-uhci", "pxb", "pxb-pcie", "q35-pcihost", "qemu-xhci", "spapr-pci-host-bridge", "usb-ccid", "usb-ehci",
     "usb-hub", "virtio-mmio", "x3130-upstream", "xio3130-downstream",
     // network
     "e1000", "e1000-82544gc", "e1000-82545em", "e1000e", "i82551", "i82557b", "i82559er", "igb", "ne2k_isa", "ne2k_pci",
     "pcnet", "rtl8139", "spapr-vlan", "tulip", "usb-net", "virtio-net-ccw", "virtio-net-device", "virtio-net-pci",
     "vmxnet3",
     // video and sound
     "AC97", "ES1370", "VGA", "bochs-display", "cirrus-vga", "hda-duplex", "hda-micro", "hda-output", "ich9-intel-hda",
     "intel-hda", "qxl", "qxl-vga", "ramfb", "sb16", "secondary-vga", "usb-audio", "vhost-user-gpu-pci", "vhost-user-vga",
     "virtio-gpu-ccw", "virtio-gpu-pci", "virtio-sound-pci", "virtio-vga", "vmware-svga",
     // characters
     "isa-debugcon", "isa-parallel", "isa-serial", "pci-serial", "pl011", "sclpconsole", "sclplmconsole", "spapr-vty",
     "usb-serial", "virtconsole", "virtio-serial-ccw", "virtio-serial-device", "virtio-serial-pci", "virtserialport",
     // input
     "usb-kbd", "usb-mouse", "usb-tablet", "virtio-input-host-pci", "virtio-keyboard-ccw", "virtio-keyboard-pci",
     "virtio-mouse-pci", "virtio-tablet-pci",
     // memory and IOMMU
     "amd-iommu", "intel-iommu", "ivshmem-doorbell", "ivshmem-plain", "nvdimm", "pc-dimm", "sgx-epc", "virtio-iommu-pci",
     "virtio-mem-pci", "virtio-pmem-pci",
     // host devices and shared directories
     "ccid-card-emulated", "ccid-card-passthru", "usb-host", "usb-redir", "vfio-ap", "vfio-ccw", "vfio-pci",
     "vfio-pci-nohotplug", "vhost-user-fs-ccw", "vhost-user-fs-pci", "vhost-vsock-ccw", "vhost-vsock-pci", "virtio-9p-ccw",
     "virtio-9p-device", "virtio-9p-pci",
     // the rest
     "diag288", "i6300esb", "ib700", "kvm-pit", "mc146818rtc", "pvpanic", "pvpanic-pci", "tpm-crb", "tpm-spapr", "tpm-tis",
     "tpm-tis-device", "virtio-balloon-ccw", "virtio-balloon-device", "virtio-balloon-pci", "virtio-crypto-ccw",
     "virtio-crypto-pci", "virtio-rng-ccw", "virtio-rng-device", "virtio-rng-pci", "vmcoreinfo", "vmgenid"});

/// Families without versions that are worth asking. Not microvm: QEMU 7.2 aborts on it (acpi_setup_microvm).
constexpr auto unversioned_families = std::to_array<std::string_view>({"isapc", "none", "virt"});

/// All that TCG emulates, with each of its switches. QEMU 7.2 answers for x86 and s390x without a machine.
constexpr std::string_view whole_cpu = R"({"type":"full","model":{"name":"max"}})";
constexpr std::string_view device_types = R"({"implements":"device"})";
constexpr std::string_view object_types = R"({"implements":"user-creatable"})";
constexpr std::string_view cpu_types = R"({"implements":"cpu"})";

auto type_argument(std::string_view type) -> std::string
{
    return json::serialize(json::object{{"typename", type}});
}

auto machines(json::value const& list) -> std::vector<MachineType>
{
    std::vector<MachineType> out;
    for (auto const& element : list.as_array()) {
        auto const& machine = element.as_object();
        out.push_back({.name = text(machine, "name"),
                       .alias = text(machine, "alias"),
                       .is_default = flag(machine, "is-default"),
                       .max_cpus = machine.at("cpu-max").to_number<std::uint32_t>(),
                       .hotpluggable_cpus = flag(machine, "hotpluggable-cpus"),
                       .numa_memory = flag(machine, "numa-mem-supported"),
                       .deprecated = flag(machine, "deprecated"),
                       .default_cpu_type = text(machine, "default-cpu-type"),
                       .default_ram_id = text(machine, "default-ram-id")});
    }
    std::ranges::sort(out, {}, &MachineType::name);
    return out;
}

/// The machine of each family that is asked for the family's properties: the one with an alias, else the last.
auto family_members(std::vector<MachineType> const& machines) -> std::map<std::string_view, MachineType const*>
{
    std::map<std::string_view, MachineType const*> members;
    for (auto const& machine : machines) {
        auto const family = machine_family(machine.name);
        if (family == machine.name && std::ranges::find(unversioned_families, family) == unversioned_families.end())
            continue;
        auto& member = members[family];
        if (member == nullptr || member->alias.empty())
            member = &machine;
    }
    return members;
}

auto machine_properties_command(std::string_view machine) -> ProbeCommand
{
    return {"qom-list-properties", type_argument(fmt::format("{}-machine", machine))};
}

auto device_properties_command(std::string_view device) -> ProbeCommand
{
    return {"device-list-properties", type_argument(device)};
}

auto cpus(Answers const& answers) -> std::vector<CpuModel>
{
    std::vector<CpuModel> out;
    if (auto const definitions = answers.find("query-cpu-definitions"); !definitions.is_null()) {
        for (auto const& element : definitions.as_array()) {
            auto const& cpu = element.as_object();
            out.push_back({.name = text(cpu, "name"),
                           .type = text(cpu, "typename"),
                           .alias_of = text(cpu, "alias-of"),
                           .is_static = flag(cpu, "static"),
                           .migratable = flag(cpu, "migration-safe"),
                           .deprecated = flag(cpu, "deprecated"),
                           .unavailable_features = texts(cpu, "unavailable-features")});
        }
        return out;
    }
    // QEMU 7.2 has that command for x86, Arm, s390x, ppc and MIPS only. Types are named like rv64-riscv-cpu.
    for (auto& type : names(answers.get("qom-list-types", cpu_types))) {
        auto name = std::string_view{type};
        name = name.substr(0, name.rfind("-cpu"));
        name = name.substr(0, name.rfind('-'));
        out.push_back({.name = std::string{name}, .type = std::move(type)});
    }
    return out;
}

/// The switches of the CPU, or only those that are on.
auto cpu_features(Answers const& answers, bool on_only) -> std::vector<std::string>
{
    std::vector<std::string> out;
    auto const answer = answers.find("query-cpu-model-expansion", whole_cpu);
    if (answer.is_null())
        return out;
    for (auto const& [name, value] : answer.at("model").at("props").as_object())
        if (value.is_bool() && (value.get_bool() || !on_only))
            out.emplace_back(name);
    return out;
}

auto parameters(json::value const& list) -> std::vector<NamedList>
{
    std::vector<NamedList> out;
    for (auto const& element : list.as_array()) {
        auto const& option = element.as_object();
        if (auto name = text(option, "option"); !name.empty())
            out.push_back({.name = std::move(name), .entries = names(option.at("parameters"))});
    }
    return out;
}

auto property_lists(Answers const& answers, std::vector<MachineType> const& machines) -> std::vector<NamedList>
{
    std::vector<NamedList> out;
    for (auto const& [family, machine] : family_members(machines)) {
        auto const command = machine_properties_command(machine->name);
        if (auto const list = answers.find(command.name, command.arguments); !list.is_null())
            out.push_back({.name = std::string{family}, .entries = names(list)});
    }
    return out;
}

auto property_lists(Answers const& answers) -> std::vector<NamedList>
{
    std::vector<NamedList> out;
    for (auto const device : devices) {
        auto const command = device_properties_command(device);
        if (auto const list = answers.find(command.name, command.arguments); !list.is_null())
            out.push_back({.name = std::string{device}, .entries = names(list)});
    }
    return out;
}

/// The types that are neither devices, objects, machines nor the abstract ones.
auto other_types(std::vector<std::string> all, Capabilities const& known) -> std::vector<std::string>
{
    std::erase_if(all, [&](auto const& type) {
        return type.ends_with("-machine") || known.has_device(type) || known.has_object(type);
    });
    return all;
}

} // namespace
} // namespace detail::probe

auto probe_options() -> std::vector<std::string>
{
    return {"-S", "-no-user-config", "-nodefaults", "-nographic", "-machine", "none,accel=tcg"};
}

auto probe_commands() -> std::vector<ProbeCommand>
{
    using namespace detail::probe;
    return {
        {"query-version", ""},
        {"query-target", ""},
        {"query-machines", ""},
        {"query-cpu-definitions", ""},
        {"query-cpu-model-expansion", std::string{whole_cpu}},
        {"query-command-line-options", ""},
        {"query-qmp-schema", ""},
        {"qom-list-types", ""},
        {"qom-list-types", std::string{device_types}},
        {"qom-list-types", std::string{object_types}},
        {"qom-list-types", std::string{cpu_types}},
    };
}

auto probe_details(std::span<ProbeReply const> replies) -> Result<std::vector<ProbeCommand>>
{
    using namespace detail::probe;
    try {
        auto const answers = Answers{replies};
        std::vector<ProbeCommand> commands;
        auto const all_machines = machines(answers.get("query-machines"));
        for (auto const& [family, machine] : family_members(all_machines))
            commands.push_back(machine_properties_command(machine->name));
        auto const present = names(answers.get("qom-list-types", device_types));
        for (auto const device : devices)
            if (std::ranges::binary_search(present, device))
                commands.push_back(device_properties_command(device));
        return commands;
    } catch (Error const& error) {
        return error;
    } catch (boost::system::system_error const& error) {
        return Error{Errc::corrupt_state, "a reply has an unexpected form", {.object = "probe", .detail = error.what()}};
    }
}

auto capabilities_from(std::string_view binary, std::span<ProbeReply const> replies) -> Result<Capabilities>
{
    using namespace detail::probe;
    try {
        auto const answers = Answers{replies};
        auto const version = answers.get("query-version");
        auto const& numbers = version.at("qemu");
        Capabilities capabilities{
            .binary = std::string{binary},
            .arch = text(answers.get("query-target").as_object(), "arch"),
            .version = {.major = numbers.at("major").to_number<unsigned>(),
                        .minor = numbers.at("minor").to_number<unsigned>(),
                        .micro = numbers.at("micro").to_number<unsigned>()},
            .package = text(version.as_object(), "package"),
            .machines = machines(answers.get("query-machines")),
            .cpus = cpus(answers),
            .cpu_features = cpu_features(answers, false),
            .tcg_features = cpu_features(answers, true),
            .devices = names(answers.get("qom-list-types", device_types)),
            .objects = names(answers.get("qom-list-types", object_types)),
            .device_properties = property_lists(answers),
            .options = parameters(answers.get("query-command-line-options")),
        };
        capabilities.machine_properties = property_lists(answers, capabilities.machines);
        capabilities.types = other_types(names(answers.get("qom-list-types")), capabilities);
        auto const schema = answers.get("query-qmp-schema");
        capabilities.schema = SchemaReader{schema.as_array()}.read();
        if (auto const flaw = detail::schema_check::Check{capabilities.schema}.flaw())
            fail("query-qmp-schema", *flaw);
        detail::capability_lists::sort(capabilities);
        return capabilities;
    } catch (Error const& error) {
        return error;
    } catch (std::exception const& error) {
        return Error{Errc::corrupt_state, "a reply has an unexpected form", {.object = "probe", .detail = error.what()}};
    }
}

} // namespace vmwright::inline v0::qemu
