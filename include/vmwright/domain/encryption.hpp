// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/uuid.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

/// Names a secret that the host keeps, by one of the two.
struct SecretName
{
    std::string type{}; ///< what it is for: passphrase, ceph, iscsi
    std::optional<Uuid> uuid{};
    std::string usage{};

    bool operator==(SecretName const&) const = default;
};

enum class EncryptionFormat
{
    default_,
    qcow,
    luks,
    luks2,
};
constexpr auto enum_names(EncryptionFormat)
{
    return name_list("default", "qcow", "luks", "luks2");
}

/// Who decrypts: QEMU's format driver, or the library of Ceph.
enum class EncryptionEngine
{
    qemu,
    librbd,
};
constexpr auto enum_names(EncryptionEngine)
{
    return name_list("qemu", "librbd");
}

struct EncryptionCipher
{
    std::string name{};
    std::optional<std::uint32_t> size{}; ///< bits
    std::string mode{};
    std::string hash{};

    bool operator==(EncryptionCipher const&) const = default;
};

struct EncryptionIvgen
{
    std::string name{};
    std::string hash{};

    bool operator==(EncryptionIvgen const&) const = default;
};

/// How an image is encrypted.
struct Encryption
{
    std::optional<EncryptionFormat> format{};
    std::optional<EncryptionEngine> engine{};
    std::vector<SecretName> secrets{};
    std::optional<EncryptionCipher> cipher{}; ///< of images to be made
    std::optional<EncryptionIvgen> ivgen{};

    bool operator==(Encryption const&) const = default;
};

} // namespace vmwright::inline v0
