// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

void complete(Smartcard& s, std::string const& node, Resolving const& at)
{
    if (auto* passthrough = std::get_if<PassthroughSmartcard>(&s.mode))
        complete(passthrough->source, node, at);
    if (s.info.address)
        return;
    CcidAddress place;
    for (auto const& other : at.config.devices.smartcards)
        if (auto const* taken = address_as<CcidAddress>(other.info); taken && taken->controller == 0)
            place.slot = std::max(place.slot, taken->slot + 1);
    s.info.address = place;
    at.origins.chose(node + "/address", "the next free slot of the reader");
}

void translate(Smartcard const& s, std::string const& node, Translating& at)
{
    constexpr std::string_view usual_database = "/etc/pki/nssdb";
    std::optional<std::string> chardev;
    if (auto const* passthrough = std::get_if<PassthroughSmartcard>(&s.mode))
        chardev = add_chardev(passthrough->source, passthrough->log, s.info.alias.value_or(""), node, at, "smartcard");
    auto& device = at.device(chardev ? "ccid-card-passthru" : "ccid-card-emulated", node);
    device.set("chardev", chardev);
    if (std::holds_alternative<HostSmartcard>(s.mode))
        device.set("backend", "nss-emulated");
    if (auto const* card = std::get_if<CertificateSmartcard>(&s.mode)) {
        device.set("backend", "certificates");
        for (std::size_t i = 0; i < card->certificates.size(); ++i)
            device.set(fmt::format("cert{}", i + 1), card->certificates[i]);
        device.set("db", card->database.value_or(std::string{usual_database}));
    }
    device.set("id", s.info.alias);
    at.place(device, s.info);
}

void check(Smartcard const& s, std::string const& node, Checking const& at)
{
    if (auto const* passthrough = std::get_if<PassthroughSmartcard>(&s.mode))
        check_char_source(passthrough->source, CharOwner::usb_or_card, node, at);
    constexpr std::size_t needed = 3;
    if (auto const* card = std::get_if<CertificateSmartcard>(&s.mode)) {
        if (card->certificates.size() != needed)
            at.error(node + "/certificate", Fault::missing,
                     fmt::format("a card has three certificates, not {}", card->certificates.size()));
        if (card->database && !card->database->starts_with('/'))
            at.error(node + "/database", Fault::bad_text, fmt::format("'{}' is not an absolute path", *card->database));
    }
    auto const* place = address_as<CcidAddress>(s.info);
    if (s.info.address && (!place || place->controller != 0 || place->slot != 0))
        at.error(node + "/address", Fault::not_supported, "QEMU's card reader has one slot, of controller 0",
                 "leave the address out");
}

void check_all(std::vector<Smartcard> const& smartcards, Checking const& at)
{
    if (smartcards.size() > 1)
        at.error(device_node("smartcard", 1), Fault::duplicate,
                 "there is a smart card already, and QEMU's reader has one slot", "remove one of them");
}

} // namespace vmwright::inline v0::qemu::detail
