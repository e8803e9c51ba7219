// SPDX-License-Identifier: BSL-1.0
// What HostCore changes about domains that there are.
#pragma once

#include <vmwright/host/detail/host_core.hpp>
#include <vmwright/machine/machine.hpp>
#include <vmwright/xml/domain.hpp>
#include <vmwright/xml/metadata.hpp>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

namespace vmwright::inline v0::detail
{

namespace host_settings
{
namespace
{

auto corrupt(std::string_view name, Diagnostics const& found) -> Error
{
    return {Errc::corrupt_state,
            "its definition cannot be read",
            {.object = domain_object(name), .detail = ConfigError{found}.what()}};
}

/// A change of the value, which leaves all else in its text as it is.
auto edited(std::string const& name, std::string const& text, HostCore::Edit const& edit) -> std::string
{
    auto parsed = xml::read_domain(text);
    if (parsed.has_errors())
        throw corrupt(name, parsed.diagnostics);
    parsed.result.name = name;
    return edit(parsed);
}

template <class Change>
auto by_value(Change change) -> HostCore::Edit
{
    return [change](xml::Parsed<DomainConfig>& domain) {
        change(domain.result);
        return xml::update_domain(domain.document, domain.result);
    };
}

auto value_of(std::string const& name, std::string const& text) -> DomainConfig
{
    auto parsed = xml::read_domain(text);
    if (parsed.has_errors())
        throw corrupt(name, parsed.diagnostics);
    parsed.result.name = name;
    return std::move(parsed.result);
}

void require_room(std::string const& name, Size memory, DomainConfig const& config)
{
    if (memory > config.memory)
        throw Error{Errc::invalid_argument, "cannot set memory higher than max memory", {.object = domain_object(name)}};
}

void require_room(std::string const& name, std::uint32_t count, DomainConfig const& config, std::string_view which)
{
    if (count > config.vcpus.count)
        throw Error{Errc::invalid_argument,
                    fmt::format("requested vcpus is greater than max allowable vcpus for the {} domain: {} > {}", which,
                                count, config.vcpus.count),
                    {.object = domain_object(name)}};
}

void say_count(Vcpus& vcpus, std::uint32_t there)
{
    vcpus.current = there == vcpus.count ? std::nullopt : std::optional{there};
}

/// So many of them are there at the next start. Where they are told one by one, those come that are missing at the
/// beginning of the list, and those go that are at its end.
void change_count(DomainConfig& config, std::uint32_t count)
{
    say_count(config.vcpus, count);
    auto& list = config.individual_vcpus;
    std::ranges::sort(list, {}, &Vcpu::id);
    auto there = static_cast<std::uint32_t>(std::ranges::count(list, true, &Vcpu::enabled));
    for (auto& vcpu : list) {
        vcpu.order.reset();
        if (!vcpu.enabled && there < count) {
            vcpu.enabled = true;
            vcpu.hotpluggable = false;
            ++there;
        }
    }
    for (auto vcpu = list.rbegin(); vcpu != list.rend() && there > count; ++vcpu)
        if (vcpu->enabled) {
            vcpu->enabled = false;
            vcpu->hotpluggable = true;
            --there;
        }
}

void change_most(DomainConfig& config, std::uint32_t most)
{
    auto const there = std::min(config.vcpus.current.value_or(config.vcpus.count), most);
    auto& list = config.individual_vcpus;
    config.vcpus.count = most;
    say_count(config.vcpus, there);
    if (list.empty())
        return;
    change_count(config, there);
    std::erase_if(list, [&](Vcpu const& vcpu) { return vcpu.id >= most; });
    for (auto id = static_cast<std::uint32_t>(list.size()); id < most; ++id)
        list.push_back({.id = id, .enabled = false, .hotpluggable = true});
}

/// The order in which the vCPUs came, from 1 and without gaps.
void close_gaps(std::vector<Vcpu>& list)
{
    std::vector<Vcpu*> there;
    for (auto& vcpu : list)
        if (vcpu.enabled)
            there.push_back(&vcpu);
    auto const last = static_cast<std::uint32_t>(list.size()) + 1;
    std::ranges::stable_sort(there, {}, [&](Vcpu const* vcpu) { return vcpu->order.value_or(last); });
    std::uint32_t order{};
    for (auto* const vcpu : there)
        vcpu->order = ++order;
}

/// Tells in the value which vCPUs there are.
void tell_vcpus(DomainConfig& config, std::vector<LiveVcpu> const& vcpus)
{
    auto const there = static_cast<std::uint32_t>(std::ranges::count(vcpus, true, &LiveVcpu::is_there));
    auto& list = config.individual_vcpus;
    if (list.empty()) {
        if (there == config.vcpus.current.value_or(config.vcpus.count))
            return;
        for (std::uint32_t id = 0; id < vcpus.size(); ++id) {
            auto const& [is_there, was_plugged] = vcpus[id];
            list.push_back({.id = id, .enabled = is_there});
            if (is_there && !was_plugged)
                list.back().hotpluggable = false;
        }
    }
    say_count(config.vcpus, there);
    for (auto& vcpu : list) {
        vcpu.enabled = vcpu.id < vcpus.size() && vcpus[vcpu.id].is_there;
        if (!vcpu.enabled)
            vcpu.order.reset();
    }
    close_gaps(list);
}

} // namespace
} // namespace host_settings

auto HostCore::reach_of(std::string const& name, Affects affects) const -> Reach
{
    auto const runs = store_.running(name).has_value();
    Reach const reach{.live = affects == Affects::live || affects == Affects::both || (affects == Affects::current && runs),
                      .config =
                          affects == Affects::config || affects == Affects::both || (affects == Affects::current && !runs)};
    if (!runs && !store_.is_defined(name))
        throw Error{Errc::not_found, "there is no such domain", {.object = domain_object(name)}};
    if (reach.live && !runs)
        throw Error{Errc::not_running, "domain is not running", {.object = domain_object(name)}};
    if (reach.config && !store_.is_defined(name))
        throw Error{
            Errc::wrong_state, "transient domains do not have any persistent config", {.object = domain_object(name)}};
    return reach;
}

auto HostCore::live_text(std::string const& name) const -> std::string
{
    return store_.machine().read_file(store_.run_path(name, "live.xml"));
}

void HostCore::write_live(std::string const& name, std::string const& text) const
{
    store_.machine().write_file(store_.run_path(name, "live.xml"), text, {.durable = false});
}

auto HostCore::change(std::string name, Affects affects, Edit edit) -> Awaitable<void>
{
    auto const locked = co_await lock(store_.lock_path(name), domain_object(name), "to change it");
    auto const reach = reach_of(name, affects);
    // Both are made before one is written: what cannot be done is not done by halves.
    auto const live = reach.live ? host_settings::edited(name, live_text(name), edit) : std::string{};
    auto const config = reach.config ? host_settings::edited(name, store_.read_definition(name), edit) : std::string{};
    if (reach.live)
        write_live(name, live);
    note_call(name, "change");
    if (reach.config)
        store_.write_definition(name, config);
    note_definition(name);
}

auto HostCore::set_memory(std::string name, Size memory, Affects affects) -> Awaitable<void>
{
    if (memory == Size{})
        throw Error{Errc::invalid_argument, "a guest cannot be left without memory", {.object = domain_object(name)}};
    auto const locked = co_await lock(store_.lock_path(name), domain_object(name), "to change its memory");
    auto const reach = reach_of(name, affects);
    if (reach.live)
        host_settings::require_room(name, memory, host_settings::value_of(name, live_text(name)));
    std::string config;
    if (reach.config)
        config =
            host_settings::edited(name, store_.read_definition(name), host_settings::by_value([&](DomainConfig& domain) {
                                      host_settings::require_room(name, memory, domain);
                                      domain.current_memory = memory;
                                  }));
    if (reach.live) {
        auto const run = running(name);
        auto const left = co_await run->guest->set_memory(memory);
        write_live(name, host_settings::edited(name, live_text(name), host_settings::by_value([&](DomainConfig& domain) {
                                                   domain.current_memory = left;
                                               })));
    }
    note_call(name, "setmem");
    if (reach.config)
        store_.write_definition(name, config);
    note_definition(name);
}

auto HostCore::set_max_memory(std::string name, Size memory, Affects affects) -> Awaitable<void>
{
    if (memory == Size{})
        throw Error{Errc::invalid_argument, "a guest cannot be left without memory", {.object = domain_object(name)}};
    auto const locked = co_await lock(store_.lock_path(name), domain_object(name), "to change its memory");
    if (reach_of(name, affects).live)
        throw Error{
            Errc::wrong_state, "cannot resize the maximum memory on an active domain", {.object = domain_object(name)}};
    auto text = store_.read_definition(name);
    auto config = host_settings::value_of(name, text);
    if (config.cpu && config.cpu->numa && !config.cpu->numa->cells.empty())
        throw Error{Errc::wrong_state,
                    "initial memory size of a domain with NUMA nodes cannot be modified with this API",
                    {.object = domain_object(name), .hint = "edit the memory of its NUMA cells"}};
    config.current_memory = std::min(config.current_memory.value_or(config.memory), memory);
    config.memory = memory;
    auto const resolved = co_await resolved_text(std::move(config), std::move(text));
    note_call(name, "setmaxmem");
    store_.write_definition(name, resolved.second);
    note_definition(name);
}

auto HostCore::set_vcpus(std::string name, std::uint32_t count, Affects affects, VcpuCount which) -> Awaitable<void>
{
    if (count == 0)
        throw Error{Errc::invalid_argument, "a domain needs a vCPU", {.object = domain_object(name)}};
    auto const locked = co_await lock(store_.lock_path(name), domain_object(name), "to change its vCPUs");
    auto const reach = reach_of(name, affects);
    auto const of_most = which == VcpuCount::maximum;
    if (reach.live && of_most)
        throw Error{Errc::invalid_argument,
                    "maximum vcpu count of a live domain can't be modified",
                    {.object = domain_object(name), .hint = "change its definition, for the next start"}};
    if (reach.live)
        host_settings::require_room(name, count, host_settings::value_of(name, live_text(name)), "live");
    std::string text;
    if (reach.config) {
        text = store_.read_definition(name);
        auto config = host_settings::value_of(name, text);
        if (of_most)
            host_settings::change_most(config, count);
        else {
            host_settings::require_room(name, count, config, "persistent");
            host_settings::change_count(config, count);
        }
        auto resolved = co_await resolved_text(std::move(config), std::move(text));
        text = std::move(resolved.second);
    }
    if (reach.live)
        co_await plug_vcpus(name, count);
    note_call(name, "setvcpus");
    if (reach.config)
        store_.write_definition(name, text);
    note_definition(name);
}

auto HostCore::plug_vcpus(std::string name, std::uint32_t count) -> Awaitable<void>
{
    auto const run = running(name);
    // What has begun is written down as far as it got, so it is not cancelled any more.
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
    store_.machine().write_file(store_.run_path(name, "plugging"), "", {.durable = false});
    std::exception_ptr failed;
    try {
        co_await run->guest->set_vcpus(count);
    } catch (Error const&) {
        failed = std::current_exception();
    }
    co_await record_vcpus(run);
    if (failed)
        std::rethrow_exception(failed);
}

auto HostCore::record_vcpus(RunPtr run) -> Awaitable<void>
{
    auto const name = run->name;
    auto const vcpus = co_await run->guest->vcpus();
    auto const before = live_text(name);
    auto const after = host_settings::edited(
        name, before, host_settings::by_value([&](DomainConfig& domain) { host_settings::tell_vcpus(domain, vcpus); }));
    if (after != before)
        write_live(name, after);
    store_.machine().remove(store_.run_path(name, "plugging"));
}

auto HostCore::finish_plugging(RunPtr run) -> Awaitable<void>
{
    if (store_.machine().status(store_.run_path(run->name, "plugging")))
        co_await record_vcpus(run);
}

auto HostCore::metadata(std::string const& name, std::string_view uri, DomainXml which) const -> std::optional<std::string>
{
    auto const affects = which == DomainXml::live       ? Affects::live
                         : which == DomainXml::inactive ? Affects::config
                                                        : Affects::current;
    auto const text = reach_of(name, affects).live ? live_text(name) : store_.read_definition(name);
    return xml::metadata(xml::read_domain(text).document, uri);
}

auto HostCore::rename(std::string name, std::string to) -> Awaitable<Known>
{
    require_usable_name(to);
    if (name == to)
        throw Error{Errc::wrong_state, "Can't rename domain to itself", {.object = domain_object(name)}};
    // Two that rename into each other's way take the locks in one order.
    auto const first = std::min(name, to);
    auto const second = std::max(name, to);
    auto const one = co_await lock(store_.lock_path(first), domain_object(first), "to rename it");
    auto const other = co_await lock(store_.lock_path(second), domain_object(second), "to rename it");
    if (store_.running(name))
        throw Error{Errc::wrong_state, "cannot rename active domain", {.object = domain_object(name)}};
    if (find(to))
        throw Error{
            Errc::already_exists, fmt::format("domain with name '{}' already exists", to), {.object = domain_object(name)}};
    auto parsed = xml::read_domain(store_.read_definition(name));
    if (parsed.has_errors())
        throw host_settings::corrupt(name, parsed.diagnostics);
    co_await clear_run(name);
    co_await clear_run(to);
    parsed.result.name = to;
    auto const uuid = parsed.result.uuid.value_or(Uuid{});
    note_call(name, "domrename");
    note_call(to, "domrename");
    store_.rename_definition(name, to, uuid, xml::update_domain(parsed.document, parsed.result));
    note_definition(name);
    note_definition(to);
    co_return Known{to, uuid};
}

auto HostCore::set_autostart(std::string name, bool on) -> Awaitable<void>
{
    auto const locked =
        co_await lock(store_.lock_path(name), domain_object(name), "to change whether it starts with the host");
    if (!store_.is_defined(name))
        throw Error{store_.running(name) ? Errc::wrong_state : Errc::not_found,
                    store_.running(name) ? "cannot set autostart for transient domain" : "there is no such domain",
                    {.object = domain_object(name)}};
    store_.set_autostart(name, on);
}

auto HostCore::start_autostart() -> Awaitable<std::vector<AutostartFailure>>
{
    std::vector<AutostartFailure> failures;
    for (auto const& name : store_.autostarted_names()) {
        std::optional<Error> failed;
        try {
            if (!store_.running(name))
                co_await start(name, {});
        } catch (Error const& error) {
            // Somebody else may have been quicker.
            if (error.code() == Errc::cancelled)
                throw;
            if (error.code() != Errc::already_running)
                failed = error;
        }
        if (failed) {
            runtime_->log(LogLevel::warning, failed->what());
            failures.push_back({name, *failed});
        }
    }
    co_return failures;
}

} // namespace vmwright::inline v0::detail
