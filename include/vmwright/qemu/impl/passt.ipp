// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/helper.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

namespace passt_helper
{
namespace
{

/// `127.0.0.1%lo/2022:22,4000-4010,~4004`.
auto ports(PortForward const& forward) -> std::string
{
    std::string text = forward.address.value_or("");
    if (forward.dev)
        text += "%" + *forward.dev;
    if (!text.empty())
        text += '/';
    if (forward.ranges.empty())
        return text + "all";
    auto separator = "";
    for (auto const& range : forward.ranges) {
        auto const end = range.end.value_or(range.start);
        auto const span = [](int from, int to) {
            return from == to ? fmt::format("{}", from) : fmt::format("{}-{}", from, to);
        };
        text += fmt::format("{}{}{}", separator, range.exclude == true ? "~" : "", span(range.start, end));
        if (range.to)
            text += ":" + span(*range.to, *range.to + end - range.start);
        separator = ",";
    }
    return text;
}

} // namespace
} // namespace passt_helper

auto uses_passt(Interface const& nic) -> bool
{
    return std::holds_alternative<UserNetwork>(nic.source) && nic.backend.type == InterfaceBackendType::passt;
}

auto passt(Interface const& nic, std::string const& node, Translating& at) -> Helper
{
    auto helper = helper_for(HelperKind::passt, at.facts.helpers.passt, nic.info, node);
    auto const add = [&](std::string_view name, std::string_view leaf, auto&& value) {
        add_option(helper.options, name, node + std::string{leaf}).set("", std::forward<decltype(value)>(value));
    };
    add_option(helper.options, "foreground", node, "a helper ends with the emulator");
    add_option(helper.options, "fd", node, "the emulator's connection").set("", Slot{helper.slot, "0"});
    if (nic.backend.log_file.empty())
        add_option(helper.options, "stderr", node, "its words are kept with the domain's");
    else
        add("log-file", "/backend/@logFile", nic.backend.log_file);
    if (auto const& dev = std::get<UserNetwork>(nic.source).dev; !dev.empty())
        add("interface", "/source/@dev", dev);
    for (std::size_t i = 0; i < nic.ips.size(); ++i) {
        auto const leaf = fmt::format("/ip[{}]", i + 1);
        add("address", leaf + "/@address", nic.ips[i].address);
        if (nic.ips[i].prefix.value_or(0) != 0)
            add("netmask", leaf + "/@prefix", *nic.ips[i].prefix);
    }
    for (std::size_t i = 0; i < nic.port_forwards.size(); ++i) {
        auto const& forward = nic.port_forwards[i];
        add(forward.protocol == ForwardProtocol::tcp ? "tcp-ports" : "udp-ports", fmt::format("/portForward[{}]", i + 1),
            passt_helper::ports(forward));
    }
    return helper;
}

} // namespace vmwright::inline v0::qemu::detail
