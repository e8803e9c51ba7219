// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/qemu/detail/board.hpp>
#include <vmwright/qemu/detail/firmware.hpp>
#include <vmwright/qemu/domain_capabilities.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace vmwright::inline v0::qemu
{

namespace detail::domain_capabilities
{
namespace
{

/// What the answers depend on, all of it chosen.
struct Asked
{
    Capabilities const& emulator;
    HostFacts const& facts;
    MachineType const& machine;
    DomainType type{};
    Board board{};

    [[nodiscard]] auto has_device(std::initializer_list<std::string_view> any) const -> bool
    {
        return std::ranges::any_of(any, [&](std::string_view name) { return emulator.has_device(name); });
    }
};

/// Those of the entries whose condition holds.
template <class T>
auto those(std::initializer_list<std::pair<T, bool>> entries) -> std::vector<T>
{
    std::vector<T> list;
    for (auto const& [value, is_there] : entries)
        if (is_there)
            list.push_back(value);
    return list;
}

auto has(std::vector<std::string> const& list, std::string_view word) -> bool
{
    return std::ranges::find(list, word) != list.end();
}

/// Of a host without a descriptor for the machine: the images that libvirt is built to look for.
constexpr auto usual_images =
    std::to_array<std::string_view>({"/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_CODE.secboot.fd",
                                     "/usr/share/AAVMF/AAVMF_CODE.fd", "/usr/share/AAVMF/AAVMF32_CODE.fd"});

auto os(Asked const& at) -> OsCapabilities
{
    OsCapabilities os{.supported = true,
                      .loader = {.supported = true,
                                 .types = {LoaderType::rom, LoaderType::pflash},
                                 .read_only = {true, false},
                                 .secure = {false}}};
    std::vector<FirmwareDescriptor> images;
    std::ranges::copy_if(at.facts.firmware, std::back_inserter(images),
                         [&](FirmwareDescriptor const& image) { return runs_on(image, at.board.arch, at.machine.name); });
    auto const some = [&](auto const& is_so) { return std::ranges::any_of(images, is_so); };
    os.firmware = those<FirmwareKind>(
        {{FirmwareKind::bios, some([](FirmwareDescriptor const& image) { return has(image.interfaces, "bios"); })},
         {FirmwareKind::efi, some([](FirmwareDescriptor const& image) { return has(image.interfaces, "uefi"); })}});
    if (some([](FirmwareDescriptor const& image) {
            return has(image.features, "secure-boot") && has(image.features, "requires-smm");
        }))
        os.loader.secure = {true, false};

    auto const add = [&](std::string_view path) {
        if (has(at.facts.firmware_files, path) && !has(os.loader.paths, path))
            os.loader.paths.emplace_back(path);
    };
    for (auto const& image : images)
        add(image.executable);
    if (images.empty())
        std::ranges::for_each(usual_images, add);
    return os;
}

/// Whose processor an x86 model is, by the beginning of its name. libvirt knows no others.
constexpr auto x86_models = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"Broadwell", "Intel"}, {"Cascadelake-", "Intel"}, {"Conroe", "Intel"},    {"Cooperlake", "Intel"},
     {"Haswell", "Intel"},   {"Icelake-", "Intel"},     {"IvyBridge", "Intel"}, {"Nehalem", "Intel"},
     {"Penryn", "Intel"},    {"SandyBridge", "Intel"},  {"Skylake-", "Intel"},  {"Snowridge", "Intel"},
     {"Westmere", "Intel"},  {"core2duo", "Intel"},     {"coreduo", "Intel"},   {"n270", "Intel"},
     {"EPYC", "AMD"},        {"Opteron_", "AMD"},       {"athlon", "AMD"},      {"phenom", "AMD"},
     {"Dhyana", "Hygon"},    {"486", "unknown"},        {"kvm", "unknown"},     {"pentium", "unknown"},
     {"qemu", "unknown"}});

/// Of Arm, QEMU tells nothing; under KVM the host's processor decides.
auto usable(CpuModel const& model, Asked const& at) -> CpuUsable
{
    if (at.type == DomainType::kvm || at.board.is_arm())
        return CpuUsable::unknown;
    return model.unavailable_features.empty() ? CpuUsable::yes : CpuUsable::no;
}

/// Ends in -v and a number: libvirt leaves those to QEMU.
auto is_versioned(std::string_view name) -> bool
{
    auto const digits = name.find_last_not_of("0123456789");
    return digits != name.npos && digits + 1 < name.size() && name.substr(0, digits + 1).ends_with("-v");
}

auto models(Asked const& at) -> std::vector<NamedCpu>
{
    std::vector<NamedCpu> list;
    for (auto const& model : at.emulator.cpus) {
        NamedCpu cpu{.name = model.name, .usable = usable(model, at), .deprecated = model.deprecated};
        if (at.board.is_x86()) {
            auto const known =
                std::ranges::find_if(x86_models, [&](auto const& entry) { return model.name.starts_with(entry.first); });
            if (known == x86_models.end() || is_versioned(model.name))
                continue;
            cpu.vendor = known->second;
        }
        list.push_back(std::move(cpu));
    }
    if (at.board.is_x86()) // as libvirt has it
        std::ranges::reverse(list);
    return list;
}

auto cpu(Asked const& at) -> CpuCapabilities
{
    CpuCapabilities cpu{.host_passthrough = at.type == DomainType::kvm, .host_model = at.board.is_x86()};
    if (cpu.host_passthrough)
        cpu.host_passthrough_migratable = those<bool>({{true, at.emulator.arch == at.facts.arch}, {false, true}});
    // QEMU 7.2 has models for riscv, yet does not tell libvirt of them.
    if (!at.emulator.schema.has_command("query-cpu-definitions"))
        return cpu;
    cpu.maximum = at.emulator.find_cpu("max") != nullptr;
    if (cpu.maximum)
        cpu.maximum_migratable = {true, false};
    cpu.models = models(at);
    cpu.custom = !cpu.models.empty();
    return cpu;
}

auto memory_backing(Asked const& at) -> MemoryBackingCapabilities
{
    return {.supported = true,
            .sources = those<MemorySourceType>({{MemorySourceType::file, at.emulator.has_object("memory-backend-file")},
                                                {MemorySourceType::anonymous, true},
                                                {MemorySourceType::memfd, at.emulator.has_object("memory-backend-memfd")}})};
}

auto disk(Asked const& at) -> DiskCapabilities
{
    auto const modern = at.has_device({"virtio-blk-pci-transitional"});
    return {.supported = true,
            .devices = {DiskDevice::disk, DiskDevice::cdrom, DiskDevice::floppy, DiskDevice::lun},
            .buses = those<DiskBus>({{DiskBus::ide, at.board.has_ide()},
                                     {DiskBus::fdc, true},
                                     {DiskBus::scsi, true},
                                     {DiskBus::virtio, true},
                                     {DiskBus::usb, at.has_device({"usb-storage"})},
                                     {DiskBus::sata, at.has_device({"ich9-ahci"})}}),
            .models = those<DiskModel>({{DiskModel::virtio, true},
                                        {DiskModel::virtio_transitional, modern},
                                        {DiskModel::virtio_non_transitional, modern}})};
}

auto graphics(Asked const& at) -> GraphicsCapabilities
{
    auto const& schema = at.emulator.schema;
    auto const has_display = [&](std::string_view type) {
        return schema.returns("query-display-options", fmt::format("type={}", type));
    };
    return {.supported = true,
            .types = those<std::string>({{"sdl", has_display("sdl")},
                                         {"vnc", schema.has_command("query-vnc")},
                                         {"spice", schema.has_command("query-spice")},
                                         {"egl-headless", has_display("egl-headless")},
                                         {"dbus", has_display("dbus")}})};
}

auto video(Asked const& at) -> VideoCapabilities
{
    return {.supported = true,
            .models = those<VideoType>({{VideoType::vga, at.has_device({"VGA"})},
                                        {VideoType::cirrus, at.has_device({"cirrus-vga"})},
                                        {VideoType::vmvga, at.has_device({"vmware-svga"})},
                                        {VideoType::qxl, at.has_device({"qxl"})},
                                        {VideoType::virtio, at.has_device({"virtio-gpu-pci", "virtio-gpu-ccw"})},
                                        {VideoType::none, true},
                                        {VideoType::bochs, at.has_device({"bochs-display"})},
                                        {VideoType::ramfb, at.has_device({"ramfb"})}})};
}

auto hostdev(Asked const& at) -> HostdevCapabilities
{
    HostdevCapabilities hostdev{.supported = true,
                                .modes = {HostdevMode::subsystem},
                                .startup_policies = {"default"},
                                .subsystems = those<std::string>({{"usb", at.has_device({"usb-host"})},
                                                                  {"pci", at.has_device({"vfio-pci"})},
                                                                  {"scsi", at.has_device({"scsi-generic"})}})};
    for (auto const name : names_of<StartupPolicy>)
        hostdev.startup_policies.emplace_back(name);
    if (at.facts.iommu && at.facts.vfio)
        hostdev.pci_backends = {"default", "vfio"};
    return hostdev;
}

auto rng(Asked const& at) -> RngCapabilities
{
    auto const modern = at.has_device({"virtio-rng-pci-transitional"});
    return {.supported = true,
            .models = those<RngModel>({{RngModel::virtio, true},
                                       {RngModel::virtio_transitional, modern},
                                       {RngModel::virtio_non_transitional, modern}}),
            .backends = those<std::string>({{"random", at.emulator.has_object("rng-random")},
                                            {"egd", at.emulator.has_object("rng-egd")},
                                            {"builtin", at.emulator.has_object("rng-builtin")}})};
}

auto filesystem(Asked const& at) -> FilesystemCapabilities
{
    if (!at.emulator.has_option("fsdev"))
        return {};
    return {.supported = true,
            .drivers = those<FilesystemDriverType>(
                {{FilesystemDriverType::path, true},
                 {FilesystemDriverType::handle, true},
                 {FilesystemDriverType::virtiofs, at.has_device({"vhost-user-fs-pci", "vhost-user-fs-ccw"})}})};
}

auto tpm(Asked const& at) -> TpmCapabilities
{
    TpmCapabilities tpm{.models = those<TpmModel>({{TpmModel::tis, at.has_device({"tpm-tis", "tpm-tis-device"})},
                                                   {TpmModel::crb, at.has_device({"tpm-crb"})},
                                                   {TpmModel::spapr, at.has_device({"tpm-spapr"})},
                                                   {TpmModel::spapr_proxy, at.has_device({"spapr-tpm-proxy"})}})};
    tpm.supported = !tpm.models.empty();
    if (!tpm.supported)
        return tpm;
    auto const emulated = !at.facts.helpers.swtpm.empty() && at.emulator.has_type("tpm-emulator");
    tpm.backends = those<std::string>(
        {{"passthrough", at.emulator.has_type("tpm-passthrough")}, {"emulator", emulated}, {"external", emulated}});
    if (emulated)
        tpm.versions = {TpmVersion::v1_2, TpmVersion::v2_0};
    return tpm;
}

auto redirdev(Asked const& at) -> RedirdevCapabilities
{
    if (!at.has_device({"usb-redir"}))
        return {};
    return {.supported = true, .buses = {RedirBus::usb}};
}

auto channel(Asked const& at) -> ChannelCapabilities
{
    return {.supported = true,
            .types =
                those<std::string>({{"pty", true}, {"unix", true}, {"spicevmc", at.emulator.has_type("chardev-spicevmc")}})};
}

auto features(Asked const& at) -> FeatureCapabilities
{
    FeatureCapabilities features{.vmcoreinfo = at.has_device({"vmcoreinfo"}),
                                 .genid = at.has_device({"vmgenid"}),
                                 .backing_store_input = at.emulator.schema.has_command("blockdev-add"),
                                 .backup = at.emulator.schema.has_command("blockdev-backup")};
    if (!at.board.is_arm() || at.board.family != BoardFamily::virt)
        features.gic.emplace();
    else if (at.type == DomainType::qemu)
        features.gic = {GicVersion::v2, GicVersion::v3};
    if (at.emulator.arch == "s390x" && at.type == DomainType::qemu)
        features.s390_pv = false;
    if (at.type == DomainType::kvm && at.facts.sev && at.emulator.has_object("sev-guest"))
        features.sev = SevCapabilities{.cbitpos = at.facts.sev->cbitpos,
                                       .reduced_phys_bits = at.facts.sev->reduced_phys_bits,
                                       .max_guests = at.facts.sev->max_guests,
                                       .max_es_guests = at.facts.sev->max_es_guests};
    if (at.board.is_x86()) // what more KVM has of Hyper-V, it says by the host's CPU
        features.hyperv = {"spinlocks", "vendor_id"};
    return features;
}

auto refusal(std::string message, std::string hint) -> Error
{
    return Error{Errc::invalid_argument, message, {.hint = std::move(hint)}};
}

/// What the query leaves open is chosen; the name of a machine that is not there is an error.
auto find_machine(Capabilities const& emulator, std::string_view name) -> Result<MachineType const*>
{
    if (name.empty()) {
        auto const* machine = emulator.default_machine();
        if (machine == nullptr)
            machine = emulator.find_machine("virt");
        if (machine == nullptr)
            return refusal(fmt::format("the emulator for {} has no default machine", emulator.arch), "name one");
        return machine;
    }
    auto const* machine = name == "none" ? nullptr : emulator.find_machine(name);
    if (machine == nullptr) {
        auto names = emulator.machine_names();
        std::erase(names, "none");
        return refusal(fmt::format("the emulator for {} has no machine '{}'", emulator.arch, name), suggestion(name, names));
    }
    return machine;
}

auto find_type(Capabilities const& emulator, HostFacts const& facts, std::optional<DomainType> type) -> Result<DomainType>
{
    auto const has_kvm = emulator.has_type("kvm-accel") && runs_guests_of(facts.arch, emulator.arch);
    if (!type)
        return has_kvm && facts.kvm.usable ? DomainType::kvm : DomainType::qemu;
    constexpr auto types = std::to_array<std::string_view>({"qemu", "kvm"});
    if (type != DomainType::kvm && type != DomainType::qemu)
        return refusal(fmt::format("the emulator runs no domains of type '{}'", to_string(*type)),
                       suggestion(to_string(*type), types));
    if (type == DomainType::kvm && !has_kvm)
        return refusal(fmt::format("a host of {} has no KVM for guests of {}", facts.arch, emulator.arch),
                       "use the type 'qemu'");
    if (type == DomainType::kvm && !facts.kvm.usable)
        return Error{Errc::accelerator_unusable,
                     fmt::format("KVM cannot be used{}{}", facts.kvm.reason.empty() ? "" : ": ", facts.kvm.reason),
                     {.hint = "use the type 'qemu'"}};
    return *type;
}

} // namespace
} // namespace detail::domain_capabilities

auto domain_capabilities(Capabilities const& capabilities, HostFacts const& facts, CapabilitiesQuery const& query)
    -> Result<DomainCapabilities>
{
    using namespace detail::domain_capabilities;
    auto const archs = libvirt_archs(capabilities.arch);
    auto const arch = query.arch.empty() ? std::string{archs.back()} : query.arch;
    if (!runs_guests_of(capabilities.arch, arch))
        return refusal(fmt::format("the emulator for {} has no guests of '{}'", capabilities.arch, arch),
                       suggestion(arch, archs));
    auto const machine = find_machine(capabilities, query.machine);
    if (machine.has_error())
        return machine.error();
    auto const type = find_type(capabilities, facts, query.type);
    if (type.has_error())
        return type.error();

    DomainConfig config;
    config.os.arch = arch;
    config.os.machine = (*machine)->name;
    auto const at = Asked{
        .emulator = capabilities, .facts = facts, .machine = **machine, .type = *type, .board = detail::board_of(config)};
    return DomainCapabilities{.path = capabilities.binary,
                              .type = at.type,
                              .machine = at.machine.name,
                              .arch = arch,
                              .max_vcpus = at.machine.max_cpus,
                              .iothreads = capabilities.has_object("iothread"),
                              .os = os(at),
                              .cpu = cpu(at),
                              .memory_backing = memory_backing(at),
                              .devices = {.disk = disk(at),
                                          .graphics = graphics(at),
                                          .video = video(at),
                                          .hostdev = hostdev(at),
                                          .rng = rng(at),
                                          .filesystem = filesystem(at),
                                          .tpm = tpm(at),
                                          .redirdev = redirdev(at),
                                          .channel = channel(at)},
                              .features = features(at)};
}

} // namespace vmwright::inline v0::qemu
