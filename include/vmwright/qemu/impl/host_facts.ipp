// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/host_facts.hpp>
#include <vmwright/qemu/impl/json_file.ipp>

#include <algorithm>

namespace vmwright::inline v0::qemu
{

namespace detail::json_file
{

void map(auto& at, Like<KvmFact> auto& kvm)
{
    at("usable", kvm.usable);
    at("reason", kvm.reason);
}

void map(auto& at, Like<HugepageMount> auto& mount)
{
    at("path", mount.path);
    at("page_size", mount.page_size);
}

void map(auto& at, Like<ImageFact> auto& image)
{
    at("path", image.path);
    at("format", image.format);
    at("backing", image.backing);
    at("backing_format", image.backing_format);
}

void map(auto& at, Like<HostDirectories> auto& directories)
{
    at("lib", directories.lib);
    at("state", directories.state);
    at("log", directories.log);
    at("nvram", directories.nvram);
    at("tpm", directories.tpm);
}

void map(auto& at, Like<HelperPrograms> auto& helpers)
{
    at("swtpm", helpers.swtpm);
    at("swtpm_setup", helpers.swtpm_setup);
    at("virtiofsd", helpers.virtiofsd);
    at("passt", helpers.passt);
}

void map(auto& at, Like<FirmwareTarget> auto& target)
{
    at("architecture", target.architecture);
    at("machines", target.machines);
}

void map(auto& at, Like<FirmwareDescriptor> auto& image)
{
    at("interfaces", image.interfaces);
    at("device", image.device);
    at("mode", image.mode);
    at("executable", image.executable);
    at("format", image.format);
    at("nvram_template", image.nvram_template);
    at("nvram_format", image.nvram_format);
    at("targets", image.targets);
    at("features", image.features);
}

void map(auto& at, Like<NvramTemplate> auto& nvram)
{
    at("loader", nvram.loader);
    at("path", nvram.path);
}

void map(auto& at, Like<SmbiosEntry> auto& entry)
{
    at("name", entry.name);
    at("value", entry.value);
}

void map(auto& at, Like<SmbiosBoard> auto& board)
{
    at("entries", board.entries);
}

void map(auto& at, Like<SmbiosInfo> auto& info)
{
    at("bios", info.bios);
    at("system", info.system);
    at("boards", info.boards);
    at("chassis", info.chassis);
    at("oem_strings", info.oem_strings);
}

void map(auto& at, Like<SevFact> auto& sev)
{
    at("cbitpos", sev.cbitpos);
    at("reduced_phys_bits", sev.reduced_phys_bits);
    at("max_guests", sev.max_guests);
    at("max_es_guests", sev.max_es_guests);
}

void map(auto& at, Like<HostPages> auto& pages)
{
    at("size", pages.size);
    at("count", pages.count);
}

void map(auto& at, Like<HostDistance> auto& distance)
{
    at("id", distance.id);
    at("value", distance.value);
}

void map(auto& at, Like<HostProcessor> auto& processor)
{
    at("id", processor.id);
    at("socket", processor.socket);
    at("die", processor.die);
    at("core", processor.core);
    at("siblings", processor.siblings);
}

void map(auto& at, Like<HostCell> auto& cell)
{
    at("id", cell.id);
    at("memory", cell.memory);
    at("pages", cell.pages);
    at("distances", cell.distances);
    at("processors", cell.processors);
}

void map(auto& at, Like<HostCache> auto& cache)
{
    at("id", cache.id);
    at("level", cache.level);
    at("type", cache.type);
    at("size", cache.size);
    at("processors", cache.processors);
}

void map(auto& at, Like<HostTopology> auto& topology)
{
    at("cells", topology.cells);
    at("caches", topology.caches);
    at("page_sizes", topology.page_sizes);
}

void map(auto& at, Like<HostFacts> auto& facts)
{
    at("arch", facts.arch);
    at("cpus", facts.cpus);
    at("kvm", facts.kvm);
    at("vhost_net", facts.vhost_net);
    at("vhost_vsock", facts.vhost_vsock);
    at("iommu", facts.iommu);
    at("vfio", facts.vfio);
    at("uuid", facts.uuid);
    at("topology", facts.topology);
    at("hugepages", facts.hugepages);
    at("default_hugepage", facts.default_hugepage);
    at("render_nodes", facts.render_nodes);
    at("images", facts.images);
    at("vnc_listen", facts.vnc_listen);
    at("spice_listen", facts.spice_listen);
    at("tls_directory", facts.tls_directory);
    at("spice_tls_directory", facts.spice_tls_directory);
    at("first_port", facts.first_port);
    at("last_port", facts.last_port);
    at("ports_taken", facts.ports_taken);
    at("directories", facts.directories);
    at("helpers", facts.helpers);
    at("firmware", facts.firmware);
    at("firmware_files", facts.firmware_files);
    at("nvram_templates", facts.nvram_templates);
    at("smbios", facts.smbios);
    at("sev", facts.sev);
    at("now", facts.now);
    at("utc_offset", facts.utc_offset);
}

} // namespace detail::json_file

auto HostFacts::find_image(std::string_view path) const noexcept -> ImageFact const*
{
    auto const found = std::ranges::find(images, path, &ImageFact::path);
    return found != images.end() ? &*found : nullptr;
}

auto HostFacts::find_hugepages(Size page_size) const noexcept -> HugepageMount const*
{
    auto const found = std::ranges::find(hugepages, page_size, &HugepageMount::page_size);
    return found != hugepages.end() ? &*found : nullptr;
}

namespace detail::host_facts_debian12
{
namespace
{

auto image(std::string_view arch, std::vector<std::string> machines, std::string_view code, std::string_view variables,
           std::vector<std::string> features) -> FirmwareDescriptor
{
    return {.interfaces = {"uefi"},
            .device = "flash",
            .mode = "split",
            .executable = std::string{code},
            .format = "raw",
            .nvram_template = std::string{variables},
            .nvram_format = "raw",
            .targets = {{.architecture = std::string{arch}, .machines = std::move(machines)}},
            .features = std::move(features)};
}

/// Of the packages ovmf, qemu-efi-aarch64 and qemu-efi-arm.
auto firmware() -> std::vector<FirmwareDescriptor>
{
    return {
        image("aarch64", {"virt-*"}, "/usr/share/AAVMF/AAVMF_CODE.ms.fd", "/usr/share/AAVMF/AAVMF_VARS.ms.fd",
              {"enrolled-keys", "secure-boot", "verbose-static"}),
        image("x86_64", {"pc-q35-*"}, "/usr/share/OVMF/OVMF_CODE_4M.ms.fd", "/usr/share/OVMF/OVMF_VARS_4M.ms.fd",
              {"acpi-s3", "amd-sev", "enrolled-keys", "requires-smm", "secure-boot", "verbose-dynamic"}),
        image("aarch64", {"virt-*"}, "/usr/share/AAVMF/AAVMF_CODE.secboot.fd", "/usr/share/AAVMF/AAVMF_VARS.fd",
              {"secure-boot", "verbose-static"}),
        image("x86_64", {"pc-q35-*"}, "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd",
              {"acpi-s3", "amd-sev", "requires-smm", "secure-boot", "verbose-dynamic"}),
        image("aarch64", {"virt-*"}, "/usr/share/AAVMF/AAVMF_CODE.fd", "/usr/share/AAVMF/AAVMF_VARS.fd", {"verbose-static"}),
        image("arm", {"virt-*"}, "/usr/share/AAVMF/AAVMF32_CODE.fd", "/usr/share/AAVMF/AAVMF32_VARS.fd", {"verbose-static"}),
        image("x86_64", {"pc-i440fx-*", "pc-q35-*"}, "/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd",
              {"acpi-s3", "amd-sev", "verbose-dynamic"}),
    };
}

/// All of them are there.
auto firmware_files() -> std::vector<std::string>
{
    std::vector<std::string> files;
    for (auto const& image : firmware())
        files.push_back(image.executable);
    for (auto const& image : usual_nvram_templates())
        if (std::ranges::find(files, image.loader) == files.end())
            files.push_back(image.loader);
    return files;
}

} // namespace
} // namespace detail::host_facts_debian12

auto usual_nvram_templates() -> std::vector<NvramTemplate>
{
    return {
        {"/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"},
        {"/usr/share/OVMF/OVMF_CODE.secboot.fd", "/usr/share/OVMF/OVMF_VARS.fd"},
        {"/usr/share/OVMF/OVMF_CODE.ms.fd", "/usr/share/OVMF/OVMF_VARS.ms.fd"},
        {"/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"},
        {"/usr/share/OVMF/OVMF_CODE_4M.secboot.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"},
        {"/usr/share/OVMF/OVMF_CODE_4M.ms.fd", "/usr/share/OVMF/OVMF_VARS_4M.ms.fd"},
        {"/usr/share/AAVMF/AAVMF_CODE.fd", "/usr/share/AAVMF/AAVMF_VARS.fd"},
        {"/usr/share/AAVMF/AAVMF32_CODE.fd", "/usr/share/AAVMF/AAVMF32_VARS.fd"},
    };
}

auto debian12() -> HostFacts
{
    return {
        .arch = "x86_64",
        .cpus = 4,
        .kvm = {.usable = true},
        .hugepages = {{.path = "/dev/hugepages", .page_size = MiB(2)}},
        .default_hugepage = MiB(2),
        .directories = {.lib = "/var/lib/libvirt/qemu",
                        .state = "/run/libvirt/qemu",
                        .log = "/var/log/libvirt/qemu",
                        .nvram = "/var/lib/libvirt/qemu/nvram",
                        .tpm = "/var/lib/libvirt/swtpm"},
        .helpers = {.swtpm = "/usr/bin/swtpm",
                    .swtpm_setup = "/usr/bin/swtpm_setup",
                    .virtiofsd = "/usr/lib/qemu/virtiofsd",
                    .passt = "/usr/bin/passt"},
        .firmware = detail::host_facts_debian12::firmware(),
        .firmware_files = detail::host_facts_debian12::firmware_files(),
        .nvram_templates = usual_nvram_templates(),
        .now = 1'686'398'400, // 2023-06-10, noon: the day of its release
    };
}

auto save(HostFacts const& facts) -> std::string
{
    return detail::json_file::print(detail::json_file::write(facts, detail::json_file::Defaults::written).get_object());
}

auto load_host_facts(std::string_view text) -> Result<HostFacts>
{
    using namespace detail::json_file;
    try {
        HostFacts facts;
        read(parse(text, "a file of host facts", {}), Place{}, facts);
        if (facts.first_port > facts.last_port)
            fail(Place{nullptr, "first_port"}, fmt::format("{} is above last_port, {}", facts.first_port, facts.last_port));
        return facts;
    } catch (Error const& error) {
        return error.with({.object = "host facts"});
    }
}

} // namespace vmwright::inline v0::qemu
