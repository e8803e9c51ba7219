// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/profiles.hpp>

#include <array>

namespace vmwright::inline v0::qemu
{

auto shipped_profile(std::string_view arch) noexcept -> std::string_view
{
    constexpr auto prefix = std::string_view{"qemu-7.2-"};
    constexpr auto names = std::to_array<std::string_view>({
        "qemu-7.2-aarch64",
        "qemu-7.2-arm",
        "qemu-7.2-i386",
        "qemu-7.2-riscv64",
        "qemu-7.2-s390x",
        "qemu-7.2-x86_64",
    });
    for (auto const name : names)
        if (name.substr(prefix.size()) == arch)
            return name;
    return {};
}

} // namespace vmwright::inline v0::qemu
