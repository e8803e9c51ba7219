// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/controller.hpp>
#include <vmwright/qemu/detail/resolving.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace vmwright::inline v0::qemu::detail
{

namespace resolve_devices
{
namespace
{

/// Notes where the devices of a list stood before they were put in order.
template <class T>
void reorder(std::vector<T>& list, std::vector<std::size_t> const& order, std::string_view kind, Origins& origins)
{
    if (std::ranges::is_sorted(order))
        return;
    std::vector<T> sorted;
    sorted.reserve(list.size());
    for (auto const from : order) {
        if (from != sorted.size())
            origins.moved(device_node(kind, sorted.size()), device_node(kind, from));
        sorted.push_back(std::move(list[from]));
    }
    list = std::move(sorted);
}

/// libvirt's insertion: a new one goes before the first of its group that comes after it, else behind the last of its group,
/// else to the end.
template <class T, class Group, class Rank>
auto grouped_order(std::vector<T> const& list, Group group, Rank rank) -> std::vector<std::size_t>
{
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < list.size(); ++i) {
        auto at = order.end();
        for (auto it = order.end(); it != order.begin();) {
            --it;
            if (group(list[*it]) != group(list[i]))
                continue;
            if (rank(list[*it]) > rank(list[i]))
                at = it;
            else {
                if (at == order.end())
                    at = it + 1;
                break;
            }
        }
        order.insert(at, i);
    }
    return order;
}

auto primary_first(std::vector<Video> const& videos) -> std::vector<std::size_t>
{
    std::vector<std::size_t> order(videos.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::stable_partition(order.begin(), order.end(), [&](std::size_t i) { return videos[i].model.primary == true; });
    return order;
}

auto disk_number(std::string_view target) -> std::uint64_t
{
    auto const letters = target.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string_view::npos
                             ? target
                             : target.substr(0, target.find_first_of("0123456789"));
    auto const prefix = letters.starts_with("ubd") ? 3U : 2U;
    std::uint64_t number = 0;
    for (auto const c : letters.size() > prefix ? letters.substr(prefix) : std::string_view{})
        number = number * 26 + static_cast<std::uint64_t>(c - 'a' + 1);
    return number;
}

void number_controllers(Resolving& at)
{
    auto& list = at.config.devices.controllers;
    auto const indexes = controller_indexes(list);
    for (std::size_t i = 0; i < list.size(); ++i)
        at.choose(list[i].index, indexes[i], device_node("controller", i) + "/@index", "the next controller index");
}

/// Where sound goes when nothing is said: the last VNC or SPICE display decides. SDL would use the host's own sound system,
/// which libvirt leaves to QEMU.
auto usual_audio(DomainConfig const& config) -> std::optional<AudioBackend>
{
    if (has_graphics<SdlGraphics>(config))
        return std::nullopt;
    if (config.devices.graphics.empty())
        return NoneAudio{};
    std::optional<AudioBackend> backend;
    for (auto const& graphics : config.devices.graphics)
        if (std::holds_alternative<VncGraphics>(graphics.type))
            backend = NoneAudio{};
        else if (std::holds_alternative<SpiceGraphics>(graphics.type))
            backend = SpiceAudio{};
    return backend;
}

template <class T>
auto highest_controller(std::vector<T> const& list, DiskBus bus) -> std::optional<std::uint32_t>
{
    std::optional<std::uint32_t> highest;
    for (auto const& disk : list)
        if (auto const* address = address_as<DriveAddress>(disk.info); address && disk.target.bus == bus)
            highest = std::max(highest.value_or(0), address->controller);
    return highest;
}

} // namespace
} // namespace resolve_devices

auto find_controller(DomainConfig const& config, ControllerType type, std::uint32_t index) -> Controller const*
{
    auto const& list = config.devices.controllers;
    auto const found = std::ranges::find_if(list, [&](Controller const& c) { return c.type == type && c.index == index; });
    return found == list.end() ? nullptr : &*found;
}

void add_controller(Resolving& at, ControllerType type, std::uint32_t index, std::string_view rule,
                    std::optional<std::string> model)
{
    if (find_controller(at.config, type, index))
        return;
    auto& list = at.config.devices.controllers;
    list.push_back({.type = type, .index = index, .model = std::move(model)});
    auto const node = device_node("controller", list.size() - 1);
    at.origins.chose(node, rule);
    complete(list.back(), node, at);
}

void assign_spapr_registers(Resolving& at)
{
    std::set<std::uint64_t> taken;
    auto& devices = at.config.devices;
    auto const each = [&](auto& list, std::string_view kind, std::uint64_t first, auto const& visit) {
        for (std::size_t i = 0; i < list.size(); ++i)
            if (auto* address = std::get_if<SpaprVioAddress>(list[i].info.address ? &*list[i].info.address : nullptr))
                visit(*address, device_node(kind, i), first);
    };
    auto const all = [&](auto const& visit) {
        constexpr std::uint64_t first_net = 0x1000, first_scsi = 0x2000, first_serial = 0x30000000;
        each(devices.interfaces, "interface", first_net, visit);
        each(devices.controllers, "controller", first_scsi, visit);
        each(devices.serials, "serial", first_serial, visit);
    };
    all([&](SpaprVioAddress const& address, std::string const& node, std::uint64_t) {
        if (address.reg && !taken.insert(*address.reg).second)
            at.error(node + "/address/@reg", Fault::duplicate, "another device has that register already",
                     "give another one, or leave it out");
    });
    all([&](SpaprVioAddress& address, std::string const& node, std::uint64_t first) {
        if (address.reg)
            return;
        constexpr std::uint64_t step = 0x1000;
        while (!taken.insert(first).second)
            first += step;
        address.reg = first;
        at.origins.chose(node + "/address/@reg", "the next free register");
    });
}

void drop_chosen_aliases(Resolving& at)
{
    auto const drop = [](DeviceInfo& info) {
        if (info.alias && !is_user_alias(*info.alias))
            info.alias.reset();
    };
    for_each_kind(at.config.devices, [&](std::string_view, auto& list) {
        if constexpr (requires { list.size(); }) {
            for (auto& device : list)
                if constexpr (requires { device.info; })
                    drop(device.info);
        } else if constexpr (requires { list->info; }) {
            if (list)
                drop(list->info);
        }
    });
}

void sort_devices(Resolving& at)
{
    using namespace resolve_devices;
    auto& devices = at.config.devices;
    for (std::size_t i = 0; i < devices.disks.size(); ++i)
        complete(devices.disks[i], device_node("disk", i), at);
    reorder(devices.disks,
            grouped_order(
                devices.disks, [](Disk const& d) { return d.target.bus; },
                [](Disk const& d) { return disk_number(d.target.dev); }),
            "disk", at.origins);
    reorder(devices.videos, primary_first(devices.videos), "video", at.origins);
    // an order that no address depends on any more stays
    auto const has_place = [](Controller const& c) {
        auto const is_root = c.type == ControllerType::pci && c.index == 0U;
        return c.index && (is_root || pci_needs(c) == 0 || c.info.address.has_value());
    };
    if (!std::ranges::all_of(devices.controllers, has_place))
        reorder(devices.controllers, controller_order(devices.controllers), "controller", at.origins);
    add_hostdev_controllers(at); // libvirt's come before those without a number get theirs
    number_controllers(at);
}

void add_board_devices(Resolving& at)
{
    auto const has_usb = std::ranges::any_of(at.config.devices.controllers,
                                             [](Controller const& c) { return c.type == ControllerType::usb; });
    if (at.board.has_usb() && !has_usb)
        add_controller(at, ControllerType::usb, 0, "a PC has a USB controller",
                       at.board.has_pcie() ? std::optional<std::string>{"qemu-xhci"} : std::nullopt);
    if (at.board.has_sata())
        add_controller(at, ControllerType::sata, 0, "a q35 board has a SATA controller");
    if (at.board.has_pci() || (at.board.family == BoardFamily::ccw && at.capabilities.has_device("zpci")))
        add_controller(at, ControllerType::pci, 0, "the board's root bus", at.board.has_pcie() ? "pcie-root" : "pci-root");
    auto const has_panic = std::ranges::any_of(
        at.config.devices.panics, [](Panic const& p) { return p.model.value_or(PanicModel::s390) == PanicModel::s390; });
    if (at.board.family == BoardFamily::ccw && !has_panic) {
        at.config.devices.panics.push_back({.model = PanicModel::s390});
        at.origins.chose(device_node("panic", at.config.devices.panics.size() - 1), "an s390 machine tells of its crashes");
    }
    if (!at.config.devices.memballoon && !at.board.is_arm()) {
        at.config.devices.memballoon = Memballoon{};
        at.origins.chose("/domain/devices/memballoon[1]", "a balloon unless there shall be none");
    }
}

void complete_devices(Resolving& at)
{
    for_each_kind(at.config.devices, [&](std::string_view kind, auto& list) {
        using List = std::remove_reference_t<decltype(list)>;
        if constexpr (requires(List & l) { l.size(); })
            for (std::size_t i = 0; i < list.size(); ++i)
                complete(list[i], device_node(kind, i), at);
        else if (list)
            complete(*list, device_node(kind, 0), at);
    });
}

void pair_consoles(Resolving& at)
{
    auto& devices = at.config.devices;
    if (!devices.consoles.empty() && is_serial(devices.consoles.front())) {
        auto& console = devices.consoles.front();
        auto const node = device_node("console", 0);
        if (devices.serials.empty()) {
            devices.serials.push_back({.source = console.source, .log = console.log, .info = console.info});
            at.origins.moved(device_node("serial", 0), node);
            devices.serials.front().port = 0;
            complete(devices.serials.front(), device_node("serial", 0), at);
        }
        auto const& serial = devices.serials.front();
        console = {.source = serial.source,
                   .tty = console.tty,
                   .target_type = "serial",
                   .port = serial.port.value_or(0),
                   .log = serial.log,
                   .info = serial.info};
    } else if (devices.consoles.empty() && !devices.serials.empty()) {
        auto const& serial = devices.serials.front();
        auto const& type = serial.target_type;
        if (type && *type != "isa-serial" && *type != "system-serial" && *type != "spapr-vio-serial" &&
            *type != "sclp-serial")
            return;
        if (serial.target_model == "isa-debugcon")
            return;
        devices.consoles.push_back(
            {.source = serial.source, .target_type = "serial", .port = serial.port, .log = serial.log, .info = serial.info});
        at.origins.chose(device_node("console", 0), "the first serial port is the console");
    }
    for (std::uint32_t i = 0; i < devices.consoles.size(); ++i)
        if (!is_serial(devices.consoles[i]))
            devices.consoles[i].port = i;
}

void add_drive_controllers(Resolving& at)
{
    using resolve_devices::highest_controller;
    constexpr std::pair<DiskBus, ControllerType> kinds[] = {{DiskBus::scsi, ControllerType::scsi},
                                                            {DiskBus::fdc, ControllerType::fdc},
                                                            {DiskBus::ide, ControllerType::ide},
                                                            {DiskBus::sata, ControllerType::sata}};
    for (auto const& [bus, type] : kinds)
        if (auto const highest = highest_controller(at.config.devices.disks, bus))
            for (std::uint32_t i = 0; i <= *highest; ++i)
                add_controller(at, type, i, "a controller for the disks on it");

    std::set<std::uint32_t> virtio_serial;
    auto const note = [&](DeviceInfo const& info) {
        auto const* address = address_as<VirtioSerialAddress>(info);
        virtio_serial.insert(address ? address->controller : 0);
    };
    for (auto const& channel : at.config.devices.channels)
        if (channel.target_type == "virtio")
            note(channel.info);
    for (auto const& console : at.config.devices.consoles)
        if (console.target_type == "virtio")
            note(console.info);
    for (auto const index : virtio_serial)
        add_controller(at, ControllerType::virtio_serial, index, "a controller for channels and consoles");
    for (auto const& smartcard : at.config.devices.smartcards)
        if (auto const* address = address_as<CcidAddress>(smartcard.info))
            add_controller(at, ControllerType::ccid, address->controller, "a reader for the smart card");
}

void add_default_devices(Resolving& at)
{
    auto& devices = at.config.devices;
    auto const add_input = [&](InputType type) {
        auto const has =
            std::ranges::any_of(devices.inputs, [&](Input const& i) { return i.type == type && i.bus == InputBus::ps2; });
        if (has)
            return;
        devices.inputs.push_back({.type = type, .bus = InputBus::ps2});
        at.origins.chose(device_node("input", devices.inputs.size() - 1), "a PC has mouse and keyboard");
    };
    if (at.board.is_x86()) {
        add_input(InputType::mouse);
        add_input(InputType::keyboard);
    }
    if (!devices.graphics.empty() && devices.videos.empty()) {
        devices.videos.emplace_back();
        at.origins.chose(device_node("video", 0), "a graphics card for the display");
        complete(devices.videos.back(), device_node("video", 0), at);
    }
    if (!devices.videos.empty() && devices.videos.front().model.type != VideoType::none &&
        devices.videos.front().model.primary != true) {
        devices.videos.front().model.primary = true;
        at.origins.chose(device_node("video", 0) + "/model/@primary", "the first graphics card is the primary one");
    }
    if (auto backend = resolve_devices::usual_audio(at.config); backend && devices.audios.empty()) {
        devices.audios.push_back({.backend = std::move(*backend)});
        at.origins.chose(device_node("audio", 0), "sound goes to a SPICE display, or nowhere");
    }
}

void assign_virtio_serial_ports(Resolving& at)
{
    std::map<std::uint32_t, std::set<std::uint32_t>> taken;
    auto const is_on_virtio = [](auto const& device) { return device.target_type == std::string{"virtio"}; };
    auto const each = [&](auto&& visit) {
        for (std::size_t i = 0; i < at.config.devices.channels.size(); ++i)
            if (is_on_virtio(at.config.devices.channels[i]))
                visit(at.config.devices.channels[i].info, device_node("channel", i), false);
        for (std::size_t i = 0; i < at.config.devices.consoles.size(); ++i)
            if (is_on_virtio(at.config.devices.consoles[i]))
                visit(at.config.devices.consoles[i].info, device_node("console", i), true);
    };
    each([&](DeviceInfo const& info, std::string const& node, bool) {
        auto const* address = address_as<VirtioSerialAddress>(info);
        if (address && address->port && !taken[address->controller].insert(*address->port).second)
            at.error(node + "/address/@port", Fault::duplicate,
                     "port " + std::to_string(*address->port) + " of virtio-serial controller " +
                         std::to_string(address->controller) + " is taken",
                     "give another port, or leave the address out");
    });
    each([&](DeviceInfo& info, std::string const& node, bool is_console) {
        auto address =
            address_as<VirtioSerialAddress>(info) ? *address_as<VirtioSerialAddress>(info) : VirtioSerialAddress{};
        if (address.port || (is_console && !info.address))
            return;
        auto& ports = taken[address.controller];
        address.port = 1;
        while (!ports.insert(*address.port).second)
            ++*address.port;
        info.address = address;
        at.origins.chose(node + "/address", "the next free port");
    });
}

} // namespace vmwright::inline v0::qemu::detail
