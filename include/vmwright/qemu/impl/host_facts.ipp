// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/host_facts.hpp>
#include <vmwright/qemu/impl/json_file.ipp>

#include <algorithm>

namespace vmwright::inline v0::qemu
{

namespace detail::json_file
{

void map(auto& at, Like<KvmFact> auto& kvm)
{
    at("usable", kvm.usable);
    at("reason", kvm.reason);
}

void map(auto& at, Like<HugepageMount> auto& mount)
{
    at("path", mount.path);
    at("page_size", mount.page_size);
}

void map(auto& at, Like<ImageFact> auto& image)
{
    at("path", image.path);
    at("format", image.format);
    at("backing", image.backing);
    at("backing_format", image.backing_format);
}

void map(auto& at, Like<HostDirectories> auto& directories)
{
    at("lib", directories.lib);
    at("state", directories.state);
    at("log", directories.log);
}

void map(auto& at, Like<HostFacts> auto& facts)
{
    at("arch", facts.arch);
    at("cpus", facts.cpus);
    at("kvm", facts.kvm);
    at("vhost_net", facts.vhost_net);
    at("vhost_vsock", facts.vhost_vsock);
    at("hugepages", facts.hugepages);
    at("default_hugepage", facts.default_hugepage);
    at("render_nodes", facts.render_nodes);
    at("images", facts.images);
    at("vnc_listen", facts.vnc_listen);
    at("spice_listen", facts.spice_listen);
    at("spice_tls_directory", facts.spice_tls_directory);
    at("first_port", facts.first_port);
    at("last_port", facts.last_port);
    at("ports_taken", facts.ports_taken);
    at("directories", facts.directories);
}

} // namespace detail::json_file

auto HostFacts::find_image(std::string_view path) const noexcept -> ImageFact const*
{
    auto const found = std::ranges::find(images, path, &ImageFact::path);
    return found != images.end() ? &*found : nullptr;
}

auto HostFacts::find_hugepages(Size page_size) const noexcept -> HugepageMount const*
{
    auto const found = std::ranges::find(hugepages, page_size, &HugepageMount::page_size);
    return found != hugepages.end() ? &*found : nullptr;
}

auto debian12() -> HostFacts
{
    return {
        .arch = "x86_64",
        .cpus = 4,
        .kvm = {.usable = true},
        .hugepages = {{.path = "/dev/hugepages", .page_size = MiB(2)}},
        .default_hugepage = MiB(2),
        .directories = {.lib = "/var/lib/libvirt/qemu", .state = "/run/libvirt/qemu", .log = "/var/log/libvirt/qemu"},
    };
}

auto save(HostFacts const& facts) -> std::string
{
    return detail::json_file::print(detail::json_file::write(facts, detail::json_file::Defaults::written).get_object());
}

auto load_host_facts(std::string_view text) -> Result<HostFacts>
{
    using namespace detail::json_file;
    try {
        HostFacts facts;
        read(parse(text, "a file of host facts", {}), Place{}, facts);
        if (facts.first_port > facts.last_port)
            fail(Place{nullptr, "first_port"}, fmt::format("{} is above last_port, {}", facts.first_port, facts.last_port));
        return facts;
    } catch (Error const& error) {
        return error.with({.object = "host facts"});
    }
}

} // namespace vmwright::inline v0::qemu
