// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/disk.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

namespace disk_blockdev
{
namespace
{

/// QEMU's driver for a format of libvirt's.
auto driver_of(std::string_view format) -> std::string_view
{
    if (format == "fat" || format == "iso")
        return "raw"; // the layer below makes the content
    if (format == "ploop")
        return "parallels";
    return format == "vhd" ? "vhdx" : format;
}

auto is_decrypted_by_qemu(DiskImage const& image) -> bool
{
    return image.encryption && image.encryption->engine != EncryptionEngine::librbd;
}

void append(Disk const& disk, DiskSource const& source, SourceOptions const& options, std::string format,
            std::optional<Size> metadata_cache_size, std::string node, DiskChain& chain, std::optional<std::uint32_t> number)
{
    auto const is_top = chain.images.empty();
    DiskImage image{.number = number.value_or(0),
                    .node = std::move(node),
                    .source = source,
                    .options = &options,
                    .format = std::move(format),
                    .metadata_cache_size = metadata_cache_size};
    image.auth = options.auth ? &*options.auth : is_top && disk.auth ? &*disk.auth : nullptr;
    image.encryption = options.encryption ? &*options.encryption : is_top && disk.encryption ? &*disk.encryption : nullptr;
    chain.images.push_back(std::move(image));
}

/// What the images of one disk share.
struct Nodes
{
    Disk const& disk;
    DiskDriver const& driver;
    std::optional<CacheMode> cache;
    Translating& at;

    void set_cache(Option& option) const
    {
        if (cache)
            option.set("cache", Map{{"direct", cache->direct}, {"no-flush", cache->no_flush}});
    }

    /// The node that reads and writes bytes.
    auto add_storage(DiskImage const& image) const -> std::string
    {
        auto const name = image.name("storage");
        auto properties = storage_properties(image, disk.device == DiskDevice::floppy, at);
        auto& option = at.add("blockdev", image.node);
        option.properties = std::move(properties);
        auto const is_local =
            std::holds_alternative<FileSource>(image.source) || std::holds_alternative<BlockSource>(image.source);
        if (driver.io && is_local)
            option.set("aio", to_string(*driver.io));
        option.set("node-name", name);
        set_cache(option);
        option.set("auto-read-only", true).set("discard", "unmap");
        return name;
    }

    /// A part of it, for formats that cannot do that themselves.
    auto add_slice(DiskImage const& image, std::string const& storage) const -> std::string
    {
        auto const name = image.name("slice-sto");
        auto& option = at.add("blockdev", image.node).set("driver", "raw").set("node-name", name);
        option.set("offset", image.options->slice->offset).set("size", image.options->slice->size);
        option.set("file", storage).set("auto-read-only", true).set("discard", "unmap");
        set_cache(option);
        return name;
    }

    /// The node that knows the format. `backing` is null for the end of the chain, nothing where QEMU looks itself.
    auto add_format(DiskImage const& image, bool is_top, std::optional<Value> backing) const -> std::string
    {
        auto const decrypts = is_decrypted_by_qemu(image);
        auto const is_plain = driver_of(image.format) == "raw" && !decrypts;
        auto file = add_storage(image);
        if (image.options->slice && !is_plain)
            file = add_slice(image, file);
        auto const key = decrypts ? add_secret(image.name("format"), "encryption", image.node, at) : std::string{};
        auto& option = at.add("blockdev", image.node).set("node-name", image.name("format"));
        option.set("read-only", !is_top || is_read_only(disk));
        if (driver.discard)
            option.set("discard", to_string(*driver.discard));
        if (auto const zeroes = detect_zeroes_of(driver); zeroes && is_top)
            option.set("detect-zeroes", to_string(*zeroes));
        set_cache(option);
        if (decrypts && driver_of(image.format) == "raw")
            option.set("driver", "luks").set("key-secret", key);
        else {
            option.set("driver", driver_of(image.format));
            if (decrypts)
                option.set("encrypt", Map{{"format", "luks"}, {"key-secret", key}});
        }
        if (image.options->slice && is_plain)
            option.set("offset", image.options->slice->offset).set("size", image.options->slice->size);
        if (image.metadata_cache_size)
            option.set("cache-size", image.metadata_cache_size->bytes);
        option.set("file", file);
        constexpr auto with_backing = name_list("cow", "qcow", "qcow2", "qed", "vmdk");
        if (backing && std::ranges::find(with_backing, image.format) != with_backing.end())
            option.set("backing", *backing);
        return image.name("format");
    }
};

} // namespace
} // namespace disk_blockdev

auto DiskImage::name(std::string_view layer) const -> std::string
{
    return fmt::format("libvirt-{}-{}", number, layer);
}

void number_images(std::vector<Disk>& disks)
{
    std::uint32_t next = 1;
    for (auto& disk : disks) {
        if (!is_empty(disk.source))
            disk.source_options.index = next;
        ++next; // an empty drive may get an image
        for (auto* backing = &disk.backing; !backing->empty(); backing = &backing->front().backing)
            if (!std::holds_alternative<EndOfChain>(backing->front().source))
                backing->front().index = next++;
    }
}

auto chain_of(Disk const& disk, std::string const& node) -> DiskChain
{
    DiskChain chain;
    auto const driver = disk.driver.value_or(DiskDriver{});
    disk_blockdev::append(disk, disk.source, disk.source_options, driver.type.value_or("raw"), driver.metadata_cache_size,
                          node, chain, disk.source_options.index);
    auto place = node;
    for (auto const* backing = &disk.backing; !backing->empty(); backing = &backing->front().backing) {
        auto const& store = backing->front();
        place += "/backingStore";
        std::visit(
            [&](auto const& source) {
                if constexpr (std::is_same_v<decltype(source), EndOfChain const&>)
                    chain.ends = true;
                else
                    disk_blockdev::append(disk, DiskSource{source}, store.options, store.format.value_or("raw"),
                                          store.metadata_cache_size, place, chain, store.index);
            },
            store.source);
        if (chain.ends)
            break;
    }
    return chain;
}

auto cache_mode(DiskCache cache) -> std::optional<CacheMode>
{
    switch (cache) {
    case DiskCache::none: return CacheMode{.direct = true, .writeback = true};
    case DiskCache::writethrough: return CacheMode{};
    case DiskCache::writeback: return CacheMode{.writeback = true};
    case DiskCache::directsync: return CacheMode{.direct = true};
    case DiskCache::unsafe: return CacheMode{.no_flush = true, .writeback = true};
    case DiskCache::default_: return std::nullopt;
    }
    return std::nullopt;
}

auto cache_of(Disk const& disk) -> std::optional<DiskCache>
{
    auto const said = disk.driver ? disk.driver->cache : std::nullopt;
    return disk.shareable && (!said || *said == DiskCache::default_) ? DiskCache::none : said;
}

auto detect_zeroes_of(DiskDriver const& driver) -> std::optional<DetectZeroes>
{
    if (driver.detect_zeroes == DetectZeroes::unmap && driver.discard != DiskDiscard::unmap)
        return DetectZeroes::on;
    return driver.detect_zeroes;
}

auto add_block_nodes(Disk const& disk, std::string const& node, Translating& at) -> std::string
{
    auto const chain = chain_of(disk, node);
    auto const driver = disk.driver.value_or(DiskDriver{});
    auto const cache = cache_of(disk);
    disk_blockdev::Nodes const nodes{disk, driver, cache ? cache_mode(*cache) : std::nullopt, at};
    auto backing = chain.ends ? std::optional<Value>{Value{}} : std::nullopt;
    std::string top;
    for (auto i = chain.images.size(); i-- != 0;) {
        top = nodes.add_format(chain.images[i], i == 0, backing);
        backing = Value{top};
    }
    if (driver.copy_on_read != true)
        return top;
    auto const filter = fmt::format("libvirt-CoR-{}", disk.target.dev);
    at.add("blockdev", node).set("driver", "copy-on-read").set("node-name", filter).set("file", top).set("discard", "unmap");
    return filter;
}

} // namespace vmwright::inline v0::qemu::detail
