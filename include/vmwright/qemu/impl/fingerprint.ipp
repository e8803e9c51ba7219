// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/fingerprint.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qemu
{

namespace detail::fingerprint
{
namespace
{

constexpr auto guest_options = std::to_array<std::string_view>(
    {"machine", "accel",           "cpu",     "m",         "smp",    "numa",   "smbios", "uuid", "boot",
     "rtc",     "global",          "fw_cfg",  "acpitable", "kernel", "initrd", "append", "dtb",  "bios",
     "device",  "watchdog-action", "no-acpi", "no-hpet"});

/// Of a device, what is only the host's.
constexpr auto host_properties = std::to_array<std::string_view>(
    {"id", "werror", "rerror", "share-rw", "display", "guest-reset", "pr-manager", "evdev", "hostbus", "hostaddr", "vhostfd",
     "vhostfds", "path", "iothread", "rng", "fsdev", "cryptodev"});

/// Of a device, what is the host's but for being there.
constexpr auto back_ends = std::to_array<std::string_view>({"drive", "netdev", "chardev", "audiodev", "tpmdev"});

auto is_one_of(std::string_view name, auto const& names) -> bool
{
    return std::ranges::find(names, name) != names.end();
}

auto text_of(Option const& option, std::string_view property) -> std::string_view
{
    auto const* const value = option.find(property);
    auto const* const text = value != nullptr ? std::get_if<std::string>(&value->data()) : nullptr;
    return text != nullptr ? std::string_view{*text} : std::string_view{};
}

/// What has an id or a node name in a plan.
class Things
{
public:
    explicit Things(Plan const& plan)
    {
        for (auto const& option : plan.options)
            for (auto const* const key : {"id", "node-name"})
                if (auto const id = text_of(option, key); !id.empty())
                    things_.emplace(id, &option);
    }

    [[nodiscard]] auto find(std::string_view id) const -> Option const*
    {
        auto const found = things_.find(id);
        return found == things_.end() ? nullptr : found->second;
    }

    /// A bus by the place of the controller that provides it, so that aliases do not count: "pci.3" is the bus behind the
    /// device of that id, "scsi0.0" the first one of its device.
    [[nodiscard]] auto bus(std::string_view name, unsigned depth = 0) const -> std::string
    {
        auto const* device = find(name);
        std::string_view number;
        if (device == nullptr)
            if (auto const dot = name.rfind('.'); dot != name.npos) {
                device = find(name.substr(0, dot));
                number = name.substr(dot);
            }
        if (device == nullptr || device->name != "device" || depth > 20)
            return std::string{name};
        auto const* const address = device->find("addr");
        return fmt::format("{}({}@{}){}", bus(text_of(*device, "bus"), depth + 1), text_of(*device, "driver"),
                           address != nullptr ? keyval({{"", *address}}) : std::string{}, number);
    }

    [[nodiscard]] auto size_of(std::string_view memory_backend) const -> std::string
    {
        auto const* const backend = find(memory_backend);
        auto const* const size = backend != nullptr ? backend->find("size") : nullptr;
        return size != nullptr ? keyval({{"", *size}}) : std::string{};
    }

    /// Whether the guest may write to the image behind a block node.
    [[nodiscard]] auto is_read_only(std::string_view node) const -> bool
    {
        auto const* const image = find(node);
        auto const* const value = image != nullptr ? image->find("read-only") : nullptr;
        return value != nullptr && *value == Value{true};
    }

    /// The file that a block node comes down to.
    [[nodiscard]] auto file_of(std::string_view node, unsigned depth = 0) const -> std::string
    {
        auto const* const image = find(node);
        if (image == nullptr || depth > 20)
            return {};
        auto const inner = text_of(*image, "file");
        return inner.empty() ? std::string{text_of(*image, "filename")} : file_of(inner, depth + 1);
    }

private:
    std::map<std::string_view, Option const*> things_{};
};

auto device_property(std::string const& name, Value const& value, Things const& things) -> std::string
{
    auto const* const text = std::get_if<std::string>(&value.data());
    if (is_one_of(name, host_properties))
        return {};
    if (name == "drive" && text != nullptr)
        return things.is_read_only(*text) ? "drive=read-only" : "drive";
    if (is_one_of(name, back_ends))
        return name;
    if (name == "memdev" && text != nullptr)
        return fmt::format("memdev={}", things.size_of(*text));
    if (text != nullptr && (name == "bus" || name == "masterbus" || name == "primary-bus"))
        return fmt::format("{}={}", name, things.bus(*text));
    return keyval({{name, value}});
}

auto property(Option const& option, std::string const& name, Value const& value, Things const& things) -> std::string
{
    if (option.name == "device")
        return device_property(name, value, things);
    auto const* const text = std::get_if<std::string>(&value.data());
    if (option.name == "machine" && (name == "dump-guest-core" || name == "mem-merge"))
        return {};
    if (text != nullptr && (name == "memory-backend" || name == "memdev"))
        return fmt::format("{}={}", name, things.size_of(*text));
    if (text != nullptr && name.starts_with("pflash"))
        return fmt::format("{}={}{}", name, things.file_of(*text), things.is_read_only(*text) ? ",read-only" : "");
    return keyval({{name, value}});
}

/// The option as the guest sees it. The order of a device's properties has no meaning; that of others may have.
auto line_of(Option const& option, Things const& things) -> std::string
{
    std::vector<std::string> properties;
    for (auto const& [name, value] : option.properties)
        if (auto text = property(option, name, value, things); !text.empty())
            properties.push_back(std::move(text));
    if (option.name == "device" || option.name == "machine")
        std::ranges::sort(properties);
    return fmt::format("{} {}", option.name, fmt::join(properties, ","));
}

} // namespace
} // namespace detail::fingerprint

auto fingerprint(Plan const& plan) -> std::string
{
    using namespace detail::fingerprint;
    Things const things{plan};
    std::vector<std::string> lines;
    for (auto const& option : plan.options)
        if (is_one_of(option.name, guest_options))
            lines.push_back(line_of(option, things));
    // What stands first among its like counts only where the option has no place of its own.
    std::ranges::stable_sort(lines);
    // FNV-1a
    std::uint64_t hash = 14695981039346656037U;
    for (auto const& line : lines)
        for (auto const c : line + "\n")
            hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return fmt::format("{:016x}", hash);
}

} // namespace vmwright::inline v0::qemu
