// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/host_core.hpp>
#include <vmwright/host/domain.hpp>
#include <vmwright/xml/domain.hpp>
#include <vmwright/xml/metadata.hpp>

#include <utility>

namespace vmwright::inline v0
{

Domain::Domain(std::shared_ptr<detail::Lease> host, std::string name, Uuid uuid)
    : host_{std::move(host)}
    , name_{std::move(name)}
    , uuid_{uuid}
{
}

auto Domain::core() const -> detail::HostCore&
{
    if (!host_)
        throw Error{Errc::invalid_argument, "a Domain that names nothing"};
    return *host_->core;
}

auto Domain::id() const -> std::optional<int>
{
    auto const status = core().store().running(name_);
    return status ? std::optional{status->id} : std::nullopt;
}

auto Domain::is_active() const -> bool
{
    return core().store().running(name_).has_value();
}

auto Domain::is_persistent() const -> bool
{
    return core().store().is_defined(name_);
}

auto Domain::pid() const -> std::optional<int>
{
    auto const status = core().store().running(name_);
    return status ? std::optional{status->process.pid} : std::nullopt;
}

auto Domain::last_end() const -> std::optional<DomainEnd>
{
    return is_active() ? std::nullopt : core().store().last_end(name_);
}

auto Domain::xml(DomainXml which) const -> std::string
{
    return core().xml(name_, which);
}

auto Domain::definition() const -> std::string
{
    return core().store().read_definition(name_);
}

auto Domain::console(std::string_view alias) const -> std::string
{
    return core().console(name_, alias);
}

auto Domain::begin_start(StartOptions options) const -> detail::Operation<StartReport>
{
    return core().operation<StartReport>([&c = core(), name = name_, options] { return c.start(name, options); });
}

auto Domain::begin_shutdown(std::chrono::milliseconds deadline) const -> detail::Operation<ShutdownOutcome>
{
    return core().operation<ShutdownOutcome>([&c = core(), name = name_, deadline] { return c.shutdown(name, deadline); });
}

auto Domain::begin_reboot() const -> detail::Operation<void>
{
    return core().operation<void>([&c = core(), name = name_] { return c.reboot(name); });
}

auto Domain::begin_reset() const -> detail::Operation<void>
{
    return core().operation<void>([&c = core(), name = name_] { return c.reset(name); });
}

auto Domain::begin_destroy(std::chrono::milliseconds grace) const -> detail::Operation<void>
{
    return core().operation<void>([&c = core(), name = name_, grace] { return c.destroy(name, grace); });
}

auto Domain::begin_suspend() const -> detail::Operation<void>
{
    return core().operation<void>([&c = core(), name = name_] { return c.suspend(name); });
}

auto Domain::begin_resume() const -> detail::Operation<void>
{
    return core().operation<void>([&c = core(), name = name_] { return c.resume(name); });
}

auto Domain::begin_undefine(UndefineOptions options) const -> detail::Operation<void>
{
    return core().operation<void>([&c = core(), name = name_, options] { return c.undefine(name, options); });
}

auto Domain::begin_state() const -> detail::Operation<DomainState>
{
    return core().operation<DomainState>([&c = core(), name = name_] { return c.state(name); });
}

auto Domain::begin_info() const -> detail::Operation<DomainInfo>
{
    return core().operation<DomainInfo>([&c = core(), name = name_] { return c.info(name); });
}

auto Domain::begin_wait_until_off(std::chrono::milliseconds deadline) const -> detail::Operation<bool>
{
    return core().operation<bool>([&c = core(), name = name_, deadline] { return c.wait_until_off(name, deadline); });
}

auto Domain::begin_redefine(std::string text, std::string replaced) const -> detail::Operation<void>
{
    return core().operation<void>([&c = core(), name = name_, uuid = uuid_, text = std::move(text),
                                   replaced = std::move(replaced)] { return c.redefine(name, uuid, text, replaced); });
}

auto Domain::metadata(std::string_view uri, DomainXml which) const -> std::optional<std::string>
{
    return core().metadata(name_, uri, which);
}

auto Domain::autostart() const -> bool
{
    auto const& store = core().store();
    return store.is_defined(name_) && store.is_autostarted(name_);
}

auto Domain::begin_rename(std::string name) const -> detail::Operation<Domain>
{
    return core().operation<Domain>(
        [lease = std::weak_ptr{host_}, &c = core(), from = name_, name = std::move(name)]() -> detail::Awaitable<Domain> {
            auto known = co_await c.rename(from, name);
            co_return Domain{lease.lock(), std::move(known.first), known.second};
        });
}

auto Domain::begin_set_memory(Size memory, Affects affects) const -> detail::Operation<void>
{
    return core().operation<void>(
        [&c = core(), name = name_, memory, affects] { return c.set_memory(name, memory, affects); });
}

auto Domain::begin_set_max_memory(Size memory, Affects affects) const -> detail::Operation<void>
{
    return core().operation<void>(
        [&c = core(), name = name_, memory, affects] { return c.set_max_memory(name, memory, affects); });
}

auto Domain::begin_set_vcpus(std::uint32_t count, Affects affects, VcpuCount which) const -> detail::Operation<void>
{
    return core().operation<void>(
        [&c = core(), name = name_, count, affects, which] { return c.set_vcpus(name, count, affects, which); });
}

auto Domain::begin_set_title(std::string title, Affects affects) const -> detail::Operation<void>
{
    return core().operation<void>([&c = core(), name = name_, title = std::move(title), affects] {
        if (title.find('\n') != title.npos)
            throw Error{
                Errc::invalid_argument, "metadata title can't contain newlines", {.object = detail::domain_object(name)}};
        return c.change(name, affects, [title](xml::Parsed<DomainConfig>& domain) {
            domain.result.title = title;
            return xml::update_domain(domain.document, domain.result);
        });
    });
}

auto Domain::begin_set_description(std::string description, Affects affects) const -> detail::Operation<void>
{
    return core().operation<void>([&c = core(), name = name_, description = std::move(description), affects] {
        return c.change(name, affects, [description](xml::Parsed<DomainConfig>& domain) {
            domain.result.description = description;
            return xml::update_domain(domain.document, domain.result);
        });
    });
}

auto Domain::begin_set_metadata(std::string uri, std::string key, std::optional<std::string> element, Affects affects) const
    -> detail::Operation<void>
{
    return core().operation<void>(
        [&c = core(), name = name_, uri = std::move(uri), key = std::move(key), element = std::move(element), affects] {
            return c.change(name, affects, [uri, key, element](xml::Parsed<DomainConfig>& domain) {
                return xml::with_metadata(domain, uri, key, element);
            });
        });
}

auto Domain::begin_set_autostart(bool on) const -> detail::Operation<void>
{
    return core().operation<void>([&c = core(), name = name_, on] { return c.set_autostart(name, on); });
}

auto Domain::begin_wake_up() const -> detail::Operation<void>
{
    return core().operation<void>([&c = core(), name = name_] { return c.wake_up(name); });
}

auto Domain::begin_inject_nmi() const -> detail::Operation<void>
{
    return core().operation<void>([&c = core(), name = name_] { return c.inject_nmi(name); });
}

auto Domain::begin_send_keys(std::vector<std::uint32_t> keys, std::chrono::milliseconds hold) const
    -> detail::Operation<void>
{
    return core().operation<void>(
        [&c = core(), name = name_, keys = std::move(keys), hold] { return c.send_keys(name, keys, hold); });
}

auto Domain::begin_screenshot(std::string file, unsigned screen) const -> detail::Operation<void>
{
    return core().operation<void>(
        [&c = core(), name = name_, file = std::move(file), screen] { return c.screenshot(name, file, screen); });
}

auto Domain::begin_dump(std::string file, DumpOptions options) const -> detail::Operation<void>
{
    return core().operation<void>(
        [&c = core(), name = name_, file = std::move(file), options] { return c.dump(name, file, options); });
}

auto Domain::begin_qmp_command(std::string json) const -> detail::Operation<std::string>
{
    return core().operation<std::string>(
        [&c = core(), name = name_, json = std::move(json)] { return c.qmp_command(name, json); });
}

auto Domain::begin_hmp_command(std::string line) const -> detail::Operation<std::string>
{
    return core().operation<std::string>(
        [&c = core(), name = name_, line = std::move(line)] { return c.hmp_command(name, line); });
}

auto Domain::start(StartOptions options) const -> StartReport
{
    return wait_for(*core().runtime(), begin_start(options));
}

auto Domain::shutdown(std::chrono::milliseconds deadline) const -> ShutdownOutcome
{
    return wait_for(*core().runtime(), begin_shutdown(deadline));
}

void Domain::reboot() const
{
    wait_for(*core().runtime(), begin_reboot());
}

void Domain::reset() const
{
    wait_for(*core().runtime(), begin_reset());
}

void Domain::destroy(std::chrono::milliseconds grace) const
{
    wait_for(*core().runtime(), begin_destroy(grace));
}

void Domain::suspend() const
{
    wait_for(*core().runtime(), begin_suspend());
}

void Domain::resume() const
{
    wait_for(*core().runtime(), begin_resume());
}

void Domain::undefine(UndefineOptions options) const
{
    wait_for(*core().runtime(), begin_undefine(options));
}

auto Domain::state() const -> DomainState
{
    return wait_for(*core().runtime(), begin_state());
}

auto Domain::info() const -> DomainInfo
{
    return wait_for(*core().runtime(), begin_info());
}

auto Domain::wait_until_off(std::chrono::milliseconds deadline) const -> bool
{
    return wait_for(*core().runtime(), begin_wait_until_off(deadline));
}

void Domain::redefine(std::string_view text, std::string_view replaced) const
{
    wait_for(*core().runtime(), begin_redefine(std::string{text}, std::string{replaced}));
}

auto Domain::rename(std::string_view name) const -> Domain
{
    return wait_for(*core().runtime(), begin_rename(std::string{name}));
}

void Domain::set_memory(Size memory, Affects affects) const
{
    wait_for(*core().runtime(), begin_set_memory(memory, affects));
}

void Domain::set_max_memory(Size memory, Affects affects) const
{
    wait_for(*core().runtime(), begin_set_max_memory(memory, affects));
}

void Domain::set_vcpus(std::uint32_t count, Affects affects, VcpuCount which) const
{
    wait_for(*core().runtime(), begin_set_vcpus(count, affects, which));
}

void Domain::set_title(std::string_view title, Affects affects) const
{
    wait_for(*core().runtime(), begin_set_title(std::string{title}, affects));
}

void Domain::set_description(std::string_view description, Affects affects) const
{
    wait_for(*core().runtime(), begin_set_description(std::string{description}, affects));
}

void Domain::set_metadata(std::string_view uri, std::string_view key, std::string_view element, Affects affects) const
{
    wait_for(*core().runtime(), begin_set_metadata(std::string{uri}, std::string{key}, std::string{element}, affects));
}

void Domain::remove_metadata(std::string_view uri, Affects affects) const
{
    wait_for(*core().runtime(), begin_set_metadata(std::string{uri}, {}, std::nullopt, affects));
}

void Domain::set_autostart(bool on) const
{
    wait_for(*core().runtime(), begin_set_autostart(on));
}

void Domain::wake_up() const
{
    wait_for(*core().runtime(), begin_wake_up());
}

void Domain::inject_nmi() const
{
    wait_for(*core().runtime(), begin_inject_nmi());
}

void Domain::send_keys(std::vector<std::uint32_t> keys, std::chrono::milliseconds hold) const
{
    wait_for(*core().runtime(), begin_send_keys(std::move(keys), hold));
}

void Domain::screenshot(std::string_view file, unsigned screen) const
{
    wait_for(*core().runtime(), begin_screenshot(std::string{file}, screen));
}

void Domain::dump(std::string_view file, DumpOptions options) const
{
    wait_for(*core().runtime(), begin_dump(std::string{file}, options));
}

auto Domain::qmp_command(std::string_view json) const -> std::string
{
    return wait_for(*core().runtime(), begin_qmp_command(std::string{json}));
}

auto Domain::hmp_command(std::string_view line) const -> std::string
{
    return wait_for(*core().runtime(), begin_hmp_command(std::string{line}));
}

} // namespace vmwright::inline v0
