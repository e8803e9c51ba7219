// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/encryption.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<SecretName> auto& v)
{
    at("@type", v.type);
    at("@uuid", v.uuid);
    at("@usage", v.usage);
}

void map(auto& at, Like<EncryptionCipher> auto& v)
{
    at("@name", v.name);
    at("@size", v.size);
    at("@mode", v.mode);
    at("@hash", v.hash);
}

void map(auto& at, Like<EncryptionIvgen> auto& v)
{
    at("@name", v.name);
    at("@hash", v.hash);
}

void map(auto& at, Like<Encryption> auto& v)
{
    at("@format", v.format);
    at("@engine", v.engine);
    at("secret", v.secrets);
    at("cipher", v.cipher);
    at("ivgen", v.ivgen);
}

} // namespace vmwright::inline v0::xml::detail
