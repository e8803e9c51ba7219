// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/qemu/detail/disk.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::qemu::detail
{

namespace disk_source_check
{
namespace
{

void hosts(NetworkSource const& s, std::string const& node, Checking const& at)
{
    auto const word = to_string(*s.protocol);
    if (s.hosts.empty() && s.protocol != DiskProtocol::rbd)
        at.error(node + "/source", Fault::missing, fmt::format("a source of protocol '{}' names its host", word),
                 "add <host name='…'/>");
    auto const takes_many = s.protocol == DiskProtocol::rbd || s.protocol == DiskProtocol::gluster;
    if (s.hosts.size() > 1 && !takes_many)
        at.error(node + "/source/host[2]", Fault::conflict, fmt::format("the protocol '{}' takes one host only", word),
                 "remove the others");
    auto const takes_sockets =
        s.protocol == DiskProtocol::nbd || s.protocol == DiskProtocol::gluster || s.protocol == DiskProtocol::sheepdog;
    for (std::size_t i = 0; i < s.hosts.size(); ++i) {
        auto const& host = s.hosts[i];
        auto const place = fmt::format("{}/source/host[{}]", node, i + 1);
        if (host.transport == HostTransport::unix_) {
            if (host.socket.empty())
                at.error(place + "/@socket", Fault::missing, "a host of transport unix names its socket", "add socket='…'");
            if (!takes_sockets)
                at.error(place + "/@transport", Fault::not_supported,
                         fmt::format("the protocol '{}' has no transport 'unix'", word), "use tcp");
            continue;
        }
        if (host.name.empty())
            at.error(place + "/@name", Fault::missing, "the host has no name", "add name='…'");
        if (!host.socket.empty())
            at.error(place + "/@socket", Fault::conflict,
                     fmt::format("the transport '{}' has no socket", to_string(host.transport.value_or(HostTransport::tcp))),
                     "add transport='unix'");
        if (host.transport == HostTransport::rdma && s.protocol != DiskProtocol::iscsi)
            at.error(place + "/@transport", Fault::not_supported,
                     fmt::format("the protocol '{}' has no transport 'rdma'", word), "use tcp");
    }
}

auto is_number(std::string_view text) -> bool
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

void name(NetworkSource const& s, std::string const& node, Checking const& at)
{
    auto const word = to_string(*s.protocol);
    if (s.name.empty() && s.protocol != DiskProtocol::nbd)
        return at.error(node + "/source/@name", Fault::missing, fmt::format("a source of protocol '{}' has a name", word),
                        "add name='…'");
    auto const slash = s.name.find('/');
    auto const has_two_parts = s.protocol == DiskProtocol::rbd || s.protocol == DiskProtocol::gluster;
    if (has_two_parts && (slash == std::string::npos || slash == 0))
        at.error(
            node + "/source/@name", Fault::bad_text,
            fmt::format("'{}' names no {}", s.name, s.protocol == DiskProtocol::rbd ? "pool and image" : "volume and path"),
            s.protocol == DiskProtocol::rbd ? "give POOL/IMAGE" : "give VOLUME/PATH");
    if (s.protocol == DiskProtocol::iscsi && slash != std::string::npos && !is_number(s.name.substr(slash + 1)))
        at.error(node + "/source/@name", Fault::bad_text, fmt::format("'{}' has no number of a unit", s.name),
                 "give IQN/LUN");
}

/// What one protocol has and this one has not.
void extras(NetworkSource const& s, std::string const& node, Checking const& at)
{
    auto const word = to_string(*s.protocol);
    auto const p = *s.protocol;
    auto const is_http = p == DiskProtocol::http || p == DiskProtocol::https;
    auto const is_curl = is_http || p == DiskProtocol::ftp || p == DiskProtocol::ftps;
    auto const ignored = [&](bool condition, std::string_view where) {
        if (condition)
            at.warning(fmt::format("{}/source/{}", node, where), Fault::ignored,
                       fmt::format("it means nothing to the protocol '{}'", word), remove_it());
    };
    ignored(!s.query.empty() && !is_http, "@query");
    ignored(!s.cookies.empty() && !is_http, "cookies");
    ignored(s.ssl_verify && p != DiskProtocol::https && p != DiskProtocol::ftps, "ssl");
    ignored(s.readahead && !is_curl, "readahead");
    ignored(s.timeout && !is_curl, "timeout");
    ignored(s.identity && p != DiskProtocol::nfs, "identity");
    ignored(!s.snapshot.empty() && p != DiskProtocol::rbd, "snapshot");
    ignored(!s.config.empty() && p != DiskProtocol::rbd, "config");
    ignored(!s.initiator.empty() && p != DiskProtocol::iscsi, "initiator");
    if (s.tls == true && p != DiskProtocol::nbd && p != DiskProtocol::vxhs)
        at.error(node + "/source/@tls", Fault::not_supported, fmt::format("the protocol '{}' has no TLS of its own", word),
                 "remove it");
    if (!s.tls_hostname.empty() && (p != DiskProtocol::nbd || s.tls != true))
        at.error(node + "/source/@tlsHostname", Fault::conflict, "only an NBD server with TLS has a certificate to compare",
                 "add protocol='nbd' tls='yes', or remove it");
    constexpr std::string_view forbidden = " \t\r\n\",;\\";
    for (std::size_t i = 0; i < s.cookies.size(); ++i)
        if (s.cookies[i].name.empty() || s.cookies[i].name.find_first_of(" \t\r\n\"(),/:;<=>?@[\\]{}") != std::string::npos)
            at.error(fmt::format("{}/source/cookies/cookie[{}]/@name", node, i + 1), Fault::bad_text,
                     fmt::format("'{}' is not the name of a cookie", s.cookies[i].name));
        else if (s.cookies[i].value.find_first_of(forbidden.substr(0, 4)) != std::string::npos ||
                 s.cookies[i].value.find_first_of(",;\\") != std::string::npos)
            at.error(fmt::format("{}/source/cookies/cookie[{}]", node, i + 1), Fault::bad_text,
                     fmt::format("'{}' is not the value of a cookie", s.cookies[i].value));
}

void identity(NfsIdentity const& identity, std::string const& node, Checking const& at)
{
    auto const judge = [&](std::string const& account, std::string_view what) {
        if (account.empty())
            at.error(fmt::format("{}/source/identity/@{}", node, what), Fault::missing,
                     fmt::format("an identity has a {}", what), fmt::format("add {}='+1000'", what));
        else if (!account_number(account))
            at.error(fmt::format("{}/source/identity/@{}", node, what), Fault::not_supported,
                     fmt::format("the {} '{}' has no number that is the same everywhere", what, account),
                     "give the number, as +1000");
    };
    judge(identity.user, "user");
    judge(identity.group, "group");
}

struct Place
{
    std::string const& node;
    Checking const& at;

    void operator()(FileSource const& s) const
    {
        if (!s.fdgroup.empty())
            at.error(node + "/source/@fdgroup", Fault::not_supported,
                     fmt::format("no program has handed over descriptors as '{}'", s.fdgroup), "remove it");
    }
    void operator()(BlockSource const&) const {}
    void operator()(DirSource const&) const {}
    void operator()(NetworkSource const& s) const
    {
        if (!s.protocol)
            return at.error(node + "/source/@protocol", Fault::missing, "a network source has a protocol",
                            "add protocol='nbd', or another one");
        hosts(s, node, at);
        name(s, node, at);
        extras(s, node, at);
        if (s.identity && s.protocol == DiskProtocol::nfs)
            identity(*s.identity, node, at);
        if (s.protocol == DiskProtocol::sheepdog || s.protocol == DiskProtocol::vxhs)
            at.warning(node + "/source/@protocol", Fault::not_supported,
                       fmt::format("QEMU has dropped the protocol '{}' and will refuse it", to_string(*s.protocol)),
                       "move the image to another server");
    }
    void operator()(VolumeSource const& s) const
    {
        if (s.pool.empty() != s.volume.empty())
            at.error(node + (s.pool.empty() ? "/source/@pool" : "/source/@volume"), Fault::missing,
                     "a volume is named with its pool", "add both");
    }
    void operator()(NvmeSource const& s) const
    {
        if (s.namespace_id == 0)
            at.error(node + "/source/@namespace", Fault::bad_number, "namespaces of an NVMe device count from 1",
                     "give 1 or more");
        if (s.managed == true)
            at.warning(node + "/source/@managed", Fault::not_supported_yet,
                       "it has no effect yet: nothing takes the device from the host's driver",
                       "bind it to vfio-pci yourself, and use managed='no'");
        if (s.address.is_unset())
            at.error(node + "/source/address", Fault::missing, "the NVMe device has no PCI address",
                     "add <address domain=… bus=… slot=… function=…/>");
    }
    void operator()(VhostUserSource const& s) const
    {
        if (s.path.empty())
            at.error(node + "/source/@path", Fault::missing, "a vhostuser disk names its socket", "add path='…'");
    }
};

void secret(SecretName const& secret, std::string const& node, Checking const& at)
{
    if (secret.uuid && !secret.usage.empty())
        at.error(node, Fault::conflict, "a secret is named by its uuid or its usage, not both", "remove one");
    if (!secret.uuid && secret.usage.empty())
        at.error(node, Fault::missing, "the secret has no name", "add uuid='…' or usage='…'");
}

void reservations(Reservations const& r, std::string const& node, Checking const& at)
{
    if (!r.managed)
        return at.error(node + "/@managed", Fault::missing, "reservations say who runs the helper",
                        "add managed='yes' or managed='no'");
    if (*r.managed)
        return;
    if (!r.source || r.source->path.empty())
        at.error(node + "/source/@path", Fault::missing, "reservations that are not managed name the helper's socket",
                 "add <source type='unix' path='…' mode='client'/>");
    else if (r.source->mode != ReservationsMode::client)
        at.error(node + "/source/@mode", Fault::not_supported, "QEMU is a client of the helper", "add mode='client'");
}

} // namespace
} // namespace disk_source_check

void check_source(DiskSource const& source, SourceOptions const& options, std::string const& node, Checking const& at)
{
    std::visit(disk_source_check::Place{node, at}, source);
    if (options.slice && options.slice->size == 0)
        at.error(node + "/source/slices/slice/@size", Fault::bad_number, "a slice has a size", "give 1 or more bytes");
    if (options.reservations)
        disk_source_check::reservations(*options.reservations, node + "/source/reservations", at);
    if (!options.seclabels.empty())
        at.warning(node + "/source/seclabel", Fault::ignored, "no security driver labels files", remove_it());
}

void check_auth(DiskAuth const& auth, DiskSource const& source, std::string const& node, Checking const& at)
{
    auto const* network = std::get_if<NetworkSource>(&source);
    if (auth.username.empty())
        at.error(node + "/@username", Fault::missing, "the authentication has no user", "add username='…'");
    if (!auth.secret)
        return at.error(node + "/secret", Fault::missing, "the authentication has no secret",
                        "add <secret type='…' uuid='…'/>");
    disk_source_check::secret(*auth.secret, node + "/secret", at);
    if (!network || !network->protocol)
        return;
    constexpr DiskProtocol with_users[] = {DiskProtocol::iscsi, DiskProtocol::http, DiskProtocol::https, DiskProtocol::ftp,
                                           DiskProtocol::ftps,  DiskProtocol::ssh,  DiskProtocol::rbd};
    auto const word = to_string(*network->protocol);
    if (std::ranges::find(with_users, *network->protocol) == std::end(with_users))
        at.error(node, Fault::not_supported, fmt::format("the protocol '{}' knows no users", word), "remove it");
    constexpr auto kinds = name_list("volume", "ceph", "iscsi", "tls", "vtpm");
    auto const& type = auth.secret->type;
    if (std::ranges::find(kinds, type) == kinds.end())
        at.error(node + "/secret/@type", Fault::unknown_value, fmt::format("'{}' is not a kind of secret", type),
                 suggestion(type, kinds));
    else if ((network->protocol == DiskProtocol::iscsi && type != "iscsi") ||
             (network->protocol == DiskProtocol::rbd && type != "ceph"))
        at.error(node + "/secret/@type", Fault::conflict, fmt::format("the protocol '{}' takes no '{}' secret", word, type),
                 network->protocol == DiskProtocol::rbd ? "use ceph" : "use iscsi");
}

void check_encryption(Encryption const& encryption, DiskSource const& source, std::string_view format,
                      std::string const& node, Checking const& at)
{
    auto const refuse = [&](bool condition, std::string_view where, std::string message, std::string hint) {
        if (condition)
            at.error(node + std::string{where}, Fault::not_supported, std::move(message), std::move(hint));
    };
    if (!encryption.format)
        return at.error(node + "/@format", Fault::missing, "the encryption has no format", "add format='luks'");
    auto const is_librbd = encryption.engine == EncryptionEngine::librbd;
    auto const* network = std::get_if<NetworkSource>(&source);
    auto const is_old = *encryption.format == EncryptionFormat::default_ || *encryption.format == EncryptionFormat::qcow;
    refuse(is_old, "/@format", "QEMU no longer opens images with the old qcow encryption", "use luks");
    refuse(*encryption.format == EncryptionFormat::luks && encryption.cipher.has_value(), "/cipher",
           "an image that is there knows its cipher", "remove it");
    if (encryption.ivgen)
        at.warning(node + "/ivgen", Fault::ignored, "an image that is there knows its initialization vectors", remove_it());
    refuse(*encryption.format == EncryptionFormat::luks2 && !is_librbd, "/@format", "only librbd opens luks2",
           "use luks, or engine='librbd'");
    refuse(is_librbd && !(network && network->protocol == DiskProtocol::rbd), "/@engine",
           "librbd decrypts images of the protocol 'rbd' only", "use qemu");
    refuse(is_librbd && format != "raw", "/@engine", "librbd decrypts images of format raw only", "use qemu");
    if (!is_old && encryption.secrets.size() != 1)
        at.error(node + "/secret", encryption.secrets.empty() ? Fault::missing : Fault::conflict,
                 fmt::format("the encryption has {} secrets, and takes one", encryption.secrets.size()),
                 "add <secret type='passphrase' uuid='…'/>");
    for (std::size_t i = 0; i < encryption.secrets.size(); ++i) {
        auto const place = fmt::format("{}/secret[{}]", node, i + 1);
        disk_source_check::secret(encryption.secrets[i], place, at);
        if (encryption.secrets[i].type != "passphrase")
            at.error(place + "/@type", Fault::unknown_value,
                     fmt::format("'{}' is not a secret of an encryption", encryption.secrets[i].type), "use passphrase");
    }
}

void check_image_format(std::string_view format, DiskSource const& source, bool read_only, std::string const& node,
                        std::string_view path, Checking const& at)
{
    constexpr auto formats = name_list("raw", "dir", "bochs", "cloop", "dmg", "iso", "vpc", "vdi", "fat", "vhd", "ploop",
                                       "cow", "qcow", "qcow2", "qed", "vmdk", "aio");
    auto const where = node + std::string{path};
    if (std::ranges::find(formats, format) == formats.end())
        return at.error(where, Fault::unknown_value, fmt::format("'{}' is not an image format", format),
                        suggestion(format, formats));
    auto const is_dir = std::holds_alternative<DirSource>(source);
    if (format == "cow")
        at.error(where, Fault::not_supported, "QEMU has no format 'cow'", "use qcow2");
    if (format == "dir")
        at.error(where, Fault::not_supported, "a directory is no format of an image", "use type='dir' for the disk");
    if (format == "iso")
        at.error(where, Fault::not_supported, "QEMU has no format 'iso'", "use raw");
    if (format == "fat" && !is_dir)
        at.error(where, Fault::not_supported, "the format 'fat' is made of a directory", "use type='dir' for the disk");
    if (is_dir && format != "fat")
        at.error(where, Fault::not_supported, "a directory is shown to the guest as a FAT image", "add type='fat'");
    if (is_dir && format == "fat" && !read_only)
        at.error(node, Fault::not_supported, "a FAT image that is made of a directory cannot be written", "add <readonly/>");
}

} // namespace vmwright::inline v0::qemu::detail
