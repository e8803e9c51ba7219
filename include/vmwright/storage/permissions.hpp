// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace vmwright::inline v0
{

/// Whose a file or directory is, once it is made.
struct Permissions
{
    std::optional<std::uint32_t> mode{}; ///< as chmod has it: 0755
    std::optional<std::int64_t> owner{}; ///< a user's number; -1 leaves it to the program that makes the file
    std::optional<std::int64_t> group{};
    std::string label{}; ///< of the security driver

    bool operator==(Permissions const&) const = default;
};

} // namespace vmwright::inline v0
