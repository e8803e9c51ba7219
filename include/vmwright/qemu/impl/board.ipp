// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/board.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu
{

auto emulator_arch(std::string_view libvirt_arch) -> std::string_view
{
    if (libvirt_arch == "i686" || libvirt_arch == "i586" || libvirt_arch == "i486")
        return "i386";
    if (libvirt_arch == "armv7l" || libvirt_arch == "armv6l")
        return "arm";
    return libvirt_arch;
}

auto emulator_arch(DomainConfig const& config) -> std::string_view
{
    constexpr std::string_view prefix = "qemu-system-";
    auto const path = std::string_view{config.devices.emulator ? *config.devices.emulator : std::string_view{}};
    auto const name = path.substr(path.rfind('/') + 1);
    if (name.starts_with(prefix))
        return name.substr(prefix.size());
    return emulator_arch(config.os.arch ? std::string_view{*config.os.arch} : "x86_64");
}

auto runs_guests_of(std::string_view emulator, std::string_view libvirt_arch) -> bool
{
    auto const guest = emulator_arch(libvirt_arch);
    return guest == emulator || (guest == "i386" && emulator == "x86_64") || (guest == "arm" && emulator == "aarch64");
}

} // namespace vmwright::inline v0::qemu

namespace vmwright::inline v0::qemu::detail
{

auto board_of(DomainConfig const& config) -> Board
{
    auto const machine = config.os.machine ? std::string_view{*config.os.machine} : std::string_view{};
    Board board{.arch = emulator_arch(config.os.arch ? std::string_view{*config.os.arch} : "x86_64"),
                .family = BoardFamily::other};
    if (board.is_x86()) {
        if (machine == "q35" || machine.starts_with("pc-q35"))
            board.family = BoardFamily::q35;
        else if (machine == "pc" || machine.starts_with("pc-"))
            board.family = BoardFamily::i440fx;
        else if (machine == "microvm")
            board.family = BoardFamily::microvm;
        else if (machine == "isapc")
            board.family = BoardFamily::isapc;
    } else if ((board.is_arm() || board.is_riscv()) && (machine == "virt" || machine.starts_with("virt-")))
        board.family = BoardFamily::virt;
    else if (board.is_arm() && machine.starts_with("vexpress-"))
        board.family = BoardFamily::vexpress;
    else if (config.os.arch == "armv6l" && machine == "versatilepb")
        board.family = BoardFamily::versatilepb;
    else if (machine.starts_with("s390-ccw"))
        board.family = BoardFamily::ccw;
    return board;
}

auto is_scsi_without_luns(Controller const& controller) -> bool
{
    auto const& model = controller.model;
    return model == "lsilogic" || model == "am53c974" || model == "dc390" || model == "buslogic";
}

auto is_serial(Console const& console) -> bool
{
    return !console.target_type || console.target_type == "serial";
}

auto has_serial_port(DomainConfig const& config) -> bool
{
    auto const& devices = config.devices;
    return !devices.serials.empty() || (!devices.consoles.empty() && is_serial(devices.consoles.front()));
}

auto short_name(DomainConfig const& config, int id) -> std::string
{
    constexpr std::size_t longest = 20;
    return fmt::format("{}-{}", id, config.name.substr(0, longest));
}

auto is_user_alias(std::string_view alias) -> bool
{
    constexpr std::string_view good = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    return alias.starts_with("ua-") && alias.find_first_not_of(good) == std::string_view::npos;
}

auto device_node(std::string_view kind, std::size_t index) -> std::string
{
    // Made for each device several times in a translation, so without fmt.
    constexpr auto devices = std::string_view{"/domain/devices/"};
    auto const number = std::to_string(index + 1);
    std::string node;
    node.reserve(devices.size() + kind.size() + number.size() + 2);
    return std::move(node.append(devices).append(kind).append(1, '[').append(number).append(1, ']'));
}

} // namespace vmwright::inline v0::qemu::detail
