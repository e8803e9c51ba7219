// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/backup.hpp>
#include <vmwright/xml/checkpoint.hpp>
#include <vmwright/xml/network.hpp>
#include <vmwright/xml/network_port.hpp>
#include <vmwright/xml/nwfilter.hpp>
#include <vmwright/xml/nwfilter_binding.hpp>
#include <vmwright/xml/pool.hpp>
#include <vmwright/xml/secret.hpp>
#include <vmwright/xml/snapshot.hpp>
#include <vmwright/xml/volume.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// The pairs NAME.xml and NAME.dump.xml in tests/data/dumpxml: a document, and what libvirt 9.0 prints once it has it.
namespace golden
{

/// One kind of object: the root element of its documents, what reads and writes them, what define and check make of them.
template <class T>
struct Kind
{
    std::string_view root{};
    std::function<vmwright::xml::Parsed<T>(std::string_view)> read{};
    std::function<std::string(T const&)> write{};
    std::function<std::string(vmwright::xml::Document const&, T const&)> update{};
    std::function<T(T)> complete{};
    std::function<vmwright::Diagnostics(T const&)> check{};
};

[[nodiscard]] auto text_of(std::filesystem::path const& path) -> std::string;
/// The documents of that root element, sorted, without what libvirt printed.
[[nodiscard]] auto documents(std::string_view root) -> std::vector<std::filesystem::path>;
/// What libvirt printed.
[[nodiscard]] auto dump_of(std::filesystem::path document) -> std::string;

[[nodiscard]] auto pools() -> Kind<vmwright::PoolConfig>;
[[nodiscard]] auto volumes() -> Kind<vmwright::VolumeConfig>;
[[nodiscard]] auto secrets() -> Kind<vmwright::SecretConfig>;
[[nodiscard]] auto networks() -> Kind<vmwright::NetworkConfig>;
[[nodiscard]] auto network_ports() -> Kind<vmwright::NetworkPortConfig>;
[[nodiscard]] auto nwfilters() -> Kind<vmwright::NwFilterConfig>;
[[nodiscard]] auto nwfilter_bindings() -> Kind<vmwright::NwFilterBindingConfig>;
[[nodiscard]] auto snapshots() -> Kind<vmwright::SnapshotConfig>;
[[nodiscard]] auto checkpoints() -> Kind<vmwright::CheckpointConfig>;
[[nodiscard]] auto backups() -> Kind<vmwright::BackupConfig>;

/// Calls `visit` with each kind.
void for_each_kind(auto&& visit)
{
    visit(pools());
    visit(volumes());
    visit(secrets());
    visit(networks());
    visit(network_ports());
    visit(nwfilters());
    visit(nwfilter_bindings());
    visit(snapshots());
    visit(checkpoints());
    visit(backups());
}

} // namespace golden
