// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/smartcard.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/chardev.ipp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto&, Like<HostSmartcard> auto&) {}

void map(auto& at, Like<CertificateSmartcard> auto& v)
{
    at("certificate", v.certificates);
    at("database", v.database);
}

void map(auto& at, Like<PassthroughSmartcard> auto& v)
{
    at.required("@type", "add type='spicevmc' or another kind of character device");
    at(".", v.source);
    at("log", v.log);
}

void map(auto& at, Like<Smartcard> auto& v)
{
    at.required("@mode", "add mode='host' or another mode");
    at.choice("@mode", v.mode, smartcard_mode_names);
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
