// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/filesystem.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

/// As chmod(1) has it, with a zero in front.
struct FileMode : Number<std::uint32_t>
{
    constexpr FileMode()
        : Number{8}
    {
    }
    auto format(std::uint32_t mode) const -> std::string { return fmt::format("{:04o}", mode); }
};

void map(auto& at, Like<FilesystemDriver> auto& v)
{
    at("@type", v.type);
    at("@format", v.format);
    at("@wrpolicy", v.wrpolicy);
    at("@queue", v.queue);
    at(".", v.virtio);
}

void map(auto& at, Like<FilesystemBinary> auto& v)
{
    at("@path", v.path);
    at("@xattr", v.xattr, on_off);
    at("cache/@mode", v.cache);
    at("sandbox/@mode", v.sandbox);
    at("lock/@posix", v.lock_posix, on_off);
    at("lock/@flock", v.lock_flock, on_off);
    at("thread_pool/@size", v.thread_pool_size);
}

void map(auto& at, Like<FilesystemSource> auto& v)
{
    at("@dir", v.dir);
    at("@socket", v.socket);
    at("@dev", v.dev);
    at("@file", v.file);
    at("@name", v.name);
    at("@usage", v.usage);
    at("@units", v.units);
    at("@pool", v.pool);
    at("@volume", v.volume);
}

void map(auto& at, Like<Filesystem> auto& v)
{
    at("@type", v.type);
    at("@accessmode", v.accessmode);
    at("@multidevs", v.multidevs);
    at("@fmode", v.fmode, FileMode{});
    at("@dmode", v.dmode, FileMode{});
    at("@model", v.model);
    at("driver", v.driver);
    at("binary", v.binary);
    at("source", v.source);
    at("target/@dir", v.target);
    at.flag("readonly", v.read_only);
    at(".", v.info);
    at.scaled("space_hard_limit", v.space_hard_limit, "bytes");
    at.scaled("space_soft_limit", v.space_soft_limit, "bytes");
}

} // namespace vmwright::inline v0::xml::detail
