// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/uuid.hpp>
#include <vmwright/domain/chardev.hpp>
#include <vmwright/domain/device.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace vmwright::inline v0
{

enum class TpmModel
{
    tis,
    crb,
    spapr,
    spapr_proxy,
};
constexpr auto enum_names(TpmModel)
{
    return name_list("tpm-tis", "tpm-crb", "tpm-spapr", "spapr-tpm-proxy");
}

enum class TpmVersion
{
    v1_2,
    v2_0,
};
constexpr auto enum_names(TpmVersion)
{
    return name_list("1.2", "2.0");
}

/// The host's own TPM.
struct PassthroughTpm
{
    std::string device{}; ///< /dev/tpm0 when empty

    bool operator==(PassthroughTpm const&) const = default;
};

/// The banks of measurements that are active in a new TPM 2.0.
struct PcrBanks
{
    bool sha1{};
    bool sha256{};
    bool sha384{};
    bool sha512{};

    bool operator==(PcrBanks const&) const = default;
};

/// A TPM of software, swtpm, that is started with the domain.
struct EmulatedTpm
{
    std::optional<TpmVersion> version{};
    std::optional<bool> persistent_state{};  ///< kept when the domain is undefined
    std::optional<Uuid> encryption_secret{}; ///< of its state
    std::optional<PcrBanks> active_pcr_banks{};

    bool operator==(EmulatedTpm const&) const = default;
};

enum class ExternalTpmType
{
    unix_,
};
constexpr auto enum_names(ExternalTpmType)
{
    return name_list("unix");
}

/// An emulator that somebody else has started.
struct ExternalTpm
{
    ExternalTpmType type{};
    std::optional<SocketMode> mode{}; ///< only connect
    std::string path{};

    bool operator==(ExternalTpm const&) const = default;
};

/// The alternatives stand in the order of `tpm_backend_names`.
using TpmBackend = std::variant<PassthroughTpm, EmulatedTpm, ExternalTpm>;

inline constexpr auto tpm_backend_names = std::to_array<std::string_view>({"passthrough", "emulator", "external"});

/// Keeps the guest's keys and measurements.
struct Tpm
{
    std::optional<TpmModel> model{}; ///< the architecture's usual one when absent
    TpmBackend backend{};
    DeviceInfo info{};

    bool operator==(Tpm const&) const = default;
};

} // namespace vmwright::inline v0
