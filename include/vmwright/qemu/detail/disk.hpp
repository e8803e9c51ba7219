// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/size.hpp>
#include <vmwright/domain/disk.hpp>
#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qemu::detail
{

/// One image of a disk's chain: what its block nodes are made of.
struct DiskImage
{
    std::size_t number{}; ///< by which its nodes are named
    std::string node{};
    DiskSource source{};
    SourceOptions const* options{};
    DiskAuth const* auth{};
    Encryption const* encryption{};
    std::string format{};
    std::optional<Size> metadata_cache_size{};

    /// `libvirt-1-storage`, `libvirt-1-format`, …
    [[nodiscard]] auto name(std::string_view layer) const -> std::string;
};

/// A disk's images from the guest's downwards.
struct DiskChain
{
    std::vector<DiskImage> images{};
    bool ends{}; ///< the last one has no backing image, whatever its head says
};

/// Its images have numbers where `number_images` gave some.
[[nodiscard]] auto chain_of(Disk const& disk, std::string const& node) -> DiskChain;
/// Gives the images of all disks the numbers by which QEMU's block nodes are named in this start.
void number_images(std::vector<Disk>& disks);

/// What the host's cache does for a disk, as QEMU's block layer and its drives are told.
struct CacheMode
{
    bool direct{};
    bool no_flush{};
    bool writeback{};
};

[[nodiscard]] auto cache_mode(DiskCache cache) -> std::optional<CacheMode>;
/// What is said, or what an image shared with other guests needs.
[[nodiscard]] auto cache_of(Disk const& disk) -> std::optional<DiskCache>;
/// What QEMU is told; without a discard of unmap a detect_zeroes of unmap is no more than on.
[[nodiscard]] auto detect_zeroes_of(DiskDriver const& driver) -> std::optional<DetectZeroes>;
[[nodiscard]] auto is_read_only(Disk const& disk) -> bool;
/// The bus that is said, or that the target's name implies.
[[nodiscard]] auto bus_of(Disk const& disk) -> DiskBus;
/// 0 for vda, 26 for vdaa; nothing for a name that has no place in the alphabet.
[[nodiscard]] auto index_of_target(std::string_view dev) -> std::optional<std::uint32_t>;
/// The number of an account: "+7" or "7", or one of the few that are the same everywhere.
[[nodiscard]] auto account_number(std::string_view name) -> std::optional<std::uint32_t>;
/// Where libvirt puts the nth drive of a bus; nothing for buses whose devices have other addresses.
[[nodiscard]] auto drive_address(DiskBus bus, std::uint32_t n) -> std::optional<DriveAddress>;

/// Sets driver and place of a source's block node; `name` is the node's. Objects that it needs are added before, so the
/// properties come as a map.
[[nodiscard]] auto storage_properties(DiskSource const& source, SourceOptions const& options, std::string const& name,
                                      std::string const& node, Translating& at) -> Map;
[[nodiscard]] auto storage_properties(DiskImage const& image, bool is_floppy, Translating& at) -> Map;

/// The block nodes of all images; the name of the topmost is returned.
auto add_block_nodes(Disk const& disk, std::string const& node, Translating& at) -> std::string;

/// A secret that the host fills in when it starts QEMU. The object's id is returned.
auto add_secret(std::string const& parent, std::string_view purpose, std::string const& node, Translating& at)
    -> std::string;

// The rules, by topic.
void check_source(DiskSource const& source, SourceOptions const& options, std::string const& node, Checking const& at);
void check_encryption(Encryption const& encryption, DiskSource const& source, std::string_view format,
                      std::string const& node, Checking const& at);
void check_auth(DiskAuth const& auth, DiskSource const& source, std::string const& node, Checking const& at);
void check_image_format(std::string_view format, DiskSource const& source, bool read_only, std::string const& node,
                        std::string_view path, Checking const& at);
void check_vhostuser(Disk const& disk, std::string const& node, Checking const& at);
void check_iotune(Disk const& disk, std::string const& node, Checking const& at);

/// What define does to a source: default ports, what the protocol has not, what only a running domain knows.
void complete_source(DiskSource& source, SourceOptions& options, std::string const& node, Resolving const& at);

} // namespace vmwright::inline v0::qemu::detail
