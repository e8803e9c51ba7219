// SPDX-License-Identifier: BSL-1.0
//
// The catalogue of starts that fail: each tells its code, whom it is about, and what to do next, and leaves nothing.
#include "catch.hpp"
#include "provoked.hpp"
#include "skip.hpp"

#include <vmwright/host/host_facts.hpp>
#include <vmwright/machine/run.hpp>
#include <vmwright/qemu/profiles.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <iostream>
#include <linux/fs.h>
#include <sched.h>
#include <string>
#include <string_view>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace fs = std::filesystem;
using namespace vmwright;
using namespace std::chrono_literals;

namespace
{

/// Why a case cannot be provoked here.
struct Impossible
{
    std::string reason;
};

/// Who says no.
enum class By
{
    qemu,   ///< the real QEMU, or a real helper
    kernel, ///< a real system call
    staged, ///< something that stands for them
};

struct Case
{
    std::string_view name;
    By by{};
    Errc code{};
    std::string_view object{};  ///< behind `domain 'demo'`
    std::string_view message{}; ///< a part of it; PATH is the case's directory
    std::string_view hint{};    ///< a part of it
    Parts (*make)(Place& at);
};

constexpr unsigned nobody = 65534;

auto disk(std::string_view path, std::string_view format = "raw") -> std::string
{
    return fmt::format("<disk type='file' device='disk'><driver name='qemu' type='{}'/><source file='{}'/>"
                       "<target dev='vda' bus='virtio'/></disk>",
                       format, path);
}

auto with_disk(std::string_view path, std::string_view format = "raw") -> Parts
{
    return {.devices = disk(path, format)};
}

auto with_devices(std::string devices) -> Parts
{
    return {.devices = std::move(devices)};
}

auto serial(std::string_view type, std::string_view source) -> Parts
{
    return with_devices(fmt::format("<serial type='{}'>{}<target port='0'/></serial>", type, source));
}

auto tcp_serial(std::uint16_t port) -> Parts
{
    return serial("tcp", fmt::format("<source mode='bind' host='127.0.0.1' service='{}'/><protocol type='raw'/>", port));
}

void require_root()
{
    if (::geteuid() != 0)
        throw Impossible{"only root can take another user's place"};
}

/// The start is done as nobody, in a state directory that is its own.
void as_nobody(Place& at)
{
    require_root();
    fs::create_directories(at / "state");
    if (::chown((at / "state").c_str(), nobody, nobody) < 0)
        throw Impossible{"chown does not work here"};
    at.on_thread = [] { become(nobody, nobody); };
}

/// Other mounts for the thread that starts, made by `mount`.
void with_mounts(Place& at, std::function<void()> mount)
{
    require_root();
    at.on_thread = [mount = std::move(mount)] {
        if (::unshare(CLONE_FS | CLONE_NEWNS) < 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) < 0)
            throw Impossible{"no mount namespace can be made here"};
        mount();
    };
}

/// The shipped profile, as if this emulator had more than it has.
template <std::size_t N>
auto boastful(std::string_view name) noexcept -> std::string_view
{
    static auto const text = [name] {
        auto known = qemu::load_capabilities(qemu::profile_text(name)).value();
        for (auto& machine : known.machines)
            machine.max_cpus = 4096;
        auto newer = *known.find_machine("pc-q35-7.2");
        newer.name = "pc-q35-99.0";
        newer.alias.clear();
        known.machines.push_back(newer);
        auto cpu = *known.find_cpu("EPYC");
        cpu.name = "EPYK";
        cpu.unavailable_features.clear();
        known.cpus.push_back(cpu);
        known.cpu_features.push_back("avx1024");
        std::ranges::sort(known.machines, {}, &qemu::MachineType::name);
        std::ranges::sort(known.cpus, {}, &qemu::CpuModel::name);
        std::ranges::sort(known.cpu_features);
        return qemu::save(known);
    }();
    return name == "qemu-7.2-x86_64" ? std::string_view{text} : std::string_view{};
}

void set_immutable(std::string const& path, bool on)
{
    UniqueFd const file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    int flags{};
    if (!file || ::ioctl(file.get(), FS_IOC_GETFLAGS, &flags) < 0)
        throw Impossible{"this file system knows no immutable files"};
    flags = on ? flags | FS_IMMUTABLE_FL : flags & ~FS_IMMUTABLE_FL;
    if (::ioctl(file.get(), FS_IOC_SETFLAGS, &flags) < 0)
        throw Impossible{"no file can be made immutable here"};
}

/// Puts bytes into a file.
void damage(std::string const& path, off_t offset, std::string_view bytes)
{
    UniqueFd const file{::open(path.c_str(), O_WRONLY | O_CLOEXEC)};
    if (::pwrite(file.get(), bytes.data(), bytes.size(), offset) != static_cast<ssize_t>(bytes.size()))
        throw Impossible{"cannot write"};
}

void require_missing(std::string const& path)
{
    if (fs::exists(path))
        throw Impossible{"this host has " + path};
}

/// The emulator is one of the case's own, in whose place another file is put when it is defined.
auto replaced_emulator(Place& at, std::string_view text, fs::perms mode) -> Parts
{
    auto const path = at / "qemu-system-x86_64";
    fs::create_symlink("/usr/bin/qemu-system-x86_64", path);
    at.before_start = [path, text = std::string{text}, mode, &at] {
        fs::remove(path);
        at.file("qemu-system-x86_64", text);
        fs::permissions(path, mode);
    };
    return with_devices(fmt::format("<emulator>{}</emulator>", path));
}

/// In the emulator's place a shell does that.
auto shell(Place& at, std::string const& script) -> Parts
{
    at.machine->emulator = {"/bin/sh", "-c", script};
    return {};
}

constexpr auto rwx = fs::perms{0755};

std::vector<Case> const images{
    {"an image that another domain of this root has", By::qemu, Errc::in_use, "disk 'vda'",
     "its image 'PATH/a.raw' is in use by domain 'other' (pid ", "shut that down",
     [](Place& at) {
         at.run("other", with_disk(at.image("a.raw")));
         return with_disk(at / "a.raw");
     }},
    {"an image that a QEMU of somebody else's has", By::qemu, Errc::in_use, "disk 'vda'", ", whose guest is 'foreign'",
     "shut that down",
     [](Place& at) {
         LocalMachine local;
         auto const image = at.image("a.raw");
         auto const device = fmt::format("file={},if=virtio,format=raw", image);
         auto process = local.spawn({.executable = "/usr/bin/qemu-system-x86_64",
                                     .arguments = {"-name", "guest=foreign,debug-threads=on", "-S", "-display", "none",
                                                   "-nodefaults", "-drive", device, "-monitor", "none"}});
         at.held.emplace_back(nullptr, [process](void*) {
             process.kill();
             process.wait();
         });
         for (auto i = 0; i < 500 && !local.is_locked(image); ++i)
             ::usleep(10'000);
         ::usleep(100'000);
         return with_disk(image);
     }},
    {"a backing image that another domain writes", By::qemu, Errc::in_use, "disk 'vda'",
     "its backing image 'PATH/base.qcow2' is in use by domain 'other'", "shut that down",
     [](Place& at) {
         at.qemu_img("create -q -f qcow2 base.qcow2 1M");
         at.qemu_img("create -q -f qcow2 -b base.qcow2 -F qcow2 top.qcow2");
         at.run("other", with_disk(at / "base.qcow2", "qcow2"));
         return with_disk(at / "top.qcow2", "qcow2");
     }},
    {"an image that is not there", By::kernel, Errc::not_found, "disk 'vda'", "there is no file 'PATH/a.raw'",
     "see /domain/devices/disk[1]/source, line ", [](Place& at) { return with_disk(at / "a.raw"); }},
    {"a backing image that is not there", By::qemu, Errc::not_found, "disk 'vda'",
     "base.qcow2', on which its image is based", "qemu-img rebase",
     [](Place& at) {
         at.qemu_img("create -q -f qcow2 base.qcow2 1M");
         at.qemu_img("create -q -f qcow2 -b base.qcow2 -F qcow2 top.qcow2");
         at.before_start = [&at] { fs::remove(at / "base.qcow2"); };
         return with_disk(at / "top.qcow2", "qcow2");
     }},
    {"a text for a qcow2", By::qemu, Errc::bad_file, "disk 'vda'", "its image is not in the format qcow2", "qemu-img info",
     [](Place& at) { return with_disk(at.file("a", "not an image"), "qcow2"); }},
    {"a text for a vdi", By::qemu, Errc::bad_file, "disk 'vda'", "its image is not in the format VDI", "qemu-img info",
     [](Place& at) { return with_disk(at.file("a", "not an image"), "vdi"); }},
    {"a qcow2 that nobody made, whose words nobody knows", By::qemu, Errc::bad_file, "disk 'vda'",
     "Unsupported cluster size", "qemu-img info",
     [](Place& at) {
         at.qemu_img("create -q -f qcow2 a.qcow2 1M");
         damage(at / "a.qcow2", 20, std::string(4, '\0'));
         return with_disk(at / "a.qcow2", "qcow2");
     }},
    {"a qcow2 whose tables are damaged", By::qemu, Errc::bad_file, "disk 'vda'", "its image is damaged", "qemu-img check",
     [](Place& at) {
         at.qemu_img("create -q -f qcow2 a.qcow2 1M");
         damage(at / "a.qcow2", 40, std::string(8, '\xff'));
         return with_disk(at / "a.qcow2", "qcow2");
     }},
    {"a qcow2 of a version that is not known", By::qemu, Errc::bad_file, "disk 'vda'", "version 9 of the format qcow2",
     "newer QEMU",
     [](Place& at) {
         at.qemu_img("create -q -f qcow2 a.qcow2 1M");
         damage(at / "a.qcow2", 7, "\x09");
         return with_disk(at / "a.qcow2", "qcow2");
     }},
    {"a format that can only be read", By::qemu, Errc::invalid_config, "disk 'vda'", "can only read images of its format",
     "<readonly/>", [](Place& at) { return with_disk(at.image("a"), "bochs"); }},
    {"a directory for an image", By::qemu, Errc::bad_file, "disk 'vda'", "'PATH/dir' is a directory", "name a file",
     [](Place& at) {
         fs::create_directory(at / "dir");
         return with_disk(at / "dir");
     }},
    {"a file for a block device", By::qemu, Errc::bad_file, "disk 'vda'", "'PATH/a.raw' is not a device", "type 'file'",
     [](Place& at) {
         return with_devices(fmt::format("<disk type='block' device='disk'><driver name='qemu' type='raw'/>"
                                         "<source dev='{}'/><target dev='vda' bus='virtio'/></disk>",
                                         at.image("a.raw")));
     }},
    {"a path that leads through a file", By::kernel, Errc::not_found, "disk 'vda'", "there is no file 'PATH/file/a.raw'",
     "see /domain/devices/disk[1]/source",
     [](Place& at) {
         at.file("file", "");
         return with_disk(at / "file/a.raw");
     }},
    {"a link that leads to itself", By::kernel, Errc::bad_file, "disk 'vda'", "a symbolic link that leads to itself", "mend",
     [](Place& at) {
         fs::create_symlink("loop", at / "loop");
         return with_disk(at / "loop");
     }},
    {"an immutable image", By::qemu, Errc::permission_denied, "disk 'vda'", "'PATH/a.raw' may not be written to", "lsattr",
     [](Place& at) {
         auto const image = at.image("a.raw");
         set_immutable(image, true);
         at.held.emplace_back(nullptr, [image](void*) { set_immutable(image, false); });
         return with_disk(image);
     }},
    {"an image that its user may only read", By::qemu, Errc::permission_denied, "disk 'vda'",
     "user 'nobody' may not write to 'PATH/a.raw', which is root:root's with mode 0444", "setfacl -m u:nobody:rw",
     [](Place& at) {
         as_nobody(at);
         fs::permissions(at.image("a.raw"), fs::perms{0444});
         return with_disk(at / "a.raw");
     }},
    {"an image of a group", By::qemu, Errc::permission_denied, "disk 'vda'", "which is root:disk's with mode 0660",
     "become a member of the group 'disk'",
     [](Place& at) {
         as_nobody(at);
         auto const image = at.image("a.raw");
         constexpr unsigned disk_group = 6; // on Debian, always
         if (::chown(image.c_str(), 0, disk_group) < 0)
             throw Impossible{"chown does not work here"};
         fs::permissions(image, fs::perms{0660});
         return with_disk(image);
     }},
    {"an image in another user's directory", By::kernel, Errc::permission_denied, "disk 'vda'",
     "user 'nobody' may not enter the directory 'PATH/closed'", "setfacl -m u:nobody:x",
     [](Place& at) {
         as_nobody(at);
         fs::create_directory(at / "closed");
         at.image("closed/a.raw");
         fs::permissions(at / "closed", fs::perms{0700});
         return with_disk(at / "closed/a.raw");
     }},
    {"an image on a file system that is mounted read-only", By::qemu, Errc::read_only, "disk 'vda'",
     "on a file system that is mounted read-only", "mount it writable",
     [](Place& at) {
         fs::create_directory(at / "disks");
         at.image("disks/a.raw");
         with_mounts(at, [path = at / "disks"] {
             if (::mount(path.c_str(), path.c_str(), nullptr, MS_BIND, nullptr) < 0 ||
                 ::mount("none", path.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) < 0)
                 throw Impossible{"nothing can be mounted here"};
         });
         return with_disk(at / "disks/a.raw");
     }},
    {"a disk of a web server, whose driver is not installed", By::qemu, Errc::not_installed, "disk 'vda'",
     "the emulator's driver 'http' is not installed", "install Debian's package qemu-block-extra",
     [](Place&) {
         require_missing("/usr/lib/x86_64-linux-gnu/qemu/block-curl.so");
         return with_devices("<disk type='network' device='cdrom'><driver name='qemu' type='raw'/>"
                             "<source protocol='http' name='x.iso'><host name='127.0.0.1' port='1'/></source>"
                             "<target dev='vda' bus='sata'/><readonly/></disk>");
     }},
    {"a disk of a server that does not answer", By::qemu, Errc::unreachable, "disk 'vda'", "'127.0.0.1:1' does not answer",
     "start what is to listen there",
     [](Place&) {
         return with_devices("<disk type='network' device='disk'><driver name='qemu' type='raw'/>"
                             "<source protocol='nbd' name='x'><host name='127.0.0.1' port='1'/></source>"
                             "<target dev='vda' bus='virtio'/></disk>");
     }},
};

std::vector<Case> const sockets{
    {"a VNC port that this program has", By::qemu, Errc::in_use, "graphics 'vnc'", "is taken by", "autoport='yes'",
     [](Place& at) {
         std::uint16_t port = at.listener();
         return with_devices(fmt::format("<graphics type='vnc' port='{}'/>", port));
     }},
    {"a SPICE port that this program has", By::qemu, Errc::in_use, "graphics 'spice'", "is taken by", "choose another port",
     [](Place& at) { return with_devices(fmt::format("<graphics type='spice' port='{}'/>", at.listener())); }},
    {"a port that the serial line of another domain has", By::qemu, Errc::in_use, "serial 'serial0'",
     "is taken by domain 'other' (pid ", "choose another one",
     [](Place& at) {
         auto const port = at.listener();
         at.held.clear();
         at.run("other", tcp_serial(port));
         return tcp_serial(port);
     }},
    {"a port for gdb that this program has", By::qemu, Errc::in_use, "argument '-gdb'", "is taken by", "choose another one",
     [](Place& at) { return Parts{.arguments = fmt::format("-gdb tcp:127.0.0.1:{}", at.listener())}; }},
    {"VNC on an address of another host", By::qemu, Errc::not_found, "graphics 'vnc'",
     "this host has no address '192.0.2.1'", "ip address",
     [](Place&) { return with_devices("<graphics type='vnc' port='5977' listen='192.0.2.1'/>"); }},
    {"SPICE on an address of another host", By::qemu, Errc::not_found, "graphics 'spice'",
     "this host has no address '192.0.2.1'", "ip address",
     [](Place&) { return with_devices("<graphics type='spice' port='5978' listen='192.0.2.1'/>"); }},
    {"a serial line on an address of another host", By::qemu, Errc::not_found, "serial 'serial0'",
     "this host has no address '192.0.2.1'", "ip address",
     [](Place&) { return serial("tcp", "<source mode='bind' host='192.0.2.1' service='5979'/><protocol type='raw'/>"); }},
    {"a serial line whose partner does not answer", By::qemu, Errc::unreachable, "serial 'serial0'",
     "'127.0.0.1:1' does not answer", "start what is to listen",
     [](Place&) { return serial("tcp", "<source mode='connect' host='127.0.0.1' service='1'/><protocol type='raw'/>"); }},
    {"a socket whose path is too long", By::qemu, Errc::limit_exceeded, "serial 'serial0'", "is too long", "107 bytes",
     [](Place& at) { return serial("unix", fmt::format("<source mode='bind' path='{}'/>", at / std::string(120, 'x'))); }},
    {"a socket in a directory that is not there", By::qemu, Errc::not_found, "serial 'serial0'", "there is no file",
     "see /domain/devices/serial[1]",
     [](Place& at) { return serial("unix", fmt::format("<source mode='connect' path='{}'/>", at / "no/such")); }},
    {"a socket that nobody listens on any more", By::qemu, Errc::unreachable, "serial 'serial0'",
     "'PATH/old' does not answer", "start what is to listen",
     [](Place& at) {
         LocalMachine local;
         auto const left = local.listen(at / "old");
         return serial("unix", fmt::format("<source mode='connect' path='{}'/>", at / "old"));
     }},
};

std::vector<Case> const emulators{
    {"no /dev/kvm", By::staged, Errc::accelerator_unusable, "", "there is no /dev/kvm", "type='qemu'",
     [](Place& at) {
         at.machine->kvm = at / "kvm";
         return Parts{.type = "kvm"};
     }},
    {"a /dev/kvm of a group", By::kernel, Errc::accelerator_unusable, "", "user 'nobody' may not write to '/dev/kvm'",
     "become a member of the group 'disk'",
     [](Place& at) {
         as_nobody(at);
         at.machine->kvm = at.file("kvm", "");
         if (::chown((at / "kvm").c_str(), 0, 6) < 0)
             throw Impossible{"chown does not work here"};
         fs::permissions(at / "kvm", fs::perms{0660});
         at.machine->kvm_error = EACCES;
         return Parts{.type = "kvm"};
     }},
    {"a /dev/kvm that is none", By::kernel, Errc::accelerator_unusable, "", "/dev/kvm does not answer", "type='qemu'",
     [](Place& at) {
         at.machine->kvm = "/dev/null";
         return Parts{.type = "kvm"};
     }},
    {"a machine of a newer QEMU", By::qemu, Errc::not_supported, "", "QEMU 7.2.", "its newest of that kind is 'pc-q35-7.2'",
     [](Place& at) {
         at.options.profile_text = &boastful<0>;
         return Parts{.machine = "pc-q35-99.0"};
     }},
    {"a CPU of a newer QEMU", By::qemu, Errc::not_supported, "CPU", "has no CPU 'EPYK'", "did you mean 'EPYC'?",
     [](Place& at) {
         at.options.profile_text = &boastful<0>;
         return Parts{.cpu = "<cpu mode='custom' match='exact' check='none'><model>EPYK</model></cpu>"};
     }},
    {"a CPU's feature of a newer QEMU", By::qemu, Errc::not_supported, "CPU", "no feature 'avx1024'",
     "did you mean 'avx512f'?", [](Place&) { return Parts{.arguments = "-cpu qemu64,avx1024=on"}; }},
    {"a CPU that TCG cannot be", By::qemu, Errc::not_supported, "CPU", "TCG does not have the features of the CPU: vmx",
     "mode 'maximum'", [](Place&) { return Parts{.arguments = "-cpu qemu64,vmx=on,enforce"}; }},
    {"the host's CPU without KVM", By::qemu, Errc::not_supported, "CPU", "the CPU 'host' is to be had with KVM only",
     "type='kvm'", [](Place&) { return Parts{.arguments = "-cpu host"}; }},
    {"a device model that is not known", By::qemu, Errc::not_supported, "argument '-device'",
     "has no device model 'virtio-blk-pcy'", "did you mean 'virtio-blk-pci'?",
     [](Place&) { return Parts{.arguments = "-device virtio-blk-pcy"}; }},
    {"a property that is not known", By::qemu, Errc::not_supported, "rng 'rng0'", "the device 'virtio-rng-pci' of QEMU 7.2.",
     "did you mean 'max-bytes'?",
     [](Place&) {
         return Parts{.devices = "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>",
                      .tail = "<qemu:override><qemu:device alias='rng0'><qemu:frontend>"
                              "<qemu:property name='max-byte' type='unsigned' value='1'/>"
                              "</qemu:frontend></qemu:device></qemu:override>"};
     }},
    {"an option that is not known", By::qemu, Errc::not_supported, "argument '-soundhw'", "the option '-soundhw'",
     "newer emulator", [](Place&) { return Parts{.arguments = "-soundhw ac97"}; }},
    {"more CPUs than the machine can have", By::qemu, Errc::limit_exceeded, "CPUs", "300 CPUs are more than the 288",
     "give it fewer",
     [](Place& at) {
         at.options.profile_text = &boastful<0>;
         return Parts{.head = "<vcpu>300</vcpu>"};
     }},
    {"CPUs in a NUMA node that are not there", By::qemu, Errc::invalid_config, "argument '-numa'",
     "a NUMA node has CPU 1, and there are 1 CPUs", "<numa>",
     [](Place&) { return Parts{.arguments = "-numa node,nodeid=0,cpus=0-5"}; }},
    {"two devices in one place", By::qemu, Errc::invalid_config, "argument '-device'", "slot 31 function 0", "<address>",
     [](Place&) { return Parts{.arguments = "-device virtio-rng-pci,addr=0x1f"}; }},
    {"more memory than there is", By::qemu, Errc::out_of_memory, "memory", "MiB are available", "give the guest less",
     [](Place&) { return Parts{.memory = "1073741824"}; }},
    {"huge pages that are not there", By::qemu, Errc::out_of_memory, "memory",
     "too few huge pages of 2048 KiB: ", "nr_hugepages",
     [](Place& at) {
         auto facts = read_host_facts(*at.machine);
         facts.hugepages = {{.path = "/dev/hugepages", .page_size = MiB(2)}};
         facts.default_hugepage = MiB(2);
         at.options.facts = facts;
         if (text_of("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages") != "0\n")
             throw Impossible{"this host has free huge pages, or none of 2 MiB"};
         return Parts{.head = "<memoryBacking><hugepages/><source type='memfd'/></memoryBacking>"};
     }},
    {"an emulator that is not there", By::kernel, Errc::not_installed, "emulator", "there is no emulator",
     "install Debian's package qemu-system-x86",
     [](Place& at) {
         auto parts = replaced_emulator(at, "", rwx);
         at.before_start = [&at] { fs::remove(at / "qemu-system-x86_64"); };
         return parts;
     }},
    {"an emulator that is not executable", By::kernel, Errc::spawn_failed, "emulator", "Permission denied", "chmod +x",
     [](Place& at) { return replaced_emulator(at, "#!/bin/sh\n", fs::perms{0644}); }},
    {"an emulator that is no program", By::kernel, Errc::spawn_failed, "emulator", "Exec format error", "`file` tells",
     [](Place& at) {
         return replaced_emulator(at,
                                  "\x7f"
                                  "ELF?",
                                  rwx);
     }},
    {"an emulator whose interpreter is missing", By::kernel, Errc::spawn_failed, "emulator", "No such file or directory",
     "its interpreter is not", [](Place& at) { return replaced_emulator(at, "#!/no/such/shell\n", rwx); }},
    {"an emulator that crashes", By::staged, Errc::emulator_failed, "", "ended by signal 11 (SIGSEGV)", "core dump",
     [](Place& at) { return shell(at, "kill -SEGV $$"); }},
    {"an emulator that the kernel kills", By::staged, Errc::emulator_failed, "", "ended by signal 9 (SIGKILL)",
     "lack of memory", [](Place& at) { return shell(at, "kill -KILL $$"); }},
    {"an emulator that makes a forbidden system call", By::staged, Errc::emulator_failed, "", "signal 31 (SIGSYS)",
     "sandbox", [](Place& at) { return shell(at, "kill -SYS $$"); }},
    {"an emulator without one of its libraries", By::staged, Errc::not_installed, "", "libfdt.so.1 is not installed", "ldd",
     [](Place& at) {
         return shell(at, "echo 'qemu-system-x86_64: error while loading shared libraries: libfdt.so.1: cannot open shared "
                          "object file: No such file or directory' >&2; exit 127");
     }},
    {"an emulator that says nothing", By::staged, Errc::emulator_failed, "", "ended with status 3", "it said nothing",
     [](Place& at) { return shell(at, "exit 3"); }},
    {"an emulator that hangs", By::staged, Errc::timed_out, "", "has not answered within 200 ms, while it built the machine",
     "longer deadline",
     [](Place& at) {
         at.start.deadline = 200ms;
         return shell(at, "exec sleep 1000");
     }},
    {"an emulator that was stopped", By::kernel, Errc::timed_out, "", "its process was stopped", "SIGSTOP",
     [](Place& at) {
         at.start.deadline = 500ms;
         at.machine->wrapper = "/bin/sh -c kill${IFS}-STOP${IFS}$$;exec${IFS}$0${IFS}$@";
         return Parts{};
     }},
    {"a start that has no time", By::qemu, Errc::timed_out, "", "has not answered within 1 ms", "longer deadline",
     [](Place& at) {
         at.start.deadline = 1ms;
         return Parts{};
     }},
    {"an emulator that may open too few files", By::qemu, Errc::limit_exceeded, "", "", "ulimit -n",
     [](Place& at) {
         at.machine->wrapper = "/usr/bin/prlimit --nofile=5";
         return Parts{};
     }},
    {"a program that may open too few files", By::kernel, Errc::limit_exceeded, "", "Too many open files", "ulimit -n",
     [](Place& at) {
         auto const before = std::make_shared<rlimit>();
         ::getrlimit(RLIMIT_NOFILE, before.get());
         at.held.emplace_back(nullptr, [before](void*) { ::setrlimit(RLIMIT_NOFILE, before.get()); });
         at.before_start = [before] {
             UniqueFd const next{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
             rlimit const few{static_cast<rlim_t>(next.get()) + 8, before->rlim_max};
             ::setrlimit(RLIMIT_NOFILE, &few);
         };
         return Parts{};
     }},
    {"a state directory on a disk that is full", By::kernel, Errc::no_space, "", "No space left on device", "df",
     [](Place& at) {
         fs::create_directory(at / "state");
         with_mounts(at, [path = at / "state"] {
             if (::mount("none", path.c_str(), "tmpfs", 0, "size=512k,mode=0700") < 0)
                 throw Impossible{"nothing can be mounted here"};
         });
         at.before_start = [&at] {
             auto const text = std::string(4096, 'x');
             UniqueFd const file{::open((at / "state/fill").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
             while (::write(file.get(), text.data(), text.size()) > 0)
                 ;
         };
         return Parts{};
     }},
    {"a run directory on a file system that is mounted read-only", By::staged, Errc::read_only, "", "Read-only file system",
     "mount it writable",
     [](Place& at) {
         at.machine->failing_file = "/run/demo";
         at.machine->file_error = EROFS;
         return Parts{};
     }},
};

std::vector<Case> const files{
    {"a kernel that is not there", By::kernel, Errc::not_found, "kernel", "there is no file 'PATH/vmlinuz'",
     "see /domain/os/kernel, line ",
     [](Place& at) { return Parts{.os = fmt::format("<kernel>{}</kernel>", at / "vmlinuz")}; }},
    {"a text for a kernel", By::qemu, Errc::bad_file, "kernel", "not a kernel", "bzImage",
     [](Place& at) { return Parts{.os = fmt::format("<kernel>{}</kernel>", at.file("vmlinuz", "text"))}; }},
    {"a directory for a kernel", By::qemu, Errc::bad_file, "kernel", "is a directory", "name a file",
     [](Place& at) {
         fs::create_directory(at / "dir");
         return Parts{.os = fmt::format("<kernel>{}</kernel>", at / "dir")};
     }},
    {"an empty kernel", By::qemu, Errc::bad_file, "kernel", "'PATH/vmlinuz' is empty", "name the file",
     [](Place& at) { return Parts{.os = fmt::format("<kernel>{}</kernel>", at.file("vmlinuz", ""))}; }},
    {"a text for firmware", By::qemu, Errc::bad_file, "firmware", "'PATH/bios' is not firmware", "see /domain/os/loader",
     [](Place& at) { return Parts{.os = fmt::format("<loader type='rom'>{}</loader>", at.file("bios", "text"))}; }},
    {"firmware of a package that is not installed", By::kernel, Errc::not_found, "firmware", "/usr/share/OVMF/NONE.fd",
     "install Debian's package ovmf",
     [](Place&) { return Parts{.os = "<loader type='rom'>/usr/share/OVMF/NONE.fd</loader>"}; }},
    {"a ROM file that is not there", By::qemu, Errc::not_found, "interface '52:54:00:00:00:01'",
     "there is no file 'PATH/rom'", "put it there",
     [](Place& at) {
         return with_devices(fmt::format("<interface type='user'><mac address='52:54:00:00:00:01'/><model type='e1000'/>"
                                         "<rom file='{}'/></interface>",
                                         at / "rom"));
     }},
    {"an ACPI table that is none", By::qemu, Errc::bad_file, "ACPI table", "not an ACPI table", "/sys/firmware/acpi",
     [](Place& at) {
         return Parts{.os = fmt::format("<acpi><table type='slic'>{}</table></acpi>", at.file("slic", "text"))};
     }},
    {"a serial line into a directory that is not there", By::qemu, Errc::not_found, "serial 'serial0'",
     "there is no file 'PATH/no/file'", "put it there",
     [](Place& at) { return serial("file", fmt::format("<source path='{}'/>", at / "no/file")); }},
    {"a serial line into a directory", By::qemu, Errc::bad_file, "serial 'serial0'", "'PATH/dir' is a directory",
     "name a file",
     [](Place& at) {
         fs::create_directory(at / "dir");
         return serial("file", fmt::format("<source path='{}'/>", at / "dir"));
     }},
    {"a serial line of the host's that is not there", By::qemu, Errc::not_found, "serial 'serial0'",
     "there is no device '/dev/ttyS99'", "plug it in", [](Place&) { return serial("dev", "<source path='/dev/ttyS99'/>"); }},
    {"a source of entropy that is not there", By::qemu, Errc::not_found, "rng 'rng0'", "there is no device '/dev/hwrng9'",
     "plug it in",
     [](Place&) { return with_devices("<rng model='virtio'><backend model='random'>/dev/hwrng9</backend></rng>"); }},
    {"an input device that is not there", By::qemu, Errc::not_found, "input 'input0'",
     "there is no device '/dev/input/event99'", "plug it in",
     [](Place&) { return with_devices("<input type='evdev'><source dev='/dev/input/event99'/></input>"); }},
    {"a TPM of the host's that is not there", By::qemu, Errc::not_found, "tpm 'tpm0'", "there is no device '/dev/tpm9'",
     "plug it in",
     [](Place&) {
         return with_devices("<tpm model='tpm-tis'><backend type='passthrough'><device path='/dev/tpm9'/></backend></tpm>");
     }},
    {"a PCI device of the host's that is not there", By::qemu, Errc::not_found, "hostdev 'hostdev0'",
     "the host has no PCI device 0000:99:00.0", "lspci",
     [](Place& at) {
         auto facts = read_host_facts(*at.machine);
         facts.iommu = facts.vfio = true;
         at.options.facts = facts;
         return with_devices("<hostdev mode='subsystem' type='pci' managed='no'><source>"
                             "<address domain='0' bus='0x99' slot='0' function='0'/></source></hostdev>");
     }},
    {"a USB device of the host's that is not there", By::qemu, Errc::not_found, "hostdev 'hostdev0'", "", "",
     [](Place&) {
         return with_devices("<controller type='usb' model='qemu-xhci'/><hostdev mode='subsystem' type='usb'>"
                             "<source><address bus='99' device='99'/></source></hostdev>");
     }},
    {"a directory to share that is not there", By::kernel, Errc::not_found, "filesystem 'files'",
     "there is no file 'PATH/dir'", "see /domain/devices/filesystem[1]",
     [](Place& at) {
         return with_devices(
             fmt::format("<filesystem type='mount'><source dir='{}'/><target dir='files'/></filesystem>", at / "dir"));
     }},
    {"a file to share for a directory", By::qemu, Errc::not_found, "filesystem 'files'", "is no directory", "name the file",
     [](Place& at) {
         return with_devices(fmt::format("<filesystem type='mount'><source dir='{}'/><target dir='files'/></filesystem>",
                                         at.file("file", "")));
     }},
    {"a vsock without its module", By::qemu, Errc::not_found, "vsock 'vsock0'", "/dev/vhost-vsock", "vhost_vsock",
     [](Place&) {
         require_missing("/dev/vhost-vsock");
         return with_devices("<vsock model='virtio'><cid auto='no' address='3'/></vsock>");
     }},
    {"sound by a driver that is not installed", By::qemu, Errc::not_installed, "audio", "driver 'pa' is not installed",
     "qemu-system-gui",
     [](Place&) {
         require_missing("/usr/lib/x86_64-linux-gnu/qemu/audio-pa.so");
         return with_devices("<sound model='ich9'/><audio id='1' type='pulseaudio'/>");
     }},
    {"a display that is not installed", By::qemu, Errc::not_installed, "graphics", "display 'sdl' is not installed",
     "qemu-system-gui",
     [](Place&) {
         require_missing("/usr/lib/x86_64-linux-gnu/qemu/ui-sdl.so");
         return with_devices("<graphics type='sdl' display=':0'/>");
     }},
    {"OpenGL without a render node", By::qemu, Errc::not_found, "graphics", "no render node", "/dev/dri",
     [](Place& at) {
         require_missing("/dev/dri");
         auto facts = read_host_facts(*at.machine);
         facts.render_nodes = {"/dev/dri/renderD128"};
         at.options.facts = facts;
         return with_devices("<graphics type='egl-headless'/>");
     }},
    {"swtpm's tools that are not installed", By::staged, Errc::not_installed, "tpm", "there is no swtpm_setup",
     "install Debian's package swtpm-tools",
     [](Place& at) {
         at.machine->missing_program = "swtpm_setup";
         auto facts = read_host_facts(*at.machine);
         facts.helpers.swtpm = "/usr/bin/swtpm";
         at.options.facts = facts;
         return with_devices("<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>");
     }},
    {"a virtiofsd that is not installed", By::staged, Errc::not_installed, "filesystem 'files'", "there is no virtiofsd",
     "install Debian's package",
     [](Place& at) {
         auto facts = read_host_facts(*at.machine);
         facts.helpers.virtiofsd.clear();
         at.options.facts = facts;
         return Parts{.head = "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>",
                      .devices = "<filesystem type='mount'><driver type='virtiofs'/><source dir='/tmp'/>"
                                 "<target dir='files'/></filesystem>"};
     }},
    {"a helper that fails", By::qemu, Errc::helper_failed, "tpm 'tpm0'", "swtpm_setup has failed", "its own words tell more",
     [](Place& at) {
         if (auto const helpers = read_host_facts(*at.machine).helpers; helpers.swtpm.empty() || helpers.swtpm_setup.empty())
             throw Impossible{"swtpm is not installed"};
         fs::create_directories(at / "state/tpm/ca");
         at.file("state/tpm/ca/keys", "no directory");
         return with_devices("<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>");
     }},
    {"a helper that is no program", By::kernel, Errc::spawn_failed, "filesystem 'files'", "Exec format error",
     "`file` tells",
     [](Place& at) {
         auto const binary = at.file("virtiofsd", "\x7f"
                                                  "ELF?");
         fs::permissions(binary, rwx);
         return Parts{.head = "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>",
                      .devices = fmt::format("<filesystem type='mount'><driver type='virtiofs'/><binary path='{}'/>"
                                             "<source dir='/tmp'/><target dir='files'/></filesystem>",
                                             binary)};
     }},
};

auto with_path(std::string_view text, std::string const& path) -> std::string
{
    std::string result{text};
    for (auto at = result.find("PATH"); at != result.npos; at = result.find("PATH"))
        result.replace(at, 4, path);
    return result;
}

/// How many of a part of the catalogue were provoked, by whom.
using Counts = std::array<int, 3>;

auto provoke(std::vector<Case> const& cases) -> Counts
{
    Counts counts{};
    for (auto const& each : cases) {
        INFO(each.name);
        Place at;
        std::optional<Error> error;
        try {
            auto const parts = each.make(at);
            error = at.provoke(parts);
        } catch (Impossible const& impossible) {
            skip(fmt::format("{}: {}", each.name, impossible.reason));
            continue;
        }
        if (!error) {
            FAIL_CHECK("it starts");
            continue;
        }
        auto const& context = error->context();
        INFO(error->what());
        CHECK(error->code() == each.code);
        CHECK(context.object ==
              (each.object.empty() ? std::string{"domain 'demo'"} : fmt::format("domain 'demo', {}", each.object)));
        CHECK(error->message().find(with_path(each.message, at.directory.path())) != std::string::npos);
        CHECK_FALSE(context.hint.empty());
        CHECK(context.hint.find(each.hint) != std::string::npos);
        CHECK(at.remains == "");
        ++counts[static_cast<std::size_t>(each.by)];
    }
    return counts;
}

} // namespace

TEST_CASE("Each start that fails tells its cause, whom it is about and what to do next, and leaves nothing")
{
    Counts all{};
    for (auto const* const part : {&images, &sockets, &emulators, &files}) {
        auto const counts = provoke(*part);
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] += counts[i];
    }
    std::cout << fmt::format("start errors: {} by QEMU, {} by the kernel, {} staged", all[0], all[1], all[2]) << std::endl;
    // Those that this machine may not be able to provoke are a few.
    CHECK(all[0] + all[1] + all[2] >= 40);
    CHECK(all[0] + all[1] >= 25);
}
