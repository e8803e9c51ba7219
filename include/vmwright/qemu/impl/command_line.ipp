// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/extensions.hpp>
#include <vmwright/qemu/detail/firmware.hpp>
#include <vmwright/qemu/detail/security.hpp>
#include <vmwright/qemu/detail/translating.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace vmwright::inline v0::qemu
{

namespace detail::command_line
{
namespace
{

template <class List>
void translate_all(List const& list, std::string_view kind, Translating& at)
{
    if constexpr (requires { list.size(); })
        for (std::size_t i = 0; i < list.size(); ++i)
            translate(list[i], device_node(kind, i), at);
    else if (list)
        translate(*list, device_node(kind, 0), at);
}

/// A device must come after the bus it sits on.
auto bus_depth(DomainConfig const& config, Controller const& controller) -> unsigned
{
    unsigned depth = 0;
    for (auto const* at = &controller; at && depth < 32; ++depth) {
        auto const* address = address_as<PciAddress>(at->info);
        if (!address || address->bus == 0)
            break;
        auto const parent = std::ranges::find_if(config.devices.controllers, [&](Controller const& c) {
            return c.type == ControllerType::pci && c.index == address->bus;
        });
        at = parent == config.devices.controllers.end() ? nullptr : &*parent;
    }
    return depth;
}

/// libvirt's order: buses before what sits on them, and USB 2 before its companions.
void translate_controllers(DomainConfig const& config, Translating& at)
{
    auto const& list = config.devices.controllers;
    std::vector<std::size_t> order(list.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    constexpr ControllerType first_to_last[] = {ControllerType::pci,   ControllerType::usb,  ControllerType::scsi,
                                                ControllerType::ide,   ControllerType::sata, ControllerType::virtio_serial,
                                                ControllerType::fdc,   ControllerType::ccid, ControllerType::isa,
                                                ControllerType::xenbus};
    std::ranges::stable_sort(order, {}, [&](std::size_t i) {
        auto const rank = std::ranges::find(first_to_last, list[i].type) - std::begin(first_to_last);
        return std::tuple{rank, list[i].type == ControllerType::pci ? bus_depth(config, list[i]) : 0U,
                          list[i].master_startport.has_value()};
    });
    for (auto const i : order)
        translate(list[i], device_node("controller", i), at);
    auto const needs_none = at.board.has_pcie() || at.board.family == BoardFamily::ccw;
    if (!needs_none && std::ranges::find(list, ControllerType::usb, &Controller::type) == list.end())
        at.add_rule("usb", "the board's own USB");
}

/// libvirt asks for devices that this emulator may not have; QEMU then says so only when it starts.
/// Of network cards other than virtio's `check` tells, with the nearest name.
void warn_of_unknown_devices(Plan const& plan, Capabilities const& capabilities, Diagnostics& out)
{
    for (auto const& option : plan.options) {
        auto const* driver = option.name == "device" && !option.raw ? option.find("driver") : nullptr;
        auto const* name = driver ? std::get_if<std::string>(&driver->data()) : nullptr;
        auto const is_known = [&] {
            return capabilities.has_device(*name == "lsi" ? "lsi53c895a" : *name);
        }; // its other name
        auto const is_told = [&] {
            return option.node.starts_with("/domain/devices/interface[") && !name->starts_with("virtio-");
        };
        if (name && !is_known() && !is_told())
            out.add({.severity = Severity::warning,
                     .fault = Fault::not_supported,
                     .node = option.node,
                     .message = fmt::format("QEMU {} for {} has no device '{}'", to_string(capabilities.version),
                                            capabilities.arch, *name),
                     .hint = "use another model"});
    }
}

} // namespace
} // namespace detail::command_line

auto command_line(Live live, Capabilities const& capabilities, HostFacts const& facts) -> Checked<Plan>
{
    Checked<Plan> checked;
    auto& plan = checked.result;
    plan.emulator = live.config.devices.emulator.value_or(capabilities.binary);
    plan.origins = std::move(live.origins);
    constexpr std::size_t usual_options = 96;
    plan.options.reserve(usual_options);
    detail::Translating at{live.config, capabilities, facts, plan, checked.diagnostics};
    at.short_name = detail::short_name(live.config, live.id);
    translate_machine(at);
    auto const& devices = live.config.devices;
    using detail::command_line::translate_all;
    translate_all(devices.iommu, "iommu", at); // before the devices whose addresses it translates
    detail::command_line::translate_controllers(live.config, at);
    translate_all(devices.hubs, "hub", at);
    translate_all(devices.disks, "disk", at);
    translate_all(devices.filesystems, "filesystem", at);
    translate_all(devices.interfaces, "interface", at);
    translate_all(devices.smartcards, "smartcard", at);
    translate_all(devices.serials, "serial", at);
    translate_all(devices.parallels, "parallel", at);
    translate_all(devices.channels, "channel", at);
    translate_all(devices.consoles, "console", at);
    translate_all(devices.inputs, "input", at);
    translate_all(devices.tpms, "tpm", at);
    translate_all(devices.audios, "audio", at);
    translate_all(devices.graphics, "graphics", at);
    translate_all(devices.sounds, "sound", at);
    translate_all(devices.videos, "video", at);
    translate_all(devices.hostdevs, "hostdev", at);
    translate_all(devices.redirdevs, "redirdev", at);
    translate_all(devices.watchdog, "watchdog", at);
    translate_all(devices.memballoon, "memballoon", at);
    translate_all(devices.rngs, "rng", at);
    translate_all(devices.nvram, "nvram", at);
    translate_all(devices.panics, "panic", at);
    translate_all(devices.vsock, "vsock", at);
    translate_all(devices.shmems, "shmem", at);
    translate_all(devices.memories, "memory", at);
    at.add_zpci();
    detail::add_environment(live.config, at);
    checked.diagnostics.append(missing_helpers(live.config, facts));
    detail::command_line::warn_of_unknown_devices(plan, capabilities, checked.diagnostics);
    detail::override_properties(live.config, plan.options, checked.diagnostics);
    detail::add_arguments(live.config, plan.options);
    at.add_rule("sandbox", "QEMU gives up what it does not need")
        .set("", true)
        .set("obsolete", "deny")
        .set("elevateprivileges", "deny")
        .set("spawn", "deny")
        .set("resourcecontrol", "deny");
    at.add_rule("msg", "its log has times").set("timestamp", true);
    plan.files = detail::files_of_firmware(live.config);
    for (auto& file : detail::files_of_launch_security(live.config, facts))
        plan.files.push_back(std::move(file));
    return checked;
}

auto arguments(Plan const& plan) -> std::vector<std::string>
{
    std::vector<std::string> argv{plan.emulator};
    argv.reserve(plan.options.size() * 2 + 1);
    for (auto const& option : plan.options) {
        argv.push_back(option.raw ? option.name : "-" + option.name);
        if (auto text = argument_text(option))
            argv.push_back(std::move(*text));
    }
    return argv;
}

auto explain(Plan const& plan) -> std::vector<Explanation>
{
    std::vector<Explanation> list;
    list.reserve(plan.options.size());
    auto const explain_one = [&](std::string const& program, std::string argument, Option const& option) {
        auto origin = option.node.empty() ? Origin{} : plan.origins.find(option.node);
        if (origin.rule.empty())
            origin.rule = option.rule;
        list.push_back({.program = program, .argument = std::move(argument), .origin = std::move(origin)});
    };
    auto const explain_helper = [&](std::string const& program, std::vector<Option> const& options) {
        for (auto const& option : options) {
            auto const words = helper_arguments({option});
            explain_one(program, fmt::format("{}", fmt::join(words, " ")), option);
        }
    };
    for (auto const& helper : plan.helpers) {
        for (auto const& step : helper.steps)
            explain_helper(step.program, step.options);
        explain_helper(helper.program, helper.options);
    }
    for (auto const& option : plan.options) {
        auto argument = option.raw ? option.name : "-" + option.name;
        if (auto const text = argument_text(option))
            argument.append(" ").append(*text);
        explain_one({}, std::move(argument), option);
    }
    return list;
}

auto plan(DomainConfig config, Capabilities const& capabilities, HostFacts const& facts) -> Checked<Plan>
{
    Checked<Plan> checked;
    checked.diagnostics = check(config, capabilities, facts);
    if (checked.has_errors())
        return checked;
    auto resolved = resolve(std::move(config), capabilities, facts);
    // nodes of the text, whatever was put in another order since
    auto const append = [&](Diagnostics const& found, Origins const& origins) {
        for (auto diagnostic : found) {
            if (auto const origin = origins.find(diagnostic.node); !origin.node.empty())
                diagnostic.node = origin.node;
            checked.diagnostics.add(std::move(diagnostic));
        }
    };
    append(resolved.diagnostics, resolved.result.origins);
    if (checked.has_errors())
        return checked;
    auto live = prepare(std::move(resolved.result), facts);
    append(live.diagnostics, live.result.origins);
    auto made = command_line(std::move(live.result), capabilities, facts);
    append(made.diagnostics, made.result.origins);
    checked.result = std::move(made.result);
    return checked;
}

} // namespace vmwright::inline v0::qemu
