// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/chardev.hpp>
#include <vmwright/domain/device.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vmwright::inline v0
{

/// The host's own card reader.
struct HostSmartcard
{
    bool operator==(HostSmartcard const&) const = default;
};

/// A card made of certificates in a database of the host.
struct CertificateSmartcard
{
    std::vector<std::string> certificates{}; ///< three names
    std::optional<std::string> database{};   ///< a directory; /etc/pki/nssdb when absent

    bool operator==(CertificateSmartcard const&) const = default;
};

/// A reader somewhere else.
struct PassthroughSmartcard
{
    CharSource source{};
    std::optional<CharLog> log{};

    bool operator==(PassthroughSmartcard const&) const = default;
};

/// The alternatives stand in the order of `smartcard_mode_names`.
using SmartcardMode = std::variant<HostSmartcard, CertificateSmartcard, PassthroughSmartcard>;

inline constexpr auto smartcard_mode_names = std::to_array<std::string_view>({"host", "host-certificates", "passthrough"});

struct Smartcard
{
    SmartcardMode mode{};
    DeviceInfo info{};

    bool operator==(Smartcard const&) const = default;
};

} // namespace vmwright::inline v0
