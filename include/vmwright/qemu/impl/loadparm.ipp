// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

#include <string_view>

namespace vmwright::inline v0::qemu::detail
{

namespace loadparm
{
namespace
{

template <class Devices, class Visit>
void for_each_info(Devices& devices, Visit&& visit)
{
    for_each_kind(devices, [&](std::string_view, auto& list) {
        auto const one = [&](auto& device) {
            if constexpr (requires { device.info.loadparm; })
                visit(device.info);
        };
        if constexpr (requires { list.size(); })
            for (auto& device : list)
                one(device);
        else if (list)
            one(*list);
    });
}

} // namespace
} // namespace loadparm

void check_loadparm(std::string const& loadparm, std::string const& node, Checking const& at)
{
    constexpr std::size_t longest = 8;
    constexpr std::string_view good = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789. ";
    if (loadparm.empty() || loadparm.size() > longest || loadparm.find_first_not_of(good) != std::string::npos)
        at.error(node + "/boot/@loadparm", Fault::bad_text, fmt::format("'{}' is not a load parameter", loadparm),
                 fmt::format("give 1 to {} of letters, digits, dots and spaces", longest));
    else if (at.board().family != BoardFamily::ccw)
        at.warning(node + "/boot/@loadparm", Fault::ignored, "it has no effect: only firmware of s390x reads it",
                   remove_it());
}

/// The firmware knows capital letters only.
void complete_loadparms(Resolving& at)
{
    loadparm::for_each_info(at.config.devices, [](DeviceInfo& info) {
        if (info.loadparm)
            for (auto& c : *info.loadparm)
                if (c >= 'a' && c <= 'z')
                    c = static_cast<char>(c - 'a' + 'A');
    });
}

void set_loadparm(Option& machine, Translating& at)
{
    if (at.board.family != BoardFamily::ccw)
        return;
    loadparm::for_each_info(at.config.devices, [&](DeviceInfo const& info) {
        if (info.boot_order == 1U)
            machine.set("loadparm", info.loadparm);
    });
}

} // namespace vmwright::inline v0::qemu::detail
