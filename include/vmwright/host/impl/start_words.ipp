// SPDX-License-Identifier: BSL-1.0
// The words of QEMU 7.2 and of the libraries it is linked with.
#pragma once

#include <vmwright/host/detail/start_words.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace vmwright::inline v0::detail
{

namespace start_words
{
namespace
{

/// `{}` in `words` stands for a name, `*` for what is of no interest; the message and the hint call the names {0}, {1} and
/// {2}.
struct Row
{
    std::string_view words;
    StartTopic topic{};
    Errc code{};
    std::string_view message{};
    std::string_view hint{};
};

using enum StartTopic;

// The first that fits counts.
constexpr auto rows = std::to_array<Row>({
    // images
    {"Failed to get \"*\" lock", lock, Errc::in_use},
    {"Failed to get shared \"*\" lock", lock, Errc::in_use},
    {"Could not open '{}': filesystem does not support O_DIRECT", plain, Errc::not_supported,
     "the file system of '{0}' cannot be read past the host's cache", "use cache='writeback' for it"},
    {"aio={} was specified, but it requires cache.direct=on*", plain, Errc::invalid_config,
     "io='{0}' works only past the host's cache", "use cache='none' with it, or io='threads'"},
    {"Image is not in {} format", plain, Errc::bad_file, "its image is not in the format {0}",
     "`qemu-img info` tells its format, which <driver type> is to name"},
    {"Image not in {} format*", plain, Errc::bad_file, "its image is not in the format {0}",
     "`qemu-img info` tells its format, which <driver type> is to name"},
    {"invalid {} image*", plain, Errc::bad_file, "its image is not in the format {0}",
     "`qemu-img info` tells its format, which <driver type> is to name"},
    {"Unsupported {} version {}", plain, Errc::bad_file, "its image has version {1} of the format {0}, which is not known",
     "`qemu-img info` tells whether it is damaged; else it was made by a newer QEMU"},
    {"Image is read-only", plain, Errc::invalid_config, "the emulator can only read images of its format",
     "make the disk <readonly/>, or convert the image with `qemu-img convert`"},
    {"Block node is read-only", plain, Errc::invalid_config, "its image is read-only, and the guest's device writes",
     "make the disk <readonly/>, or take a device that can be read-only"},
    {"'*' driver requires '{}' to be a regular file", unread_file, Errc::bad_file, "'{0}' is not a regular file",
     "a disk of type 'block' is for devices, one of type 'dir' for directories"},
    {"'*' driver requires '{}' to be either a character or block device", unread_file, Errc::bad_file,
     "'{0}' is not a device", "a disk of type 'file' is for files"},
    {"Parameter 'key-secret' is required for cipher", plain, Errc::invalid_config, "its image is encrypted",
     "give it <encryption> with a secret"},
    {"*L1 table*", plain, Errc::bad_file, "its image is damaged", "look at it with `qemu-img check`"},
    {"*refcount table*", plain, Errc::bad_file, "its image is damaged", "look at it with `qemu-img check`"},
    {"*header extension*", plain, Errc::bad_file, "its image is damaged", "look at it with `qemu-img check`"},
    {"Unknown driver '{}'", driver, Errc::not_installed},
    {"Unknown protocol '{}'", driver, Errc::not_installed},
    {"system firmware block device * has invalid size {}", plain, Errc::bad_file,
     "a file of {0} bytes is no firmware: its size is a multiple of 4096", "name an image of firmware, as OVMF's"},
    {"combined size of system firmware exceeds {} bytes", plain, Errc::bad_file,
     "the firmware is larger than the {0} bytes that the machine has for it", "name an image of firmware, as OVMF's"},
    // files
    {"can't open backing store {} for guest RAM: {}", file, Errc::io_failed},
    {"can't load {}: Failed to open file “*”: {}", file, Errc::io_failed},
    {"can't load {}: Error reading file “*”: {}", file, Errc::io_failed},
    {"Unable to read {}: Failed to open file “*”: {}", file, Errc::io_failed},
    {"Unable to access credentials {}: {}", file, Errc::io_failed},
    {"could not open kernel file '{}': {}", file, Errc::io_failed},
    {"could not load kernel '{}': {}", file, Errc::io_failed},
    {"could not load kernel '{}'", unread_file, Errc::bad_file, "'{0}' is not a kernel"},
    {"error reading initrd {}: {}", file, Errc::io_failed},
    {"could not load initrd '{}'", unread_file, Errc::bad_file, "'{0}' is not an initrd"},
    {"invalid kernel header", plain, Errc::bad_file, "the file is not a kernel that this machine can start",
     "name a bzImage, as /boot has them"},
    {"could not load PC BIOS '{}'", unread_file, Errc::bad_file, "'{0}' is not firmware"},
    {"Could not find ROM image '{}'", unread_file, Errc::bad_file, "'{0}' is not firmware"},
    {"failed to find romfile \"{}\"", unread_file, Errc::not_found, "there is no ROM file '{0}'"},
    {"romfile \"{}\" is empty", plain, Errc::bad_file, "the ROM file '{0}' is empty", "name a PCI option ROM"},
    {"romfile \"{}\" too large*", unread_file, Errc::bad_file, "'{0}' is not a ROM file", "name a PCI option ROM"},
    {"ACPI table*", plain, Errc::bad_file, "the file is not an ACPI table",
     "name one as /sys/firmware/acpi/tables has them"},
    {"Cannot read SMBIOS file {}", unread_file, Errc::not_found, "the SMBIOS file '{0}' cannot be read"},
    {"cannot initialize fsdev '*': failed to open '{}': {}", file, Errc::io_failed},
    {"Cannot access TPM device using '{}': {}", file, Errc::io_failed},
    {"'{}' is not a TPM device.", plain, Errc::bad_file, "'{0}' is not a TPM", "name one of /dev/tpm*"},
    {"{}: is not an evdev device", plain, Errc::bad_file, "'{0}' is not an input device", "name one of /dev/input"},
    {"cannot get SG_IO version number: *", plain, Errc::bad_file, "the host's device speaks no SCSI",
     "give the guest a disk in its place"},
    {"Spice: *Could not load certificates from {}", unread_file, Errc::not_found,
     "there is no certificate '{0}' for SPICE's encryption", "make it, or leave tlsPort out"},
    // devices of the host
    {"vfio /sys/bus/pci/devices/{}: no such host device: *", plain, Errc::not_found, "the host has no PCI device {0}",
     "`lspci -D` lists those it has"},
    {"vfio {}: no iommu_group found: *", plain, Errc::not_supported, "the host's PCI device {0} is in no IOMMU group",
     "turn the IOMMU on in the host's firmware and with intel_iommu=on, and bind the device to vfio-pci"},
    {"vfio *: failed to open {}: {}", file, Errc::io_failed},
    {"failed to find host usb device {}", plain, Errc::not_found, "the host has no USB device {0} (bus:device)",
     "`lsusb` lists those it has"},
    {"vhost-vsock: failed to open vhost device: {}", plain, Errc::not_found, "/dev/vhost-vsock cannot be opened: {0}",
     "load the module vhost_vsock"},
    {"vhost-scsi: open vhost char device failed: {}", plain, Errc::not_found, "/dev/vhost-scsi cannot be opened: {0}",
     "load the module vhost_scsi"},
    {"egl: no drm render node available", plain, Errc::not_found, "the host has no render node for OpenGL",
     "give the host's graphics driver a /dev/dri/renderD*, or leave OpenGL out"},
    // sockets
    {"Failed to find an available port: Address already in use", port, Errc::in_use},
    {"Failed to bind socket: Address already in use", port, Errc::in_use},
    {"Failed to bind socket: Cannot assign requested address", address, Errc::not_found},
    {"Failed to bind socket: Permission denied", port, Errc::permission_denied},
    {"Failed to bind socket to {}: Address already in use", plain, Errc::in_use, "the socket '{0}' is in use",
     "end who listens there, or name another path"},
    {"Failed to bind socket to {}: {}", file, Errc::io_failed},
    {"Spice: *binding socket to {}:{} failed", listen, Errc::in_use},
    {"UNIX socket path '{}' is too long", plain, Errc::limit_exceeded, "the path of the socket '{0}' is too long",
     "the kernel takes 107 bytes: name a shorter path"},
    {"Failed to connect to '{}': {}", connection, Errc::unreachable},
    {"address resolution failed for {}: {}", plain, Errc::not_found, "the host name of '{0}' has no address: {1}",
     "give the address itself, or look at /etc/hosts and the name server"},
    {"failed to connect to DBus: {}", plain, Errc::unreachable, "the D-Bus of the display does not answer: {0}",
     "give the display p2p='yes', or the address of a bus that runs"},
    // machine and CPU
    {"unsupported machine type", machine, Errc::not_supported},
    {"Property '{}-machine.{}' not found", machine_property, Errc::not_supported},
    {"unable to find CPU model '{}'", cpu, Errc::not_supported},
    {"can't apply global *-cpu.{}=*: Property '*' not found", cpu_feature, Errc::not_supported},
    {"Property '*-cpu.{}' not found", cpu_feature, Errc::not_supported},
    {"CPU model '{}' requires KVM or HVF", plain, Errc::not_supported, "the CPU '{0}' is to be had with KVM only",
     "use type='kvm', or a CPU of mode 'maximum'"},
    {"{} doesn't support requested features", cpu_features, Errc::not_supported},
    {"Invalid SMP CPUs {}. The max CPUs supported by machine '{}' is {}", plain, Errc::limit_exceeded,
     "{0} CPUs are more than the {2} that the machine '{1}' can have", "give it fewer, or another machine"},
    {"Number of SMP CPUs requested ({}) exceeds max CPUs supported by *({})", plain, Errc::limit_exceeded,
     "{0} CPUs are more than the {1} that can be had here", "give it fewer"},
    {"Invalid CPU topology: {}", plain, Errc::invalid_config, "the CPUs do not fit their topology: {0}",
     "sockets × dies × cores × threads is to be the number of CPUs"},
    {"{} not supported by this machine's CPU topology", plain, Errc::not_supported, "the machine's CPUs have no {0}",
     "leave them out of <topology>"},
    {"CPU index ({}) should be smaller than maxcpus ({})", plain, Errc::invalid_config,
     "a NUMA node has CPU {0}, and there are {1} CPUs", "mend the cpus of <numa>"},
    {"total memory for NUMA nodes ({}) should equal RAM size ({})", plain, Errc::invalid_config,
     "the NUMA nodes have {0} bytes of memory, the guest {1}", "let the memory of the cells be <memory> in all"},
    {"Machine memory size does not match the size of the memory backend", plain, Errc::invalid_config,
     "the machine's memory and its backend differ", "do not set -m or -object of it beside <memory>"},
    {"invalid accelerator {}", plain, Errc::accelerator_unusable, "this emulator has no accelerator '{0}'",
     "use type='kvm' or type='qemu'"},
    {"Could not access KVM kernel module: {}", plain, Errc::accelerator_unusable, "KVM cannot be used: /dev/kvm: {0}",
     "look at the kernel's log, or use type='qemu'"},
    {"failed to initialize kvm: {}", plain, Errc::accelerator_unusable,
     "KVM cannot be used: the emulator could not initialize it", "look at the kernel's log, or use type='qemu'"},
    {"ioctl(KVM_CREATE_VM) failed: {}", plain, Errc::accelerator_unusable, "KVM cannot be used: {0}",
     "end other hypervisors that have the CPU, or use type='qemu'"},
    // what this emulator does not have
    {"'{}' is not a valid device model name", device, Errc::not_supported},
    {"Property '{}.{}' not found", device_property, Errc::not_supported},
    {"Parameter 'qom-type' does not accept value '{}'", object, Errc::not_supported},
    {"invalid object type: {}", object, Errc::not_supported},
    {"missing object type '{}'", plain, Errc::not_installed, "this emulator has no '{0}'",
     "install Debian's packages qemu-system-gui and qemu-system-modules-*, or take another model"},
    {"Parameter 'driver' does not accept value '{}'", driver, Errc::not_supported},
    {"Parameter 'type' does not accept value '{}'", plain, Errc::not_supported, "this emulator has no backend '{0}'",
     "take another one"},
    {"Parameter '{}' is unexpected", parameter, Errc::not_supported},
    {"Invalid parameter '{}'", parameter, Errc::not_supported},
    {"Parameter '{}' expects {}", plain, Errc::invalid_config, "'{0}' is to be {1}", "mend its value"},
    {"Parameter '{}' is missing", plain, Errc::invalid_config, "'{0}' is missing", "add it"},
    {"'{}' is not a valid char driver name", plain, Errc::not_supported, "this emulator has no character device '{0}'",
     "take another one"},
    {"Audiodev '{}' not found", plain, Errc::invalid_config, "there is no sound backend '{0}'", "add an <audio> of that id"},
    {"invalid option", option, Errc::not_supported},
    {"audio: Unknown audio driver `{}'", driver, Errc::not_installed},
    {"audio: Could not init `{}' audio driver", plain, Errc::unreachable, "the host's sound system '{0}' does not answer",
     "use <audio type='none'/>, or see that it runs and that this user may use it"},
    {"Display '{}' is not available.", plain, Errc::not_installed, "this emulator's display '{0}' is not installed",
     "install Debian's package qemu-system-gui, or use VNC"},
    {"Bus '{}' not found", plain, Errc::invalid_config, "there is no bus '{0}' for it", "mend its <address>"},
    {"No '{}' bus found for device '*'", plain, Errc::invalid_config, "there is no bus of the kind '{0}' for it",
     "add a controller of that kind"},
    {"PCI: slot {} function {} not available for *, in use by {},*", plain, Errc::invalid_config,
     "its PCI address, slot {0} function {1}, is that of '{2}'", "mend its <address>, or leave it out"},
    {"Duplicate * ID '{}'", plain, Errc::invalid_config, "two things are called '{0}'", "mend the <alias> of one"},
    {"Duplicate ID '{}' for *", plain, Errc::invalid_config, "two things are called '{0}'", "mend the <alias> of one"},
    // memory and limits
    {"cannot set up guest memory '*': *", memory, Errc::out_of_memory},
    {"unable to map backing store for guest RAM: *", memory, Errc::out_of_memory},
    {"*nsufficient free host memory pages available to allocate guest RAM*", memory, Errc::out_of_memory},
    {"failed to create memfd with flags *: No such device", memory, Errc::not_supported},
    {"cannot bind memory to host NUMA nodes: *", plain, Errc::not_found, "the host has not all the NUMA nodes of <numatune>",
     "`numactl --hardware` lists those it has"},
    {"mlockall: *", plain, Errc::limit_exceeded, "the guest's memory cannot be locked",
     "raise the limit (ulimit -l), or leave <locked/> out"},
    {"qemu_thread_create: *", plain, Errc::limit_exceeded, "the emulator could not start one of its threads",
     "raise the limit of processes (ulimit -u, pids.max of its cgroup), or give the guest fewer CPUs and iothreads"},
    {"*error while loading shared libraries: {}: *", plain, Errc::not_installed,
     "the emulator's library {0} is not installed", "`ldd` on the emulator lists what is missing; install its package anew"},
    {"*bridge helper failed", plain, Errc::helper_failed, "qemu-bridge-helper could not add it to its bridge",
     "allow the bridge in /etc/qemu/bridge.conf"},
    // other files, whose words are like many others
    {"Could not create '{}': {}", file, Errc::io_failed},
    {"Could not open '{}': {}", file, Errc::io_failed},
    {"can't open file {}: {}", file, Errc::io_failed},
    {"can't read file {}: {}", file, Errc::io_failed},
    {"failed to open {}: {}", file, Errc::io_failed},
});

/// A module that is not there is no error by itself.
constexpr Row missing_module{"module {} not found, do you want to install {} package?", plain, Errc::not_installed,
                             "the part '{0}' of the emulator is not installed", "install Debian's package {1}"};

/// What stands for the signs of the pattern, `*` left out; nothing if the text does not fit.
auto fit(std::string_view pattern, std::string_view text) -> std::optional<std::vector<std::string>>
{
    std::vector<std::string> names;
    while (true) {
        auto const sign = std::min(pattern.find_first_of("{*"), pattern.size());
        if (!text.starts_with(pattern.substr(0, sign)))
            return std::nullopt;
        text.remove_prefix(sign);
        pattern.remove_prefix(sign);
        if (pattern.empty())
            return text.empty() ? std::optional{std::move(names)} : std::nullopt;
        auto const is_name = pattern.starts_with("{}");
        pattern.remove_prefix(is_name ? 2 : 1);
        auto const next = pattern.substr(0, std::min(pattern.find_first_of("{*"), pattern.size()));
        // What ends the pattern ends the text.
        auto const at = next.empty() ? text.size() : next.size() == pattern.size() ? text.rfind(next) : text.find(next);
        if (at == text.npos)
            return std::nullopt;
        if (is_name)
            names.emplace_back(text.substr(0, at));
        text.remove_prefix(at);
    }
}

auto filled(std::string_view text, std::vector<std::string> const& names) -> std::string
{
    auto const name = [&](std::size_t i) { return i < names.size() ? std::string_view{names[i]} : std::string_view{}; };
    return fmt::format(fmt::runtime(text), name(0), name(1), name(2));
}

auto found(Row const& row, std::string_view line) -> std::optional<StartWords>
{
    auto names = fit(row.words, line);
    if (!names)
        return std::nullopt;
    auto message = filled(row.message, *names);
    auto hint = filled(row.hint, *names);
    return StartWords{.topic = row.topic,
                      .code = row.code,
                      .names = std::move(*names),
                      .message = std::move(message),
                      .hint = std::move(hint)};
}

struct Reason
{
    std::string_view words;
    std::errc reason;
};

constexpr auto reasons = std::to_array<Reason>({
    {"No such file or directory", std::errc::no_such_file_or_directory},
    {"Permission denied", std::errc::permission_denied},
    {"Operation not permitted", std::errc::operation_not_permitted},
    {"Is a directory", std::errc::is_a_directory},
    {"Not a directory", std::errc::not_a_directory},
    {"Read-only file system", std::errc::read_only_file_system},
    {"No space left on device", std::errc::no_space_on_device},
    {"Too many open files", std::errc::too_many_files_open},
    {"Too many open files in system", std::errc::too_many_files_open_in_system},
    {"Cannot allocate memory", std::errc::not_enough_memory},
    {"No such device or address", std::errc::no_such_device_or_address},
    {"No such device", std::errc::no_such_device},
    {"Device or resource busy", std::errc::device_or_resource_busy},
    {"Text file busy", std::errc::text_file_busy},
    {"File name too long", std::errc::filename_too_long},
    {"Too many levels of symbolic links", std::errc::too_many_symbolic_link_levels},
    {"Connection refused", std::errc::connection_refused},
    {"Input/output error", std::errc::io_error},
    {"Invalid argument", std::errc::invalid_argument},
    {"Inappropriate ioctl for device", std::errc::inappropriate_io_control_operation},
});

} // namespace
} // namespace start_words

auto recognize(std::string_view line, bool is_warning) -> std::optional<StartWords>
{
    if (is_warning && !line.starts_with("Spice: "))
        return std::nullopt;
    for (auto const& row : start_words::rows)
        if (auto words = start_words::found(row, line))
            return words;
    auto weak = start_words::found(start_words::missing_module, line);
    if (weak)
        weak->is_weak = true;
    return weak;
}

auto reason_at_end(std::string_view line) -> std::optional<std::errc>
{
    auto const found =
        std::ranges::find_if(start_words::reasons, [&](auto const& reason) { return line.ends_with(reason.words); });
    return found == start_words::reasons.end() ? std::nullopt : std::optional{found->reason};
}

} // namespace vmwright::inline v0::detail
