// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/domain.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

enum class CheckpointMode
{
    no,
    bitmap, ///< in the disk's image
};
constexpr auto enum_names(CheckpointMode)
{
    return name_list("no", "bitmap");
}

struct CheckpointDisk
{
    std::string name{}; ///< its target or its path
    std::optional<CheckpointMode> mode{};
    std::string bitmap{};                ///< the checkpoint's name when empty
    std::optional<std::uint64_t> size{}; ///< bytes written since, known while the domain runs

    bool operator==(CheckpointDisk const&) const = default;
};

/// A time since when it is known what is written.
struct CheckpointConfig
{
    std::string name{}; ///< the time when empty
    std::string description{};
    std::string parent{};
    std::optional<std::chrono::sys_seconds> created{};
    std::vector<CheckpointDisk> disks{}; ///< all of them when empty
    std::optional<DomainConfig> domain{};

    bool operator==(CheckpointConfig const&) const = default;
};

/// What making this checkpoint would be refused for. Without a domain, that its disks are there is not checked.
[[nodiscard]] auto check(CheckpointConfig const& checkpoint) -> Diagnostics;
[[nodiscard]] auto check(CheckpointConfig const& checkpoint, DomainConfig const& domain) -> Diagnostics;

/// The checkpoint of that domain as it is kept: with all its disks in their order, and names for their bitmaps.
[[nodiscard]] auto complete(CheckpointConfig checkpoint, DomainConfig const& domain) -> CheckpointConfig;

} // namespace vmwright::inline v0
