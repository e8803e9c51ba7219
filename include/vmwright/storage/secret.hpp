// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/core/uuid.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace vmwright::inline v0
{

/// Opens an encrypted volume.
struct VolumeUsage
{
    std::string volume{}; ///< its path

    bool operator==(VolumeUsage const&) const = default;
};

/// Logs in at a Ceph cluster.
struct CephUsage
{
    std::string name{};

    bool operator==(CephUsage const&) const = default;
};

/// Logs in at an iSCSI target.
struct IscsiUsage
{
    std::string target{};

    bool operator==(IscsiUsage const&) const = default;
};

/// Opens a private key of TLS.
struct TlsUsage
{
    std::string name{};

    bool operator==(TlsUsage const&) const = default;
};

/// Opens the state of an emulated TPM.
struct VtpmUsage
{
    std::string name{};

    bool operator==(VtpmUsage const&) const = default;
};

/// What a secret is for. The alternatives stand in the order of `secret_usage_names`.
using SecretUsage = std::variant<VolumeUsage, CephUsage, IscsiUsage, TlsUsage, VtpmUsage>;

inline constexpr auto secret_usage_names = std::to_array<std::string_view>({"volume", "ceph", "iscsi", "tls", "vtpm"});

/// What a secret is about; its value is elsewhere.
struct SecretConfig
{
    bool ephemeral{};           ///< kept in memory only
    bool is_private{};          ///< its value is told to nobody
    std::optional<Uuid> uuid{}; ///< chosen at define when absent
    std::string description{};
    std::optional<SecretUsage> usage{};

    bool operator==(SecretConfig const&) const = default;
};

/// The name that others find the secret by, beside its uuid: path, name or target.
[[nodiscard]] auto usage_name(SecretUsage const& usage) -> std::string const&;

/// What a definition of this secret would be refused for.
[[nodiscard]] auto check(SecretConfig const& secret) -> Diagnostics;

} // namespace vmwright::inline v0
