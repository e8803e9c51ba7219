// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/host/detail/host_core.hpp>
#include <vmwright/host/host.hpp>
#include <vmwright/xml/domain.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

namespace vmwright::inline v0
{

namespace detail::host
{
namespace
{

constexpr auto embed_prefix = std::string_view{"qemu:///embed?root="};

auto session_root() -> std::string
{
    if (auto const* const data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data == '/')
        return fmt::format("{}/vmwright", data);
    auto const* const home = std::getenv("HOME");
    if (home == nullptr || *home != '/')
        throw Error{Errc::invalid_argument,
                    "cannot tell where a session's files belong",
                    {.hint = "set HOME or XDG_DATA_HOME, or name a directory: qemu:///embed?root=DIR"}};
    return fmt::format("{}/.local/share/vmwright", home);
}

auto root_of(std::string_view uri) -> std::string
{
    if (uri == "qemu:///session")
        return session_root();
    if (uri == "qemu:///system")
        return "/var/lib/vmwright";
    if (uri.starts_with(embed_prefix) && uri.size() > embed_prefix.size())
        return std::string{uri.substr(embed_prefix.size())};
    throw Error{Errc::not_supported_yet,
                fmt::format("not supported yet: {}", uri),
                {.hint = "there are qemu:///session, qemu:///system and qemu:///embed?root=DIR"}};
}

auto open(HostOptions options, std::string uri) -> std::shared_ptr<Lease>
{
    if (options.root.empty())
        throw Error{Errc::invalid_argument, "a host needs a root directory"};
    options.root = std::filesystem::absolute(options.root).lexically_normal().string();
    while (options.root.size() > 1 && options.root.ends_with('/'))
        options.root.pop_back();
    if (uri.empty())
        uri = fmt::format("{}{}", embed_prefix, options.root);
    auto lease = std::make_shared<Lease>(std::make_shared<HostCore>(std::move(options), std::move(uri)));
    try {
        lease->core->store().open();
    } catch (Error const& error) {
        if (error.code() != Errc::io_failed || !error.context().hint.empty())
            throw;
        throw error.with({.hint = "name a directory that can be written: qemu:///embed?root=DIR"});
    }
    lease->core->begin_recovery();
    return lease;
}

} // namespace
} // namespace detail::host

Host::Host(std::shared_ptr<detail::Lease> lease)
    : lease_{std::move(lease)}
{
}

auto Host::open(HostOptions options) -> Host
{
    return Host{detail::host::open(std::move(options), {})};
}

auto Host::open(std::string_view uri, HostOptions options) -> Host
{
    options.root = detail::host::root_of(uri);
    return Host{detail::host::open(std::move(options), std::string{uri})};
}

auto Host::core() const -> detail::HostCore&
{
    return *lease_->core;
}

auto Host::uri() const -> std::string
{
    return core().uri();
}

auto Host::root() const -> std::string
{
    return core().store().root();
}

auto Host::get_executor() const -> boost::asio::any_io_executor
{
    return core().runtime()->executor();
}

auto Host::domains() const -> std::vector<Domain>
{
    std::vector<Domain> list;
    for (auto& [name, uuid] : core().list())
        list.emplace_back(lease_, std::move(name), uuid);
    return list;
}

auto Host::find_domain(std::string_view name) const -> Domain
{
    if (auto const found = core().find(name))
        return {lease_, found->first, found->second};
    auto const known = core().list();
    std::vector<std::string_view> names;
    for (auto const& [other, uuid] : known)
        names.push_back(other);
    auto const meant = nearest(name, names);
    throw Error{Errc::not_found,
                fmt::format("there is no domain '{}'", name),
                {.hint = meant.empty() ? std::string{} : fmt::format("did you mean '{}'?", meant)}};
}

auto Host::find_domain(Uuid const& uuid) const -> Domain
{
    for (auto const& [name, known] : core().list())
        if (known == uuid)
            return {lease_, name, known};
    throw Error{Errc::not_found, fmt::format("there is no domain with uuid {}", to_string(uuid))};
}

auto Host::find_domain(int id) const -> Domain
{
    auto const& store = core().store();
    for (auto const& name : store.run_names())
        if (auto const status = store.running(name); status && status->id == id)
            return {lease_, name, status->uuid};
    throw Error{Errc::not_found, fmt::format("there is no domain with id {}", id)};
}

auto Host::begin_define(DomainConfig config) const -> detail::Operation<Domain>
{
    return core().operation<Domain>(
        [lease = std::weak_ptr{lease_}, &c = core(), config = std::move(config)]() -> detail::Awaitable<Domain> {
            auto known = co_await c.define(config, {});
            co_return Domain{lease.lock(), std::move(known.first), known.second};
        });
}

auto Host::begin_define_xml(std::string text) const -> detail::Operation<Domain>
{
    return core().operation<Domain>(
        [lease = std::weak_ptr{lease_}, &c = core(), text = std::move(text)]() -> detail::Awaitable<Domain> {
            auto known = co_await c.define(xml::read_domain(text).value(), text);
            co_return Domain{lease.lock(), std::move(known.first), known.second};
        });
}

auto Host::begin_create(DomainConfig config, StartOptions options) const -> detail::Operation<Domain>
{
    return core().operation<Domain>(
        [lease = std::weak_ptr{lease_}, &c = core(), config = std::move(config), options]() -> detail::Awaitable<Domain> {
            auto known = co_await c.create(config, {}, options);
            co_return Domain{lease.lock(), std::move(known.first), known.second};
        });
}

auto Host::begin_create_xml(std::string text, StartOptions options) const -> detail::Operation<Domain>
{
    return core().operation<Domain>(
        [lease = std::weak_ptr{lease_}, &c = core(), text = std::move(text), options]() -> detail::Awaitable<Domain> {
            auto known = co_await c.create(xml::read_domain(text).value(), text, options);
            co_return Domain{lease.lock(), std::move(known.first), known.second};
        });
}

auto Host::begin_start_autostart() const -> detail::Operation<std::vector<AutostartFailure>>
{
    return core().operation<std::vector<AutostartFailure>>([&c = core()] { return c.start_autostart(); });
}

auto Host::begin_emulator(std::string arch) const -> detail::Operation<EmulatorInfo>
{
    return core().operation<EmulatorInfo>([&c = core(), arch = std::move(arch)] { return c.emulator(arch); });
}

auto Host::begin_domain_capabilities(CapabilitiesQuery query) const -> detail::Operation<DomainCapabilities>
{
    return core().operation<DomainCapabilities>(
        [&c = core(), query = std::move(query)] { return c.domain_capabilities(query); });
}

auto Host::begin_capabilities() const -> detail::Operation<HostCapabilities>
{
    return core().operation<HostCapabilities>([&c = core()] { return c.capabilities(); });
}

auto Host::begin_plan(DomainConfig config) const -> detail::Operation<qemu::Plan>
{
    return core().operation<qemu::Plan>([&c = core(), config = std::move(config)] { return c.plan(config); });
}

auto Host::define(DomainConfig config) const -> Domain
{
    return wait_for(*core().runtime(), begin_define(std::move(config)));
}

auto Host::define_xml(std::string_view text) const -> Domain
{
    return wait_for(*core().runtime(), begin_define_xml(std::string{text}));
}

auto Host::create(DomainConfig config, StartOptions options) const -> Domain
{
    return wait_for(*core().runtime(), begin_create(std::move(config), options));
}

auto Host::create_xml(std::string_view text, StartOptions options) const -> Domain
{
    return wait_for(*core().runtime(), begin_create_xml(std::string{text}, options));
}

auto Host::start_autostart() const -> std::vector<AutostartFailure>
{
    return wait_for(*core().runtime(), begin_start_autostart());
}

auto Host::emulator(std::string_view arch) const -> EmulatorInfo
{
    return wait_for(*core().runtime(), begin_emulator(std::string{arch}));
}

auto Host::domain_capabilities(CapabilitiesQuery query) const -> DomainCapabilities
{
    return wait_for(*core().runtime(), begin_domain_capabilities(std::move(query)));
}

auto Host::capabilities() const -> HostCapabilities
{
    return wait_for(*core().runtime(), begin_capabilities());
}

auto Host::node_info() const -> NodeInfo
{
    return read_node_info(core().store().machine());
}

auto Host::hostname() const -> std::string
{
    auto name = core().store().machine().read_file("/proc/sys/kernel/hostname");
    return name.substr(0, name.find('\n'));
}

auto Host::self_check() const -> SelfCheck
{
    return vmwright::self_check(core().store().machine(), core().store().root());
}

auto Host::plan(DomainConfig config) const -> qemu::Plan
{
    return wait_for(*core().runtime(), begin_plan(std::move(config)));
}

auto Host::on_event(std::function<void(Event const&)> callback, std::optional<std::uint64_t> since) const
    -> EventSubscription
{
    return EventSubscription{core().listen(std::move(callback), since)};
}

auto Host::events(std::optional<std::uint64_t> since) const -> EventStream
{
    return EventStream{core().stream(since)};
}

auto Host::events_since(std::uint64_t number) const -> std::vector<Event>
{
    return detail::EventLog::history(core().store(), number);
}

} // namespace vmwright::inline v0
