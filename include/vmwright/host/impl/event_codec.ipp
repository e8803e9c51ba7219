// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>
#include <vmwright/host/detail/event_codec.hpp>
#include <vmwright/qmp/convert.hpp>

#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <type_traits>

namespace vmwright::inline v0
{

BOOST_DESCRIBE_STRUCT(Size, (), (bytes))
BOOST_DESCRIBE_STRUCT(LifecycleEvent, (), (kind, detail, reason))
BOOST_DESCRIBE_STRUCT(RtcChangeEvent, (), (offset))
BOOST_DESCRIBE_STRUCT(WatchdogEvent, (), (outcome))
BOOST_DESCRIBE_STRUCT(IoErrorEvent, (), (path, alias, outcome, reason))
BOOST_DESCRIBE_STRUCT(GraphicsAddress, (), (family, node, service))
BOOST_DESCRIBE_STRUCT(GraphicsEvent, (), (phase, local, remote, auth_scheme, x509_name, sasl_name))
BOOST_DESCRIBE_STRUCT(BalloonChangeEvent, (), (actual))
BOOST_DESCRIBE_STRUCT(TrayChangeEvent, (), (alias, is_open))
BOOST_DESCRIBE_STRUCT(DeviceRemovedEvent, (), (alias))
BOOST_DESCRIBE_STRUCT(DeviceRemovalFailedEvent, (), (alias))
BOOST_DESCRIBE_STRUCT(AgentLifecycleEvent, (), (is_connected))
BOOST_DESCRIBE_STRUCT(MemoryFailureEvent, (), (recipient, outcome, action_required, recursive))
BOOST_DESCRIBE_STRUCT(BlockThresholdEvent, (), (device, path, threshold, excess))
BOOST_DESCRIBE_STRUCT(MemoryDeviceSizeChangeEvent, (), (alias, size))
BOOST_DESCRIBE_STRUCT(MetadataChangeEvent, (), (type, uri))
BOOST_DESCRIBE_STRUCT(MissedEvents, (), (first, last))
BOOST_DESCRIBE_STRUCT(EventCause, (), (call, program, pid))

namespace detail
{

auto encode_event(Event const& event) -> boost::json::object
{
    auto const us = std::chrono::duration_cast<std::chrono::microseconds>(event.time.time_since_epoch());
    boost::json::object object{{"number", event.number},
                               {"domain", event.domain},
                               {"uuid", to_string(event.uuid)},
                               {"time", us.count()},
                               {"event", event_name(event)}};
    std::visit(
        [&object](auto const& data) {
            if constexpr (!std::is_empty_v<std::remove_cvref_t<decltype(data)>>)
                object["data"] = qmp::encode(data);
        },
        event.data);
    if (!event.cause.call.empty())
        object["cause"] = qmp::encode(event.cause);
    return object;
}

auto decode_event(boost::json::object const& object) -> Event
{
    auto const text = [&](char const* key) { return std::string{object.at(key).as_string()}; };
    Event event{.number = object.at("number").to_number<std::uint64_t>(),
                .domain = text("domain"),
                .uuid = Uuid::parse(text("uuid")).value_or(Uuid{})};
    event.time += std::chrono::microseconds{object.at("time").to_number<std::int64_t>()};
    auto const name = std::ranges::find(event_names, text("event"));
    if (name == event_names.end())
        throw Error{Errc::corrupt_state, "an event of an unknown kind"};
    boost::mp11::mp_with_index<std::variant_size_v<EventData>>(
        static_cast<std::size_t>(name - event_names.begin()), [&](auto index) {
            using Data = std::variant_alternative_t<index, EventData>;
            if constexpr (std::is_empty_v<Data>)
                event.data = Data{};
            else
                event.data = qmp::decode<Data>(object.at("data"), "event");
        });
    if (auto const* const cause = object.if_contains("cause"))
        event.cause = qmp::decode<EventCause>(*cause, "cause");
    return event;
}

} // namespace detail

} // namespace vmwright::inline v0
