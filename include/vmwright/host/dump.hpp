// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

namespace vmwright::inline v0
{

/// How the memory of a guest is written down. Which of them an emulator can write is its own matter, elf is always among
/// them.
enum class DumpFormat
{
    elf,
    kdump_zlib,
    kdump_lzo,
    kdump_snappy,
    win_dmp,
};
constexpr auto enum_names(DumpFormat)
{
    return name_list("elf", "kdump-zlib", "kdump-lzo", "kdump-snappy", "win-dmp");
}

/// What follows when it is written.
enum class AfterDump
{
    go_on,
    reset,   ///< the guest begins anew
    destroy, ///< the domain ends
};
constexpr auto enum_names(AfterDump)
{
    return name_list("go-on", "reset", "destroy");
}

struct DumpOptions
{
    DumpFormat format{};
    AfterDump after{};

    bool operator==(DumpOptions const&) const = default;
};

} // namespace vmwright::inline v0
