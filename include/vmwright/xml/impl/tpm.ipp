// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/tpm.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<PassthroughTpm> auto& v)
{
    at("device/@path", v.device);
}

void map(auto& at, Like<PcrBanks> auto& v)
{
    at.flag("sha1", v.sha1);
    at.flag("sha256", v.sha256);
    at.flag("sha384", v.sha384);
    at.flag("sha512", v.sha512);
}

void map(auto& at, Like<EmulatedTpm> auto& v)
{
    at("@version", v.version);
    at("@persistent_state", v.persistent_state);
    at("encryption/@secret", v.encryption_secret);
    at("active_pcr_banks", v.active_pcr_banks);
}

void map(auto& at, Like<ExternalTpm> auto& v)
{
    at.required("source", "add <source type='unix' mode='connect' path='…'/>");
    at("source/@type", v.type);
    at("source/@mode", v.mode);
    at("source/@path", v.path);
}

void map(auto& at, Like<TpmBackend> auto& v)
{
    at.required("@type", "name one, as type='emulator'");
    at.choice("@type", v, tpm_backend_names);
}

void map(auto& at, Like<Tpm> auto& v)
{
    at("@model", v.model);
    at.required("backend", "add <backend type='emulator'/>");
    at("backend", v.backend);
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
