// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

auto Translating::add(std::string_view name, std::string_view node) -> Option&
{
    return plan_.options.emplace_back(
        Option{.name = std::string{name}, .json = takes_json(name), .node = std::string{node}});
}

auto Translating::add_rule(std::string_view name, std::string_view rule) -> Option&
{
    return plan_.options.emplace_back(
        Option{.name = std::string{name}, .json = takes_json(name), .rule = std::string{rule}});
}

auto Translating::takes_json(std::string_view name) -> bool
{
    auto const known = std::ranges::find(take_json_, name, &std::pair<std::string, bool>::first);
    return known != take_json_.end() ? known->second : take_json_.emplace_back(name, capabilities.takes_json(name)).second;
}

auto Translating::device(std::string_view driver, std::string_view node) -> Option&
{
    return add("device", node).set("driver", driver);
}

auto Translating::object(std::string_view type, std::string_view id, std::string_view node) -> Option&
{
    return add("object", node).set("qom-type", type).set("id", id);
}

auto Translating::has_object(std::string_view id) const -> bool
{
    return std::ranges::any_of(plan_.options, [&](Option const& o) {
        auto const* found = o.name == "object" ? o.find("id") : nullptr;
        return found && *found == Value{id};
    });
}

void Translating::add_helper(Helper helper)
{
    plan_.helpers.push_back(std::move(helper));
}

void Translating::need_directory_of(std::string_view path)
{
    if (auto const slash = path.rfind('/'); slash != std::string_view::npos && slash != 0)
        plan_.directories.emplace_back(path.substr(0, slash));
}

void Translating::set_environment(std::string_view name, std::string_view value)
{
    plan_.environment.push_back(fmt::format("{}={}", name, value));
}

auto Translating::pci_bus(std::uint32_t index) const -> std::string
{
    if (board.family == BoardFamily::versatilepb)
        return "pci"; // its only bus
    auto const* controller = find_controller(config, ControllerType::pci, index);
    if (controller && controller->info.alias)
        return index == 0 ? fmt::format("{}", *controller->info.alias) : *controller->info.alias;
    return index == 0 && board.has_pcie() ? "pcie.0" : fmt::format("pci.{}", index);
}

auto Translating::controller_alias(ControllerType type, std::uint32_t index) const -> std::string
{
    auto const* controller = find_controller(config, type, index);
    return controller && controller->info.alias ? *controller->info.alias : fmt::format("{}{}", to_string(type), index);
}

void Translating::add_zpci()
{
    for (auto zpci = zpci_.rbegin(); zpci != zpci_.rend(); ++zpci) {
        auto const position = plan_.options.begin() + static_cast<std::ptrdiff_t>(zpci->behind);
        auto const& [uid, fid] = zpci->address;
        Option option{.name = "device", .json = position->json, .node = position->node};
        option.set("driver", "zpci").set("uid", uid).set("fid", fid).set("target", zpci->target);
        option.set("id", fmt::format("zpci{}", uid.value_or(0)));
        plan_.options.insert(position, std::move(option));
    }
}

void Translating::place(Option& option, DeviceInfo const& info)
{
    if (auto const* pci = address_as<PciAddress>(info)) {
        if (pci->zpci)
            zpci_.push_back({.behind = static_cast<std::size_t>(&option - plan_.options.data()),
                             .address = *pci->zpci,
                             .target = info.alias.value_or("")});
        option.set("bus", pci_bus(pci->bus));
        if (pci->multifunction)
            option.set("multifunction", *pci->multifunction);
        option.set("addr", pci->function == 0 ? fmt::format("{:#x}", pci->slot)
                                              : fmt::format("{:#x}.{:#x}", pci->slot, pci->function));
    } else if (auto const* usb = address_as<UsbAddress>(info)) {
        option.set("bus", controller_alias(ControllerType::usb, usb->bus) + ".0");
        option.set("port", usb->port);
    } else if (auto const* ccid = address_as<CcidAddress>(info)) {
        option.set("bus", controller_alias(ControllerType::ccid, ccid->controller) + ".0");
    } else if (auto const* spapr = address_as<SpaprVioAddress>(info)) {
        if (spapr->reg)
            option.set("reg", fmt::format("{:#010x}", *spapr->reg));
    } else if (auto const* isa = address_as<IsaAddress>(info)) {
        option.set("iobase", isa->iobase);
        option.set("irq", isa->irq);
    } else if (auto const* vio = address_as<SpaprVioAddress>(info)) {
        option.set("reg", vio->reg);
    } else if (auto const* ccw = address_as<CcwAddress>(info); ccw && ccw->cssid && ccw->ssid && ccw->devno)
        option.set("devno", fmt::format("{:x}.{:x}.{:04x}", *ccw->cssid, *ccw->ssid, *ccw->devno));
    option.set("acpi-index", info.acpi_index);
    if (info.rom) {
        if (info.rom->enabled == false)
            option.set("romfile", "");
        else if (!info.rom->file.empty())
            option.set("romfile", info.rom->file);
        if (info.rom->bar)
            option.set("rombar", *info.rom->bar ? 1 : 0);
    }
}

auto Translating::boot_index(DeviceInfo const& info, BootDevice boot_class, void const* device) const
    -> std::optional<std::uint32_t>
{
    if (info.boot_order)
        return info.boot_order;
    auto const& boot = config.os.boot;
    auto const found = std::ranges::find(boot, boot_class);
    if (found == boot.end())
        return std::nullopt;
    auto const is_of_class = [&](Disk const& d) {
        switch (d.device) {
        case DiskDevice::cdrom: return boot_class == BootDevice::cdrom;
        case DiskDevice::floppy: return boot_class == BootDevice::fd;
        default: return boot_class == BootDevice::hd;
        }
    };
    void const* first = nullptr;
    if (boot_class == BootDevice::network) {
        if (!config.devices.interfaces.empty())
            first = &config.devices.interfaces.front();
    } else if (auto const disk = std::ranges::find_if(config.devices.disks, is_of_class); disk != config.devices.disks.end())
        first = &*disk;
    if (first != device)
        return std::nullopt;
    return static_cast<std::uint32_t>(found - boot.begin()) + 1;
}

auto virtio_driver(std::string_view base, DeviceInfo const& info, bool transitional, bool non_transitional) -> std::string
{
    auto const transport = address_as<CcwAddress>(info) ? "ccw" : address_as<VirtioMmioAddress>(info) ? "device" : "pci";
    auto const model = transitional ? "-transitional" : non_transitional ? "-non-transitional" : "";
    return fmt::format("{}-{}{}", base, transport, model);
}

void set_virtio(Option& option, VirtioOptions const& virtio)
{
    option.set("iommu_platform", virtio.iommu)
        .set("ats", virtio.ats)
        .set("packed", virtio.packed)
        .set("page-per-vq", virtio.page_per_vq);
}

} // namespace vmwright::inline v0::qemu::detail
