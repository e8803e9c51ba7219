// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/detail/checking.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::detail
{

void check_pci(PciAddress const& address, std::string const& node, Findings const& at)
{
    if (address.domain > 0xffff)
        at.error(node + "/@domain", Fault::bad_number, fmt::format("{:#x} is not a PCI domain", address.domain),
                 "give 0x0000 to 0xffff");
    if (address.bus > 0xff)
        at.error(node + "/@bus", Fault::bad_number, fmt::format("{:#x} is not a PCI bus", address.bus), "give 0x00 to 0xff");
    if (address.slot > 0x1f)
        at.error(node + "/@slot", Fault::bad_number, fmt::format("{:#x} is not a PCI slot", address.slot),
                 "give 0x00 to 0x1f");
    if (address.function > 7)
        at.error(node + "/@function", Fault::bad_number, fmt::format("{:#x} is not a PCI function", address.function),
                 "give 0x0 to 0x7");
    if (address.domain == 0 && address.bus == 0 && address.slot == 0)
        at.error(node, Fault::missing, "the address names no device of the host",
                 "add domain='…' bus='…' slot='…' function='…'");
}

void check_secret_name(SecretName const& secret, std::string const& node, Findings const& at)
{
    if (secret.uuid && !secret.usage.empty())
        at.error(node, Fault::conflict, "a secret is named by its uuid or its usage, not both", "remove one");
    if (!secret.uuid && secret.usage.empty())
        at.error(node, Fault::missing, "the secret has no name", "add uuid='…' or usage='…'");
}

void check_new_encryption(Encryption const& encryption, std::string const& node, Findings const& at)
{
    if (!encryption.format)
        return at.error(node, Fault::missing, "the encryption has no format", "add format='luks'");
    if (*encryption.format != EncryptionFormat::luks)
        at.error(node + "/@format", Fault::not_supported,
                 fmt::format("no image is made with the encryption '{}'", to_string(*encryption.format)), "use luks");
    if (encryption.secrets.size() != 1)
        at.error(node, encryption.secrets.empty() ? Fault::missing : Fault::conflict,
                 fmt::format("the encryption has {} secrets, and takes one", encryption.secrets.size()),
                 "add <secret type='passphrase' uuid='…'/>");
    for (std::size_t i = 0; i < encryption.secrets.size(); ++i) {
        auto const place = fmt::format("{}/secret[{}]", node, i + 1);
        if (auto const& type = encryption.secrets[i].type; type != "passphrase")
            at.error(place + (type.empty() ? "" : "/@type"), Fault::unknown_value,
                     fmt::format("'{}' is not a secret of an encryption", type), "use type='passphrase'");
        check_secret_name(encryption.secrets[i], place, at);
    }
    auto const& cipher = encryption.cipher;
    if (cipher && cipher->name.empty())
        at.error(node + "/cipher", Fault::missing, "the cipher has no name", "add name='aes'");
    if (cipher && !cipher->size)
        at.error(node + "/cipher", Fault::missing, "the cipher has no size", "add size='256'");
    if (encryption.ivgen && !cipher)
        at.error(node + "/ivgen", Fault::conflict, "the encryption has an ivgen and no cipher",
                 "add <cipher name='aes' size='256' mode='xts' hash='sha256'/>");
    if (encryption.ivgen && encryption.ivgen->name.empty())
        at.error(node + "/ivgen", Fault::missing, "the ivgen has no name", "add name='plain64'");
}

} // namespace vmwright::inline v0::detail
