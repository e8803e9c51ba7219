// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/host/detail/device_name.hpp>
#include <vmwright/host/detail/file_failure.hpp>
#include <vmwright/host/detail/qemu_disks.hpp>
#include <vmwright/host/detail/qemu_driver.hpp>
#include <vmwright/host/detail/qemu_guest.hpp>
#include <vmwright/host/detail/qemu_launch.hpp>
#include <vmwright/host/detail/start_diagnosis.hpp>
#include <vmwright/host/detail/start_failure.hpp>
#include <vmwright/host/host_facts.hpp>
#include <vmwright/machine/kvm.hpp>
#include <vmwright/machine/machine.hpp>
#include <vmwright/qemu/domain_capabilities.hpp>
#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/xml/domain.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace vmwright::inline v0::detail
{

namespace qemu_driver
{

inline auto ports_of(Graphics const& graphics) -> std::array<std::optional<std::int32_t>, 2>
{
    if (auto const* const vnc = std::get_if<VncGraphics>(&graphics.type))
        return {vnc->port, vnc->websocket};
    if (auto const* const spice = std::get_if<SpiceGraphics>(&graphics.type))
        return {spice->port, spice->tls_port};
    return {};
}

template <class Take>
void for_each_port(DomainConfig const& config, Take const& take)
{
    for (auto const& graphics : config.devices.graphics)
        for (auto const port : ports_of(graphics))
            if (port && *port > 0)
                take(static_cast<std::uint16_t>(*port));
}

/// The display ports of a start, until the emulator has taken them.
class Promise
{
public:
    Promise(std::multiset<std::uint16_t>& promised, DomainConfig const& config)
        : promised_{promised}
    {
        for_each_port(config, [this](std::uint16_t port) { mine_.push_back(promised_.insert(port)); });
    }
    Promise(Promise const&) = delete;
    auto operator=(Promise const&) -> Promise& = delete;
    ~Promise()
    {
        for (auto const& port : mine_)
            promised_.erase(port);
    }

private:
    std::multiset<std::uint16_t>& promised_;
    std::vector<std::multiset<std::uint16_t>::iterator> mine_;
};

namespace
{

/// How often a start may lose a port to others before it gives up.
constexpr auto most_attempts = 16;

/// The ports that one start chose: those that the definition does not give.
auto chosen_ports(DomainConfig const& resolved, DomainConfig const& live) -> std::vector<std::uint16_t>
{
    std::vector<std::uint16_t> given, chosen;
    for_each_port(resolved, [&](std::uint16_t port) { given.push_back(port); });
    for_each_port(live, [&](std::uint16_t port) {
        if (std::ranges::find(given, port) == given.end())
            chosen.push_back(port);
    });
    return chosen;
}

auto has_lost(std::vector<std::uint16_t> const& ports, qemu::HostFacts const& host) -> bool
{
    return std::ranges::any_of(
        ports, [&](std::uint16_t port) { return std::ranges::find(host.ports_taken, port) != host.ports_taken.end(); });
}

/// Whether the host makes, or hands over, a device for such an interface.
auto needs_device(InterfaceSource const& source) -> bool
{
    auto const* const hostdev = std::get_if<HostdevNetwork>(&source);
    return std::holds_alternative<EthernetNetwork>(source) || std::holds_alternative<BridgeNetwork>(source) ||
           std::holds_alternative<DirectNetwork>(source) || (hostdev && hostdev->managed == true);
}

void check_networks(StartOrder const& order)
{
    for (auto const& interface : order.config.devices.interfaces) {
        if (auto const* const network = std::get_if<NetworkNetwork>(&interface.source))
            throw Error{Errc::not_found,
                        fmt::format("network '{}' is not defined", network->network),
                        {.object = domain_object(order.name),
                         .hint = "not supported yet: networks; an interface of type 'user' needs none"}};
        if (needs_device(interface.source))
            throw Error{
                Errc::not_supported_yet,
                fmt::format("not supported yet: interface type '{}'", interface_source_names[interface.source.index()]),
                {.object = domain_object(order.name), .hint = "an interface of type 'user' needs nothing of the host"}};
    }
}

/// What a start would have to run or to open for the guest, and does not yet.
void check_helpers(StartOrder const& order, qemu::HostFacts const& host)
{
    auto const refuse = [&](std::string_view what, std::string_view hint) {
        throw Error{Errc::not_supported_yet,
                    fmt::format("not supported yet: {}", what),
                    {.object = domain_object(order.name), .hint = std::string{hint}}};
    };
    for (auto const& hostdev : order.config.devices.hostdevs) {
        auto const* const scsi = std::get_if<ScsiHostdev>(&hostdev.source);
        if (scsi && scsi->protocol != ScsiHostdevProtocol::iscsi)
            refuse("a SCSI device of the host", "use its block device as a disk");
        if (std::holds_alternative<PciHostdev>(hostdev.source) && hostdev.managed == true)
            refuse("a PCI device that is taken from the host's driver",
                   "bind it to vfio-pci yourself, and use managed='no'");
    }
    for (auto const& tpm : order.config.devices.tpms)
        if (auto const* const emulator = std::get_if<EmulatedTpm>(&tpm.backend); emulator && emulator->encryption_secret)
            refuse("a TPM whose state is encrypted: no secrets are kept", "remove <encryption>");
    for (auto const& missing : qemu::missing_helpers(order.config, host))
        throw Error{Errc::not_installed,
                    missing.message,
                    {.object = fmt::format("{}, {}", domain_object(order.name), device_name(missing.node, order.config)),
                     .hint = fmt::format("{}; {} asks for it", missing.hint, place_of(order, missing.node))}};
}

void check_displays(StartOrder const& order)
{
    for (auto const& graphics : order.config.devices.graphics)
        if (auto const* const dbus = std::get_if<DbusGraphics>(&graphics.type); dbus && dbus->p2p != true && !dbus->address)
            throw Error{Errc::not_supported_yet,
                        "not supported yet: a D-Bus of the domain's own for its display",
                        {.object = domain_object(order.name), .hint = "give the display p2p='yes', or a bus's address"}};
}

void check_kvm(StartOrder const& order, Machine& machine)
{
    if (order.config.type != DomainType::kvm)
        return;
    if (auto const kvm = kvm_status(machine); !kvm.usable)
        throw Error{Errc::accelerator_unusable,
                    fmt::format("KVM cannot be used: {}", kvm.reason),
                    {.object = domain_object(order.name), .hint = kvm.hint}};
}

/// Refuses a file or directory that is not there, before anything runs.
void require_file(StartOrder const& order, Store const& store, std::string const& path, std::string const& node,
                  std::string_view what)
{
    auto const refuse = [&](StartFailure failure) {
        failure.device = what.empty() ? device_name(node, order.config) : std::string{what};
        failure.node = node;
        throw start_error(store, order, std::move(failure));
    };
    if (path.empty())
        return;
    std::optional<FileStatus> found;
    try {
        found = store.machine().status(path);
    } catch (Error const& error) {
        auto const& cause = error.context().cause;
        refuse(file_failure(
            path, cause.category() == std::system_category() ? static_cast<std::errc>(cause.value()) : std::errc::io_error,
            false));
    }
    if (!found)
        refuse(file_failure(path, std::errc::no_such_file_or_directory, false));
}

void check_files(StartOrder const& order, Store const& store)
{
    auto const require = [&](std::string const& path, std::string const& node, std::string_view what = {}) {
        require_file(order, store, path, node, what);
    };
    auto const& disks = order.config.devices.disks;
    for (std::size_t i = 0; i < disks.size(); ++i)
        if (disks[i].startup_policy != StartupPolicy::optional)
            require(source_path(disks[i].source), fmt::format("/domain/devices/disk[{}]/source", i + 1));
    auto const& filesystems = order.config.devices.filesystems;
    for (std::size_t i = 0; i < filesystems.size(); ++i) {
        if (filesystems[i].binary)
            require(filesystems[i].binary->path, fmt::format("/domain/devices/filesystem[{}]/binary", i + 1));
        require(filesystems[i].source.dir, fmt::format("/domain/devices/filesystem[{}]/source", i + 1));
    }
    auto const& os = order.config.os;
    require(os.kernel, "/domain/os/kernel");
    require(os.initrd, "/domain/os/initrd");
    require(os.dtb, "/domain/os/dtb");
    for (auto const& table : os.acpi_tables)
        require(table.path, "/domain/os/acpi/table");
    for (std::size_t i = 0; i < order.config.sysinfos.size(); ++i)
        if (auto const* const config = std::get_if<FirmwareConfig>(&order.config.sysinfos[i].type))
            for (auto const& entry : config->entries)
                if (entry.value.empty())
                    require(entry.file, fmt::format("/domain/sysinfo[{}]", i + 1),
                            fmt::format("firmware's entry '{}'", entry.name));
    if (os.loader)
        require(os.loader->path, "/domain/os/loader");
}

} // namespace
} // namespace qemu_driver

QemuDriver::QemuDriver(Store const& store, HostOptions const& options, std::shared_ptr<Runtime> runtime, Nurse& nurse)
    : store_{store}
    , options_{options}
    , runtime_{std::move(runtime)}
    , nurse_{nurse}
    , emulators_{store_, options_, runtime_}
{
}

auto QemuDriver::runs(DomainType type) const -> bool
{
    return type == DomainType::qemu || type == DomainType::kvm;
}

auto QemuDriver::facts(std::string_view name) const -> qemu::HostFacts
{
    auto facts = options_.facts ? *options_.facts : read_host_facts(store_.machine());
    facts.directories = {.lib = store_.run_path(name),
                         .state = store_.run_path(name),
                         .log = store_.path("log"),
                         .nvram = store_.path("nvram"),
                         .tpm = store_.path("tpm")};
    facts.ports_taken.insert(facts.ports_taken.end(), ports_promised_.begin(), ports_promised_.end());
    return facts;
}

auto QemuDriver::resolve(DomainConfig config) -> boost::asio::awaitable<Checked<DomainConfig>>
{
    auto const capabilities = co_await emulators_.find(config);
    auto const host = facts(config.name);
    Checked<DomainConfig> checked;
    checked.diagnostics = qemu::check(config, *capabilities, host);
    if (checked.has_errors())
        co_return checked;
    auto resolved = qemu::resolve(std::move(config), *capabilities, host);
    checked.diagnostics.append(resolved.diagnostics);
    checked.result = std::move(resolved.result.config);
    co_return checked;
}

auto QemuDriver::plan(DomainConfig config) -> boost::asio::awaitable<Checked<qemu::Plan>>
{
    auto const capabilities = co_await emulators_.find(config);
    auto const host = facts(config.name);
    auto plan = qemu::plan(std::move(config), *capabilities, host);
    co_return plan;
}

auto QemuDriver::check_start(StartOrder const& order) -> boost::asio::awaitable<void>
{
    qemu_driver::check_networks(order);
    qemu_driver::check_displays(order);
    auto const needs_some = !qemu::missing_helpers(order.config, qemu::HostFacts{}).empty();
    qemu_driver::check_helpers(order, needs_some ? facts(order.name) : qemu::HostFacts{});
    check_storage(order.config);
    qemu_driver::check_kvm(order, store_.machine());
    qemu_driver::check_files(order, store_);
    co_await find_emulator(order);
}

auto QemuDriver::find_emulator(StartOrder const& order) -> boost::asio::awaitable<Emulators::Shared>
{
    std::optional<Error> failed;
    try {
        auto capabilities = co_await emulators_.find(order.config);
        auto const path = order.config.devices.emulator.value_or(capabilities->binary);
        if (store_.machine().status(path))
            co_return capabilities;
        auto const package = package_of(path);
        failed = Error{Errc::not_installed,
                       fmt::format("there is no emulator '{}'", path),
                       {.hint = package.empty() ? "name one that is there in <emulator>"
                                                : fmt::format("install Debian's package {}", package)}};
    } catch (Error const& error) {
        if (error.code() == Errc::cancelled)
            throw;
        failed = error.code() == Errc::not_found ? Error{Errc::not_installed, error.message(), error.context()} : error;
    }
    throw step_error(store_, order, *failed, "emulator");
}

auto QemuDriver::start(StartOrder order) -> boost::asio::awaitable<Started>
{
    Stopwatch watch;
    order.config = without_missing(std::move(order.config), store_.machine());
    auto const capabilities = co_await find_emulator(order);
    std::optional<Error> failed;
    std::vector<std::uint16_t> ports;
    for (auto attempt = 1;; ++attempt) {
        auto const host = facts(order.name);
        // Between our look and the emulator's bind somebody else may take a port: then another one is chosen.
        if (failed && (attempt > qemu_driver::most_attempts || !qemu_driver::has_lost(ports, host)))
            throw std::move(*failed);
        watch.end_of(StartPhase::read);

        auto const resolved = qemu::resolve(order.config, *capabilities, host).value();
        auto const live = qemu::prepare(resolved, host, order.id).value();
        auto plan = qemu::command_line(live, *capabilities, host).value();
        qemu_driver::Promise const promise{ports_promised_, live.config};
        watch.end_of(StartPhase::translate);

        Launch launch{store_, runtime_, nurse_, options_, order, *capabilities, std::move(plan), live.config, watch};
        try {
            auto started = co_await launch.run();
            co_return started;
        } catch (Error const& error) {
            if (error.code() != Errc::emulator_failed && error.code() != Errc::in_use)
                throw;
            failed = error;
            ports = qemu_driver::chosen_ports(resolved.config, live.config);
        }
    }
}

auto QemuDriver::open(std::string name, RunStatus const& status) -> std::shared_ptr<Guest>
{
    return std::make_shared<QemuGuest>(store_, runtime_, options_, std::move(name), status);
}

auto QemuDriver::emulator(std::string arch) -> boost::asio::awaitable<EmulatorInfo>
{
    auto path = emulators_.binary_for(arch);
    auto const capabilities = co_await emulators_.find_binary(std::move(path), std::move(arch));
    co_return EmulatorInfo{capabilities->binary, capabilities->version, capabilities->package};
}

auto QemuDriver::domain_capabilities(CapabilitiesQuery query) -> boost::asio::awaitable<DomainCapabilities>
{
    auto const host = facts({});
    auto const known = qemu::known_archs();
    if (!query.arch.empty() && std::ranges::find(known, query.arch) == known.end())
        throw Error{Errc::invalid_argument,
                    fmt::format("'{}' is not an architecture", query.arch),
                    {.hint = suggestion(query.arch, known).text}};
    if (!query.emulator.empty() && !store_.machine().status(query.emulator))
        throw Error{Errc::not_found, fmt::format("there is no emulator '{}'", query.emulator)};
    DomainConfig config;
    if (!query.emulator.empty())
        config.devices.emulator = query.emulator;
    auto arch = query.arch;
    if (arch.empty()) // of qemu-system-ARCH, else of this host
        arch = query.emulator.empty() ? host.arch : std::string{qemu::emulator_arch(config)};
    auto path = query.emulator.empty() ? emulators_.binary_for(arch) : query.emulator;
    if (query.arch.empty() && !query.emulator.empty())
        query.arch = qemu::libvirt_archs(arch).back();
    auto const capabilities = co_await emulators_.find_binary(std::move(path), std::move(arch));
    co_return qemu::domain_capabilities(*capabilities, host, query).value();
}

auto QemuDriver::capabilities() -> boost::asio::awaitable<HostCapabilities>
{
    std::vector<Emulators::Shared> found;
    for (auto const arch : qemu::known_archs()) {
        auto path = emulators_.binary_for(arch);
        auto const is_new = std::ranges::none_of(found, [&](auto const& other) { return other->binary == path; });
        if (!is_new || !store_.machine().status(path))
            continue;
        try {
            auto capabilities = co_await emulators_.find_binary(std::move(path), std::string{arch});
            found.push_back(std::move(capabilities));
        } catch (Error const& error) {
            runtime_->log(LogLevel::warning, error.what());
        }
    }
    std::vector<qemu::Capabilities const*> emulators;
    for (auto const& each : found)
        emulators.push_back(each.get());
    auto host = facts({});
    if (!options_.facts)
        host.topology = read_host_topology(store_.machine());
    co_return qemu::host_capabilities(emulators, host);
}

} // namespace vmwright::inline v0::detail
