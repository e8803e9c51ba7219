// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/resolving.hpp>

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <memory>

namespace vmwright::inline v0::qemu::detail
{

namespace resolve_usb
{
namespace
{

constexpr std::uint32_t hub_ports = 8;
constexpr std::size_t deepest = 4; ///< hubs below hubs

auto port_count(Controller const& c) -> std::uint32_t
{
    auto const model = c.model.value_or("");
    if (model == "none" || c.master_startport)
        return 0;
    if (model == "qemu-xhci" || model == "nec-xhci")
        return c.ports.value_or(4);
    if (model == "ehci" || model == "ich9-ehci1" || model == "ich9-ehci2")
        return 6;
    if (model == "pci-ohci")
        return 3;
    return 2;
}

using Route = std::vector<std::uint32_t>; ///< "1.2" as numbers

auto parse_route(std::string_view text) -> std::optional<Route>
{
    Route route;
    auto const* at = text.data();
    auto const* const end = at + text.size();
    while (true) {
        std::uint32_t port{};
        auto const [stop, fault] = std::from_chars(at, end, port);
        if (fault != std::errc{} || port == 0 || route.size() == deepest)
            return std::nullopt;
        route.push_back(port);
        if (stop == end)
            return route;
        if (*stop != '.')
            return std::nullopt;
        at = stop + 1;
    }
}

auto route_text(Route const& route) -> std::string
{
    return fmt::format("{}", fmt::join(route, "."));
}

/// The ports of a controller or a hub, and the hubs that sit on them.
class Ports
{
public:
    explicit Ports(std::uint32_t count)
        : taken_(count)
        , hubs_(count)
    {
    }

    /// The next free port, those of this level first.
    [[nodiscard]] auto next(std::size_t depth = 1) const -> std::optional<Route>
    {
        if (auto const free = std::ranges::find(taken_, false); free != taken_.end())
            return Route{static_cast<std::uint32_t>(free - taken_.begin()) + 1};
        for (std::size_t i = 0; depth < deepest && i < hubs_.size(); ++i)
            if (auto route = hubs_[i] ? hubs_[i]->next(depth + 1) : std::nullopt) {
                route->insert(route->begin(), static_cast<std::uint32_t>(i) + 1);
                return route;
            }
        return std::nullopt;
    }

    /// The text says why the place cannot be had.
    [[nodiscard]] auto take(Route const& route, bool is_hub) -> std::string
    {
        auto* ports = this;
        for (std::size_t i = 0; i + 1 < route.size(); ++i) {
            auto const has_hub = route[i] <= ports->hubs_.size() && ports->hubs_[route[i] - 1];
            if (!has_hub)
                return fmt::format("there is no hub at port {}", route_text({route.begin(), route.begin() + 1 + long(i)}));
            ports = ports->hubs_[route[i] - 1].get();
        }
        auto const last = route.back();
        if (last > ports->taken_.size())
            return fmt::format("there is no port {}; the last one is {}", route_text(route), ports->taken_.size());
        if (ports->taken_[last - 1])
            return fmt::format("port {} is taken", route_text(route));
        ports->taken_[last - 1] = true;
        if (is_hub)
            ports->hubs_[last - 1] = std::make_unique<Ports>(hub_ports);
        return {};
    }

private:
    std::vector<bool> taken_;
    std::vector<std::unique_ptr<Ports>> hubs_;
};

/// Calls `visit(info, node)` for what sits on USB but hubs, in the order in which libvirt gives ports out.
template <class Visit>
void for_each_device(Devices& devices, Visit visit)
{
    auto const each = [&](auto& list, std::string_view kind, auto is_usb) {
        for (std::size_t i = 0; i < list.size(); ++i)
            if (is_usb(list[i]))
                visit(list[i].info, device_node(kind, i));
    };
    each(devices.hostdevs, "hostdev", [](Hostdev const& h) {
        return std::holds_alternative<UsbHostdev>(h.source) && !address_as<UnassignedAddress>(h.info);
    });
    each(devices.disks, "disk", [](Disk const& d) { return d.target.bus == DiskBus::usb; });
    each(devices.controllers, "controller", [](Controller const& c) { return c.type == ControllerType::ccid; });
    each(devices.inputs, "input", [](Input const& i) { return i.bus == InputBus::usb; });
    each(devices.serials, "serial", [](Serial const& s) { return s.target_type == "usb-serial"; });
    each(devices.sounds, "sound", [](Sound const& s) { return s.model == SoundModel::usb; });
    each(devices.redirdevs, "redirdev", [](Redirdev const&) { return true; });
}

class Assignment
{
public:
    explicit Assignment(Resolving& at)
        : at_{at}
        , devices_{at.config.devices}
    {
    }

    void run()
    {
        add_hubs();
        for (auto const& c : devices_.controllers)
            if (c.type == ControllerType::usb && port_count(c) != 0)
                buses_.try_emplace(c.index.value_or(0), port_count(c));
        auto const each_hub = [&](auto visit) {
            for (std::size_t i = 0; i < devices_.hubs.size(); ++i)
                visit(devices_.hubs[i].info, device_node("hub", i));
        };
        each_hub([&](DeviceInfo const& info, std::string const& node) { take_given(info, node, true); });
        for_each_device(devices_, [&](DeviceInfo const& info, std::string const& node) { take_given(info, node, false); });
        each_hub([&](DeviceInfo& info, std::string const& node) { assign(info, node, true); });
        for_each_device(devices_, [&](DeviceInfo& info, std::string const& node) { assign(info, node, false); });
    }

private:
    /// More devices than ports need hubs.
    void add_hubs()
    {
        std::size_t count = devices_.hubs.size(), ports = devices_.hubs.size() * hub_ports;
        for_each_device(devices_, [&](DeviceInfo const&, std::string const&) { ++count; });
        for (auto const& c : devices_.controllers)
            if (c.type == ControllerType::usb)
                ports += port_count(c);
        if (count <= ports || ports == 0)
            return;
        auto const gain = hub_ports - 1;
        auto const needed = (count - ports + 1 + gain - 1) / gain;
        for (std::size_t i = 0; i < needed; ++i) {
            devices_.hubs.emplace_back();
            at_.origins.chose(device_node("hub", devices_.hubs.size() - 1), "more USB devices than ports");
        }
    }

    static auto is_open(DeviceInfo const& info) -> bool
    {
        auto const* said = address_as<UsbAddress>(info);
        return !info.address || (said && !said->port);
    }

    void take_given(DeviceInfo const& info, std::string const& node, bool is_hub)
    {
        auto const* said = address_as<UsbAddress>(info);
        if (is_open(info) || !said)
            return;
        constexpr std::string_view hint = "give another port, or leave the address out";
        auto const bus = buses_.find(said->bus);
        if (bus == buses_.end())
            return at_.error(node + "/address/@bus", Fault::conflict, fmt::format("there is no USB bus {}", said->bus),
                             std::string{hint});
        auto const route = parse_route(*said->port);
        if (!route)
            return at_.error(node + "/address/@port", Fault::bad_text, fmt::format("'{}' is not a USB port", *said->port),
                             "write it as 1, or 1.2 behind a hub");
        if (auto const why = bus->second.take(*route, is_hub); !why.empty())
            at_.error(node + "/address/@port", Fault::conflict, fmt::format("USB bus {}: {}", said->bus, why),
                      std::string{hint});
    }

    void assign(DeviceInfo& info, std::string const& node, bool is_hub)
    {
        if (!is_open(info))
            return;
        auto const* said = address_as<UsbAddress>(info);
        for (auto& [index, ports] : buses_) {
            auto const route = said && said->bus != index ? std::nullopt : ports.next();
            if (!route)
                continue;
            (void)ports.take(*route, is_hub);
            info.address = UsbAddress{.bus = index, .port = route_text(*route)};
            at_.origins.chose(node + "/address", "the next free USB port");
            return;
        }
        at_.error(node, Fault::conflict, "no USB controller has a free port for this device",
                  "add a USB controller or a hub, or give the controller more ports");
    }

    Resolving& at_;
    Devices& devices_;
    std::map<std::uint32_t, Ports> buses_{};
};

} // namespace
} // namespace resolve_usb

void assign_usb_ports(Resolving& at)
{
    resolve_usb::Assignment{at}.run();
}

void check_has_usb(DeviceInfo const& info, std::string const& node, Checking const& at)
{
    auto const has_no_usb = std::ranges::any_of(at.config.devices.controllers, [](Controller const& c) {
        return c.type == ControllerType::usb && c.model == "none";
    });
    if (has_no_usb)
        at.error(node, Fault::conflict, "the domain has no USB bus", "remove the controller of model none, or the device");
    if (info.address && !address_as<UsbAddress>(info))
        at.error(node + "/address/@type", Fault::conflict, "a USB device has an address of type 'usb'",
                 "give <address type='usb' bus='0' port='1'/>, or leave it out");
}

} // namespace vmwright::inline v0::qemu::detail
