// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/event.hpp>

#include <boost/json/fwd.hpp>

#include <concepts>
#include <string_view>

namespace vmwright::inline v0::qmp
{

/// The reply of a command that answers only that it was done.
struct Nothing
{
    bool operator==(Nothing const&) const = default;
};

/// A typed command: its arguments are the members, `name` is QAPI's, `Reply` is what comes back.
///
/// One of your own: write the struct, describe it and the structs in its reply with BOOST_DESCRIBE_STRUCT and include
/// <vmwright/qmp/convert.hpp> where you execute it.
template <class C>
concept Command = requires
{
    {
        C::name
        } -> std::convertible_to<std::string_view>;
    typename C::Reply;
};

/// A typed event: `name` is QAPI's, the members are the event's data.
template <class E>
concept TypedEvent = requires
{
    {
        E::name
        } -> std::convertible_to<std::string_view>;
}
&&!Command<E>;

/// JSON to and from one command. Defined in convert.hpp; `extern` where the library has it compiled.
template <Command C>
struct CommandCodec
{
    [[nodiscard]] static auto arguments(C const& command) -> boost::json::object;
    /// Throws Errc::monitor_failed naming the command and the member that is not as it should be.
    [[nodiscard]] static auto reply(boost::json::value&& answer) -> typename C::Reply;
};

/// JSON to one event's data; defined and instantiated like CommandCodec.
template <TypedEvent E>
struct EventCodec
{
    /// Throws Errc::monitor_failed naming the event and the member that is not as it should be.
    [[nodiscard]] static auto data(Event const& event) -> E;
};

} // namespace vmwright::inline v0::qmp
