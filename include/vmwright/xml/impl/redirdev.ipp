// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/redirdev.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/chardev.ipp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

namespace redirdev
{

/// Hexadecimal with or without a prefix; -1 means any.
struct UsbNumber
{
    int digits{};

    auto parse(std::string_view text, std::int32_t& value, Complaint& complaint) const -> bool
    {
        auto hex = text;
        if (hex.starts_with("0x") || hex.starts_with("0X"))
            hex.remove_prefix(2);
        auto const* const end = hex.data() + hex.size();
        auto const most = (std::int32_t{1} << (4 * digits)) - 1;
        std::int32_t number{};
        auto const [stop, error] = std::from_chars(hex.data(), end, number, 16);
        if (error == std::errc{} && stop == end && number >= -1 && number <= most) {
            value = number;
            return true;
        }
        complaint.fault = Fault::bad_number;
        complaint.expected = fmt::format("a hexadecimal number up to {:#x}, or -1 for any", most);
        return false;
    }
    auto format(std::int32_t value) const -> std::string
    {
        return value < 0 ? std::string{"-1"} : fmt::format("0x{:0{}X}", value, digits);
    }
};

} // namespace redirdev

void map(auto& at, Like<Redirdev> auto& v)
{
    at.required("@type", "add type='spicevmc' or another kind of character device");
    at.expected("@bus", "add bus='usb'");
    at("@bus", v.bus);
    at(".", v.source);
    at("log", v.log);
    at(".", v.info);
}

void map(auto& at, Like<RedirRule> auto& v)
{
    constexpr redirdev::UsbNumber usb_class{2}, usb_id{4};
    at.required("@allow", "add allow='yes' or allow='no'");
    at("@class", v.usb_class, usb_class);
    at("@vendor", v.vendor, usb_id);
    at("@product", v.product, usb_id);
    at("@version", v.version);
    at("@allow", v.allow);
}

void map(auto& at, Like<RedirFilter> auto& v)
{
    at("usbdev", v.rules);
}

} // namespace vmwright::inline v0::xml::detail
