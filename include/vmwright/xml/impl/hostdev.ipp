// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/hostdev.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>
#include <vmwright/xml/impl/disk_source.ipp>
#include <vmwright/xml/impl/host_address.ipp>
#include <vmwright/xml/impl/interface.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<UsbHostdev> auto& v)
{
    at("source/@startupPolicy", v.startup_policy);
    at("source/@guestReset", v.guest_reset);
    at("source/@missing", v.missing);
    at("source/vendor/@id", v.vendor, hex(4));
    at("source/product/@id", v.product, hex(4));
    at("source/address", v.address);
}

void map(auto& at, Like<PciHostdev> auto& v)
{
    at.required("source/address", "add <source><address domain='…' bus='…' slot='…' function='…'/></source>");
    at("driver/@name", v.driver);
    at("source/@startupPolicy", v.startup_policy);
    at("source/@writeFiltering", v.write_filtering);
    at("source/address", v.address);
    at("teaming", v.teaming);
}

void map(auto& at, Like<ScsiHostAddress> auto& v)
{
    at("@bus", v.bus);
    at("@target", v.target);
    at("@unit", v.unit);
}

void map(auto& at, Like<IscsiHost> auto& v)
{
    at("@name", v.name);
    at("@port", v.port);
}

void map(auto& at, Like<ScsiHostdev> auto& v)
{
    at("@sgio", v.sgio);
    at("@rawio", v.rawio);
    at("source/@protocol", v.protocol);
    at("source/@name", v.name);
    at("source/adapter/@name", v.adapter);
    at("source/address", v.address);
    at("source/host", v.hosts);
    at("source/auth", v.auth);
    at("source/initiator/iqn/@name", v.initiator);
}

void map(auto& at, Like<ScsiVhostHostdev> auto& v)
{
    at.required("source/@protocol", "add <source protocol='vhost' wwpn='naa.…'/>");
    at("@model", v.model);
    at("source/@protocol", v.protocol);
    at("source/@wwpn", v.wwpn);
}

void map(auto& at, Like<MdevHostdev> auto& v)
{
    at.required("@model", "name one, as model='vfio-pci'");
    at.required("source/address/@uuid", "add <source><address uuid='…'/></source>");
    at("@model", v.model);
    at("@display", v.display, on_off);
    at("@ramfb", v.ramfb, on_off);
    at("source/address/@uuid", v.uuid);
}

void map(auto& at, Like<StorageHostdev> auto& v)
{
    at("source/block", v.block);
}

void map(auto& at, Like<MiscHostdev> auto& v)
{
    at("source/char", v.char_);
}

void map(auto& at, Like<NetHostdev> auto& v)
{
    at("source/interface", v.interface);
    at("ip", v.ips);
    at("route", v.routes);
}

void map(auto& at, Like<Hostdev> auto& v)
{
    at.required("@type", "name one, as type='pci'");
    at("@mode", v.mode);
    at.pick("@type", v.source, hostdev_type_names);
    at("@managed", v.managed);
    at.picked(v.source);
    at.flag("readonly", v.read_only);
    at.flag("shareable", v.shareable);
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
