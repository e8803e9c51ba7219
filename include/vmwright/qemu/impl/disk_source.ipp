// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/disk.hpp>
#include <vmwright/qemu/detail/resolving.hpp>

#include <fmt/format.h>

#include <charconv>

namespace vmwright::inline v0::qemu::detail
{

namespace disk_source
{
namespace
{

/// The port that is meant when none is said; nothing where the library behind the protocol has its own way.
auto default_port(DiskProtocol protocol) -> std::optional<std::uint16_t>
{
    switch (protocol) {
    case DiskProtocol::nbd: return 10809;
    case DiskProtocol::sheepdog: return 7000;
    case DiskProtocol::gluster: return 24007;
    case DiskProtocol::iscsi: return 3260;
    case DiskProtocol::http: return 80;
    case DiskProtocol::https: return 443;
    case DiskProtocol::ftp: return 21;
    case DiskProtocol::ftps: return 990;
    case DiskProtocol::tftp: return 69;
    case DiskProtocol::ssh: return 22;
    case DiskProtocol::vxhs: return 9999;
    case DiskProtocol::rbd:
    case DiskProtocol::nfs: return std::nullopt;
    }
    return std::nullopt;
}

auto is_http(DiskProtocol protocol) -> bool
{
    return protocol == DiskProtocol::http || protocol == DiskProtocol::https;
}

auto is_curl(DiskProtocol protocol) -> bool
{
    return is_http(protocol) || protocol == DiskProtocol::ftp || protocol == DiskProtocol::ftps;
}

auto bracketed(std::string const& host) -> std::string
{
    return host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
}

/// As a URI has it.
auto escaped_path(std::string_view path) -> std::string
{
    constexpr std::string_view plain = "-_.!~*'();/?:@&=+$,";
    std::string escaped;
    for (auto const c : path) {
        auto const is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (is_letter || (c != '?' && plain.find(c) != std::string_view::npos))
            escaped += c;
        else
            escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return escaped;
}

auto url(NetworkSource const& s) -> std::string
{
    auto const& host = s.hosts.front();
    auto text = fmt::format("{}://{}", to_string(*s.protocol), bracketed(host.name));
    if (host.port)
        text += fmt::format(":{}", *host.port);
    text += escaped_path(s.name.starts_with('/') ? s.name : "/" + s.name);
    return s.query.empty() ? text : fmt::format("{}?{}", text, s.query);
}

auto split_at_slash(std::string_view name) -> std::pair<std::string_view, std::string_view>
{
    auto const slash = name.find('/');
    return slash == std::string_view::npos ? std::pair{name, std::string_view{}}
                                           : std::pair{name.substr(0, slash), name.substr(slash + 1)};
}

/// A host as QEMU's SocketAddress; its older form has no type.
auto socket_address(DiskHost const& host, bool typed) -> Map
{
    if (host.transport == HostTransport::unix_)
        return {{"type", "unix"}, {"path", host.socket}};
    Map address;
    if (typed)
        address.emplace_back("type", "inet");
    address.emplace_back("host", host.name);
    if (host.port)
        address.emplace_back("port", fmt::format("{}", *host.port));
    return address;
}

/// What the translation of one network source shares.
struct Network
{
    NetworkSource const& source;
    DiskAuth const* auth{};
    Encryption const* encryption{};
    std::string const& name;
    std::string const& node;
    Translating& at;

    auto properties() -> Map
    {
        map.emplace_back("driver", to_string(*source.protocol));
        switch (*source.protocol) {
        case DiskProtocol::nbd: nbd(); break;
        case DiskProtocol::rbd: rbd(); break;
        case DiskProtocol::iscsi: iscsi(); break;
        case DiskProtocol::gluster: gluster(); break;
        case DiskProtocol::nfs: nfs(); break;
        case DiskProtocol::sheepdog:
            set("server", socket_address(source.hosts.front(), true));
            set("vdi", source.name);
            break;
        case DiskProtocol::ssh:
            set("path", source.name);
            set("server", socket_address(source.hosts.front(), false));
            if (auth)
                set("user", auth->username);
            break;
        case DiskProtocol::vxhs:
            tls();
            set("vdisk-id", source.name);
            set("server", socket_address(source.hosts.front(), false));
            break;
        case DiskProtocol::http:
        case DiskProtocol::https:
        case DiskProtocol::ftp:
        case DiskProtocol::ftps:
        case DiskProtocol::tftp: curl(); break;
        }
        return std::move(map);
    }

    Map map{};

private:
    void set(std::string_view property, Value value) { map.emplace_back(property, std::move(value)); }

    void tls()
    {
        if (source.tls != true)
            return;
        auto const id = fmt::format("obj{}_tls0", name);
        at.object("tls-creds-x509", id, node).set("dir", "/etc/pki/qemu").set("endpoint", "client").set("verify-peer", true);
        set("tls-creds", id);
    }

    void nbd()
    {
        set("server", socket_address(source.hosts.front(), true));
        if (!source.name.empty())
            set("export", source.name);
        tls();
        if (!source.tls_hostname.empty())
            set("tls-hostname", source.tls_hostname);
    }

    void rbd()
    {
        auto const [pool, image] = split_at_slash(source.name);
        set("pool", pool);
        set("image", image);
        if (!source.snapshot.empty())
            set("snapshot", source.snapshot);
        if (!source.config.empty())
            set("conf", source.config);
        List servers;
        for (auto const& host : source.hosts)
            servers.emplace_back(socket_address(host, false));
        if (!servers.empty())
            set("server", std::move(servers));
        if (encryption && encryption->engine == EncryptionEngine::librbd)
            set("encrypt", Map{{"format", to_string(encryption->format.value_or(EncryptionFormat::luks))},
                               {"key-secret", add_secret(fmt::format("{}-format", name.substr(0, name.rfind('-'))),
                                                         "encryption", node, at)}});
        if (!auth)
            return;
        set("user", auth->username);
        set("auth-client-required", List{Value{"cephx"}, Value{"none"}});
        set("key-secret", add_secret(name, "auth", node, at));
    }

    void iscsi()
    {
        auto const& host = source.hosts.front();
        auto const [target, lun] = split_at_slash(source.name);
        set("portal", fmt::format("{}:{}", bracketed(host.name), host.port.value_or(3260)));
        set("target", target);
        set("lun", account_number(lun).value_or(0));
        set("transport", host.transport == HostTransport::rdma ? "iser" : "tcp");
        if (auth) {
            set("user", auth->username);
            set("password-secret", add_secret(name, "auth", node, at));
        }
        if (!source.initiator.empty())
            set("initiator-name", source.initiator);
    }

    void gluster()
    {
        auto const [volume, path] = split_at_slash(source.name);
        set("volume", volume);
        set("path", path);
        List servers;
        for (auto const& host : source.hosts)
            servers.emplace_back(socket_address(host, true));
        set("server", std::move(servers));
        constexpr auto debug_level = 4; // of libvirt's qemu.conf
        set("debug", debug_level);
    }

    void nfs()
    {
        set("server", Map{{"host", source.hosts.front().name}, {"type", "inet"}});
        set("path", source.name);
        if (!source.identity)
            return;
        auto const user = account_number(source.identity->user);
        auto const group = account_number(source.identity->group);
        if (user && group) {
            set("user", *user);
            set("group", *group);
        }
    }

    void curl()
    {
        set("url", url(source));
        if (auth) {
            set("username", auth->username);
            set("password-secret", add_secret(name, "auth", node, at));
        }
        if (source.ssl_verify)
            set("sslverify", *source.ssl_verify);
        if (!source.cookies.empty())
            set("cookie-secret", add_secret(name, "httpcookie", node, at));
        if (source.timeout)
            set("timeout", *source.timeout);
        if (source.readahead)
            set("readahead", *source.readahead);
    }
};

struct Storage
{
    SourceOptions const& options;
    DiskAuth const* auth{};
    Encryption const* encryption{};
    bool is_floppy{};
    std::string const& name;
    std::string const& node;
    Translating& at;

    auto operator()(FileSource const& s) const -> Map
    {
        Map map{{"driver", "file"}, {"filename", s.file}};
        reservations(map);
        return map;
    }
    auto operator()(BlockSource const& s) const -> Map
    {
        Map map{{"driver", "host_device"}, {"filename", s.dev}};
        reservations(map);
        return map;
    }
    auto operator()(DirSource const& s) const -> Map
    {
        return {{"driver", "vvfat"}, {"dir", s.dir}, {"floppy", is_floppy}, {"rw", false}};
    }
    auto operator()(NetworkSource const& s) const -> Map
    {
        return Network{s, auth, encryption, name, node, at}.properties();
    }
    auto operator()(NvmeSource const& s) const -> Map
    {
        auto const& a = s.address;
        return {{"driver", "nvme"},
                {"device", fmt::format("{:04x}:{:02x}:{:02x}.{:x}", a.domain, a.bus, a.slot, a.function)},
                {"namespace", s.namespace_id}};
    }
    auto operator()(VolumeSource const& s) const -> Map
    {
        at.error(
            node + "/source", Fault::not_supported,
            fmt::format("the volume '{}' of pool '{}' cannot be looked up: no storage pools are known", s.volume, s.pool),
            "name its file or device: type='file' or type='block'");
        return {};
    }
    auto operator()(VhostUserSource const&) const -> Map { return {}; }

private:
    void reservations(Map& map) const
    {
        if (!options.reservations)
            return;
        auto const is_managed = options.reservations->managed == true;
        auto const id = is_managed ? std::string{"pr-helper0"} : fmt::format("pr-helper-{}", name);
        auto const path = is_managed                     ? fmt::format("{}/pr-helper0.sock", at.facts.directories.lib)
                          : options.reservations->source ? options.reservations->source->path
                                                         : std::string{};
        if (!is_managed || !at.has_object(id))
            at.object("pr-manager-helper", id, node).set("path", path);
        map.emplace_back("pr-manager", id);
    }
};

} // namespace
} // namespace disk_source

auto account_number(std::string_view name) -> std::optional<std::uint32_t>
{
    constexpr std::pair<std::string_view, std::uint32_t> known[] = {{"root", 0}, {"daemon", 1},     {"bin", 2},
                                                                    {"sys", 3},  {"nobody", 65534}, {"nogroup", 65534}};
    for (auto const& [account, number] : known)
        if (name == account)
            return number;
    if (name.starts_with('+'))
        name.remove_prefix(1);
    std::uint32_t number{};
    auto const [stop, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc{} || stop != name.data() + name.size())
        return std::nullopt;
    return number;
}

auto add_secret(std::string const& parent, std::string_view purpose, std::string const& node, Translating& at) -> std::string
{
    auto id = fmt::format("{}-{}-secret0", parent, purpose);
    // encrypted with the master key, so that no argument tells it
    at.object("secret", id, node)
        .set("data", Slot{fmt::format("secret:{}:data", id), ""})
        .set("keyid", "masterKey0")
        .set("iv", Slot{fmt::format("secret:{}:iv", id), ""})
        .set("format", "base64");
    return id;
}

auto storage_properties(DiskSource const& source, SourceOptions const& options, std::string const& name,
                        std::string const& node, Translating& at) -> Map
{
    auto const* auth = options.auth ? &*options.auth : nullptr;
    auto const* encryption = options.encryption ? &*options.encryption : nullptr;
    return std::visit(disk_source::Storage{options, auth, encryption, false, name, node, at}, source);
}

auto storage_properties(DiskImage const& image, bool is_floppy, Translating& at) -> Map
{
    auto const name = image.name("storage");
    return std::visit(disk_source::Storage{*image.options, image.auth, image.encryption, is_floppy, name, image.node, at},
                      image.source);
}

void complete_source(DiskSource& source, SourceOptions& options, std::string const& node, Resolving const& at)
{
    options.index.reset();
    auto* s = std::get_if<NetworkSource>(&source);
    if (!s || !s->protocol)
        return;
    using namespace disk_source;
    auto const protocol = *s->protocol;
    for (std::size_t i = 0; i < s->hosts.size(); ++i) {
        auto& host = s->hosts[i];
        if (host.transport == HostTransport::tcp)
            host.transport.reset();
        if (auto const port = default_port(protocol); port && host.transport != HostTransport::unix_)
            at.choose(host.port, *port, fmt::format("{}/source/host[{}]/@port", node, i + 1), "the protocol's port");
    }
    if (protocol == DiskProtocol::iscsi && s->name.find('/') == std::string::npos) {
        s->name += "/0";
        at.origins.chose(node + "/source/@name", "the first unit of the target");
    }
    if (!is_http(protocol)) {
        s->query.clear();
        s->cookies.clear();
    }
    if (protocol != DiskProtocol::https && protocol != DiskProtocol::ftps)
        s->ssl_verify.reset();
    if (!is_curl(protocol)) {
        s->readahead.reset();
        s->timeout.reset();
    }
    if (protocol != DiskProtocol::nfs)
        s->identity.reset();
}

} // namespace vmwright::inline v0::qemu::detail
