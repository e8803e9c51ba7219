// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vmwright::inline v0
{

enum class SecurityLabelType
{
    dynamic, ///< also where nothing is said
    static_,
    none,
};
constexpr auto enum_names(SecurityLabelType)
{
    return name_list("dynamic", "static", "none");
}

/// How a security driver of the host is to label QEMU and its files.
struct SecurityLabel
{
    SecurityLabelType type{SecurityLabelType::dynamic};
    std::string model{}; ///< selinux, apparmor, dac, none
    std::optional<bool> relabel{};
    std::string label{};
    std::string image_label{};
    std::string base_label{};

    bool operator==(SecurityLabel const&) const = default;
};

enum class CipherName
{
    aes,
    dea,
};
constexpr auto enum_names(CipherName)
{
    return name_list("aes", "dea");
}

/// Whether an s390 guest may wrap keys of that cipher.
struct KeyWrapCipher
{
    CipherName name{};
    bool enabled{};

    bool operator==(KeyWrapCipher const&) const = default;
};

/// AMD's Secure Encrypted Virtualization.
struct SevGuest
{
    std::optional<bool> kernel_hashes{};
    std::optional<std::uint32_t> cbitpos{};           ///< the host's when absent
    std::optional<std::uint32_t> reduced_phys_bits{}; ///< the host's when absent
    std::optional<std::uint32_t> policy{};
    std::string dh_cert{}; ///< base64
    std::string session{}; ///< base64

    bool operator==(SevGuest const&) const = default;
};

/// IBM's Secure Execution.
struct S390ProtectedGuest
{
    bool operator==(S390ProtectedGuest const&) const = default;
};

/// Encrypts the guest's memory against the host. The alternatives stand in the order of `launch_security_names`.
struct LaunchSecurity
{
    std::variant<SevGuest, S390ProtectedGuest> type{};

    bool operator==(LaunchSecurity const&) const = default;
};

inline constexpr auto launch_security_names = std::to_array<std::string_view>({"sev", "s390-pv"});

} // namespace vmwright::inline v0
