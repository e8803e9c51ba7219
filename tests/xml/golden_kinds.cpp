// SPDX-License-Identifier: BSL-1.0
#include "golden_kinds.hpp"
#include "two_disks.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

using namespace vmwright;

namespace golden
{

auto text_of(std::filesystem::path const& path) -> std::string
{
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

auto documents(std::string_view root) -> std::vector<std::filesystem::path>
{
    std::vector<std::filesystem::path> list;
    for (auto const& entry : std::filesystem::directory_iterator{std::filesystem::path{VMWRIGHT_TEST_DATA} / "dumpxml"}) {
        auto const name = entry.path().filename().string();
        if (name.starts_with(std::string{root} + "-") && !name.ends_with(".dump.xml"))
            list.push_back(entry.path());
    }
    std::ranges::sort(list);
    return list;
}

auto dump_of(std::filesystem::path document) -> std::string
{
    return text_of(document.replace_extension(".dump.xml"));
}

namespace
{

/// The domain in the document, if it is complete.
auto domain_of(SnapshotConfig const& snapshot) -> DomainConfig const*
{
    return snapshot.domain ? std::get_if<DomainConfig>(&*snapshot.domain) : nullptr;
}

/// Ports get their plug from the network that they are made in.
auto plugged(NetworkPortConfig port) -> NetworkPortConfig
{
    if (!port.plug)
        port.plug = NetworkPlug{.bridge = "vbr7"};
    return port;
}

auto completed(SnapshotConfig snapshot) -> SnapshotConfig
{
    auto const* domain = domain_of(snapshot);
    return domain ? complete(snapshot, *domain) : snapshot;
}

auto checked(SnapshotConfig const& snapshot) -> Diagnostics
{
    auto const* domain = domain_of(snapshot);
    return domain ? check(snapshot, *domain) : check(snapshot);
}

} // namespace

auto pools() -> Kind<PoolConfig>
{
    return {.root = "pool",
            .read = [](auto text) { return xml::read_pool(text); },
            .write = xml::write_pool,
            .update = xml::update_pool,
            .complete = [](auto pool) { return complete(std::move(pool)); },
            .check = [](auto const& pool) { return check(pool); }};
}

auto volumes() -> Kind<VolumeConfig>
{
    return {.root = "volume",
            .read = [](auto text) { return xml::read_volume(text); },
            .write = xml::write_volume,
            .update = xml::update_volume,
            .complete = [](auto volume) { return complete(std::move(volume)); },
            .check = [](auto const& volume) { return check(volume); }};
}

auto secrets() -> Kind<SecretConfig>
{
    return {.root = "secret",
            .read = [](auto text) { return xml::read_secret(text); },
            .write = xml::write_secret,
            .update = xml::update_secret,
            .complete = [](auto secret) { return secret; },
            .check = [](auto const& secret) { return check(secret); }};
}

auto networks() -> Kind<NetworkConfig>
{
    return {.root = "network",
            .read = [](auto text) { return xml::read_network(text); },
            .write = xml::write_network,
            .update = xml::update_network,
            .complete = [](auto network) { return complete(std::move(network)); },
            .check = [](auto const& network) { return check(network); }};
}

auto network_ports() -> Kind<NetworkPortConfig>
{
    return {.root = "networkport",
            .read = [](auto text) { return xml::read_network_port(text); },
            .write = xml::write_network_port,
            .update = xml::update_network_port,
            .complete = plugged,
            .check = [](auto const& port) { return check(port); }};
}

auto nwfilters() -> Kind<NwFilterConfig>
{
    return {.root = "filter",
            .read = [](auto text) { return xml::read_nwfilter(text); },
            .write = xml::write_nwfilter,
            .update = xml::update_nwfilter,
            .complete = [](auto filter) { return complete(std::move(filter)); },
            .check = [](auto const& filter) { return check(filter); }};
}

auto nwfilter_bindings() -> Kind<NwFilterBindingConfig>
{
    return {.root = "filterbinding",
            .read = [](auto text) { return xml::read_nwfilter_binding(text); },
            .write = xml::write_nwfilter_binding,
            .update = xml::update_nwfilter_binding,
            .complete = [](auto binding) { return complete(std::move(binding)); },
            .check = [](auto const& binding) { return check(binding); }};
}

auto snapshots() -> Kind<SnapshotConfig>
{
    return {.root = "domainsnapshot",
            .read = [](auto text) { return xml::read_snapshot(text); },
            .write = xml::write_snapshot,
            .update = xml::update_snapshot,
            .complete = completed,
            .check = checked};
}

auto checkpoints() -> Kind<CheckpointConfig>
{
    return {.root = "domaincheckpoint",
            .read = [](auto text) { return xml::read_checkpoint(text); },
            .write = xml::write_checkpoint,
            .update = xml::update_checkpoint,
            .complete = [](auto checkpoint) { return complete(checkpoint, checkpoint.domain.value()); },
            .check = [](auto const& checkpoint) { return check(checkpoint, checkpoint.domain.value()); }};
}

auto backups() -> Kind<BackupConfig>
{
    return {.root = "domainbackup",
            .read = [](auto text) { return xml::read_backup(text); },
            .write = xml::write_backup,
            .update = xml::update_backup,
            .complete = [](auto backup) { return complete(std::move(backup), two_disks()); },
            .check = [](auto const& backup) { return check(backup, two_disks()); }};
}

} // namespace golden
