// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

namespace vmwright::inline v0::qemu
{

/// A file that must be there before a start.
struct PlannedFile
{
    std::string path{};
    std::string copy_of{}; ///< it is made of that one where it is missing
    std::string text{};    ///< or has this text, whatever was there

    bool operator==(PlannedFile const&) const = default;
};

} // namespace vmwright::inline v0::qemu
