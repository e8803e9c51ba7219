// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/disk.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace vmwright::inline v0::qemu::detail
{

namespace hostdev
{
namespace
{

auto node_of_usb(HostUsbAddress const& address) -> std::string
{
    return fmt::format("/dev/bus/usb/{:03}/{:03}", address.bus, address.device);
}

void set_guest_reset(Option& device, std::optional<UsbGuestReset> reset)
{
    if (!reset)
        return;
    device.set("guest-reset", *reset != UsbGuestReset::off);
    if (*reset != UsbGuestReset::uninitialized)
        device.set("guest-resets-all", *reset == UsbGuestReset::on);
}

/// The IQN and the number of the unit behind it.
auto split_iscsi(std::string const& name) -> std::pair<std::string, std::uint64_t>
{
    auto const slash = name.find('/');
    if (slash == std::string::npos)
        return {name, 0};
    std::uint64_t unit = 0;
    for (auto const c : std::string_view{name}.substr(slash + 1))
        if (c >= '0' && c <= '9')
            unit = unit * 10 + static_cast<std::uint64_t>(c - '0');
    return {name.substr(0, slash), unit};
}

/// Adds what each kind of device of the host is to QEMU.
struct Translator
{
    Hostdev const& h;
    std::string const& node;
    Translating& at;

    void operator()(UsbHostdev const& usb) const
    {
        auto& device = at.device("usb-host", node);
        if (usb.missing == true)
            ; // a place is kept for it
        else if (usb.address)
            device.set("hostdevice", node_of_usb(*usb.address));
        else
            device.set("vendorid", usb.vendor).set("productid", usb.product);
        device.set("id", h.info.alias).set("bootindex", h.info.boot_order);
        set_guest_reset(device, usb.guest_reset);
        at.place(device, h.info);
    }
    void operator()(PciHostdev const& pci) const
    {
        translate_host_device(pci.address, pci.teaming, h.info, h.info.boot_order, node, at);
    }
    void operator()(MdevHostdev const& mdev) const
    {
        auto const driver = mdev.ramfb == true ? "vfio-pci-nohotplug" : to_string(mdev.model);
        auto& device = at.device(driver, node)
                           .set("id", h.info.alias)
                           .set("sysfsdev", fmt::format("/sys/bus/mdev/devices/{}", to_string(mdev.uuid)));
        if (mdev.display)
            device.set("display", *mdev.display ? "on" : "off");
        device.set("ramfb", mdev.ramfb).set("bootindex", h.info.boot_order);
        at.place(device, h.info);
    }
    void operator()(ScsiVhostHostdev const& vhost) const
    {
        auto& device = at.device(virtio_driver("vhost-scsi", h.info, vhost.model == ScsiVhostModel::virtio_transitional,
                                               vhost.model == ScsiVhostModel::virtio_non_transitional),
                                 node)
                           .set("wwpn", vhost.wwpn)
                           .set("id", h.info.alias);
        at.place(device, h.info);
    }
    void operator()(ScsiHostdev const& scsi) const
    {
        auto const alias = h.info.alias.value_or("");
        auto const backend = fmt::format("{}-backend", alias);
        // before the option that names it
        auto const secret = scsi.auth ? std::optional{add_secret(backend, "auth", node, at)} : std::nullopt;
        auto& block = at.add("blockdev", node);
        if (scsi.protocol == ScsiHostdevProtocol::iscsi) {
            auto const [target, unit] = split_iscsi(scsi.name);
            constexpr std::uint16_t usual_port = 3260;
            auto const& host = scsi.hosts.front();
            block.set("driver", "iscsi")
                .set("portal", fmt::format("{}:{}", host.name, host.port.value_or(usual_port)))
                .set("target", target)
                .set("lun", unit)
                .set("transport", "tcp");
            if (scsi.auth)
                block.set("user", scsi.auth->username).set("password-secret", secret);
            if (!scsi.initiator.empty())
                block.set("initiator-name", scsi.initiator);
        } else // which node it is, the host finds out
            block.set("driver", "host_device").set("filename", Slot{fmt::format("sg:{}", alias), "/dev/sg0"});
        block.set("node-name", backend).set("read-only", h.read_only);
        auto& device = at.device("scsi-generic", node).set("drive", backend).set("id", h.info.alias);
        device.set("bootindex", h.info.boot_order);
        if (auto const* a = address_as<DriveAddress>(h.info)) {
            auto const* controller = find_controller(at.config, ControllerType::scsi, a->controller);
            device.set("bus", at.controller_alias(ControllerType::scsi, a->controller) + ".0");
            if (controller && is_scsi_without_luns(*controller))
                device.set("scsi-id", a->unit);
            else
                device.set("channel", a->bus).set("scsi-id", a->target).set("lun", a->unit);
        }
        if (h.shareable)
            device.set("share-rw", true);
    }
    // check has refused them
    void operator()(StorageHostdev const&) const {}
    void operator()(MiscHostdev const&) const {}
    void operator()(NetHostdev const&) const {}
};

} // namespace
} // namespace hostdev

void translate_host_device(HostAddress const& address, std::optional<Teaming> const& teaming, DeviceInfo const& info,
                           std::optional<std::uint32_t> boot_index, std::string const& node, Translating& at)
{
    auto const* pci = std::get_if<PciAddress>(&address);
    if (!pci)
        return;
    auto& device =
        at.device("vfio-pci", node)
            .set("host", fmt::format("{:04x}:{:02x}:{:02x}.{:x}", pci->domain, pci->bus, pci->slot, pci->function))
            .set("id", info.alias)
            .set("bootindex", boot_index);
    if (teaming && teaming->type == TeamingType::transient)
        device.set("failover_pair_id", teaming->persistent);
    at.place(device, info);
}

auto pci_needs(Hostdev const& h) -> unsigned
{
    if (auto const* mdev = std::get_if<MdevHostdev>(&h.source))
        return mdev->model == MdevModel::vfio_pci ? pcie_ordinary : unsigned{pci_none};
    if (auto const* vhost = std::get_if<ScsiVhostHostdev>(&h.source))
        return vhost->model == ScsiVhostModel::virtio_transitional ? pci_ordinary : pcie_ordinary;
    return std::holds_alternative<PciHostdev>(h.source) ? pcie_ordinary : unsigned{pci_none};
}

void complete(Hostdev& h, std::string const& node, Resolving const& at)
{
    at.choose(h.mode, HostdevMode::subsystem, node + "/@mode", "a device of a bus");
    if (*h.mode == HostdevMode::subsystem)
        at.choose(h.managed, false, node + "/@managed", "the host's driver has let it go");
    if (auto* mdev = std::get_if<MdevHostdev>(&h.source); mdev && mdev->model == MdevModel::vfio_pci)
        at.choose(mdev->display, false, node + "/@display", "no display");
    if (auto* vhost = std::get_if<ScsiVhostHostdev>(&h.source))
        at.choose(vhost->model, ScsiVhostModel::virtio, node + "/@model", "the usual model");
    if (auto* scsi = std::get_if<ScsiHostdev>(&h.source))
        if (scsi->protocol == ScsiHostdevProtocol::adapter)
            scsi->protocol.reset();
}

/// Of the model of the controller that the device asks for, if that is there.
void add_hostdev_controllers(Resolving& at)
{
    std::optional<std::uint32_t> last;
    std::optional<std::string> model;
    for (auto const& h : at.config.devices.hostdevs) {
        auto const* address = address_as<DriveAddress>(h.info);
        if (!std::holds_alternative<ScsiHostdev>(h.source) || (h.info.address && !address))
            continue;
        auto const index = address ? address->controller : 0;
        if (last && index <= *last)
            continue;
        last = index;
        if (auto const* there = find_controller(at.config, ControllerType::scsi, index); there && there->model)
            model = there->model;
    }
    for (std::uint32_t index = 0; last && index <= *last; ++index)
        add_controller(at, ControllerType::scsi, index, "a controller for the host's SCSI devices", model);
}

namespace hostdev
{
namespace
{

/// An lsilogic controller counts units, not targets.
template <class Device>
void check_targets(std::vector<Device> const& list, std::string_view kind, Resolving const& at)
{
    for (std::size_t i = 0; i < list.size(); ++i) {
        auto const* address = address_as<DriveAddress>(list[i].info);
        if (!address || address->target == 0)
            continue;
        if constexpr (std::is_same_v<Device, Disk>)
            if (list[i].target.bus != DiskBus::scsi)
                continue;
        auto const* controller = find_controller(at.config, ControllerType::scsi, address->controller);
        if (controller && controller->model == "lsilogic")
            at.error(device_node(kind, i) + "/address/@target", Fault::bad_number,
                     "on a controller 'lsilogic' the target is 0 and the unit counts",
                     "give 0, or the controller another model");
    }
}

} // namespace
} // namespace hostdev

void assign_hostdev_drives(Resolving& at)
{
    using Place = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>;
    std::set<Place> taken;
    auto const note = [&](DriveAddress const& a) { taken.emplace(a.controller, a.bus, a.target, a.unit); };
    auto& devices = at.config.devices;
    for (auto const& disk : devices.disks)
        if (auto const* address = address_as<DriveAddress>(disk.info); address && disk.target.bus == DiskBus::scsi)
            note(*address);
    for (auto const& h : devices.hostdevs)
        if (auto const* address = address_as<DriveAddress>(h.info))
            note(*address);
    for (std::size_t i = 0; i < devices.hostdevs.size(); ++i) {
        auto& h = devices.hostdevs[i];
        if (!std::holds_alternative<ScsiHostdev>(h.source) || h.info.address)
            continue;
        constexpr std::uint32_t units = 7;
        DriveAddress address;
        while (taken.contains({address.controller, address.bus, address.target, address.unit}))
            if (++address.unit == units) {
                address.unit = 0;
                ++address.controller;
            }
        note(address);
        h.info.address = address;
        at.origins.chose(device_node("hostdev", i) + "/address", "the next free SCSI unit");
    }
    add_hostdev_controllers(at);
}

void check_scsi_targets(Resolving const& at)
{
    hostdev::check_targets(at.config.devices.disks, "disk", at);
    hostdev::check_targets(at.config.devices.hostdevs, "hostdev", at);
}

void translate(Hostdev const& h, std::string const& node, Translating& at)
{
    if (!address_as<UnassignedAddress>(h.info)) // which the guest does not get
        std::visit(hostdev::Translator{h, node, at}, h.source);
}

namespace hostdev_check
{
namespace
{

struct Rules
{
    Hostdev const& h;
    std::string const& node;
    Checking const& at;

    void error(std::string_view path, Fault fault, std::string message, std::string hint = {}) const
    {
        at.error(fmt::format("{}{}", node, path), fault, std::move(message), std::move(hint));
    }
    void not_yet(bool is_said, std::string_view path, std::string_view why) const
    {
        if (is_said)
            at.warning(fmt::format("{}{}", node, path), Fault::not_supported_yet,
                       fmt::format("it has no effect yet: {}", why));
    }
    void bus(bool fits, std::string_view what, std::string_view where) const
    {
        if (h.info.address && !fits && !address_as<UnassignedAddress>(h.info))
            error("/address/@type", Fault::conflict, fmt::format("a {} of the host sits on {}", what, where),
                  "leave the address out");
    }

    void operator()(UsbHostdev const& usb) const
    {
        bus(address_as<UsbAddress>(h.info), "USB device", "USB");
        check_has_usb(h.info, node, at);
        if (!usb.vendor != !usb.product)
            error(usb.vendor ? "/source/product" : "/source/vendor", Fault::missing,
                  "a kind of USB device has a vendor and a product", "give both");
        else if (!usb.vendor && !usb.address)
            error("/source", Fault::missing, "the USB device is not named", "add <vendor id='…'/><product id='…'/>");
        not_yet(usb.startup_policy.has_value(), "/source/@startupPolicy", "a start fails when the device is not there");
        if (usb.vendor == 0U)
            error("/source/vendor/@id", Fault::bad_number, "no vendor has the number 0", "see lsusb");
    }
    void operator()(PciHostdev const& pci) const
    {
        bus(address_as<PciAddress>(h.info), "PCI device", "PCI");
        if (pci.driver && pci.driver != PciHostdevDriver::vfio)
            error("/driver/@name", Fault::not_supported,
                  fmt::format("QEMU has no driver '{}' for a device of the host", to_string(*pci.driver)), "use vfio");
        not_yet(pci.startup_policy.has_value(), "/source/@startupPolicy", "a start fails when the device is not there");
        if (pci.address.slot > 31 || pci.address.function > 7)
            error("/source/address", Fault::bad_number, "no PCI device is there", "see lspci");
        if (pci.write_filtering)
            at.warning(node + "/source/@writeFiltering", Fault::ignored, "only Xen filters what a guest writes");
        if (pci.teaming && pci.teaming->type == TeamingType::transient && !pci.teaming->persistent)
            error("/teaming/@persistent", Fault::missing, "the one that stays is not named",
                  "add persistent='ua-…', its alias");
        if (pci.teaming && pci.teaming->type == TeamingType::persistent)
            error("/teaming/@type", Fault::conflict, "a device of the host is the one that is taken away",
                  "use type='transient'");
    }
    void operator()(ScsiHostdev const& scsi) const
    {
        auto const* drive = address_as<DriveAddress>(h.info);
        bus(drive, "SCSI device", "a drive");
        if (scsi.sgio)
            at.warning(node + "/@sgio", Fault::ignored, "it has no effect: every kernel filters", remove_it());
        if (scsi.rawio)
            at.warning(node + "/@rawio", Fault::ignored, "QEMU runs with the capabilities that its user has", remove_it());
        if (drive && drive->bus != 0)
            error("/address/@bus", Fault::bad_number, "there is only one bus on a SCSI controller", "give 0");
        if (scsi.protocol == ScsiHostdevProtocol::iscsi) {
            if (scsi.name.empty())
                error("/source/@name", Fault::missing, "the iSCSI target is not named", "add name='iqn.…/0'");
            if (scsi.hosts.empty())
                error("/source/host", Fault::missing, "the iSCSI server is not named", "add <host name='…'/>");
            else if (scsi.hosts.size() > 1)
                error("/source/host[2]", Fault::not_supported, "an iSCSI device has one server", "remove it");
        } else {
            if (scsi.adapter.empty())
                error("/source/adapter", Fault::missing, "the SCSI adapter is not named",
                      "add <adapter name='scsi_host0'/>");
            if (!scsi.address)
                error("/source/address", Fault::missing, "the SCSI device has no place on its adapter",
                      "add <address bus='0' target='0' unit='0'/>");
        }
    }
    void operator()(ScsiVhostHostdev const& vhost) const
    {
        auto const is_virtio = address_as<PciAddress>(h.info) || address_as<CcwAddress>(h.info);
        bus(is_virtio, "vhost target", "PCI");
        constexpr std::size_t digits = 16;
        auto const& wwpn = vhost.wwpn;
        if (!wwpn.starts_with("naa.") || wwpn.size() != 4 + digits ||
            wwpn.find_first_not_of("0123456789abcdefABCDEF", 4) != std::string::npos)
            error("/source/@wwpn", Fault::bad_text, fmt::format("'{}' is not the name of a target", wwpn),
                  "it is naa. and 16 hex digits");
        if (h.info.boot_order)
            error("/boot", Fault::not_supported, "a guest does not boot from a vhost target", "remove <boot>");
    }
    void operator()(MdevHostdev const& mdev) const
    {
        if (mdev.model == MdevModel::vfio_pci)
            bus(address_as<PciAddress>(h.info), "mediated device 'vfio-pci'", "PCI");
        else if (mdev.model == MdevModel::vfio_ccw)
            bus(address_as<CcwAddress>(h.info), "mediated device 'vfio-ccw'", "CCW");
        if (mdev.model != MdevModel::vfio_pci && mdev.display)
            error("/@display", Fault::conflict, fmt::format("the model '{}' has no display", to_string(mdev.model)),
                  "remove it");
        if (mdev.display == true && at.config.devices.graphics.empty())
            error("/@display", Fault::conflict, "there is no graphics that would show the display", "add <graphics>");
        if (mdev.ramfb == true && mdev.display != true)
            error("/@ramfb", Fault::conflict, "a frame buffer needs a display", "add display='on'");
        if (!at.capabilities.has_device(to_string(mdev.model)))
            error("/@model", Fault::not_supported,
                  fmt::format("QEMU {} for {} has no device '{}'", to_string(at.capabilities.version), at.capabilities.arch,
                              to_string(mdev.model)));
    }
    void operator()(StorageHostdev const&) const { of_containers(); }
    void operator()(MiscHostdev const&) const { of_containers(); }
    void operator()(NetHostdev const&) const { of_containers(); }

private:
    void of_containers() const
    {
        error("/@type", Fault::not_supported, "QEMU hands no capabilities of the host to a guest", "use mode='subsystem'");
    }
};

} // namespace
} // namespace hostdev_check

void check(Hostdev const& h, std::string const& node, Checking const& at)
{
    constexpr std::size_t subsystems = 5;
    auto const is_subsystem = h.mode.value_or(HostdevMode::subsystem) == HostdevMode::subsystem;
    if (is_subsystem != (h.source.index() < subsystems))
        return at.error(node + "/@type", Fault::conflict,
                        fmt::format("the mode '{}' has no devices of type '{}'",
                                    to_string(h.mode.value_or(HostdevMode::subsystem)),
                                    hostdev_type_names[h.source.index()]),
                        is_subsystem ? "use usb, pci, scsi, scsi_host or mdev" : "use mode='subsystem'");
    std::visit(hostdev_check::Rules{h, node, at}, h.source);
}

void check_all(std::vector<Hostdev> const& hostdevs, Checking const& at)
{
    bool has_ap{};
    for (std::size_t i = 1; i < hostdevs.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (hostdevs[i].source == hostdevs[j].source && hostdevs[i].mode == hostdevs[j].mode)
                at.error(device_node("hostdev", i), Fault::duplicate,
                         fmt::format("it is the same device of the host as that of {}", device_node("hostdev", j)),
                         "remove one of them");
    for (std::size_t i = 0; i < hostdevs.size(); ++i)
        if (auto const* mdev = std::get_if<MdevHostdev>(&hostdevs[i].source); mdev && mdev->model == MdevModel::vfio_ap)
            if (std::exchange(has_ap, true))
                at.error(device_node("hostdev", i), Fault::duplicate, "there is a device 'vfio-ap' already",
                         "remove one of them");
}

} // namespace vmwright::inline v0::qemu::detail
