// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/helper.hpp>
#include <vmwright/qemu/detail/pci.hpp>
#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/detail/translating.hpp>

#include <fmt/format.h>

namespace vmwright::inline v0::qemu::detail
{

namespace filesystem
{
namespace
{

auto driver_name(std::string_view base, Filesystem const& f) -> std::string
{
    return virtio_driver(base, f.info, f.model == FilesystemModel::virtio_transitional,
                         f.model == FilesystemModel::virtio_non_transitional);
}

void translate_virtiofs(Filesystem const& f, std::string const& node, Translating& at)
{
    auto const alias = f.info.alias.value_or("");
    auto const chardev = fmt::format("chr-vu-{}", alias);
    auto const own = fmt::format("{}/{}-fs.sock", at.facts.directories.lib, alias);
    auto& socket = at.add("chardev", node).set("", "socket").set("id", chardev);
    if (f.source.socket.empty()) {
        auto helper = virtiofsd(f, node, at);
        socket.set("path", Slot{helper.slot, own});
        at.add_helper(std::move(helper));
    } else
        socket.set("path", f.source.socket);
    auto& device = at.device(driver_name("vhost-user-fs", f), node)
                       .set("id", f.info.alias)
                       .set("chardev", chardev)
                       .set("queue-size", f.driver->queue)
                       .set("tag", f.target)
                       .set("bootindex", f.info.boot_order);
    set_virtio(device, f.driver->virtio);
    at.place(device, f.info);
}

void translate_9p(Filesystem const& f, std::string const& node, Translating& at)
{
    auto const id = fmt::format("fsdev-{}", f.info.alias.value_or(""));
    auto const access = f.accessmode.value_or(FilesystemAccess::passthrough);
    auto& fsdev = at.add("fsdev", node).set("", "local");
    fsdev.set("security_model", access == FilesystemAccess::squash ? "none" : to_string(access));
    if (f.multidevs && f.multidevs != FilesystemMultidevs::default_)
        fsdev.set("multidevs", to_string(*f.multidevs));
    if (f.fmode)
        fsdev.set("fmode", fmt::format("{:04o}", *f.fmode));
    if (f.dmode)
        fsdev.set("dmode", fmt::format("{:04o}", *f.dmode));
    if (f.driver && f.driver->wrpolicy)
        fsdev.set("writeout", to_string(*f.driver->wrpolicy));
    fsdev.set("id", id).set("path", f.source.dir).set_if(f.read_only, "readonly", true);
    auto& device =
        at.device(driver_name("virtio-9p", f), node).set("id", f.info.alias).set("fsdev", id).set("mount_tag", f.target);
    if (f.driver)
        set_virtio(device, f.driver->virtio);
    at.place(device, f.info);
}

} // namespace
} // namespace filesystem

auto pci_needs(Filesystem const& f) -> unsigned
{
    return f.model == FilesystemModel::virtio_transitional ? pci_ordinary : pcie_ordinary;
}

void complete(Filesystem& f, std::string const& node, Resolving const& at)
{
    if (f.multidevs == FilesystemMultidevs::default_)
        f.multidevs.reset();
    if (f.source.socket.empty())
        at.choose(f.accessmode, FilesystemAccess::passthrough, node + "/@accessmode", "files keep the owner QEMU has");
}

void translate(Filesystem const& f, std::string const& node, Translating& at)
{
    if (is_virtiofs(f))
        filesystem::translate_virtiofs(f, node, at);
    else
        filesystem::translate_9p(f, node, at);
}

namespace filesystem_check
{
namespace
{

void virtiofs(Filesystem const& f, std::string const& node, Checking const& at)
{
    auto const refuse = [&](bool condition, std::string_view where, std::string message, std::string hint) {
        if (condition)
            at.error(node + std::string{where}, Fault::not_supported, std::move(message), std::move(hint));
    };
    refuse(f.accessmode && f.accessmode != FilesystemAccess::passthrough, "/@accessmode",
           fmt::format("virtiofs has no access mode '{}'", to_string(f.accessmode.value_or(FilesystemAccess{}))),
           "use passthrough");
    refuse(f.read_only, "/readonly", "virtiofs cannot be read-only", "use a driver of type 'path'");
    refuse(f.driver->wrpolicy.has_value(), "/driver/@wrpolicy", "virtiofs has no write policy", "remove it");
    refuse(f.driver->format.has_value(), "/driver/@format", "virtiofs has no format", "remove it");
    refuse(f.model.has_value(), "/@model", "virtiofs has no other models", "remove it");
    refuse(f.multidevs && f.multidevs != FilesystemMultidevs::default_, "/@multidevs",
           "virtiofs does not treat devices in the tree apart", "remove it");
    refuse(f.fmode || f.dmode, f.fmode ? "/@fmode" : "/@dmode", "virtiofs keeps the modes that the guest gives",
           "use a driver of type 'path'");
    if (!f.source.socket.empty() && f.binary)
        at.warning(node + "/binary", Fault::ignored, "whoever listens at the socket runs its own virtiofsd", remove_it());
    refuse(!f.source.socket.empty() && !f.source.dir.empty(), "/source/@socket",
           "a source is a directory or a socket, not both", "remove one");
    if (!shares_memory(at.config))
        at.error(node + "/driver/@type", Fault::conflict, "virtiofs needs memory that is shared",
                 "add <memoryBacking><access mode='shared'/></memoryBacking>");
}

void path(Filesystem const& f, std::string const& node, Checking const& at)
{
    auto const type = f.driver ? f.driver->type.value_or(FilesystemDriverType::path) : FilesystemDriverType::path;
    if (type != FilesystemDriverType::path)
        at.error(node + "/driver/@type", Fault::not_supported,
                 fmt::format("QEMU has no filesystem driver '{}'", to_string(type)), "use path or virtiofs");
    if ((f.fmode || f.dmode) && f.accessmode != FilesystemAccess::mapped)
        at.error(node + (f.fmode ? "/@fmode" : "/@dmode"), Fault::conflict,
                 "modes of new files are for the access mode 'mapped'", "add accessmode='mapped'");
    if (f.binary)
        at.error(node + "/binary", Fault::conflict, "only virtiofs has a process of its own",
                 "add <driver type='virtiofs'/>");
    if (f.driver && f.driver->queue)
        at.error(node + "/driver/@queue", Fault::conflict, "only virtiofs has a queue size", "remove it");
    if (!f.source.socket.empty())
        at.error(node + "/source/@socket", Fault::conflict, "only virtiofs has a socket", "add <driver type='virtiofs'/>");
    if (f.driver && f.driver->format)
        at.warning(node + "/driver/@format", Fault::ignored, "a directory has no format", remove_it());
}

} // namespace
} // namespace filesystem_check

void check(Filesystem const& f, std::string const& node, Checking const& at)
{
    if (f.type != FilesystemType::mount)
        return at.error(node + "/@type", Fault::not_supported,
                        fmt::format("QEMU has no filesystem of type '{}'", to_string(f.type)), "use mount");
    if (f.source.dir.empty() && f.source.socket.empty())
        at.error(node + "/source", Fault::missing, "the filesystem has no source", "add <source dir='…'/>");
    if (f.target.empty())
        at.error(node + "/target", Fault::missing, "the filesystem has no target",
                 "add <target dir='…'/>: the name that the guest mounts");
    if (is_virtiofs(f))
        filesystem_check::virtiofs(f, node, at);
    else
        filesystem_check::path(f, node, at);
    for (auto const& [limit, name] :
         {std::pair{f.space_hard_limit, "space_hard_limit"}, std::pair{f.space_soft_limit, "space_soft_limit"}})
        if (limit)
            at.warning(fmt::format("{}/{}", node, name), Fault::ignored, "QEMU limits no filesystem's space", remove_it());
}

} // namespace vmwright::inline v0::qemu::detail
