// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

namespace input
{
namespace
{

auto virtio_base(InputType type) -> std::string_view
{
    switch (type) {
    case InputType::mouse: return "virtio-mouse";
    case InputType::tablet: return "virtio-tablet";
    case InputType::keyboard: return "virtio-keyboard";
    default: return "virtio-input-host";
    }
}

auto usb_driver(InputType type) -> std::string_view
{
    switch (type) {
    case InputType::mouse: return "usb-mouse";
    case InputType::tablet: return "usb-tablet";
    default: return "usb-kbd";
    }
}

} // namespace
} // namespace input

auto pci_needs(Input const& i) -> unsigned
{
    if (i.bus != InputBus::virtio)
        return pci_none;
    return i.model == InputModel::virtio_transitional ? pci_ordinary : pcie_ordinary;
}

void complete(Input& i, std::string const& node, Resolving const& at)
{
    switch (i.type) {
    case InputType::passthrough: at.choose(i.bus, InputBus::virtio, node + "/@bus", "the bus for that input"); break;
    case InputType::evdev: break;
    case InputType::tablet: at.choose(i.bus, InputBus::usb, node + "/@bus", "the bus for that input"); break;
    default:
        at.choose(i.bus,
                  at.board.is_x86()                     ? InputBus::ps2
                  : at.board.family == BoardFamily::ccw ? InputBus::virtio
                                                        : InputBus::usb,
                  node + "/@bus", "the bus for that input");
    }
}

void translate(Input const& i, std::string const& node, Translating& at)
{
    if (i.type == InputType::evdev) {
        at.object("input-linux", i.info.alias.value_or(""), node)
            .set("evdev", i.dev)
            .set("repeat", i.repeat)
            .set_if(i.grab.has_value(), "grab_all", true)
            .set_if(i.grab_toggle.has_value(), "grab-toggle",
                    i.grab_toggle ? to_string(*i.grab_toggle) : std::string_view{});
        return;
    }
    switch (i.bus.value_or(InputBus::none)) {
    case InputBus::ps2: return; // on the board
    case InputBus::usb: {
        auto& device = at.device(input::usb_driver(i.type), node).set("id", i.info.alias);
        return at.place(device, i.info);
    }
    case InputBus::virtio: {
        auto& device =
            at.device(virtio_driver(input::virtio_base(i.type), i.info, i.model == InputModel::virtio_transitional,
                                    i.model == InputModel::virtio_non_transitional),
                      node)
                .set("id", i.info.alias)
                .set("evdev", i.evdev);
        set_virtio(device, i.virtio);
        return at.place(device, i.info);
    }
    default:
        at.error(node + "/@bus", Fault::not_supported,
                 fmt::format("QEMU has no input bus '{}'", to_string(i.bus.value_or(InputBus::none))),
                 "use ps2, usb or virtio");
    }
}

void check(Input const& input, std::string const& node, Checking const& at)
{
    if (input.model && *input.model != InputModel::virtio)
        at.error(node + "/@model", Fault::not_supported,
                 fmt::format("a virtio {} has no model '{}'", to_string(input.type), to_string(*input.model)), "use virtio");
    auto const bus = input.bus.value_or(input.type == InputType::tablet ? InputBus::usb : InputBus::none);
    if (bus == InputBus::usb)
        check_has_usb(input.info, node, at);
    if (input.bus != InputBus::virtio && input.type != InputType::passthrough)
        check_no_virtio(input.virtio, node, at);
    if (bus == InputBus::ps2 && !at.board().is_x86())
        at.error(node + "/@bus", Fault::not_supported, "only a PC has the bus ps2", "use usb or virtio");
    else if (bus == InputBus::ps2 && input.type != InputType::mouse && input.type != InputType::keyboard)
        at.error(node + "/@bus", Fault::not_supported,
                 fmt::format("the bus ps2 has no device of type '{}'", to_string(input.type)), "use usb or virtio");
    if (bus == InputBus::xen || bus == InputBus::parallels)
        at.error(node + "/@bus", Fault::not_supported, fmt::format("QEMU has no input bus '{}'", to_string(bus)),
                 "use ps2, usb or virtio");
    if (input.type == InputType::passthrough && !input.evdev)
        at.warning(node + "/source/@evdev", Fault::missing, "it is not said which device of the host is passed through",
                   "add <source evdev='/dev/input/event1'/>");
    if (input.type == InputType::passthrough && input.bus && *input.bus != InputBus::virtio)
        at.error(node + "/@bus", Fault::not_supported, "a device of the host is passed through on the bus virtio",
                 "use bus='virtio'");
    if (input.type == InputType::evdev && !input.dev)
        at.error(node + "/source/@dev", Fault::missing, "it is not said which device of the host is read",
                 "add <source dev='/dev/input/event1'/>");
}

} // namespace vmwright::inline v0::qemu::detail
