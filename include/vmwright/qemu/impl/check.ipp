// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/qemu/detail/board.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace vmwright::inline v0::qemu
{

namespace detail::check
{
namespace
{

class Checker
{
public:
    Checker(DomainConfig const& config, Capabilities const& capabilities, Diagnostics& out)
        : config_{config}
        , capabilities_{capabilities}
        , out_{out}
    {
    }

    void run()
    {
        identity();
        machine();
        memory();
        cpus();
        lifecycle();
        disks();
        controllers();
        interfaces();
        character_devices();
        displays();
        inputs();
        duplicates();
    }

private:
    void add(Severity severity, std::string node, Fault fault, std::string message, std::string hint = {})
    {
        out_.add({.severity = severity,
                  .fault = fault,
                  .node = std::move(node),
                  .message = std::move(message),
                  .hint = std::move(hint)});
    }
    void error(std::string node, Fault fault, std::string message, std::string hint = {})
    {
        add(Severity::error, std::move(node), fault, std::move(message), std::move(hint));
    }
    void warning(std::string node, Fault fault, std::string message, std::string hint = {})
    {
        add(Severity::warning, std::move(node), fault, std::move(message), std::move(hint));
    }

    void identity()
    {
        if (config_.type != DomainType::qemu && config_.type != DomainType::kvm)
            error("/domain/@type", Fault::not_supported,
                  fmt::format("a domain of type '{}' cannot run under QEMU", to_string(config_.type)), "use qemu or kvm");
        auto const& name = config_.name;
        constexpr std::size_t longest_name = 255;
        if (name.empty())
            error("/domain/name", Fault::missing, "the domain has no name", "add <name>");
        else if (name.find('/') != std::string::npos || name == "." || name == "..")
            error("/domain/name", Fault::bad_text, fmt::format("the name '{}' cannot be a file's name", name),
                  "leave out '/' and do not call it '.' or '..'");
        else if (name.size() > longest_name)
            error("/domain/name", Fault::bad_text,
                  fmt::format("the name has {} bytes, more than {}", name.size(), longest_name), "give a shorter one");
        else if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
            error("/domain/name", Fault::bad_text, "the name has a line break or another control character", "leave it out");
        if (config_.title.find('\n') != std::string::npos)
            error("/domain/title", Fault::bad_text, "a title is one line", "use <description> for more");
    }

    void machine()
    {
        auto const& os = config_.os;
        if (os.type.empty())
            error("/domain/os/type", Fault::missing, "<os> has no type", "add <type>hvm</type>");
        else if (os.type != "hvm")
            error("/domain/os/type", Fault::not_supported,
                  fmt::format("QEMU does not run an operating system of type '{}'", os.type), "use hvm");
        if (os.arch && emulator_arch(*os.arch) != capabilities_.arch)
            error("/domain/os/type/@arch", Fault::not_supported,
                  fmt::format("the emulator is for {}, not {}", capabilities_.arch, *os.arch),
                  "name another emulator or architecture");
        else if (os.machine && !capabilities_.find_machine(*os.machine))
            error("/domain/os/type/@machine", Fault::unknown_value,
                  fmt::format("QEMU {} has no machine '{}'", to_string(capabilities_.version), *os.machine),
                  suggestion(*os.machine, capabilities_.machine_names()));
        if (os.bios && os.bios->reboot_timeout && (*os.bios->reboot_timeout < -1 || *os.bios->reboot_timeout > 65535))
            error("/domain/os/bios/@rebootTimeout", Fault::bad_number,
                  fmt::format("{} is not a reboot timeout", *os.bios->reboot_timeout), "give -1 to 65535 milliseconds");
        std::set<BootDevice> seen;
        for (std::size_t i = 0; i < os.boot.size(); ++i)
            if (!seen.insert(os.boot[i]).second)
                warning(fmt::format("/domain/os/boot[{}]", i + 1), Fault::duplicate,
                        fmt::format("'{}' is in the boot order already", to_string(os.boot[i])), "remove one of them");
        if (!os.kernel.empty() || (os.initrd.empty() && os.cmdline.empty()))
            return;
        warning(os.initrd.empty() ? "/domain/os/cmdline" : "/domain/os/initrd", Fault::ignored,
                "it has no effect without a kernel", "add <kernel>");
    }

    void memory()
    {
        if (config_.memory.bytes == 0)
            error("/domain/memory", Fault::missing, "the domain has no memory", "give an amount, as 512 with unit='MiB'");
        else if (config_.current_memory && *config_.current_memory > config_.memory)
            warning("/domain/currentMemory", Fault::conflict,
                    fmt::format("the current memory of {} KiB is more than the maximum of {} KiB; all of it is used",
                                config_.current_memory->kib(), config_.memory.kib()),
                    "raise <memory> or lower <currentMemory>");
    }

    void cpus()
    {
        auto const& vcpus = config_.vcpus;
        if (vcpus.count == 0)
            error("/domain/vcpu", Fault::bad_number, "a domain has at least one vCPU", "give 1 or more");
        if (vcpus.current && *vcpus.current > vcpus.count)
            error("/domain/vcpu/@current", Fault::conflict,
                  fmt::format("{} vCPUs at start are more than the {} there can be", *vcpus.current, vcpus.count),
                  "raise <vcpu> or lower @current");
        if (vcpus.current == 0U)
            error("/domain/vcpu/@current", Fault::bad_number, "a domain starts with at least one vCPU", "give 1 or more");
        auto const* machine =
            config_.os.machine ? capabilities_.find_machine(*config_.os.machine) : capabilities_.default_machine();
        if (machine && vcpus.count > machine->max_cpus)
            error("/domain/vcpu", Fault::bad_number,
                  fmt::format("{} vCPUs are more than the {} that machine '{}' can have", vcpus.count, machine->max_cpus,
                              machine->name),
                  "lower <vcpu> or use another machine");
        if (vcpus.cpuset && vcpus.cpuset->find_first_not_of("0123456789,-^ \n\t") != std::string::npos)
            error("/domain/vcpu/@cpuset", Fault::bad_text, fmt::format("'{}' is not a set of CPUs", *vcpus.cpuset),
                  "give numbers and ranges, as 0-3,^2");
        if (config_.cpu)
            cpu(*config_.cpu);
    }

    void cpu(Cpu const& cpu)
    {
        if (cpu.topology) {
            auto const& t = *cpu.topology;
            for (auto const& [name, n] :
                 {std::pair{"sockets", t.sockets}, {"dies", t.dies.value_or(1)}, {"cores", t.cores}, {"threads", t.threads}})
                if (n == 0)
                    error(fmt::format("/domain/cpu/topology/@{}", name), Fault::bad_number,
                          fmt::format("there cannot be 0 {}", name), "give 1 or more");
            auto const total = std::uint64_t{t.sockets} * t.dies.value_or(1) * t.cores * t.threads;
            if (total != 0 && total != config_.vcpus.count)
                error("/domain/cpu/topology", Fault::conflict,
                      fmt::format("the topology has {} vCPUs, but <vcpu> says {}", total, config_.vcpus.count),
                      "sockets × dies × cores × threads must be the number of vCPUs");
        }
        if (cpu.mode == CpuMode::host_passthrough && config_.type == DomainType::qemu)
            error("/domain/cpu/@mode", Fault::not_supported, "host-passthrough needs KVM, and the domain's type is qemu",
                  "use mode='maximum', or type='kvm'");
        if (cpu.mode == CpuMode::host_model)
            error("/domain/cpu/@mode", Fault::not_supported_yet, "not supported yet: host-model",
                  "use host-passthrough, maximum or a model");
        if (!cpu.features.empty() && !cpu.model && cpu.mode.value_or(CpuMode::custom) == CpuMode::custom)
            error("/domain/cpu", Fault::missing, "the CPU has features, but no model", "add <model>");
        if (cpu.model && cpu.mode.value_or(CpuMode::custom) == CpuMode::custom) {
            if (!capabilities_.find_cpu(cpu.model->name))
                error("/domain/cpu/model", Fault::unknown_value,
                      fmt::format("QEMU {} has no CPU model '{}'", to_string(capabilities_.version), cpu.model->name),
                      suggestion(cpu.model->name, capabilities_.cpu_names()));
            if (cpu.match == CpuMatch::minimum || cpu.match == CpuMatch::strict)
                error("/domain/cpu/@match", Fault::not_supported_yet,
                      fmt::format("not supported yet: cpu match '{}'", to_string(*cpu.match)), "use exact");
        }
        if (cpu.model && cpu.model->vendor_id && cpu.model->vendor_id->size() != 12)
            error("/domain/cpu/model/@vendor_id", Fault::bad_text,
                  fmt::format("'{}' has {} characters", *cpu.model->vendor_id, cpu.model->vendor_id->size()),
                  "a vendor id has exactly 12");
        std::set<std::string> seen;
        for (std::size_t i = 0; i < cpu.features.size(); ++i)
            if (!seen.insert(cpu.features[i].name).second)
                error(fmt::format("/domain/cpu/feature[{}]/@name", i + 1), Fault::duplicate,
                      fmt::format("the feature '{}' is named twice", cpu.features[i].name), "remove one of them");
    }

    void lifecycle()
    {
        auto const refuse = [&](std::string_view what, std::string_view action, std::string hint) {
            error(fmt::format("/domain/{}", what), Fault::not_supported,
                  fmt::format("'{}' is not possible for {} under QEMU", action, what), std::move(hint));
        };
        auto const possible = [](LifecycleAction a) {
            return a == LifecycleAction::destroy || a == LifecycleAction::restart;
        };
        if (config_.on_poweroff && !possible(*config_.on_poweroff))
            refuse("on_poweroff", to_string(*config_.on_poweroff), "use destroy or restart");
        if (config_.on_reboot && !possible(*config_.on_reboot))
            refuse("on_reboot", to_string(*config_.on_reboot), "use destroy or restart");
        if (config_.on_crash == CrashAction::rename_restart)
            refuse("on_crash", to_string(*config_.on_crash),
                   "use destroy, restart, preserve, coredump-destroy or coredump-restart");
        if (config_.on_poweroff == LifecycleAction::restart && config_.on_reboot == LifecycleAction::destroy)
            error("/domain/on_poweroff", Fault::conflict,
                  "a domain cannot restart when it powers off and end when it reboots",
                  "change on_poweroff to destroy or on_reboot to restart");
    }

    void disks()
    {
        std::map<std::string, std::size_t> targets;
        auto const& list = config_.devices.disks;
        for (std::size_t i = 0; i < list.size(); ++i) {
            auto const& disk = list[i];
            auto const node = detail::device_node("disk", i);
            if (disk.target.dev.empty())
                error(node + "/target/@dev", Fault::missing, "the disk has no target", "add <target dev='vda'/>");
            else if (auto const [first, is_new] = targets.emplace(disk.target.dev, i); !is_new)
                error(node + "/target/@dev", Fault::duplicate,
                      fmt::format("the target '{}' is that of disk {} already", disk.target.dev, first->second + 1),
                      "give each disk its own");
            one_disk(disk, node);
        }
    }

    void one_disk(Disk const& disk, std::string const& node)
    {
        auto const is_removable = disk.device == DiskDevice::cdrom || disk.device == DiskDevice::floppy;
        if (source_path(disk.source).empty() && !is_removable)
            error(node + "/source", Fault::missing, fmt::format("disk '{}' has no source", disk.target.dev),
                  "add <source file='…'/>");
        auto const bus = disk.target.bus;
        if (disk.driver)
            disk_driver(*disk.driver, disk, node);
        if (bus == DiskBus::ide && config_.os.machine && config_.os.machine->find("q35") != std::string::npos)
            error(node + "/target/@bus", Fault::not_supported, "a q35 machine has no IDE controller", "use sata");
        if (disk.read_only && !is_removable && (bus == DiskBus::sata || bus == DiskBus::ide))
            error(node + "/readonly", Fault::not_supported, fmt::format("{} disks cannot be read-only", to_string(*bus)),
                  "use virtio or scsi, or make it a cdrom");
        if (disk.vendor.size() > 8)
            error(node + "/vendor", Fault::bad_text, fmt::format("'{}' is longer than 8 characters", disk.vendor));
        if (disk.product.size() > 16)
            error(node + "/product", Fault::bad_text, fmt::format("'{}' is longer than 16 characters", disk.product));
        if (!disk.wwn.empty())
            wwn(disk, node);
        if (disk.shareable && disk.driver && disk.driver->type.value_or("raw") != "raw")
            error(node + "/shareable", Fault::conflict,
                  fmt::format("an image of format {} cannot be shared", *disk.driver->type), "use raw");
        if (disk.info.boot_order == 0U)
            error(node + "/boot/@order", Fault::bad_number, "a boot order counts from 1");
        if (disk.startup_policy)
            warning(node + "/source/@startupPolicy", Fault::ignored, "a start policy has no effect yet");
        if (disk.snapshot && *disk.snapshot != DiskSnapshot::no)
            warning(node + "/@snapshot", Fault::ignored, "how a snapshot treats the disk has no effect yet");
        if (disk.iotune)
            warning(node + "/iotune", Fault::ignored, "limits on I/O have no effect yet");
        if (disk.transient)
            error(node + "/transient", Fault::not_supported_yet, "not supported yet: transient");
    }

    void wwn(Disk const& disk, std::string const& node)
    {
        auto text = std::string_view{disk.wwn};
        if (text.starts_with("0x"))
            text.remove_prefix(2);
        if (text.size() != 16 || text.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
            error(node + "/wwn", Fault::bad_text, fmt::format("'{}' is not a wwn", disk.wwn), "give 16 hex digits");
        else if (disk.target.bus && *disk.target.bus != DiskBus::ide && *disk.target.bus != DiskBus::scsi &&
                 *disk.target.bus != DiskBus::sata)
            error(node + "/wwn", Fault::not_supported, fmt::format("a {} disk has no wwn", to_string(*disk.target.bus)),
                  "use ide, sata or scsi");
    }

    void disk_driver(DiskDriver const& driver, Disk const& disk, std::string const& node)
    {
        constexpr auto formats = name_list("raw", "dir", "bochs", "cloop", "dmg", "iso", "vpc", "vdi", "fat", "vhd", "ploop",
                                           "cow", "qcow", "qcow2", "qed", "vmdk");
        if (!driver.name.empty() && driver.name != "qemu")
            error(node + "/driver/@name", Fault::unknown_value, fmt::format("'{}' is not a disk driver", driver.name),
                  "use qemu");
        if (driver.type && std::ranges::find(formats, *driver.type) == formats.end())
            error(node + "/driver/@type", Fault::unknown_value, fmt::format("'{}' is not an image format", *driver.type),
                  suggestion(*driver.type, formats));
        if (driver.io == DiskIo::native && driver.cache != DiskCache::none && driver.cache != DiskCache::directsync)
            error(node + "/driver/@io", Fault::conflict, "io='native' needs a disk without host cache",
                  "add cache='none' or cache='directsync'");
        if (driver.copy_on_read == true && disk.read_only)
            error(node + "/driver/@copy_on_read", Fault::conflict, "a read-only disk cannot copy on read", "remove one");
        auto const bus = disk.target.bus;
        auto const is_virtio = bus == DiskBus::virtio || (!bus && disk.target.dev.starts_with("vd"));
        if (driver.queues && !is_virtio)
            error(node + "/driver/@queues", Fault::not_supported, "only virtio disks have queues", "remove it");
        if (driver.iothread)
            error(node + "/driver/@iothread", Fault::not_supported_yet, "not supported yet: iothread");
    }

    void controllers()
    {
        std::map<std::pair<ControllerType, std::uint32_t>, std::size_t> seen;
        auto const& list = config_.devices.controllers;
        for (std::size_t i = 0; i < list.size(); ++i) {
            auto const& c = list[i];
            auto const node = detail::device_node("controller", i);
            if (c.index && !c.master_startport) {
                auto const [first, is_new] = seen.emplace(std::pair{c.type, *c.index}, i);
                auto const companions = c.type == ControllerType::usb && c.model && c.model->starts_with("ich9");
                if (!is_new && !companions)
                    error(node + "/@index", Fault::duplicate,
                          fmt::format("{} controller {} is there already", to_string(c.type), *c.index),
                          "give each its own index");
            }
            if (c.type == ControllerType::ide && config_.os.machine && config_.os.machine->find("q35") != std::string::npos)
                error(node + "/@type", Fault::not_supported, "a q35 machine has no IDE controller", "use sata");
            controller_model(c, node);
        }
    }

    void controller_model(Controller const& c, std::string const& node)
    {
        constexpr auto pci =
            name_list("pci-root", "pcie-root", "pci-bridge", "dmi-to-pci-bridge", "pcie-to-pci-bridge", "pcie-root-port",
                      "pcie-switch-upstream-port", "pcie-switch-downstream-port", "pci-expander-bus", "pcie-expander-bus");
        constexpr auto usb =
            name_list("piix3-uhci", "piix4-uhci", "ehci", "ich9-ehci1", "ich9-uhci1", "ich9-uhci2", "ich9-uhci3",
                      "vt82c686b-uhci", "pci-ohci", "nec-xhci", "qusb1", "qusb2", "qemu-xhci", "none", "default");
        constexpr auto scsi =
            name_list("auto", "buslogic", "lsilogic", "lsisas1068", "vmpvscsi", "ibmvscsi", "virtio-scsi", "lsisas1078",
                      "virtio-transitional", "virtio-non-transitional", "ncr53c90", "dc390", "am53c974");
        auto const judge = [&](auto const& names) {
            if (c.model && std::ranges::find(names, *c.model) == names.end())
                error(node + "/@model", Fault::unknown_value,
                      fmt::format("'{}' is not a model of a {} controller", *c.model, to_string(c.type)),
                      suggestion(*c.model, names));
        };
        if (c.type == ControllerType::pci)
            judge(pci);
        if (c.type == ControllerType::usb)
            judge(usb);
        if (c.type == ControllerType::scsi)
            judge(scsi);
        auto const is_xhci = !c.model || c.model == "qemu-xhci" || c.model == "nec-xhci";
        if (c.type == ControllerType::usb && c.ports && is_xhci && *c.ports > 15)
            error(node + "/@ports", Fault::bad_number, fmt::format("{} ports are too many", *c.ports), "at most 15");
        if (c.target.bus_nr && (*c.target.bus_nr < 1 || *c.target.bus_nr > 254))
            error(node + "/target/@busNr", Fault::bad_number, fmt::format("{} is not a bus number", *c.target.bus_nr),
                  "give 1 to 254");
    }

    void interfaces()
    {
        constexpr auto models = name_list("virtio", "virtio-transitional", "virtio-non-transitional", "e1000", "e1000e",
                                          "e1000-82544gc", "e1000-82545em", "rtl8139", "vmxnet3", "ne2k_pci", "pcnet",
                                          "i82551", "i82557b", "i82559er", "usb-net", "tulip");
        std::map<Mac, std::size_t> macs;
        auto const& list = config_.devices.interfaces;
        for (std::size_t i = 0; i < list.size(); ++i) {
            auto const& nic = list[i];
            auto const node = detail::device_node("interface", i);
            if (nic.mac && nic.mac->is_multicast())
                error(node + "/mac/@address", Fault::bad_text, fmt::format("{} is a multicast address", to_string(*nic.mac)),
                      "its first byte must be even");
            if (nic.mac)
                if (auto const [first, is_new] = macs.emplace(*nic.mac, i); !is_new)
                    warning(node + "/mac/@address", Fault::duplicate,
                            fmt::format("interface {} has the address {} too", first->second + 1, to_string(*nic.mac)),
                            "give each its own");
            if (auto const* bridge = std::get_if<BridgeNetwork>(&nic.source); bridge && !bridge->bridge)
                error(node + "/source/@bridge", Fault::missing, "an interface of type bridge names its bridge",
                      "add <source bridge='…'/>");
            if (auto const* network = std::get_if<NetworkNetwork>(&nic.source); network && network->network.empty())
                error(node + "/source/@network", Fault::missing, "an interface of type network names its network",
                      "add <source network='default'/>");
            if (nic.model) {
                constexpr std::string_view good = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
                if (nic.model->find_first_not_of(good) != std::string::npos)
                    error(node + "/model/@type", Fault::bad_text,
                          fmt::format("'{}' is not the name of a network card", *nic.model));
                else if (std::ranges::find(models, *nic.model) == models.end() && !capabilities_.has_device(*nic.model))
                    warning(node + "/model/@type", Fault::unknown_value,
                            fmt::format("QEMU {} has no network card '{}'", to_string(capabilities_.version), *nic.model),
                            suggestion(*nic.model, models));
            }
            if (nic.driver)
                interface_driver(*nic.driver, node);
        }
    }

    void interface_driver(InterfaceDriver const& driver, std::string const& node)
    {
        auto const power_of_two = [&](std::optional<std::uint32_t> n, std::string_view name) {
            if (n && (*n == 0 || (*n & (*n - 1)) != 0))
                error(fmt::format("{}/driver/@{}", node, name), Fault::bad_number,
                      fmt::format("{} is not a power of two", *n));
        };
        power_of_two(driver.rx_queue_size, "rx_queue_size");
        power_of_two(driver.tx_queue_size, "tx_queue_size");
    }

    void character_devices()
    {
        auto const& devices = config_.devices;
        auto const each = [&](auto const& list, std::string_view kind) {
            for (std::size_t i = 0; i < list.size(); ++i)
                char_source(list[i].source, detail::device_node(kind, i));
        };
        each(devices.serials, "serial");
        each(devices.consoles, "console");
        each(devices.channels, "channel");
        for (std::size_t i = 0; i < devices.channels.size(); ++i) {
            auto const& channel = devices.channels[i];
            auto const node = detail::device_node("channel", i);
            if (channel.target_type.empty())
                error(node + "/target/@type", Fault::missing, "the channel has no target",
                      "add <target type='virtio' name='…'/>");
            else if (channel.target_type != "virtio" && channel.target_type != "guestfwd")
                error(node + "/target/@type", Fault::unknown_value,
                      fmt::format("'{}' is not a channel target", channel.target_type), "use virtio or guestfwd");
            if (channel.target_type == "guestfwd" && !channel.port)
                error(node + "/target/@port", Fault::missing, "a guestfwd channel needs a port");
        }
        constexpr auto targets = name_list("serial", "xen", "uml", "virtio", "lxc", "openvz", "sclp", "sclplm");
        for (std::size_t i = 0; i < devices.consoles.size(); ++i)
            if (auto const& type = devices.consoles[i].target_type;
                type && std::ranges::find(targets, *type) == targets.end())
                error(detail::device_node("console", i) + "/target/@type", Fault::unknown_value,
                      fmt::format("'{}' is not a console target", *type), suggestion(*type, targets));
    }

    void char_source(CharSource const& source, std::string const& node)
    {
        auto const need = [&](std::string const& text, std::string_view where, std::string_view what) {
            if (text.empty())
                error(fmt::format("{}/source/@{}", node, where), Fault::missing,
                      fmt::format("the character device has no {}", what));
        };
        if (auto const* tcp = std::get_if<TcpChar>(&source)) {
            need(tcp->host, "host", "host");
            need(tcp->service, "service", "port");
        }
        if (auto const* file = std::get_if<FileChar>(&source))
            need(file->path, "path", "file");
        if (auto const* dev = std::get_if<DevChar>(&source))
            need(dev->path, "path", "device");
        if (auto const* pipe = std::get_if<PipeChar>(&source))
            need(pipe->path, "path", "pipe");
    }

    void displays()
    {
        auto const& devices = config_.devices;
        if (devices.graphics.size() > 1)
            error(detail::device_node("graphics", 1), Fault::duplicate, "there is one VNC display already",
                  "remove one of them");
        for (std::size_t i = 0; i < devices.graphics.size(); ++i) {
            auto const& vnc = std::get<VncGraphics>(devices.graphics[i].type);
            auto const node = detail::device_node("graphics", i);
            if (vnc.autoport != true && vnc.port && *vnc.port > 0 && (*vnc.port < 5900 || *vnc.port > 65535))
                error(node + "/@port", Fault::bad_number, fmt::format("{} is not a VNC port", *vnc.port),
                      "give 5900 to 65535");
            auto const* first = vnc.listens.empty() ? nullptr : std::get_if<AddressListen>(&vnc.listens.front());
            if (first && first->address && vnc.listen && *first->address != *vnc.listen)
                error(node + "/@listen", Fault::conflict,
                      fmt::format("listen '{}' is not the address '{}' of the first <listen>", *vnc.listen, *first->address),
                      "make them equal, or leave the attribute out");
        }
        videos();
        std::set<std::uint32_t> ids;
        for (std::size_t i = 0; i < devices.audios.size(); ++i)
            if (!ids.insert(devices.audios[i].id).second)
                error(detail::device_node("audio", i) + "/@id", Fault::duplicate,
                      fmt::format("audio {} is there already", devices.audios[i].id), "give each its own id");
    }

    void videos()
    {
        auto const& list = config_.devices.videos;
        auto primaries = 0;
        for (std::size_t i = 0; i < list.size(); ++i) {
            auto const& m = list[i].model;
            auto const node = detail::device_node("video", i) + "/model";
            auto const type = m.type.value_or(VideoType::default_);
            if (type == VideoType::none && list.size() > 1)
                error(node + "/@type", Fault::conflict, "a domain without graphics card cannot have another one",
                      "remove one of them");
            if (m.primary == true && ++primaries > 1)
                error(node + "/@primary", Fault::duplicate, "there is one primary graphics card already",
                      "remove one of them");
            auto const is_first = i == 0 || m.primary == true;
            auto const may_follow = type == VideoType::virtio || type == VideoType::qxl || type == VideoType::none;
            if (!is_first && !may_follow)
                error(node + "/@type", Fault::not_supported,
                      fmt::format("'{}' can only be the primary graphics card", to_string(type)), "use virtio or qxl");
            if (m.vgamem && (*m.vgamem & (*m.vgamem - 1)) != 0)
                error(node + "/@vgamem", Fault::bad_number, fmt::format("{} is not a power of two", *m.vgamem));
        }
    }

    void inputs()
    {
        auto const& list = config_.devices.inputs;
        auto const has_no_usb = std::ranges::any_of(config_.devices.controllers, [](Controller const& c) {
            return c.type == ControllerType::usb && c.model == "none";
        });
        for (std::size_t i = 0; i < list.size(); ++i) {
            auto const node = detail::device_node("input", i);
            if (list[i].model && *list[i].model != InputModel::virtio && list[i].type != InputType::passthrough)
                error(node + "/@model", Fault::not_supported,
                      fmt::format("a virtio {} has no model '{}'", to_string(list[i].type), to_string(*list[i].model)),
                      "use virtio");
            auto const* usb = address_as<UsbAddress>(list[i].info);
            if (usb && usb->port && usb->port->find('.') != std::string::npos)
                error(node + "/address/@port", Fault::conflict,
                      fmt::format("USB bus {} has no hub at port {}", usb->bus, usb->port->substr(0, usb->port->rfind('.'))),
                      "give a port of the bus itself, or leave the address out");
            auto const is_usb = list[i].bus == InputBus::usb || (!list[i].bus && list[i].type == InputType::tablet);
            if (is_usb && has_no_usb)
                error(node + "/@bus", Fault::conflict, "the domain has no USB bus",
                      "remove the controller of model none, or use another bus");
        }
    }

    template <class T>
    static auto infos(T const& list) -> std::vector<DeviceInfo const*>
    {
        std::vector<DeviceInfo const*> found;
        if constexpr (requires { list.size(); }) {
            for (auto const& device : list)
                if constexpr (requires { device.info; })
                    found.push_back(&device.info);
        } else if (list)
            found.push_back(&list->info);
        return found;
    }

    void duplicates()
    {
        std::map<std::uint32_t, std::string> orders;
        std::map<std::string, std::string> aliases, places;
        for_each_kind(config_.devices, [&](std::string_view kind, auto const& list) {
            auto const all = infos(list);
            for (std::size_t i = 0; i < all.size(); ++i) {
                auto const node = detail::device_node(kind, i);
                auto const& info = *all[i];
                if (info.boot_order)
                    if (auto const [first, is_new] = orders.emplace(*info.boot_order, node); !is_new)
                        error(node + "/boot/@order", Fault::duplicate,
                              fmt::format("boot order {} is that of {} already", *info.boot_order, first->second),
                              "give each its own");
                if (info.alias)
                    if (auto const [first, is_new] = aliases.emplace(*info.alias, node); !is_new && kind != "console")
                        error(node + "/alias/@name", Fault::duplicate,
                              fmt::format("the alias '{}' is that of {} already", *info.alias, first->second),
                              "give each its own");
                if (auto const* pci = address_as<PciAddress>(info))
                    pci_address(*pci, node, places);
                if (auto const* drive = address_as<DriveAddress>(info); drive && kind == "disk")
                    drive_address(*drive, config_.devices.disks[i], node, places);
            }
        });
        if (!orders.empty() && !config_.os.boot.empty())
            error("/domain/os/boot", Fault::conflict, "devices have a boot order of their own",
                  "remove either <boot dev=…> in <os> or the devices' <boot order=…>");
    }

    void pci_address(PciAddress const& a, std::string const& node, std::map<std::string, std::string>& places)
    {
        if (a.slot > 31)
            error(node + "/address/@slot", Fault::bad_number, fmt::format("{:#x} is not a PCI slot", a.slot),
                  "give 0x00 to 0x1f");
        if (a.function > 7)
            error(node + "/address/@function", Fault::bad_number, fmt::format("{:#x} is not a PCI function", a.function),
                  "give 0x0 to 0x7");
        if (a.is_unset())
            return;
        auto const place = fmt::format("{:04x}:{:02x}:{:02x}.{}", a.domain, a.bus, a.slot, a.function);
        if (auto const [first, is_new] = places.emplace(place, node); !is_new)
            error(node + "/address", Fault::duplicate,
                  fmt::format("PCI address {} is that of {} already", place, first->second),
                  "give another address, or leave it out");
    }

    void drive_address(DriveAddress const& a, Disk const& disk, std::string const& node,
                       std::map<std::string, std::string>& places)
    {
        auto const bus = disk.target.bus ? to_string(*disk.target.bus) : std::string_view{disk.target.dev}.substr(0, 2);
        auto const place =
            fmt::format("{} controller {} bus {} target {} unit {}", bus, a.controller, a.bus, a.target, a.unit);
        if (auto const [first, is_new] = places.emplace(place, node); !is_new)
            error(node + "/address", Fault::duplicate, fmt::format("{} is that of {} already", place, first->second),
                  "give another address, or leave it out");
    }

    DomainConfig const& config_;
    Capabilities const& capabilities_;
    Diagnostics& out_;
};

} // namespace
} // namespace detail::check

auto check(DomainConfig const& config, Capabilities const& capabilities, HostFacts const&) -> Diagnostics
{
    Diagnostics out;
    detail::check::Checker{config, capabilities, out}.run();
    return out;
}

} // namespace vmwright::inline v0::qemu
