// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/host_core.hpp>
#include <vmwright/host/domain.hpp>

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

auto Domain::qmp_command(std::string_view json) const -> std::string
{
    return wait_for(*core().runtime(), begin_qmp_command(std::string{json}));
}

auto Domain::hmp_command(std::string_view line) const -> std::string
{
    return wait_for(*core().runtime(), begin_hmp_command(std::string{line}));
}

} // namespace vmwright::inline v0
