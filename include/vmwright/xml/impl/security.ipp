// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/security.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<SecurityLabel> auto& v)
{
    at("@type", v.type);
    at("@model", v.model);
    at("@relabel", v.relabel);
    at("label", v.label);
    at("imagelabel", v.image_label);
    at("baselabel", v.base_label);
}

void map(auto& at, Like<KeyWrapCipher> auto& v)
{
    at.required("@name", "name aes or dea");
    at.required("@state", "say state='on' or state='off'");
    at("@name", v.name);
    at("@state", v.enabled, on_off);
}

void map(auto& at, Like<SevGuest> auto& v)
{
    at.required("policy", "add <policy>0x0001</policy>");
    at("@kernelHashes", v.kernel_hashes);
    at("cbitpos", v.cbitpos);
    at("reducedPhysBits", v.reduced_phys_bits);
    at("policy", v.policy, hex(4));
    at("dhCert", v.dh_cert);
    at("session", v.session);
}

void map(auto&, Like<S390ProtectedGuest> auto&) {}

void map(auto& at, Like<LaunchSecurity> auto& v)
{
    at.required("@type", "add type='sev' or type='s390-pv'");
    at.choice("@type", v.type, launch_security_names);
}

} // namespace vmwright::inline v0::xml::detail
