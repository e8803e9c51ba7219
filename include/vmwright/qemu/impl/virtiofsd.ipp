// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/helper.hpp>

namespace vmwright::inline v0::qemu::detail
{

namespace virtiofsd_helper
{
namespace
{

/// Its parser takes a backslash before what would end the value.
auto escaped(std::string_view path) -> std::string
{
    std::string text;
    for (auto const c : path) {
        if (c == ',' || c == '\\')
            text += '\\';
        text += c;
    }
    return text;
}

} // namespace
} // namespace virtiofsd_helper

auto is_virtiofs(Filesystem const& filesystem) -> bool
{
    return filesystem.driver && filesystem.driver->type == FilesystemDriverType::virtiofs;
}

auto virtiofsd(Filesystem const& filesystem, std::string const& node, Translating& at) -> Helper
{
    auto const binary = filesystem.binary.value_or(FilesystemBinary{});
    auto const& program = binary.path.empty() ? at.facts.helpers.virtiofsd : binary.path;
    auto helper = helper_for(HelperKind::virtiofsd, program, filesystem.info, node);
    helper.listens = true;
    add_option(helper.options, "fd", node, "the emulator's connection").set("", Slot{helper.slot, "0"});
    auto& options = add_option(helper.options, "o", node).set("source", virtiofsd_helper::escaped(filesystem.source.dir));
    auto const flag = [&](std::optional<bool> const& value, std::string_view yes, std::string_view no) {
        if (value)
            options.append(*value ? yes : no, Value{});
    };
    if (binary.cache)
        options.set("cache", to_string(*binary.cache));
    if (binary.sandbox)
        options.set("sandbox", to_string(*binary.sandbox));
    flag(binary.xattr, "xattr", "no_xattr");
    flag(binary.lock_flock, "flock", "no_flock");
    flag(binary.lock_posix, "posix_lock", "no_posix_lock");
    if (binary.thread_pool_size)
        add_option(helper.options, "thread-pool-size", node + "/binary/thread_pool").set("", *binary.thread_pool_size);
    return helper;
}

} // namespace vmwright::inline v0::qemu::detail
