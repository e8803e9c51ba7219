// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/domain/device.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace vmwright::inline v0
{

/// QEMU has only mount; the others are for containers.
enum class FilesystemType
{
    mount,
    block,
    file,
    template_,
    ram,
    bind,
    volume,
};
constexpr auto enum_names(FilesystemType)
{
    return name_list("mount", "block", "file", "template", "ram", "bind", "volume");
}

enum class FilesystemModel
{
    virtio,
    virtio_transitional,
    virtio_non_transitional,
};
constexpr auto enum_names(FilesystemModel)
{
    return name_list("virtio", "virtio-transitional", "virtio-non-transitional");
}

/// Whose files the guest's are on the host.
enum class FilesystemAccess
{
    passthrough,
    mapped,
    squash,
};
constexpr auto enum_names(FilesystemAccess)
{
    return name_list("passthrough", "mapped", "squash");
}

/// What is done with more than one device in the exported tree.
enum class FilesystemMultidevs
{
    default_,
    remap,
    forbid,
    warn,
};
constexpr auto enum_names(FilesystemMultidevs)
{
    return name_list("default", "remap", "forbid", "warn");
}

enum class FilesystemDriverType
{
    path,
    handle,
    loop,
    nbd,
    ploop,
    virtiofs,
};
constexpr auto enum_names(FilesystemDriverType)
{
    return name_list("path", "handle", "loop", "nbd", "ploop", "virtiofs");
}

enum class WritePolicy
{
    immediate,
};
constexpr auto enum_names(WritePolicy)
{
    return name_list("immediate");
}

struct FilesystemDriver
{
    std::optional<FilesystemDriverType> type{};
    std::optional<std::string> format{};
    std::optional<WritePolicy> wrpolicy{};
    std::optional<std::uint64_t> queue{}; ///< virtiofs: entries
    VirtioOptions virtio{};

    bool operator==(FilesystemDriver const&) const = default;
};

enum class VirtiofsdCache
{
    none,
    always,
};
constexpr auto enum_names(VirtiofsdCache)
{
    return name_list("none", "always");
}

enum class VirtiofsdSandbox
{
    namespace_,
    chroot,
};
constexpr auto enum_names(VirtiofsdSandbox)
{
    return name_list("namespace", "chroot");
}

/// The virtiofsd that serves the tree.
struct FilesystemBinary
{
    std::string path{};
    std::optional<bool> xattr{};
    std::optional<VirtiofsdCache> cache{};
    std::optional<VirtiofsdSandbox> sandbox{};
    std::optional<bool> lock_posix{};
    std::optional<bool> lock_flock{};
    std::optional<std::uint32_t> thread_pool_size{};

    bool operator==(FilesystemBinary const&) const = default;
};

/// One of them, as the type says; a virtiofs has a directory, or the socket of a virtiofsd that somebody else runs.
struct FilesystemSource
{
    std::string dir{};
    std::string socket{};
    std::string dev{};
    std::string file{};
    std::string name{};
    std::optional<std::uint64_t> usage{};
    std::string units{};
    std::string pool{};
    std::string volume{};

    bool operator==(FilesystemSource const&) const = default;
};

/// A directory of the host that the guest can mount.
struct Filesystem
{
    FilesystemType type{};
    std::optional<FilesystemAccess> accessmode{};
    std::optional<FilesystemMultidevs> multidevs{};
    std::optional<std::uint32_t> fmode{}; ///< of new files, as chmod(1) has it
    std::optional<std::uint32_t> dmode{}; ///< of new directories
    std::optional<FilesystemModel> model{};
    std::optional<FilesystemDriver> driver{};
    std::optional<FilesystemBinary> binary{};
    FilesystemSource source{};
    std::string target{}; ///< the name that the guest mounts it by
    bool read_only{};
    DeviceInfo info{};
    std::optional<Size> space_hard_limit{};
    std::optional<Size> space_soft_limit{};

    bool operator==(Filesystem const&) const = default;
};

} // namespace vmwright::inline v0
