// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/qmp/command.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qmp
{

enum class BlockDeviceIoStatus
{
    ok,
    failed,
    nospace,
};

constexpr auto enum_names(BlockDeviceIoStatus)
{
    return name_list("ok", "failed", "nospace");
}

/// The head of a chain of images; what lies below is left out.
struct ImageInfo
{
    std::string filename{};
    std::string format{};
    std::optional<std::int64_t> actual_size{}; ///< bytes on the disk
    std::int64_t virtual_size{};               ///< bytes that the guest sees
    std::optional<std::string> backing_filename{};

    bool operator==(ImageInfo const&) const = default;
};

struct BlockDeviceInfo
{
    std::string file{};
    std::optional<std::string> node_name{};
    bool ro{};
    std::string drv{};
    std::optional<std::string> backing_file{};
    std::int64_t backing_file_depth{};
    ImageInfo image{};

    bool operator==(BlockDeviceInfo const&) const = default;
};

struct BlockInfo
{
    std::string device{};              ///< empty for a disk made by -blockdev
    std::optional<std::string> qdev{}; ///< QOM path or id of the guest's device
    bool removable{};
    bool locked{};
    std::optional<BlockDeviceInfo> inserted{};
    std::optional<bool> tray_open{};
    std::optional<BlockDeviceIoStatus> io_status{};

    bool operator==(BlockInfo const&) const = default;
};

struct query_block
{
    static constexpr std::string_view name{"query-block"};
    using Reply = std::vector<BlockInfo>;
};

extern template struct CommandCodec<query_block>;

} // namespace vmwright::inline v0::qmp
