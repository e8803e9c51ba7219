// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <charconv>

namespace vmwright::inline v0::qemu::detail
{

namespace redirdev
{
namespace
{

struct UsbVersion
{
    unsigned major{};
    unsigned minor{};
};

auto parse_version(std::string_view text) -> std::optional<UsbVersion>
{
    constexpr unsigned most = 99;
    UsbVersion version;
    auto const* const end = text.data() + text.size();
    auto const [dot, fault] = std::from_chars(text.data(), end, version.major);
    if (fault != std::errc{} || dot == end || *dot != '.')
        return std::nullopt;
    auto const [stop, minor_fault] = std::from_chars(dot + 1, end, version.minor);
    if (minor_fault != std::errc{} || stop != end || version.major > most || version.minor > most)
        return std::nullopt;
    return version;
}

auto is_any_version(RedirRule const& rule) -> bool
{
    return !rule.version || *rule.version == "-1";
}

/// QEMU's form: class:vendor:product:version:allow, with the version's digits in hexadecimal places.
auto filter_text(RedirFilter const& filter) -> std::string
{
    std::string text;
    auto const append = [&](std::optional<std::int32_t> const& number, int digits) {
        text += number.value_or(-1) < 0 ? std::string{"-1:"} : fmt::format("0x{:0{}X}:", *number, digits);
    };
    for (auto const& rule : filter.rules) {
        if (!text.empty())
            text += '|';
        append(rule.usb_class, 2);
        append(rule.vendor, 4);
        append(rule.product, 4);
        auto const version = is_any_version(rule) ? std::nullopt : parse_version(*rule.version);
        text += version ? fmt::format("0x{:02}{:02}:", version->major, version->minor) : std::string{"-1:"};
        text += rule.allow ? '1' : '0';
    }
    return text;
}

} // namespace
} // namespace redirdev

void complete(Redirdev& r, std::string const& node, Resolving const& at)
{
    complete(r.source, node, at);
}

void complete(RedirFilter& filter, std::string const&, Resolving const&)
{
    auto const forget_any = [](std::optional<std::int32_t>& number) {
        if (number == -1)
            number.reset();
    };
    for (auto& rule : filter.rules) {
        forget_any(rule.usb_class);
        forget_any(rule.vendor);
        forget_any(rule.product);
        auto const version = redirdev::is_any_version(rule) ? std::nullopt : redirdev::parse_version(*rule.version);
        rule.version.reset();
        if (version)
            rule.version = fmt::format("{}.{:02}", version->major, version->minor);
    }
}

void translate(Redirdev const& r, std::string const& node, Translating& at)
{
    auto const chardev = add_chardev(r.source, r.log, r.info.alias.value_or(""), node, at, "usbredir");
    auto& device = at.device("usb-redir", node).set("chardev", chardev).set("id", r.info.alias);
    if (auto const& filter = at.config.devices.redirfilter)
        device.set("filter", redirdev::filter_text(*filter));
    device.set("bootindex", r.info.boot_order);
    at.place(device, r.info);
}

void check(Redirdev const& r, std::string const& node, Checking const& at)
{
    check_char_source(r.source, CharOwner::usb_or_card, node, at);
    check_has_usb(r.info, node, at);
}

void check(RedirFilter const& filter, std::string const& node, Checking const& at)
{
    for (std::size_t i = 0; i < filter.rules.size(); ++i)
        if (auto const& rule = filter.rules[i]; !redirdev::is_any_version(rule) && !redirdev::parse_version(*rule.version))
            at.error(fmt::format("{}/usbdev[{}]/@version", node, i + 1), Fault::bad_text,
                     fmt::format("'{}' is not a USB device's version", *rule.version), "write it as 2.00, or -1 for any");
}

} // namespace vmwright::inline v0::qemu::detail
