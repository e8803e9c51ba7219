// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/pipeline.hpp>

namespace vmwright::inline v0::qemu
{

auto detail::Checking::board() const -> Board
{
    auto const* machine = config.os.machine ? capabilities.find_machine(*config.os.machine) : capabilities.default_machine();
    DomainConfig named;
    named.os.arch = capabilities.arch;
    named.os.machine = machine ? std::optional{machine->name} : config.os.machine;
    auto board = board_of(named);
    board.arch = capabilities.arch;
    return board;
}

auto check(DomainConfig const& config, Capabilities const& capabilities, HostFacts const& facts) -> Diagnostics
{
    Diagnostics out;
    detail::Checking const at{{out}, config, capabilities, facts};
    check_machine(at);
    for_each_kind(config.devices, [&](std::string_view kind, auto const& list) {
        if constexpr (requires { list.size(); }) {
            for (std::size_t i = 0; i < list.size(); ++i)
                detail::check(list[i], detail::device_node(kind, i), at);
            detail::check_all(list, at);
        } else if (list)
            detail::check(*list, detail::device_node(kind, 0), at);
    });
    check_places(at);
    return out;
}

} // namespace vmwright::inline v0::qemu
