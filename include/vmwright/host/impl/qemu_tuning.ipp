// SPDX-License-Identifier: BSL-1.0
// What a running QEMU gives its guest more or less of.
#pragma once

#include <vmwright/host/detail/qemu_driver.hpp>
#include <vmwright/host/detail/qemu_guest.hpp>
#include <vmwright/host/detail/signal.hpp>
#include <vmwright/machine/machine.hpp>
#include <vmwright/qmp/commands/cpu.hpp>
#include <vmwright/qmp/commands/machine.hpp>
#include <vmwright/qmp/error.hpp>
#include <vmwright/qmp/events.hpp>

#include <boost/asio/use_awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <tuple>
#include <utility>

namespace vmwright::inline v0::detail
{

namespace qemu_tuning
{

/// Something that can be plugged, by the number of its first vCPU.
struct Pluggable
{
    std::int64_t number{};
    qmp::HotpluggableCPU const* cpu{};
};

/// What came of a request to let a device go.
struct Unplugging
{
    explicit Unplugging(boost::asio::any_io_executor executor)
        : answer{std::move(executor)}
    {
    }
    Signal answer;
    bool is_refused{};
};

namespace
{

using boost::asio::use_awaitable;

/// How long a guest may take to let a CPU go.
constexpr auto unplug_deadline = std::chrono::seconds{5};

/// What can be plugged, in the order of the vCPUs' numbers.
auto by_number(std::vector<qmp::HotpluggableCPU> cpus) -> std::vector<qmp::HotpluggableCPU>
{
    std::ranges::sort(cpus, {}, [](qmp::HotpluggableCPU const& cpu) {
        auto const& p = cpu.props;
        return std::tuple{p.socket_id, p.die_id, p.cluster_id, p.core_id, p.thread_id};
    });
    return cpus;
}

/// What has a name of ours was plugged; what was there from the beginning has none.
auto was_plugged(qmp::HotpluggableCPU const& cpu) -> bool
{
    return cpu.qom_path && cpu.qom_path->starts_with("/machine/peripheral/");
}

auto id_of(qmp::HotpluggableCPU const& cpu) -> std::string
{
    return cpu.qom_path->substr(cpu.qom_path->rfind('/') + 1);
}

/// Which are to be plugged, lowest first, or unplugged, highest first, so that there are `count` vCPUs in the end.
auto to_change(std::vector<qmp::HotpluggableCPU> const& cpus, std::int64_t count) -> std::vector<Pluggable>
{
    std::vector<Pluggable> all;
    std::int64_t number{}, there{};
    for (auto const& cpu : cpus) {
        all.push_back({number, &cpu});
        number += cpu.vcpus_count;
        there += cpu.qom_path ? cpu.vcpus_count : 0;
    }
    auto const grows = count > there;
    if (!grows)
        std::ranges::reverse(all);
    std::vector<Pluggable> chosen;
    for (auto const& each : all) {
        auto const fits = grows ? !each.cpu->qom_path && there + each.cpu->vcpus_count <= count
                                : was_plugged(*each.cpu) && there - each.cpu->vcpus_count >= count;
        if (!fits || there == count)
            continue;
        there += grows ? each.cpu->vcpus_count : -each.cpu->vcpus_count;
        chosen.push_back(each);
    }
    if (there != count)
        throw Error{Errc::wrong_state,
                    "failed to find appropriate hotpluggable vcpus to reach the desired target vcpu count",
                    {.hint = "only what was plugged can be unplugged, and only as a whole"}};
    return chosen;
}

auto device_of(Pluggable const& chosen) -> boost::json::object
{
    boost::json::object device;
    device["driver"] = chosen.cpu->type;
    device["id"] = fmt::format("vcpu{}", chosen.number);
    auto const& p = chosen.cpu->props;
    for (auto const& [name, value] :
         {std::pair{"node-id", p.node_id}, std::pair{"socket-id", p.socket_id}, std::pair{"die-id", p.die_id},
          std::pair{"cluster-id", p.cluster_id}, std::pair{"core-id", p.core_id}, std::pair{"thread-id", p.thread_id}})
        if (value)
            device[name] = *value;
    return device;
}

} // namespace
} // namespace qemu_tuning

auto QemuGuest::set_memory(Size memory) -> boost::asio::awaitable<Size>
{
    auto const connection = co_await monitor();
    boost::json::object target;
    target["value"] = memory.bytes;
    try {
        co_await connection->client.async_execute("balloon", std::move(target), {}, qemu_tuning::use_awaitable);
    } catch (qmp::CommandError const& refusal) {
        if (refusal.error_class() != "DeviceNotActive" && refusal.error_class() != "KVMMissingCap")
            throw;
        throw Error{Errc::wrong_state,
                    "Unable to change memory of active domain without the balloon device and guest OS balloon driver",
                    {.object = domain_object(name_),
                     .hint = "give it <memballoon model='virtio'/>",
                     .detail = refusal.description()}};
    }
    auto const reply = co_await connection->client.async_execute(qmp::query_balloon{}, {}, qemu_tuning::use_awaitable);
    co_return Size{static_cast<std::uint64_t>(reply.actual)};
}

auto QemuGuest::vcpus() -> boost::asio::awaitable<std::vector<LiveVcpu>>
{
    auto const connection = co_await monitor();
    auto reply = co_await connection->client.async_execute(qmp::query_hotpluggable_cpus{}, {}, qemu_tuning::use_awaitable);
    std::vector<LiveVcpu> list;
    for (auto const& cpu : qemu_tuning::by_number(std::move(reply)))
        list.insert(list.end(), static_cast<std::size_t>(cpu.vcpus_count),
                    {.is_there = cpu.qom_path.has_value(), .was_plugged = qemu_tuning::was_plugged(cpu)});
    co_return list;
}

auto QemuGuest::set_vcpus(std::uint32_t count) -> boost::asio::awaitable<void>
{
    auto const connection = co_await monitor();
    auto reply = co_await connection->client.async_execute(qmp::query_hotpluggable_cpus{}, {}, qemu_tuning::use_awaitable);
    auto const cpus = qemu_tuning::by_number(std::move(reply));
    auto const all = qemu_tuning::to_change(cpus, count);
    for (auto const& chosen : all) {
        if (chosen.cpu->qom_path) {
            co_await unplug(connection, qemu_tuning::id_of(*chosen.cpu));
            continue;
        }
        auto device = qemu_tuning::device_of(chosen);
        co_await connection->client.async_execute("device_add", std::move(device), {}, qemu_tuning::use_awaitable);
    }
}

auto QemuGuest::unplug(std::shared_ptr<Monitor> connection, std::string id) -> boost::asio::awaitable<void>
{
    auto const unplugging = std::make_shared<qemu_tuning::Unplugging>(runtime_->executor());
    auto const events = std::make_shared<qmp::Subscription>(connection->client.subscribe());
    runtime_->launch_background(events, [events, unplugging, id]() -> boost::asio::awaitable<void> {
        while (auto const event = co_await events->async_next(qemu_tuning::use_awaitable)) {
            auto const gone = qmp::as<qmp::events::device_deleted>(*event);
            auto const refused = qmp::as<qmp::events::device_unplug_guest_error>(*event);
            if ((!gone || gone->device != id) && (!refused || refused->device != id))
                continue;
            unplugging->is_refused = refused.has_value();
            unplugging->answer.raise();
            co_return;
        }
    });
    boost::json::object device;
    device["id"] = id;
    co_await connection->client.async_execute("device_del", std::move(device), {}, qemu_tuning::use_awaitable);
    auto const answered = co_await unplugging->answer.wait(deadline_after(qemu_tuning::unplug_deadline));
    if (!answered)
        throw Error{Errc::timed_out,
                    "vcpu unplug request timed out. Unplug result must be manually inspected in the domain",
                    {.object = domain_object(name_)}};
    if (unplugging->is_refused)
        throw Error{
            Errc::wrong_state, fmt::format("the guest refuses to let '{}' go", id), {.object = domain_object(name_)}};
}

auto QemuDriver::told_memory(std::string_view name) const -> std::optional<Size>
{
    auto const journal = store_.run_path(name, "journal.out");
    if (!store_.machine().status(journal))
        return std::nullopt;
    auto const text = store_.machine().read_file(journal, std::size_t{64} << 20);
    auto const last = text.rfind(fmt::format("\"{}\"", qmp::events::balloon_change::name));
    if (last == text.npos)
        return std::nullopt;
    auto const begin = text.rfind('\n', last) + 1;
    boost::system::error_code failed;
    auto const line = std::string_view{text}.substr(begin, text.find('\n', last) - begin);
    auto const event = boost::json::parse(line, failed);
    if (failed) // it is just being written
        return std::nullopt;
    auto const* const actual = event.is_object() ? event.as_object().if_contains("data") : nullptr;
    auto const* const bytes = actual && actual->is_object() ? actual->as_object().if_contains("actual") : nullptr;
    return bytes && bytes->is_int64() ? std::optional{Size{static_cast<std::uint64_t>(bytes->as_int64())}} : std::nullopt;
}

} // namespace vmwright::inline v0::detail
